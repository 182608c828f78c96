/** The membrane's voltage over time: spikes, pauses, and the levels that matter. */

import { axisBelow, chart, keepApart, label, rule, tenth, through } from "./axes.mjs";
import { svg } from "./dom.mjs";
import { short } from "./neuron_words.mjs";
import { scale, ticks } from "./numbers.mjs";

/** The height of a spike, of the room below the threshold; between two levels' names (pixels). */
const [SPIKE, APART] = [0.34, 14];

/**
 * @param {Object} picture
 * @param {import("./neuron_model.mjs").Neuron} picture.neuron
 * @param {number} picture.current (nA)
 * @param {[number, number][]} picture.path voltage over time (ms, mV)
 * @param {number[]} picture.spikes (ms)
 * @param {number} picture.drawn how long (ms)
 * @param {number} width CSS pixels
 * @param {number} height CSS pixels
 * @returns {SVGElement}
 */
export function tracePicture({ neuron, current, path, spikes: all, drawn }, width, height) {
  const box = { left: 40, right: width - 66, top: 22, bottom: height - 40 };
  const { threshold, drop, refractory } = neuron;
  const spikes = all.filter((t) => t < drawn);
  const lowest = path.reduce((low, [, v]) => Math.min(low, v), -drop) - 2;
  const [x, y] = [scale(0, drawn, box.left, box.right), scale(lowest, threshold + SPIKE * (threshold - lowest), box.bottom, box.top)];
  const bar = (t) => `M${tenth(x(t))},${tenth(y(threshold))}`;
  const pauses = spikes.map((t) =>
    `${bar(t)}H${tenth(x(Math.min(t + refractory, drawn)))}V${tenth(y(-drop))}H${tenth(x(t))}Z`);
  return chart(width, height,
    ...axisBelow(box, ticks(0, drawn, 5).map((t) => [x(t), t]), "time (ms)"),
    label(0, 12, "voltage above rest (mV)"),
    svg("path", { d: pauses.join(""), class: "pause" }),
    ...levels(neuron, neuron.resistance * current, box, y),
    svg("path", { d: through(path.map(([t, v]) => [x(t), y(v)])), class: "membrane" }),
    svg("path", { d: spikes.map((t) => `${bar(t)}V${box.top}`).join(""), class: "spike" }));
}

/** Threshold, rest, reset, and where the voltage would settle: a line, its number, its name. */
function levels({ threshold, drop }, settled, { left, right, top, bottom }, y) {
  const three = [["threshold", threshold], ["rest", 0], ["reset", -drop]];
  const free = settled < threshold && three.every(([, level]) => Math.abs(y(level) - y(settled)) > APART);
  const all = free ? [...three, ["settles", settled]] : three;
  const places = keepApart(all.map(([, level]) => y(level) + 4), APART, top, bottom + 2);
  return all.flatMap(([name, level], i) => [
    rule(left, y(level), right, y(level), `level ${name}`),
    label(left - 7, places[i], short(level), { "text-anchor": "end" }),
    label(right + 7, places[i], name),
  ]);
}
