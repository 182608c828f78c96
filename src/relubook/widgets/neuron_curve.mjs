/** Firing rate over input current: the neuron, the responses fitted to it, and the paper's points. */

import { axisBelow, chart, keepApart, label, rule, tenth, through } from "./axes.mjs";
import { svg } from "./dom.mjs";
import { nameOf, short } from "./neuron_words.mjs";
import { scale, ticks } from "./numbers.mjs";

/** Pixels from one name to the next; room above the curve; how far below 0 a response is shown, of the height. */
const [BETWEEN, HEADROOM, DEEPEST] = [15, 1.15, -0.35];

/**
 * @param {Object} picture
 * @param {[number, number][]} picture.points the neuron's curve (nA, Hz)
 * @param {Object<string, import("./neuron_fits.mjs").Fit>} picture.fits
 * @param {string[]} picture.shown names of the fits to draw
 * @param {[number, number]} picture.range that they were fitted over (nA)
 * @param {[number, number]} picture.working the working range (nA)
 * @param {{current: number[], rate: number[]}} picture.paper digitized
 * @param {{current: number, formula: number, seen: number}} picture.chosen
 * @param {[number, number]} limits of the current (nA)
 * @param {number} width CSS pixels
 * @param {number} height CSS pixels
 * @returns {SVGElement}
 */
export function curvePicture({ points, fits, shown, range, working, paper, chosen }, limits, width, height) {
  const box = { left: 40, right: width - 100, top: 24, bottom: height - 40 };
  const near = points.filter(([current]) => current >= limits[0] && current <= limits[1]);
  const circles = paper.current.map((current, i) => [current, paper.rate[i]]).filter(([current]) => current <= limits[1]);
  const lines = shown.map((name) => ({ name, points: near.map(([current]) => [current, fits[name].at(current)]) }));
  const [low, high] = heights(near, circles, lines);
  const [x, y] = [scale(...limits, box.left, box.right), scale(low, high, box.bottom, box.top)];
  const [place, tall] = [([current, rate]) => [x(current), y(rate)], box.bottom - box.top];
  return chart(width, height,
    svg("rect", { x: tenth(x(working[0])), y: box.top, width: tenth(x(working[1]) - x(working[0])), height: tall, class: "range" }),
    ...ticks(low, high, 5).flatMap((rate) => [
      rule(box.left, y(rate), box.right, y(rate), rate ? "grid" : "grid zero"),
      label(box.left - 7, y(rate) + 4, short(rate), { "text-anchor": "end" })]),
    ...axisBelow(box, ticks(...limits, limits[1] > 2 ? 6 : 3).map((current) => [x(current), short(current)]), "input current (nA)"),
    label(0, 12, "firing rate (Hz)"),
    svg("path", { d: through(near.map(place)), class: "neuron" }),
    /** A drawing inside the drawing cuts off what leaves it. */
    svg("svg", { y: box.top, width, height: tall, viewBox: `0 ${box.top} ${width} ${tall}`, class: "clip" },
      ...lines.flatMap((line) => drawn(line, range, place))),
    ...marker(chosen, limits, high, box, x, y),
    ...circles.map((point) => circle(place(point), 4.5, "paper")),
    ...names([{ name: "neuron", points: near }, ...lines], [low, high], box, y));
}

const circle = ([x, y], r, kind) => svg("circle", { cx: tenth(x), cy: tenth(y), r, class: kind });

/** All rates of the neuron and the paper, and a little below 0 if a response is. */
function heights(near, circles, lines) {
  const top = HEADROOM * Math.max(...[...near, ...circles].map(([, rate]) => rate));
  return [Math.max(DEEPEST * top, HEADROOM * Math.min(0, ...lines.map(({ points }) => points[0][1]))), top];
}

/** A response's line: bold over the range that it was fitted to, faint beyond. */
function drawn({ name, points }, [start, end], place) {
  const parts = { beyond: (current) => current <= start, [name]: (current) => current >= start && current <= end, after: (current) => current >= end };
  return Object.entries(parts).map(([part, holds]) => [part, points.filter(([current]) => holds(current))])
    .filter(([, some]) => some.length)
    .map(([part, some]) => svg("path", { d: through(some.map(place)), class: `fit ${name} ${part === name ? "" : "beyond"}` }));
}

function marker({ current, formula, seen }, [, last], high, { top, bottom }, x, y) {
  if (current > last) return [];
  const at = x(current);
  return [rule(at, top, at, bottom, "chosen"), circle([at, y(formula)], 7, "ring"), ...(seen <= high ? [circle([at, y(seen)], 3.5, "seen")] : [])];
}

/** Names at the right, with a piece of their line; an arrow where the line has left upwards. */
function names(lines, [low, high], { right, top, bottom }, y) {
  const ends = lines.map(({ points }) => points[points.length - 1][1]);
  const places = keepApart(ends.map((end) => y(Math.min(high, Math.max(low, end)))), BETWEEN, top + 4, bottom);
  return lines.flatMap(({ name }, i) => [
    rule(right + 4, places[i], right + 22, places[i], name === "neuron" ? name : `fit ${name}`),
    label(right + 26, places[i] + 4, `${nameOf(name)}${ends[i] > high ? " ↑" : ""}`),
  ]);
}
