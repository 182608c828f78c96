/** One look for each method, in every picture of CostExplorer: line, mark, band, label, axes. */

import { METHODS } from "./cost_numbers.mjs";
import { apart } from "./cost_scales.mjs";
import { svg } from "./dom.mjs";

const LINE_HEIGHT = 15;

/** A drawing of this size; its numbers are told elsewhere, in words and in tables. */
export function drawing(width, height, ...children) {
  const box = { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" };
  return svg("svg", box, ...children);
}

/** To a tenth of a pixel. */
export const tenth = (value) => Math.round(value * 10) / 10;

/** A method's mark: a circle for gathered, a square for CSR, a bar for dense. */
export function mark(method, x, y, size = 3) {
  const kind = `mark ${method}`;
  if (method === "gathered") return svg("circle", { cx: tenth(x), cy: tenth(y), r: size, class: kind });
  const [width, height] = method === "csr" ? [1.8 * size, 1.8 * size] : [2.4 * size, 0.8 * size];
  return svg("rect", { x: tenth(x - width / 2), y: tenth(y - height / 2), width, height, class: kind });
}

/** A diamond in a method's color, for what was measured on the reader's machine. */
export function diamond(method, x, y, size = 5.5) {
  const d = `M${tenth(x)},${tenth(y - size)} l${size},${size} l${-size},${size} l${-size},${-size} Z`;
  return svg("path", { d, class: `live ${method}` });
}

/** A method's line through the points. */
export function line(method, points) {
  return svg("polyline", { points: points.map(pair).join(" "), class: `line ${method}` });
}

/** The area between two lines over the same places. */
export function band(method, low, high) {
  const around = [...low, ...high.toReversed()];
  return svg("polygon", { points: around.map(pair).join(" "), class: `band ${method}` });
}

const pair = ([x, y]) => `${tenth(x)},${tenth(y)}`;

/**
 * The names of lines at their right ends, moved apart where lines meet.
 * @param {{method: string, y: number}[]} ends
 * @param {number} x where the names begin
 * @param {[number, number]} room least and largest y
 */
export function names(ends, x, room) {
  const places = apart(ends.map((end) => end.y), LINE_HEIGHT, ...room);
  return ends.flatMap(({ method }, i) => [
    mark(method, x + 5, places[i]),
    svg("text", { x: x + 13, y: tenth(places[i] + 4) }, METHODS[method]),
  ]);
}

/**
 * Axes with marks: grid lines for y, ticks for x.
 * @param {{left: number, right: number, top: number, bottom: number}} box pixels
 * @param {[number, string][]} across places on x and their texts
 * @param {[number, string][]} up places on y and their texts
 */
export function axes({ left, right, bottom }, across, up) {
  return [
    ...up.flatMap(([y, text]) => [
      svg("line", { x1: left, x2: right, y1: tenth(y), y2: tenth(y), class: "grid" }),
      svg("text", { x: left - 9, y: tenth(y + 4), "text-anchor": "end" }, text),
    ]),
    svg("line", { x1: left, x2: right, y1: bottom, y2: bottom, class: "axis" }),
    ...across.flatMap(([x, text]) => [
      svg("line", { x1: tenth(x), x2: tenth(x), y1: bottom, y2: bottom + 4, class: "axis" }),
      svg("text", { x: tenth(x), y: bottom + 17, "text-anchor": "middle" }, text),
    ]),
  ];
}

/** A line straight up, of the class. */
export function upright(x, top, bottom, kind) {
  return svg("line", { x1: tenth(x), x2: tenth(x), y1: tenth(top), y2: tenth(bottom), class: kind });
}
