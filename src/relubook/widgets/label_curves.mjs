/** What networks make of few labels and many: their errors, and what pretraining saves. */

import { axisBelow, chart, label, rule, tenth, through } from "./axes.mjs";
import { svg } from "./dom.mjs";
import { cross, diamond } from "./marks.mjs";
import {
  errorEnds, gainEnds, grouped, labelsAt, liveGain, paperGains, savedBy, signed, standApart, STARTS, toldOf, widthOf,
} from "./label_numbers.mjs";
import { mean, scale, ticks } from "./numbers.mjs";

const SIZE = { left: 36, right: 22, top: 24, below: 58 };
const [ASIDE, BETWEEN] = [2.5, 5]; // pixels: between kinds of network, between texts below the axis

/**
 * Test error by labels: a point a seed, lines through means, the paper's numbers, live networks.
 * @param {Object} now
 * @param {string[]} now.units kinds of unit
 * @param {Object} now.set the recorded networks
 * @param {number} now.share the slider's [%]
 * @param {Object[]} now.frames live ones of this set
 * @param {number} width CSS pixels
 * @param {number} height CSS pixels
 * @returns {SVGElement}
 */
export function errorsPicture({ units, set, share, frames }, width, height) {
  const { box, x } = place(set, frames, width, height);
  const [low, high] = errorEnds(set, units, frames);
  const y = scale(low, high, box.bottom, box.top);
  const kinds = units.flatMap((unit) => STARTS.map((start) => ({ unit, start })));
  const aside = (i) => (i - (kinds.length - 1) / 2) * ASIDE;
  return chart(width, height,
    ...frame(set, box, x, ticks(low, high, 5).map((tick) => [y(tick), String(tick)]), "test error (%)"),
    upright(set, share, box, x),
    ...kinds.flatMap(({ unit, start }) => printed(set, set.paper[unit]?.[start] ?? [], `${unit} ${start}`, x, y)),
    ...kinds.flatMap(({ unit, start }, i) => network(set, set.error[unit][start], `${unit} ${start}`, (at) => x(at) + aside(i), y, box)),
    ...frames.flatMap((live) => kinds.flatMap(({ unit, start }, i) =>
      toldOf(live.error[unit][start]).map((error) => marked(diamond(x(live.labels) + aside(i), y(error)), `${unit} ${start}`)))));
}

/**
 * What pretraining saves by labels: means with their intervals, seeds, the paper's; arguments as
 * those of `errorsPicture`.
 * @returns {SVGElement}
 */
export function gainPicture({ units, set, share, frames }, width, height) {
  const { box, x } = place(set, frames, width, height);
  const [low, high] = gainEnds(set, units, frames);
  const y = scale(low, high, box.bottom, box.top);
  const aside = (i) => (i - (units.length - 1) / 2) * 3 * ASIDE;
  return chart(width, height,
    ...frame(set, box, x, ticks(low, high, 5).map((tick) => [y(tick), signed(tick, tick % 1 ? 1 : 0)]), "saved by pretraining (points)"),
    rule(box.left, y(0), box.right, y(0), "origin"),
    upright(set, share, box, x),
    ...units.flatMap((unit) => printed(set, paperGains(set, unit), `${unit} with`, x, y)),
    ...units.flatMap((unit, i) => savings(set, unit, (at) => x(at) + aside(i), y, [low, high])),
    ...frames.flatMap((live) => units.flatMap((unit, i) =>
      liveGain(live, unit).map((gain) => marked(diamond(x(live.labels) + aside(i), y(gain)), `${unit} with`)))));
}

function place(set, frames, width, height) {
  const box = { left: SIZE.left, right: width - SIZE.right, top: SIZE.top, bottom: height - SIZE.below };
  const labels = [...set.labels, ...frames.map((live) => live.labels)];
  const across = scale(Math.log(Math.min(...labels)), Math.log(Math.max(...labels)), box.left + 16, box.right - 4);
  return { box, x: (count) => across(Math.log(count)) };
}

/** Axes: numbers of labels and what share of the images they are, where both have room. */
function frame(set, box, x, marks, name) {
  const [at, texts] = [set.labels.map(x), set.labels.map((count, i) => [grouped(count), `${set.shares[i]}\u202f%`])];
  const named = standApart(at, texts.map((each) => Math.max(...each.map(widthOf))), BETWEEN);
  const middle = { "text-anchor": "middle" };
  return [
    ...marks.flatMap(([y, text]) => [rule(box.left, y, box.right, y, "grid"), label(box.left - 6, y + 4, text, { "text-anchor": "end" })]),
    ...axisBelow({ ...box, bottom: box.bottom }, [], ""),
    ...at.map((tick) => rule(tick, box.bottom, tick, box.bottom + 4, "axis")),
    ...texts.flatMap(([count, share], i) => (named[i] ? [
      label(at[i], box.bottom + 17, count, { ...middle, class: "count" }), label(at[i], box.bottom + 32, share, { ...middle, class: "share" })] : [])),
    label(box.right, box.bottom + 50, "images with a label (logarithmic)", { "text-anchor": "end" }),
    label(0, 12, name)];
}

/**
 * A drawing that is made again only for other networks or another width: a hand on the slider moves
 * one line of it.
 * @param {(now: Object, width: number, height: number) => SVGElement} picture
 */
export function slowly(picture) {
  let last = {};
  return (now, width, height) => {
    const same = last.set === now.set && last.frames === now.frames && last.width === width;
    if (same) moveLine(last.drawn, now, width, height);
    else last = { set: now.set, frames: now.frames, width, drawn: picture(now, width, height) };
    return last.drawn;
  };
}

function moveLine(drawn, { set, share, frames }, width, height) {
  const at = tenth(place(set, frames, width, height).x(labelsAt(set, share)));
  ["x1", "x2"].forEach((end) => drawn.querySelector(".chosen").setAttribute(end, at));
}

const upright = (set, share, { top, bottom }, x) => rule(x(labelsAt(set, share)), top, x(labelsAt(set, share)), bottom, "chosen");

/** One kind of network: a line through means, a point a seed, a cross where some diverged. */
function network(set, rows, kind, x, y, box) {
  const told = rows.map((errors, i) => [i, toldOf(errors)]).filter(([, errors]) => errors.length);
  const lost = rows.flatMap((errors, i) => (toldOf(errors).length < errors.length ? [cross(x(set.labels[i]), box.top + 6)] : []));
  return [
    ...(told.length > 1 ? [svg("path", { d: through(told.map(([i, errors]) => [x(set.labels[i]), y(mean(errors))])), class: `trend ${kind}` })] : []),
    ...told.flatMap(([i, errors]) => errors.map((error) => svg("circle", { cx: tenth(x(set.labels[i])), cy: tenth(y(error)), r: 2.75, class: `seed ${kind}` }))),
    ...lost];
}

/** What one kind of unit saves: seeds that are within the axis, intervals, and a line. */
function savings(set, unit, x, y, [low, high]) {
  const rows = set.gain[unit].map((row, i) => ({ ...row, at: x(set.labels[i]) })).filter((row) => row.mean !== null);
  const seeds = set.labels.flatMap((count, i) => savedBy(set.error[unit].none[i], set.error[unit].with[i])
    .filter((saved) => saved >= low && saved <= high)
    .map((saved) => svg("circle", { cx: tenth(x(count)), cy: tenth(y(saved)), r: 2, class: `seed ${unit} with` })));
  return [
    ...(rows.length > 1 ? [svg("path", { d: through(rows.map((row) => [row.at, y(row.mean)])), class: `trend thin ${unit} with` })] : []),
    ...seeds,
    ...rows.filter((row) => row.low !== null).map((row) => rule(row.at, y(row.low), row.at, y(row.high), `interval ${unit}`)),
    ...rows.map((row) => svg("circle", { cx: tenth(row.at), cy: tenth(y(row.mean)), r: 4.5, class: `mean ${unit}` }))];
}

/** The paper's numbers, read from its figure: hollow squares and a thin line. */
function printed(set, numbers, kind, x, y) {
  const known = numbers.map((number, i) => [set.labels[i], number]).filter(([, number]) => Number.isFinite(number));
  if (!known.length) return [];
  const squares = known.map(([count, number]) =>
    svg("rect", { x: tenth(x(count) - 4.5), y: tenth(y(number) - 4.5), width: 9, height: 9, class: `printed ${kind}` }));
  return [svg("path", { d: through(known.map(([count, number]) => [x(count), y(number)])), class: `printed line ${kind}` }), ...squares];
}

function marked(mark, kind) {
  mark.setAttribute("class", `live ${kind}`);
  return mark;
}
