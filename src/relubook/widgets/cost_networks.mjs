/** Whole trained networks: how many times as fast as dense each is, at one batch size. */

import { axes, drawing, mark, tenth } from "./cost_marks.mjs";
import { skipping } from "./cost_numbers.mjs";
import { doublings, logScale } from "./cost_scales.mjs";
import { svg } from "./dom.mjs";
import { percent, plain } from "./numbers.mjs";

const NETWORKS_EDGE = { left: 40, right: 6, top: 24, bottom: 42 };
const LETTER = 7; // pixels

/**
 * @param {Object} picture
 * @param {Object} picture.data
 * @param {number} picture.j place of the batch size
 * @param {number} picture.near place of the network that is told about
 * @param {[number, number]} picture.limits times as fast as dense
 * @param {number} picture.width CSS pixels
 * @param {number} picture.height CSS pixels
 * @returns {SVGElement}
 */
export function networksPicture({ data, j, near, limits, width, height }) {
  const box = { left: NETWORKS_EDGE.left, right: width - NETWORKS_EDGE.right, top: NETWORKS_EDGE.top, bottom: height - NETWORKS_EDGE.bottom };
  const step = (box.right - box.left) / data.networks.length;
  const x = (k) => box.left + step * (k + 0.5);
  const y = logScale(...limits, box.bottom, box.top);
  const texts = data.networks.map(({ l1 }) => plain(l1));
  const every = Math.ceil((Math.max(...texts.map((t) => t.length)) * LETTER) / step);
  const shown = (list) => list.map((text, k) => (k % every ? "" : text));
  return drawing(width, height,
    svg("rect", { x: tenth(x(near) - step / 2), y: box.top, width: tenth(step), height: box.bottom - box.top, class: "near" }),
    ...axes(box, shown(texts).map((text, k) => [x(k), text]), doublings(...limits).map((v) => [y(v), speed(v)])),
    svg("text", { x: 0, y: 12 }, "times as fast as dense"),
    svg("line", { x1: box.left, x2: box.right, y1: tenth(y(1)), y2: tenth(y(1)), class: "even" }),
    svg("text", { x: box.left - 9, y: box.bottom + 17, "text-anchor": "end" }, "L1"),
    svg("text", { x: box.left - 9, y: box.bottom + 33, "text-anchor": "end" }, "zeros"),
    ...shown(data.networks.map(({ zeros }) => `${percent(100 * zeros)} %`)).map((text, k) =>
      svg("text", { x: tenth(x(k)), y: box.bottom + 33, "text-anchor": "middle" }, text)),
    ...data.networks.flatMap((network, k) => points(skipping(data), network, j, x(k), y)));
}

/** Powers of two as fractions: 1/4, 1/2, 1, 2. */
const speed = (ratio) => (ratio < 1 ? `1/${Math.round(1 / ratio)}` : String(ratio));

function points(methods, { time }, j, x, y) {
  const side = 5 * (methods.length - 1);
  return methods.map((method, k) =>
    mark(method, x - side + 10 * k, y(time.dense[j] / time[method][j]), 4));
}
