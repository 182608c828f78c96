/** Time per example over the share of zeros, one line a method: CostExplorer's large picture. */

import { axes, band, diamond, drawing, line, mark, names, tenth, upright } from "./cost_marks.mjs";
import { column, whole } from "./cost_numbers.mjs";
import { finely, logScale, logTicks, zerosAxis } from "./cost_scales.mjs";
import { svg } from "./dom.mjs";
import { plain } from "./numbers.mjs";

const LAYER_EDGE = { left: 42, right: 78, top: 40, bottom: 42 };
const BESIDE = 17; // half the width of a crossover's number: nearer ones stand back to back
const BESIDE_EACH_OTHER = { dense: 0, gathered: -5, csr: 5 }; // where live times are close
const COMPARED = ["dense", "gathered"]; // by the sentence

/**
 * @param {Object} picture
 * @param {Object} picture.data
 * @param {number} picture.i place of the share of zeros
 * @param {number} picture.j place of the batch size
 * @param {Object<string, (number|null)[]>} picture.crossings of each method, over batch sizes
 * @param {Object[]} picture.frames live frames of this batch size
 * @param {[number, number]} picture.limits seconds per example
 * @param {number} picture.width CSS pixels
 * @param {number} picture.height CSS pixels
 * @returns {SVGElement}
 */
export function layerPicture({ data, i, j, crossings, frames, limits, width, height }) {
  const box = { left: LAYER_EDGE.left, right: width - LAYER_EDGE.right, top: LAYER_EDGE.top, bottom: height - LAYER_EDGE.bottom };
  const { place: x, marks: across } = zerosAxis(data, box.left, box.right);
  const y = logScale(...limits, box.bottom, box.top);
  const here = data.methods.map((method) => ({ method, times: column(data.layer[method], j) }));
  const up = logTicks(...limits.map((t) => t * 1e6)).map((t) => [y(t / 1e6), plain(t)]);
  const last = data.zeros.length - 1;
  return drawing(width, height,
    ...axes(box, across, up),
    svg("text", { x: 0, y: 12 }, "time per example (µs)"),
    svg("text", { x: box.right, y: height - 6, "text-anchor": "end" }, "exact zeros (%, stretched)"),
    upright(x(data.zeros[i]), box.top, box.bottom, "chosen"),
    ...data.methods.map((method) => spread(data, method, j, x, y)),
    ...here.flatMap(({ method, times }) => curve(method, data.zeros, times, x, y)),
    ...crossingMarks(data, crossings, j, x, box),
    ...COMPARED.map((method) => ring(x(data.zeros[i]), y(data.layer[method][i][j]))),
    ...names(here.map(({ method, times }) => ({ method, y: y(times[last]) })), x(data.zeros[last]) + 8,
      [box.top, box.bottom - 4]),
    ...data.networks.map((network) => upright(x(network.zeros), box.bottom - 8, box.bottom, "rug")),
    svg("circle", { cx: tenth(x(data.paper_zeros / 100)), cy: box.bottom, r: 4.5, class: "paper" }),
    ...frames.flatMap((frame) => liveMarks(data, frame, x, y)));
}

function spread(data, method, j, x, y) {
  const [low, high] = ["low", "high"].map((name) =>
    finely(data.zeros, column(data[name][method], j)).map(([share, t]) => [x(share), y(t)]));
  return band(method, low, high);
}

function curve(method, zeros, times, x, y) {
  const dots = method === "dense" ? [] : zeros.map((share, k) => mark(method, x(share), y(times[k]), 2.5));
  return [line(method, finely(zeros, times).map(([share, t]) => [x(share), y(t)])), ...dots];
}

/** Where each method begins to pay: a dashed line and its number above the plane. */
function crossingMarks(data, crossings, j, x, box) {
  const found = Object.entries(crossings)
    .map(([method, all]) => ({ method, from: all[j] }))
    .filter(({ from }) => from !== null && from > data.zeros[0])
    .sort((a, b) => a.from - b.from);
  const close = found.length === 2 && x(found[1].from) - x(found[0].from) < 2 * BESIDE;
  return found.flatMap(({ method, from }, k) => {
    const [anchor, shift] = close ? (k ? ["start", 1] : ["end", -1]) : ["middle", 0];
    const place = { x: tenth(x(from) + shift), y: box.top - 8, "text-anchor": anchor };
    return [
      upright(x(from), box.top - 4, box.bottom, `crossing ${method}`),
      svg("text", { ...place, class: "note" }, `${whole(from)} %`),
    ];
  });
}

const ring = (x, y) => svg("circle", { cx: tenth(x), cy: tenth(y), r: 6.5, class: "ring" });

function liveMarks(data, frame, x, y) {
  const middle = x(data.zeros[frame.zeros_index]);
  return data.methods.filter((method) => frame.time[method] > 0).flatMap((method) => {
    const [low, high] = [frame.low, frame.high].map((by) => by?.[method] ?? frame.time[method]);
    const at = middle + BESIDE_EACH_OTHER[method];
    return [upright(at, y(high), y(low), `whisker ${method}`), diamond(method, at, y(frame.time[method]))];
  });
}
