/** The course of one cell of StartMap: error over training steps, one line a network. */

import { axisBelow, chart, label, rule, tenth, through } from "./axes.mjs";
import { svg } from "./dom.mjs";
import { scale } from "./numbers.mjs";
import { counted } from "./start_words.mjs";

const [TOP, HEIGHT, LEFT, RIGHT, BELOW] = [10, 150, 40, 14, 42];
const SPARSE = 44; // pixels between the texts of two ticks, at least

/**
 * @param {Object} data
 * @param {import("./start_words.mjs").Network[]} recorded
 * @param {import("./start_words.mjs").Network[]} live
 * @param {number} step_index
 * @param {number} width pixels
 * @returns {SVGElement}
 */
export function coursesPicture({ steps, success }, recorded, live, step_index, width) {
  const x = scale(Math.log(steps[0]), Math.log(steps[steps.length - 1]), LEFT, width - RIGHT);
  const y = scale(0, 100, TOP + HEIGHT, TOP);
  const places = { xs: steps.length > 1 ? steps.map((step) => x(Math.log(step))) : [LEFT], y };
  const box = { left: LEFT, right: width - RIGHT, bottom: TOP + HEIGHT };
  return chart(width, TOP + HEIGHT + BELOW,
    ...[0, 50, 100].flatMap((value) => [rule(LEFT, y(value), width - RIGHT, y(value), "grid"), label(LEFT - 6, y(value) + 4, String(value), { "text-anchor": "end" })]),
    rule(LEFT, y(success), width - RIGHT, y(success), "limit"),
    label(LEFT + 4, y(success) - 5, `learned: below ${success} %`, { class: "quiet" }),
    rule(places.xs[step_index], TOP, places.xs[step_index], TOP + HEIGHT, "now"),
    ...recorded.flatMap((network) => course(network, places, step_index, "recorded")),
    ...live.flatMap((network) => course(network, places, step_index, "live")),
    ...axisBelow(box, apart(places.xs, steps), "training steps"));
}

/** The ticks whose texts have room, the last one first. */
function apart(xs, steps) {
  const kept = [];
  for (let i = steps.length - 1; i >= 0; i -= 1) {
    const free = !kept.length || kept[0][0] - xs[i] >= SPARSE;
    if (free) kept.unshift([xs[i], counted(steps[i])]);
  }
  return kept;
}

/** A line as far as the network had an error, a dot at the reader's step, a cross where it was lost. */
function course({ error }, { xs, y }, step_index, kind) {
  const lost = error.indexOf(null);
  const seen = (lost < 0 ? error : error.slice(0, lost)).map((value, t) => [xs[t], y(value)]);
  const dot = seen[step_index];
  return [
    ...(seen.length ? [svg("path", { d: through(seen), class: `course ${kind}` })] : []),
    ...(dot ? [svg("circle", { cx: tenth(dot[0]), cy: tenth(dot[1]), r: 3.5, class: `dot-now ${kind}` })] : []),
    ...(lost < 0 ? [] : [cross(xs[lost], TOP + 6, kind)]),
  ];
}

const cross = (x, y, kind) => svg("path", { d: `M${tenth(x - 4)},${y - 4}l8,8m0,-8l-8,8`, class: `course lost ${kind}` });
