/** What networks make of alpha: their errors, and their zeros and near zeros. */

import { axisBelow, chart, label, rule, tenth, through } from "./axes.mjs";
import { svg } from "./dom.mjs";
import { cross, diamond } from "./marks.mjs";
import { mean, quantile, scale, ticks } from "./numbers.mjs";
import { alphaText, errorLimits, octaves } from "./softplus_numbers.mjs";

const SIZE = { left: 36, right: 18, top: 24, below: 42 };
const [SPREAD, ALONE] = [3, 8]; // pixels to either side: of the seeds, of a line that is one alpha's
const SHARES = ["zeros", "near_absolute", "near_relative"];

/**
 * Test error by alpha: a point a seed, the 10 to 90 % band, the paper's numbers, live networks.
 * @param {Object} now
 * @param {(number | null)[]} now.stops
 * @param {Object} now.set the recorded networks
 * @param {number | null} now.alpha the slider's
 * @param {Object[]} now.frames live ones of this set
 * @param {number} width CSS pixels
 * @param {number} height CSS pixels
 * @returns {SVGElement}
 */
export function errorPicture({ stops, set, alpha, frames }, width, height) {
  const { box, x } = place(stops, width, height);
  const [low, high] = errorLimits(set, frames);
  const y = scale(low, high, box.bottom, box.top);
  const told = toldOf(set, "error");
  return chart(width, height,
    ...frame(stops, set, box, x, ticks(low, high, 5).map((tick) => [y(tick), tick]), "test error (%)"),
    upright(alpha, box, x),
    ...apart(set, told).flatMap((run) => trend(run, set, x, y)),
    ...told.flatMap((i) => seeds(set.error[i], x(set.alphas[i]), y, kindOf(set.alphas[i]))),
    ...set.diverged.flatMap((count, i) => (count ? [cross(x(set.alphas[i]), box.top + 6)] : [])),
    ...printed(set, x, y),
    ...ringAt(set, alpha, set.error, x, y),
    ...frames.flatMap((live) => diamonds(live.error, x(stops[live.stop_index]), y)));
}

/**
 * Exact zeros and near zeros by alpha; arguments as those of `errorPicture`.
 * @returns {SVGElement}
 */
export function zerosPicture({ stops, set, alpha, frames }, width, height) {
  const { box, x } = place(stops, width, height);
  const y = scale(0, 100, box.bottom, box.top);
  const told = toldOf(set, "zeros");
  const each = (name) => [
    ...apart(set, told).map((run) => svg("path", { d: through(ends(run, set, x).map(([at, i]) => [at, y(mean(set[name][i]))])), class: `share ${name}` })),
    ...told.flatMap((i) => seeds(set[name][i], x(set.alphas[i]), y, kindOf(set.alphas[i])))];
  return chart(width, height,
    ...frame(stops, set, box, x, [0, 25, 50, 75, 100].map((tick) => [y(tick), tick]), "share of the activations (%)"),
    upright(alpha, box, x),
    ...SHARES.flatMap(each),
    ...frames.flatMap((live) => SHARES.flatMap((name) => diamonds([mean(live[name])], x(stops[live.stop_index]), y))));
}

/** Places of the alphas of which any network can be told. */
const toldOf = (set, name) => set.alphas.map((_, i) => i).filter((i) => set[name][i].length);

/** The finite alphas, and infinity by itself: no line leads across the break. */
const apart = ({ alphas }, told) =>
  [told.filter((i) => alphas[i] !== null), told.filter((i) => alphas[i] === null)].filter((run) => run.length);

/** Where a run's line goes through; one alpha alone gets a short line. */
function ends(run, { alphas }, x) {
  const at = run.map((i) => [x(alphas[i]), i]);
  return at.length > 1 ? at : [[at[0][0] - ALONE, run[0]], [at[0][0] + ALONE, run[0]]];
}

/** The 10 to 90 % band of a run and the line through its means. */
function trend(run, set, x, y) {
  const line = (value) => ends(run, set, x).map(([at, i]) => [at, y(value(set.error[i]))]);
  const around = [...line((errors) => quantile(errors, 0.1)), ...line((errors) => quantile(errors, 0.9)).toReversed()];
  return [svg("path", { d: `${through(around)}Z`, class: "band" }), svg("path", { d: through(line(mean)), class: "trend" })];
}

function place(stops, width, height) {
  const box = { left: SIZE.left, right: width - SIZE.right, top: SIZE.top, bottom: height - SIZE.below };
  const along = octaves(stops);
  const across = scale(0, along(null), box.left + 10, box.right);
  return { box, x: (alpha) => across(along(alpha)) };
}

/** Axes: recorded alphas below, and a break before infinity. */
function frame(stops, { alphas }, box, x, marks, name) {
  const last = stops[stops.length - 2];
  const halfway = (x(last) + x(null)) / 2;
  const below = [...new Set([...alphas, last])].map((alpha) => [x(alpha), alphaText(alpha)]);
  return [
    ...marks.flatMap(([y, text]) => [rule(box.left, y, box.right, y, "grid"), label(box.left - 6, y + 4, String(text), { "text-anchor": "end" })]),
    ...axisBelow(box, below, "α (logarithmic, ∞ the rectifier)"),
    rule(halfway, box.top, halfway, box.bottom, "break"),
    label(0, 12, name)];
}

const kindOf = (alpha) => (alpha === null ? "hard" : "soft");

const upright = (alpha, { top, bottom }, x) => rule(x(alpha), top, x(alpha), bottom, "chosen");

function seeds(values, x, y, kind) {
  const step = values.length > 1 ? (2 * SPREAD) / (values.length - 1) : 0;
  const first = values.length > 1 ? -SPREAD : 0;
  return values.map((value, i) => svg("circle", { cx: tenth(x + first + i * step), cy: tenth(y(value)), r: 2.5, class: kind }));
}

function ringAt(set, alpha, values, x, y) {
  const i = set.alphas.indexOf(alpha);
  if (i < 0 || !values[i].length) return [];
  return [svg("circle", { cx: tenth(x(alpha)), cy: tenth(y(mean(values[i]))), r: 7.5, class: "ring" })];
}

const printed = (set, x, y) => set.paper.flatMap((error, i) =>
  (Number.isFinite(error) ? [svg("circle", { cx: tenth(x(set.alphas[i])), cy: tenth(y(error)), r: 4.5, class: "paper" })] : []));

const diamonds = (values, x, y) => values.filter(Number.isFinite).map((value) => diamond(x, y(value)));
