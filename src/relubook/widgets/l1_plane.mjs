/** The plane of the paper's Figure 3: zeros across, test error up, drawn as SVG in currentColor. */

import { svg } from "./dom.mjs";
import { median, percent, quantile, scale, ticks } from "./numbers.mjs";

const EDGE = { left: 34, right: 14, top: 30, bottom: 42 };

/**
 * Draw the plane.
 * @param {Object} picture
 * @param {number} picture.width CSS pixels
 * @param {number} picture.height CSS pixels
 * @param {{zeros: [number, number], error: [number, number]}} picture.limits percent
 * @param {{zeros: number[], error: number[]}} picture.paper the digitized points
 * @param {{zeros: number[], error: number[]}[]} picture.others recorded settings of this depth
 * @param {import("./l1_numbers.mjs").Reading} picture.chosen
 * @param {{zeros: number[], error: number[]} | null} picture.band recorded seeds to compare with
 * @returns {SVGElement}
 */
export function plane({ width, height, limits, paper, others, chosen, band }) {
  const x = scale(...limits.zeros, EDGE.left, width - EDGE.right);
  const y = scale(...limits.error, height - EDGE.bottom, EDGE.top);
  const place = (zeros, error) => [x(zeros), Math.max(y(error), EDGE.top)];
  return svg(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    ...axes(width, height, limits, x, y),
    ...dots(paper, place, { r: 2, class: "paper" }),
    path(others, place),
    ...others.flatMap((seeds) => dots(seeds, place, { r: 2.5, class: "faint" })),
    ...(band ? bandMark(band, x, y) : []),
    ...chosenMarks(chosen, place, limits, x),
  );
}

function axes(width, height, limits, x, y) {
  const bottom = height - EDGE.bottom;
  const lines = ticks(...limits.error, 5).flatMap((t) => [
    svg("line", { x1: EDGE.left, x2: width - EDGE.right, y1: y(t), y2: y(t), class: "grid" }),
    svg("text", { x: EDGE.left - 6, y: y(t) + 4, "text-anchor": "end" }, String(t)),
  ]);
  const marks = ticks(...limits.zeros, 5).flatMap((t) => [
    svg("line", { x1: x(t), x2: x(t), y1: bottom, y2: bottom + 4, class: "axis" }),
    svg("text", { x: x(t), y: bottom + 17, "text-anchor": "middle" }, String(t)),
  ]);
  return [
    ...lines,
    svg("line", { x1: EDGE.left, x2: width - EDGE.right, y1: bottom, y2: bottom, class: "axis" }),
    ...marks,
    svg("text", { x: 4, y: 12 }, "test error (%)"),
    svg("text", { x: width - EDGE.right, y: height - 6, "text-anchor": "end" }, "exact zeros (%)"),
  ];
}

function dots({ zeros, error }, place, attributes) {
  return zeros.map((z, i) => {
    const [cx, cy] = place(z, error[i]).map(round);
    if (cy > EDGE.top) return svg("circle", { cx, cy, ...attributes });
    return svg("path", { d: peak(cx, attributes.r * 1.4), class: attributes.class });
  });
}

/** A triangle on the upper edge: this error is higher than the plane. */
function peak(x, size) {
  return `M${round(x - size)},${EDGE.top + 1} h${2 * size} l${-size},${-1.7 * size} Z`;
}

function path(others, place) {
  const points = others.map((s) => place(median(s.zeros), median(s.error)).map(round).join(","));
  return svg("polyline", { points: points.join(" "), class: "trail" });
}

function bandMark({ zeros, error }, x, y) {
  const [left, right] = [0.1, 0.9].map((q) => x(quantile(zeros, q)));
  const [bottom, top] = [0.1, 0.9].map((q) => Math.max(y(quantile(error, q)), EDGE.top));
  const size = { width: Math.max(right - left, 6), height: Math.max(bottom - top, 6) };
  return [svg("rect", { x: round(left), y: round(top), ...size, rx: 2, class: "band" })];
}

function chosenMarks(chosen, place, limits, x) {
  const kind = chosen.live ? "chosen live" : "chosen";
  const [cx, cy] = place(median(chosen.zeros), median(chosen.error)).map(round);
  const clipped = median(chosen.error) > limits.error[1];
  const marks = dots(chosen, place, { r: 3.5, class: kind });
  if (clipped) return [...marks, ...arrow(cx, chosen, x)];
  return [...marks, svg("circle", { cx, cy, r: 7.5, class: "median" })];
}

function arrow(cx, chosen, x) {
  const after = cx < (x(0) + x(100)) / 2;
  const place = { x: after ? cx + 10 : cx - 10, y: EDGE.top - 10 };
  return [
    svg("path", { d: peak(cx, 7), class: "chosen" }),
    svg(
      "text",
      { ...place, "text-anchor": after ? "start" : "end", class: "note" },
      `off the chart: ${percent(median(chosen.error))} % error`,
    ),
  ];
}

const round = (value) => Math.round(value * 10) / 10;
