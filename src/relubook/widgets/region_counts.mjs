/** How many regions there are while a network trains, beside the recorded ones and the bounds. */

import { axisBelow, chart, keepApart, label, rule, tenth, through } from "./axes.mjs";
import { svg } from "./dom.mjs";
import { bandAt, counted, marksAlong } from "./region_words.mjs";

const [HEIGHT, EDGE] = [216, { left: 40, right: 118, top: 26, bottom: 44 }];

/**
 * @param {Object} data
 * @param {import("./region_words.mjs").Reading} r
 * @param {Map<number, number>} seen regions of this network at the steps that were shown
 * @param {number} width (pixels)
 */
export function countsPicture(data, r, seen, width) {
  const { steps } = data;
  const [left, right, bottom] = [EDGE.left, width - EDGE.right, HEIGHT - EDGE.bottom];
  const x = (i) => (steps.length > 1 ? left + ((right - left) * i) / (steps.length - 1) : (left + right) / 2);
  const bands = steps.map((_, i) => bandAt(data, r.depth, r.width, r.l1_index, i));
  const least = 10 ** Math.floor(Math.log10(Math.min(r.expected, ...seen.values(), ...bands.map(({ low }) => low))));
  const y = (count) => bottom - ((bottom - EDGE.top) * Math.log10(count / least)) / Math.log10(r.most / least);
  const line = (part) => bands.map((band, i) => [x(i), y(band[part])]);
  const known = [...seen].sort(([one], [other]) => one - other);
  const count = seen.get(r.step_index);
  return chart(width, HEIGHT,
    ...powers(least, r.most).flatMap((power) => [rule(left, y(power), right, y(power), "grid"), label(left - 6, y(power) + 4, short(power), { "text-anchor": "end" })]),
    label(0, 12, "linear regions in the window (1)"),
    ...axisBelow({ left, right, bottom }, marksAlong(steps).map((i) => [x(i), counted(steps[i])]), "training step"),
    svg("path", { d: `${through([...line("low"), ...line("high").reverse()])}Z`, class: "band" }),
    svg("path", { d: through(line("median")), class: "median" }),
    rule(left, y(r.expected), right, y(r.expected), "expected"), rule(left, y(r.most), right, y(r.most), "most"),
    svg("path", { d: through(known.map(([i, n]) => [x(i), y(n)])), class: "trail" }),
    svg("circle", { cx: tenth(x(r.step_index)), cy: tenth(y(count)), r: 5, class: "chosen" }),
    ...names(r, count, bands, y, right));
}

/** Powers of ten between the limits; of many every other. */
function powers(least, most) {
  const by = most / least > 1e4 ? 100 : 10;
  return Array.from({ length: Math.floor(Math.log((most / least) * 1.001) / Math.log(by)) + 1 }, (_, i) => least * by ** i);
}

const short = (power) => (power < 1e6 ? counted(power) : `${counted(power / 1e6)} M`);

function names(r, count, bands, y, right) {
  const last = bands[bands.length - 1].median;
  const all = [[r.most, `at most ${counted(r.most)}`], [r.expected, `N²/2 = ${counted(r.expected)}`],
    [last, "recorded"], [count, `this one: ${counted(count)}`, "chosen"]];
  const places = keepApart(all.map(([at]) => y(at)), 15, EDGE.top - 8, HEIGHT - EDGE.bottom - 2);
  return all.map(([, words, kind = "name"], i) => label(right + 10, places[i] + 4, words, { class: kind }));
}
