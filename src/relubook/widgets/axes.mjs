/** Parts of a small chart: its frame, and labels that keep apart. */

import { svg } from "./dom.mjs";

/** To a tenth of a pixel. */
export const tenth = (value) => Math.round(value * 10) / 10;

/** A drawing of this size; what it shows is told elsewhere, in words and in tables. */
export const chart = (width, height, ...children) =>
  svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, ...children);

/** A text at this place. */
export const label = (x, y, text, attributes = {}) => svg("text", { x: tenth(x), y: tenth(y), ...attributes }, text);

/** A straight line. */
export const rule = (x1, y1, x2, y2, kind) =>
  svg("line", { x1: tenth(x1), x2: tenth(x2), y1: tenth(y1), y2: tenth(y2), class: kind });

/** The axis under a chart: ticks with their texts, and what it measures. */
export const axisBelow = ({ left, right, bottom }, marks, name) => [
  rule(left, bottom, right, bottom, "axis"),
  ...marks.flatMap(([x, text]) => [rule(x, bottom, x, bottom + 4, "axis"), label(x, bottom + 17, text, { "text-anchor": "middle" })]),
  label(right, bottom + 35, name, { "text-anchor": "end" }),
];

/** Path through points, in pixels. */
export const through = (points) => `M${points.map(([x, y]) => `${tenth(x)},${tenth(y)}`).join("L")}`;

/**
 * Heights at least `gap` apart, near the wanted ones and inside the room.
 * @param {number[]} wanted
 * @returns {number[]}
 */
export function keepApart(wanted, gap, top, bottom) {
  const order = wanted.map((_, i) => i).sort((one, other) => wanted[one] - wanted[other]);
  const placed = [];
  order.reduce((least, i) => (placed[i] = Math.max(wanted[i], least)) + gap, top);
  order.reduceRight((most, i) => (placed[i] = Math.min(placed[i], most)) - gap, bottom);
  return placed;
}
