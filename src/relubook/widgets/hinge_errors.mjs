/** The small picture: how the error falls with the number of hinges, and where the reader's stands. */

import { apart, logScale, logTicks } from "./cost_scales.mjs";
import { h, svg } from "./dom.mjs";
import { grid, label, layered, tenths, through } from "./hinge_layers.mjs";
import { MOST } from "./hinge_numbers.mjs";
import { rounded } from "./hinge_words.mjs";
import { median } from "./numbers.mjs";

const [HEIGHT, LEAST] = [250, 0.001]; // pixels; no axis goes below that error

/**
 * @param {Object} data
 * @returns {{node: HTMLElement, picture: HTMLElement, update: (width: number, now: Object) => void}} `now` has target,
 *   n, error (the reader's, or null) and runs (what this page trained)
 */
export function errorPicture(data) {
  const { nodes, paint } = layered("axes", "record", "live", "mine");
  const root = svg("svg", { "aria-hidden": "true" }, ...Object.values(nodes));
  const [picture, key] = [h("div", { class: "picture small" }, root), h("p", { class: "key" })];
  let box = null;
  return {
    node: h("div", { class: "panel" }, h("div", { class: "caption" }, "Error against number of hinges"), picture, key),
    picture,
    update(room, { target, n, error, runs }) {
      const width = Math.max(room, 220);
      if (box?.width !== width || box.target !== target) box = boxFor(data.error[target], width, target);
      paint("axes", [box], () => errorAxes(root, data, box));
      paint("record", [box], () => (data.error[target] ? record(data, data.error[target], box) : []));
      paint("live", [box, runs.length, runs.at(-1)], () => runs.map((run) => diamond(box.x(run.count), box.y(run.error))));
      paint("mine", [box, n, error], () => (error === null ? [] : mine(n, error, box)));
      describe(key, error, runs.filter((run) => run.count === n).at(-1), Boolean(data.error[target]));
    },
  };
}

function boxFor(errors, width, target) {
  const all = errors ? [...errors.even, ...errors.best, ...errors.trained.flat()].filter((v) => v > 0) : [0.02, 0.6];
  const [low, high] = [Math.max(LEAST, Math.min(...all) * 0.8), Math.max(1, ...all) * 1.2];
  const box = { width, target, low, high, left: 40, right: width - 58, top: 26, bottom: HEIGHT - 44 };
  const y = logScale(low, high, box.bottom, box.top);
  return { ...box, x: logScale(1, MOST, box.left + 8, box.right), y: (v) => y(Math.min(high, Math.max(low, v))) };
}

function errorAxes(root, data, box) {
  [["width", box.width], ["height", HEIGHT], ["viewBox", `0 0 ${box.width} ${HEIGHT}`]].forEach((one) => root.setAttribute(...one));
  const across = data.counts.map((count) => [box.x(count), String(count)]);
  const up = logTicks(box.low, box.high).map((value) => [box.y(value), String(value)]);
  return [...grid(box, across, up, 18), label(0, 14, "root mean square error"), label(box.right, HEIGHT - 6, "hinges", "end")];
}

function record(data, errors, box) {
  const at = (values) => values.map((value, i) => [box.x(data.counts[i]), box.y(value)]);
  const middle = errors.trained.map(median);
  const ends = { even: errors.even, trained: middle, best: errors.best };
  const places = apart(Object.values(ends).map((values) => box.y(values.at(-1))), 15, box.top, box.bottom);
  return [
    ...errors.trained.flatMap((seeds, i) => seeds.map((error) => circle(box.x(data.counts[i]), box.y(error), 2.2, "seed"))),
    ...Object.entries(ends).map(([kind, values]) => through(at(values), kind)),
    ...Object.keys(ends).map((kind, i) => label(box.right + 8, places[i] + 4, kind, "start", kind)),
  ];
}

const circle = (x, y, r, kind) => svg("circle", { cx: tenths(x), cy: tenths(y), r, class: kind });

function diamond(x, y) {
  return svg("path", { d: `M${tenths(x)},${tenths(y - 6)} l6,6 l-6,6 l-6,-6 Z`, class: "live" });
}

/** The reader's point; on the edge, with an arrow, where its error is outside the axis. */
function mine(n, error, box) {
  const [x, y, over] = [box.x(n), box.y(error), error > box.high];
  const arrow = over || error < box.low ? [svg("path", { d: `M${tenths(x - 5)},${tenths(over ? y - 8 : y + 8)} h10 l-5,${over ? -7 : 7} Z`, class: "mine" })] : [];
  const side = n > 5 ? -1 : 1;
  return [circle(x, y, 5.5, "mine"), ...arrow, label(x + 10 * side, over ? y + 14 : y - 6, "yours", side > 0 ? "start" : "end", "note")];
}

function describe(key, error, run, recorded) {
  const parts = [["dot", "yours", error], ["diamond", "live", run?.error]].filter(([, , value]) => value != null);
  const words = parts.map(([kind, name, value]) => [kind, `${name} ${rounded(value)}`]);
  const text = `${words.flat().join("|")}${recorded}`;
  if (key.dataset.said === text) return;
  key.dataset.said = text;
  key.replaceChildren(...words.map(([kind, what]) => h("span", {}, h("i", { class: kind }), what)),
    ...(recorded ? [h("span", {}, "small dots: seeds of the trained networks, line: their median")] : []));
}
