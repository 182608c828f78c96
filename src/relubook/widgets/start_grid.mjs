/** The map of StartMap: starts upwards, learning rates to the right, a square for each cell. */

import { chart, label } from "./axes.mjs";
import { svg } from "./dom.mjs";
import { plain } from "./numbers.mjs";
import { learns, printed } from "./start_words.mjs";

const [ROW, GUTTER, FOOT, GAP] = [34, 98, 40, 2];

/**
 * @param {Object} data
 * @param {Object[][]} states of all cells, rows are starts
 * @param {{start_index: number, rate_index: number}} here
 * @param {number} width pixels
 * @param {(cell: {start_index: number, rate_index: number}) => void} choose
 * @returns {SVGElement}
 */
export function startGrid({ starts, rates, success }, states, here, width, choose) {
  const column = (width - GUTTER - 2) / rates.length;
  const bottom = ROW * starts.length;
  const corner = (start_index, rate_index) => [GUTTER + column * rate_index, bottom - ROW * (start_index + 1)];
  const cells = states.flatMap((row, start_index) => row.map((state, rate_index) =>
    square(corner(start_index, rate_index), column, state, success, () => choose({ start_index, rate_index }))));
  const names = starts.map((name, i) => label(GUTTER - 8, bottom - ROW * (i + 0.5) + 4, printed(name), { "text-anchor": "end" }));
  const marks = rates.map((rate, i) => label(GUTTER + column * (i + 0.5), bottom + 16, plain(rate), { "text-anchor": "middle" }));
  const [x, y] = corner(here.start_index, here.rate_index);
  const frame = svg("rect", { x: x + 1, y: y + 1, width: column - GAP, height: ROW - GAP, rx: 3, class: "frame" });
  return chart(width, bottom + FOOT, ...cells, ...names, ...marks, frame,
    label(width - 2, bottom + 34, "learning rate", { "text-anchor": "end" }));
}

function square([x, y], column, state, success, onclick) {
  const [wide, high] = [column - GAP, ROW - GAP];
  const text = 2 * state.diverged > state.all ? "×" : String(Math.round(state.median));
  return svg("g", { class: "cell", onclick },
    svg("rect", { x: x + 1, y: y + 1, width: wide, height: high, rx: 3, class: "ground" }),
    svg("rect", { x: x + 1, y: y + 1, width: wide, height: high, rx: 3, class: "tint", "fill-opacity": (0.72 * state.learned) / state.all }),
    label(x + column / 2, y + ROW / 2 + 4, text, { "text-anchor": "middle", class: learns(state, success) ? "won" : false }));
}
