/** The pictures of ScaleSlider: outputs, weights, curvature, races, penalties. */

import { axisBelow, chart, label, rule, tenth, through } from "./axes.mjs";
import { svg } from "./dom.mjs";
import { quantile, scale } from "./numbers.mjs";
import { histogram, penalties, softmax, squares } from "./scale_network.mjs";
import { mild, oneOf, scaleName } from "./scale_words.mjs";

const [TOP, BELOW, LEFT, RIGHT] = [8, 42, 40, 12];
const PLAIN = 150; // height of a chart's inside
const [FIRST, WIDE, BINS] = [-13, 0.75, 28]; // log2 |w| of the first bin, width and number of bins

const frame = (width, height = PLAIN) => ({ left: LEFT, right: width - RIGHT, bottom: TOP + height });
const up = (box, values, y) => values.flatMap(([v, text]) => [rule(box.left, y(v), box.right, y(v), "grid"), label(box.left - 6, y(v) + 4, text, { "text-anchor": "end" })]);
const ten = (power) => `10${[...String(power)].map((c) => ({ "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" })[c]).join("")}`;

/** A coarse picture, one square a pixel. */
export function digitPicture(pixels, size) {
  const side = Math.round(Math.sqrt(pixels.length));
  const cell = size / side;
  const squaresOf = pixels.map((v, i) => svg("rect", {
    x: tenth((i % side) * cell), y: tenth(Math.floor(i / side) * cell), width: tenth(cell + 0.2), height: tenth(cell + 0.2), "fill-opacity": (v / 255).toFixed(2),
  }));
  return chart(size, size, ...squaresOf, svg("rect", { x: 0.5, y: 0.5, width: size - 1, height: size - 1, class: "edge" }));
}

/** Shares of the classes before rescaling (outlines) and after (filled). */
export function outputsPicture(before, after, width) {
  const [box, height] = [frame(width, 92), 92];
  const y = scale(0, 1, box.bottom, box.bottom - height);
  const step = (box.right - box.left) / before.length;
  const bars = (logits, kind, inset) => softmax(logits).map((p, k) => svg("rect", {
    x: tenth(box.left + k * step + inset), y: tenth(y(p)), width: tenth(step - 2 * inset), height: tenth(Math.max(box.bottom - y(p), 0.5)), class: kind,
  }));
  return chart(width, height + TOP + BELOW,
    ...up(box, [[0, "0"], [0.5, "50"], [1, "100"]], y), ...bars(after, "filled", step * 0.22), ...bars(before, "outline", step * 0.12),
    ...axisBelow(box, [...before].map((_, k) => [box.left + (k + 0.5) * step, String(k)]), "class (share, %)"));
}

/** How large the weights of the first two layers are, at s and at 1. */
export function weightsPicture(at, atOne, width) {
  const row = 62;
  const box = frame(width, 2 * row);
  const x = scale(FIRST, FIRST + BINS * WIDE, box.left, box.right);
  const rows = [0, 1].flatMap((k) => {
    const foot = TOP + (k + 1) * row;
    const [now, one] = [at, atOne].map((layers) => histogram(layers[k].weight, FIRST, BINS, WIDE));
    const most = Math.max(...now, ...one) / (row - 18);
    const steps = (counts) => through(counts.flatMap((n, i) => [[x(FIRST + i * WIDE), foot - n / most], [x(FIRST + (i + 1) * WIDE), foot - n / most]]));
    return [rule(box.left, foot, box.right, foot, "grid"), svg("path", { d: `${steps(now)}V${foot}H${tenth(box.left)}Z`, class: "filled" }),
      svg("path", { d: steps(one), class: "outline" }), label(box.left + 2, foot - row + 14, k ? "second weights" : "first weights")];
  });
  const powers = width < 300 ? [-10, -5, 0, 5] : [-12, -9, -6, -3, 0, 3, 6];
  return chart(width, 2 * row + TOP + BELOW, ...rows, ...axisBelow(box, powers.map((p) => [x(p), p < 0 ? `1/${2 ** -p}` : String(2 ** p)]), "size of a weight"));
}

/** Eigenvalues by rank, at s and at 1. */
export function spectrumPicture(data, stage, place, width) {
  const box = frame(width);
  const [lowest, highest] = [-8, 3];
  const y = scale(lowest, highest, box.bottom, TOP);
  const x = scale(0, Math.log10(data.ranks[data.ranks.length - 1]), box.left, box.right);
  const line = (k, kind) => {
    const points = data.ranks.map((rank, i) => [x(Math.log10(rank)), data.spectrum[stage][k][i]]).filter(([, v]) => v >= lowest);
    return points.length ? [svg("path", { d: through(points.map(([at, v]) => [at, y(v)])), class: kind })] : [];
  };
  return chart(width, PLAIN + TOP + BELOW, ...up(box, [-8, -4, 0, 3].map((p) => [p, ten(p)]), y),
    ...line(oneOf(data), "one"), ...line(place, "now"),
    ...axisBelow(box, [1, 10, 100].map((rank) => [x(Math.log10(rank)), String(rank)]), "rank of the eigenvalue"));
}

/** Training loss over steps: bands of the seeds for both rates, the median from s = 1, and what was trained here. */
export function racesPicture(data, place, live, width) {
  const box = frame(width);
  const most = data.silent * 1.12;
  const [x, y] = [scale(0, Math.log1p(data.moments[data.moments.length - 1]), box.left, box.right), scale(0, most, box.bottom, TOP)];
  const xs = data.moments.map((step) => x(Math.log1p(step)));
  const at = (race, k, q) => data.moments.map((_, t) => [xs[t], y(quantile(data.races[race][k].map((c) => mild(c[t], data.silent)), q))]);
  const band = (race) => [svg("path", { d: `${through([...at(race, place, 0.1), ...at(race, place, 0.9).reverse()])}Z`, class: `band ${race}` }), svg("path", { d: through(at(race, place, 0.5)), class: race })];
  const here = live ? ["own", "common"].map((race) => svg("path", { d: through(live[race].map((v, t) => [xs[t], y(mild(v, data.silent))])), class: `here ${race}` })) : [];
  return chart(width, PLAIN + TOP + BELOW, ...up(box, [[0, "0"], [1, "1"], [2, "2"]], y), rule(box.left, y(data.silent), box.right, y(data.silent), "limit"),
    svg("path", { d: through(at("own", oneOf(data), 0.5)), class: "one" }), ...band("common"), ...band("own"), ...here,
    ...axisBelow(box, [0, 10, 100, data.moments[data.moments.length - 1]].map((step) => [x(Math.log1p(step)), step.toLocaleString("en")]), "steps"));
}

/** The sum of squared weights and of activations along the family, over their values at s = 1. */
export function penaltiesPicture(data, layersAtOne, stage, place, width) {
  const box = frame(width);
  const found = penalties(layersAtOne.map((layer) => squares(layer.weight)), data.activity[stage]);
  const logs = data.log2_s;
  const x = scale(logs[0], logs[logs.length - 1], box.left, box.right);
  const [least, most] = [-3, 7];
  const y = scale(least, most, box.bottom, TOP);
  const clipped = (v) => Math.max(Math.min(v, most), least);
  const fine = Array.from({ length: 81 }, (_, i) => logs[0] + ((logs[logs.length - 1] - logs[0]) * i) / 80);
  const line = (f, kind) => svg("path", { d: through(fine.map((l) => [x(l), y(clipped(Math.log2(f(2 ** l) / f(1))))])), class: kind });
  const dot = (f, kind) => svg("circle", { cx: tenth(x(logs[place])), cy: tenth(y(clipped(Math.log2(f(2 ** logs[place]) / f(1))))), r: 4, class: kind });
  const best = Math.log2(found.best);
  return chart(width, PLAIN + TOP + BELOW, ...up(box, [-2, 0, 2, 4, 6].map((p) => [p, p < 0 ? `×1/${2 ** -p}` : `×${2 ** p}`]), y),
    rule(x(best), TOP, x(best), box.bottom, "limit"), line(found.norm, "own"), line(found.l1, "common"), dot(found.norm, "filled"), dot(found.l1, "ring"),
    label(x(best) + 4, TOP + 10, `least at s = ${found.best.toFixed(2)}`),
    ...axisBelow(box, logs.filter((l) => Number.isInteger(l / 2)).map((l) => [x(l), scaleName(l)]), "s"));
}
