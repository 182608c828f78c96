/** The crossover over batch size: how many zeros it takes until skipping them pays. */

import { axes, drawing, line, mark, names, tenth, upright } from "./cost_marks.mjs";
import { zerosAxis } from "./cost_scales.mjs";
import { svg } from "./dom.mjs";
import { scale } from "./numbers.mjs";

const CROSSOVER_EDGE = { left: 34, right: 78, top: 24, bottom: 42 };

/**
 * @param {Object} picture
 * @param {Object} picture.data
 * @param {number} picture.i place of the share of zeros
 * @param {number} picture.j place of the batch size
 * @param {Object<string, (number|null)[]>} picture.crossings of each method, over batch sizes
 * @param {number} picture.width CSS pixels
 * @param {number} picture.height CSS pixels
 * @returns {SVGElement}
 */
export function crossoverPicture({ data, i, j, crossings, width, height }) {
  const box = { left: CROSSOVER_EDGE.left, right: width - CROSSOVER_EDGE.right, top: CROSSOVER_EDGE.top, bottom: height - CROSSOVER_EDGE.bottom };
  const x = batchScale(data.batch.length, box);
  const { place: y, marks: up } = zerosAxis(data, box.bottom, box.top);
  const across = data.batch.map((size, k) => [x(k), String(size)]);
  const methods = Object.keys(crossings);
  return drawing(width, height,
    ...axes(box, across, up),
    svg("text", { x: 0, y: 12 }, "pays from (% zeros, stretched)"),
    svg("text", { x: box.right, y: height - 6, "text-anchor": "end" }, "examples at a time"),
    upright(x(j), box.top, box.bottom, "chosen"),
    ...methods.flatMap((method, k) => path(method, crossings[method], x, y, { top: box.top, aside: 10 * k - 5 })),
    ...names(methods.map((method) => ({ method, y: endOf(crossings[method], y, box.top) })), box.right + 8,
      [box.top, box.bottom]),
    svg("circle", { cx: box.left, cy: tenth(y(data.paper_zeros / 100)), r: 4.5, class: "paper" }),
    svg("circle", { cx: tenth(x(j)), cy: tenth(y(data.zeros[i])), r: 4.5, class: "setting" }));
}

/** Batch sizes side by side, however many; one alone stands in the middle. */
function batchScale(count, { left, right }) {
  return count > 1 ? scale(0, count - 1, left + 12, right) : () => (left + right) / 2;
}

function endOf(shares, y, top) {
  const last = shares[shares.length - 1];
  return last === null ? top : y(last);
}

/** A line through the crossovers; a batch size without one has a hollow triangle on the upper edge. */
function path(method, shares, x, y, { top, aside }) {
  const runs = shares.reduce((all, share, k) => {
    if (share === null) return [...all, []];
    return [...all.slice(0, -1), [...all.at(-1), [x(k), y(share)]]];
  }, [[]]);
  return [
    ...runs.filter((run) => run.length > 1).map((run) => line(method, run)),
    ...shares.map((share, k) =>
      (share === null ? never(method, x(k) + aside, top) : mark(method, x(k), y(share)))),
  ];
}

function never(method, x, y) {
  const d = `M${tenth(x - 4.5)},${tenth(y + 3)} h9 l-4.5,-8 Z`;
  return svg("path", { d, class: `never ${method}` });
}
