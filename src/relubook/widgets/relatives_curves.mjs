/** A unit's response and its slope, with the rectifier behind them. */

import { axisBelow, chart, label, rule, tenth, through } from "./axes.mjs";
import { svg } from "./dom.mjs";
import { scale } from "./numbers.mjs";
import { signed } from "./relatives_numbers.mjs";

const ROOMS = {
  response: { limits: [-2, 3.2], marks: [-2, -1, 0, 1, 2, 3], name: "output f(x)", below: 26, across: "" },
  slope: { limits: [-1.2, 2], marks: [-1, 0, 1, 2], name: "slope f′(x)", below: 42, across: "input x" },
};
const INSET = { left: 26, right: 10, top: 26 }; // pixels
const [JUMP, LINE] = [0.02, 15]; // a smaller jump of the slope is no jump; pixels between the lines of the key
const RECTIFIER = { response: [[0, 0], [0, 1]], slope: [[0, 0], [1, 1]] }; // at the ends of its halves, in units of x's reach

/**
 * @typedef {Object} Line One line of a unit, in two halves that meet at 0.
 * @property {[number, number][]} left
 * @property {[number, number][]} right
 * @property {number} at the slope at 0 itself
 * @property {string} text what the line is, if there are several
 */

/**
 * A unit's lines, of its response or of its slope.
 * @param {Object} kind of unit
 * @param {number[]} slopes learned ones below 0, a layer each
 * @param {"response" | "slope"} what
 * @param {number} reach of x to either side
 * @returns {Line[]}
 */
export function linesOf(kind, slopes, what, reach) {
  if (kind.learned && slopes.length) {
    const right = halves(kind.curves[0][what], reach)[1];
    const below = (a) => (what === "response" ? [[-reach, -a * reach], [0, 0]] : [[-reach, a], [0, a]]);
    return slopes.map((a, i) => ({ left: below(a), right, at: a, text: `layer ${i + 1}: ${signed(a, 2)}` }));
  }
  const several = kind.curves.length > 1;
  return kind.curves.map((curve, i) => {
    const [left, right] = halves(curve[what], reach);
    return { left, right, at: curve.slope_at_zero, text: several ? ["first output", "second output"][i] : "" };
  });
}

/** The points below 0 and those above. */
function halves(values, reach) {
  const half = values.length / 2;
  const at = (i) => (reach * i) / (half - 1);
  return [
    values.slice(0, half).map((value, i) => [at(i) - reach, value]),
    values.slice(half).map((value, i) => [at(i), value]),
  ];
}

/**
 * The response or the slope over the input.
 * @param {Object} now
 * @param {Object} now.kind of unit
 * @param {number[]} now.slopes learned ones, a layer each
 * @param {number} now.reach of x to either side
 * @param {"response" | "slope"} what
 * @param {number} width CSS pixels
 * @param {number} height CSS pixels
 * @returns {SVGElement}
 */
export function curvePicture({ kind, slopes, reach }, what, width, height) {
  const { limits, marks, name, below, across } = ROOMS[what];
  const box = { left: INSET.left, right: width - INSET.right, top: INSET.top, bottom: height - below };
  const [x, y] = [scale(-reach, reach, box.left, box.right), scale(...limits, box.bottom, box.top)];
  const put = (points) => through(points.map(([at, value]) => [x(at), y(value)]));
  const lines = linesOf(kind, slopes, what, reach);
  return chart(width, height,
    ...marks.flatMap((mark) => [
      rule(box.left, y(mark), box.right, y(mark), mark ? "grid" : "zero"),
      label(box.left - 6, y(mark) + 4, signed(mark, 0), { "text-anchor": "end" })]),
    rule(x(0), box.top, x(0), box.bottom, "zero"),
    ...axisBelow(box, [-3, -2, -1, 0, 1, 2, 3].filter((at) => Math.abs(at) <= reach).map((at) => [x(at), signed(at, 0)]), across),
    label(0, 12, name),
    clipped(box,
      ...[-1, 1].map((side, i) => svg("path", { d: put([[0, RECTIFIER[what][i][0]], [side * reach, RECTIFIER[what][i][1] * (what === "response" ? reach : 1)]]), class: "reference" })),
      ...bandOf(kind, what, reach, put),
      ...lines.flatMap((line, i) => [line.left, line.right].map((half) => svg("path", { d: put(half), class: `own line-${i}` })))),
    ...(what === "slope" ? lines.flatMap((line) => jumpOf(line, x, y, limits)) : keyOf(kind, lines, x(0) + 10, y(0))));
}

/** What stays inside the axes. */
const clipped = ({ left, right, top, bottom }, ...children) => {
  const [width, height] = [right - left, bottom - top];
  return svg("svg", { x: left, y: top, width, height, viewBox: `${left} ${top} ${width} ${height}`, class: "clip" }, ...children);
};

/** Where a random slope can be, below 0. */
function bandOf({ band }, what, reach, put) {
  if (!band.length) return [];
  const [low, high] = band;
  const corners = what === "response" ? [[-reach, -low * reach], [0, 0], [-reach, -high * reach]]
    : [[-reach, low], [0, low], [0, high], [-reach, high]];
  return [svg("path", { d: `${put(corners)}Z`, class: "band" })];
}

/** Where the slope jumps: its value at 0 is the full dot. */
function jumpOf({ left, right, at }, x, y, [low, high]) {
  const [before, after] = [left.at(-1)[1], right[0][1]];
  const dot = (value, kind) => svg("circle", { cx: tenth(x(0)), cy: tenth(y(value)), r: 3.5, class: kind });
  if (Math.abs(after - before) <= JUMP || Math.max(before, after) > high || Math.min(before, after) < low) return [];
  const belongs = (value) => (Math.abs(value - at) < JUMP ? "closed" : "open");
  return [dot(after, belongs(after)), dot(before, belongs(before))];
}

/** What each line is, where no unit has one: right of 0 and below it. */
function keyOf({ band, learned }, lines, left, top) {
  const entries = band.length ? [["band", "while it is trained"], ["own line-0", "afterwards"]]
    : lines.filter(({ text }) => text).map(({ text }, i) => [`own line-${i}`, text]);
  const head = learned && entries.length ? [["", "slopes learned"]] : [];
  return [...head, ...entries].flatMap(([kind, text], i) => {
    const y = top + LINE * (i + 1);
    if (!kind) return [label(left, y, text)];
    const mark = kind === "band" ? svg("rect", { x: tenth(left), y: tenth(y - 9), width: 18, height: 9, class: kind })
      : svg("path", { d: through([[left, y - 4], [left + 18, y - 4]]), class: kind });
    return [mark, label(left + 24, y, text)];
  });
}
