/** The unit and its slope beside the rectifier's, with the gap between them. */

import { axisBelow, chart, label, rule, tenth, through } from "./axes.mjs";
import { svg } from "./dom.mjs";
import { scale } from "./numbers.mjs";
import { digits3, gapOf, slopeOf, softplus } from "./softplus_numbers.mjs";

const [REACH, POINTS] = [2.5, 120]; // of x to either side, and where the curve is computed
const MARKED = [-2, -1, 0, 1, 2];
const SIDES = { left: 30, right: 12 };
const ALONG = Array.from({ length: POINTS + 1 }, (_, i) => (2 * REACH * i) / POINTS - REACH);

/**
 * The unit's output over its input.
 * @param {number | null} alpha null for the rectifier
 * @param {number} width CSS pixels
 * @param {number} height CSS pixels
 * @returns {SVGElement}
 */
export function unitPicture(alpha, width, height) {
  const { box, x } = room(width, height, 22, 26);
  const y = scale(0, REACH, box.bottom, box.top);
  const points = ALONG.map((at) => [x(at), y(softplus(alpha, at))]);
  const corner = [-REACH, 0, REACH].map((at) => [x(at), y(Math.max(0, at))]);
  return chart(width, height,
    ...levels([0, 1, 2], box, y),
    ...axisBelow(box, MARKED.map((at) => [x(at), minus(at)]), ""),
    label(0, 12, "output"),
    svg("path", { d: `${through([...points, ...corner.toReversed()])}Z`, class: "between" }),
    svg("path", { d: through(points), class: "smooth" }),
    svg("path", { d: through(corner), class: "corner" }),
    ...gapMark(alpha, x(0), y));
}

/**
 * The unit's derivative over its input.
 * @param {number | null} alpha null for the rectifier
 * @param {number} width CSS pixels
 * @param {number} height CSS pixels
 * @returns {SVGElement}
 */
export function slopePicture(alpha, width, height) {
  const { box, x } = room(width, height, 30, 42);
  const y = scale(0, 1, box.bottom - 6, box.top);
  const ends = [[-REACH, 0], [0, 0]];
  const dot = (at, value, kind) => svg("circle", { cx: tenth(x(at)), cy: tenth(y(value)), r: 3.5, class: kind });
  const place = ([at, value]) => [x(at), y(value)];
  const smooth = alpha === null ? [] : [svg("path", { d: through(ALONG.map((at) => place([at, slopeOf(alpha, at)]))), class: "smooth" })];
  return chart(width, height,
    ...levels([0, 0.5, 1], box, y),
    ...axisBelow(box, MARKED.map((at) => [x(at), minus(at)]), "input x"),
    label(0, 12, "slope"),
    ...smooth,
    svg("path", { d: through(ends.map(place)), class: "corner" }),
    svg("path", { d: through([[0, 1], [REACH, 1]].map(place)), class: "corner" }),
    dot(0, 0, "closed"), dot(0, 1, "open"));
}

function room(width, height, top, below) {
  const box = { left: SIDES.left, right: width - SIDES.right, top, bottom: height - below };
  return { box, x: scale(-REACH, REACH, box.left, box.right) };
}

const minus = (value) => String(value).replace("-", "−");

const levels = (values, { left, right }, y) => values.flatMap((value) => [
  rule(left, y(value), right, y(value), "grid"),
  label(left - 6, y(value) + 4, String(value), { "text-anchor": "end" })]);

/** The gap at x = 0, where it is largest, with its size; its words stand where the curve is lower. */
function gapMark(alpha, at, y) {
  const gap = gapOf(alpha);
  const words = alpha === null ? "no gap" : `log 2 / α = ${digits3(gap)}`;
  return [
    ...(gap ? [rule(at, y(0), at, y(gap), "gap"), rule(at - 4, y(gap), at + 4, y(gap), "gap")] : []),
    label(at - 10, y(gap) - 10, words, { "text-anchor": "end", class: "note" })];
}
