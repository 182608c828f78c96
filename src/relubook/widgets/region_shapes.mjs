/** Regions and examples as paths in a picture of whole numbers, few enough for a browser to draw at once. */

import { partsByClass, viewOf } from "./region_cutting.mjs";

export const ACROSS = 4000; // the picture's own units from left to right
const TONES = 10; // of a class's color, from undecided to certain
const [CLASSES, UNITS] = [[0.08, 0.7], [0.04, 0.9]]; // how opaque the palest and the fullest tone are
const SIZE = 34; // of a mark, in the picture's units

/**
 * The picture's units.
 * @param {number[]} window left, right, bottom, top
 */
export function frameOf([left, right, bottom, top]) {
  const by = ACROSS / (right - left);
  return {
    height: Math.round(by * (top - bottom)),
    x: (value) => Math.round(by * (value - left)),
    y: (value) => Math.round(by * (top - value)),
  };
}

/** A polygon as a path. */
export function outline(corners, { x, y }) {
  let d = "";
  for (let i = 0; i < corners.length; i += 2) d += `${i ? "L" : "M"}${x(corners[i])} ${y(corners[i + 1])}`;
  return `${d}Z`;
}

/**
 * @typedef {{kind: string, opacity: number, d: string}} Fill many polygons of one tone
 * @param {import("./region_cutting.mjs").Region[]} regions
 * @param {"class" | "active"} coloring
 * @param {ReturnType<typeof frameOf>} frame
 * @returns {Fill[]}
 */
export function fillsOf(regions, coloring, frame) {
  const fills = new Map();
  const add = (kind, tone, opacity, corners) => {
    const name = `${kind} ${tone}`;
    if (!fills.has(name)) fills.set(name, { kind, opacity, d: "" });
    fills.get(name).d += outline(corners, frame);
  };
  const [fewest, most] = spanOf(regions);
  for (const region of regions) {
    if (coloring === "active") {
      const on = activeIn(region);
      add("units", on, tint(most > fewest ? (on - fewest) / (most - fewest) : 0.5, UNITS), region.corners);
      continue;
    }
    for (const { winner, lead, corners } of partsByClass(region)) {
      const tone = Math.round(lead * TONES);
      add(`class-${winner}`, tone, tint(tone / TONES), corners);
    }
  }
  return [...fills.values()];
}

/** How many units are active in a region. */
const activeIn = ({ active }) => active.reduce((sum, one) => sum + one, 0);

/** The fewest and the most units that are active in any region. */
export function spanOf(regions) {
  const counts = regions.map(activeIn);
  return [Math.min(...counts), Math.max(...counts)];
}

/** From pale to full. @param {number} share 0 to 1 */
const tint = (share, [palest, fullest] = CLASSES) => Number((palest + (fullest - palest) * share).toFixed(3));

/** All boundaries as one path, each edge once. */
export function linesOf(regions, { x, y }) {
  const drawn = new Set();
  let d = "";
  for (const { points, corners } of regions) {
    for (let i = 0; i < points.length; i += 1) {
      const j = i + 1 < points.length ? i + 1 : 0;
      const [one, other] = points[i] < points[j] ? [points[i], points[j]] : [points[j], points[i]];
      const key = one * 65536 + other;
      if (drawn.has(key)) continue;
      drawn.add(key);
      d += `M${x(corners[2 * i])} ${y(corners[2 * i + 1])}L${x(corners[2 * j])} ${y(corners[2 * j + 1])}`;
    }
  }
  return d;
}

/** A class's mark around a point: circle, square, triangle, diamond, two crosses. */
export function mark(kind, x, y, size = SIZE) {
  const [s, t] = [size, Math.round(size / 2.5)];
  const cross = `l${t} ${-t}l${t} ${t}l${-t} ${t}l${t} ${t}l${-t} ${t}l${-t} ${-t}l${-t} ${t}l${-t} ${-t}l${t} ${-t}l${-t} ${-t}l${t} ${-t}Z`;
  return [
    `M${x - s} ${y}a${s} ${s} 0 1 0 ${2 * s} 0a${s} ${s} 0 1 0 ${-2 * s} 0`,
    `M${x - s} ${y - s}h${2 * s}v${2 * s}h${-2 * s}Z`,
    `M${x} ${y - s}l${s} ${2 * s}h${-2 * s}Z`,
    `M${x} ${y - s - 8}l${s} ${s + 8}l${-s} ${s + 8}l${-s} ${-s - 8}Z`,
    `M${x} ${y - t}${cross}`,
    `M${x - t} ${y - s}h${2 * t}v${s - t}h${s - t}v${2 * t}h${t - s}v${s - t}h${-2 * t}v${t - s}h${t - s}v${-2 * t}h${s - t}Z`,
  ][kind];
}

/**
 * The examples, one path a class.
 * @param {{x: string, scale: number, y: number[]}} examples x: base64 int8 pairs, 127 is `scale`
 * @param {number} classes
 * @param {ReturnType<typeof frameOf>} frame
 */
export function marksOf({ x: text, scale: reach, y: labels }, classes, frame) {
  const view = viewOf(text);
  const place = (i) => (view.getInt8(i) / 127) * reach;
  const paths = Array(classes).fill("");
  labels.forEach((label, i) => (paths[label] += mark(label, frame.x(place(2 * i)), frame.y(place(2 * i + 1)))));
  return paths;
}
