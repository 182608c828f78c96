/** All kinds of unit in one picture: a row each, with its networks, their mean and its interval. */

import { axisBelow, chart, label, rule, tenth } from "./axes.mjs";
import { svg } from "./dom.mjs";
import { cross, diamond } from "./marks.mjs";
import { scale, ticks } from "./numbers.mjs";
import { limitsOf, liveValues, placeOf, QUANTITIES, signed, told } from "./relatives_numbers.mjs";

const [NAMES, MEANS, ROW, TOP, BELOW] = [126, 62, 29, 24, 42]; // pixels
const [POINT, BAR] = [-5, 7]; // from a row's middle: its points, its interval
const SHORT = { "CReLU, half the units": "CReLU, half" };

/** The height of the picture in pixels. */
export const rowsHeight = (kinds) => TOP + ROW * kinds.length + BELOW;

/**
 * A quantity of every kind of unit.
 * @param {Object} now
 * @param {Object[]} now.kinds of unit
 * @param {Object} now.set of networks
 * @param {string} now.quantity
 * @param {string} now.unit the chosen one
 * @param {Object[]} now.frames networks trained here, of this set
 * @param {(unit: string) => void} choose
 * @param {number} width CSS pixels
 * @returns {SVGElement}
 */
export function rowsPicture({ kinds, set, quantity, unit, frames }, choose, width) {
  const box = { left: NAMES, right: width - MEANS, top: TOP, bottom: TOP + ROW * kinds.length };
  const rectifier = placeOf({ kinds }, "rectifier");
  const live = kinds.map(({ name }) => liveValues(frames, name, quantity));
  const limits = limitsOf(set, quantity, rectifier, live.flat());
  const x = scale(...limits, box.left + 6, box.right - 6);
  const origin = set.quantities[quantity][rectifier].mean;
  const marks = ticks(...limits, box.right - box.left < 170 ? 4 : 5);
  return chart(width, rowsHeight(kinds),
    ...marks.map((tick) => rule(x(tick), box.top, x(tick), box.bottom, "grid")),
    ...axisBelow(box, marks.map((tick) => [x(tick), signed(tick, placesOf(marks))]), QUANTITIES[quantity].axis),
    label(width, TOP - 9, "mean", { "text-anchor": "end" }),
    ...(origin === null || origin > limits[1] ? [] : [rule(x(origin), box.top, x(origin), box.bottom, "origin")]),
    ...kinds.map((kind, i) => {
      const chosen = kind.name === unit;
      const place = { y: TOP + ROW * (i + 0.5), width, box, x, limits };
      return svg("g", { class: `row ${kind.like}${chosen ? " chosen" : ""}`, onclick: () => choose(kind.name) },
        ...rowOf(kind, set.quantities[quantity][i], live[i], QUANTITIES[quantity].digits, place));
    }));
}

/** Digits behind the point that the marks of an axis need. */
function placesOf(marks) {
  const step = marks.length > 1 ? marks[1] - marks[0] : 1;
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}

function rowOf({ name }, row, live, digits, { y, width, box, x, limits }) {
  const [low, high] = limits;
  const inside = (value) => value >= low && value <= high;
  const values = told(row);
  const lost = row.values.length - values.length;
  return [
    svg("rect", { x: 0, y: tenth(y - ROW / 2), width, height: ROW, class: "hit" }, svg("title", {}, name)),
    label(0, y + 4, SHORT[name] ?? name, { class: "name" }),
    ...values.filter(inside).map((value) => svg("circle", { cx: tenth(x(value)), cy: tenth(y + POINT), r: 2.4, class: "seed" })),
    ...intervalOf(row, y + BAR, x, limits),
    ...beyondOf(values.filter((value) => value < low), box.left, y + POINT, -1),
    ...beyondOf(values.filter((value) => value > high), box.right, y + POINT, 1),
    ...live.filter(inside).map((value) => diamond(x(value), y + POINT)),
    ...(lost ? [cross(box.right + 5, y + BAR), label(box.right + 12, y + BAR + 4, String(lost))] : []),
    label(width, y + 4, row.mean === null ? "–" : signed(row.mean, digits), { "text-anchor": "end", class: "mean" }),
  ];
}

/** The interval as a line, the mean as a mark on it; what is beyond the axis ends at its edge. */
function intervalOf({ mean, low, high }, y, x, [first, last]) {
  if (mean === null) return [];
  const within = (value) => Math.min(last, Math.max(first, value));
  const bar = low === null ? [] : [rule(x(within(low)), y, x(within(high)), y, "interval")];
  return mean < first || mean > last ? bar : [...bar, rule(x(mean), y - 4, x(mean), y + 4, "middle")];
}

/** A triangle at the edge and, outside, how many networks are beyond it. */
function beyondOf(values, edge, y, side) {
  if (!values.length) return [];
  return [
    svg("path", { d: `M${tenth(edge)},${tenth(y)} m0,-4.5 l${side * 7},4.5 l${-side * 7},4.5 Z`, class: "beyond" }),
    label(edge + side * 10, y + 4, String(values.length), { "text-anchor": side > 0 ? "start" : "end" })];
}
