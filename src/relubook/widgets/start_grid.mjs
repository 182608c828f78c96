/** The map of StartMap: starts upwards, learning rates to the right, a square for each cell. */

import { chart, label } from "./axes.mjs";
import { h, svg } from "./dom.mjs";
import { plain } from "./numbers.mjs";
import { learns, printed } from "./start_words.mjs";

const [ROW, GUTTER, FOOT, GAP] = [34, 98, 40, 2];
const FULL = 0.72; // opacity of a cell in which all networks learn

/**
 * The squares stay where they are while their colors and numbers change, so that no click is lost.
 * @param {Object} data
 * @param {(cell: {start_index: number, rate_index: number}) => void} choose
 * @returns {{node: HTMLElement, update: (states: Object[][], here: Object, width: number) => void}}
 */
export function startGrid(data, choose) {
  const node = h("div", { class: "grid-picture" });
  let drawn = { width: 0 };
  return {
    node,
    update(states, { start_index, rate_index }, width) {
      if (drawn.width !== width) {
        drawn = drawGrid(data, width, choose);
        node.replaceChildren(drawn.picture);
      }
      states.forEach((row, i) => row.forEach((state, j) => show(drawn.cells[i][j], state, data.success)));
      const [x, y] = drawn.corner(start_index, rate_index);
      drawn.frame.setAttribute("x", x);
      drawn.frame.setAttribute("y", y);
    },
  };
}

function drawGrid({ starts, rates }, width, choose) {
  const column = (width - GUTTER - 2) / rates.length;
  const bottom = ROW * starts.length;
  const size = { width: column - GAP, height: ROW - GAP, rx: 3 };
  const corner = (i, j) => [GUTTER + column * j + 1, bottom - ROW * (i + 1) + 1];
  const cells = starts.map((_, i) => rates.map((__, j) => square(corner(i, j), size, () => choose({ start_index: i, rate_index: j }))));
  const names = starts.map((name, i) => label(GUTTER - 8, bottom - ROW * (i + 0.5) + 4, printed(name), { "text-anchor": "end" }));
  const marks = rates.map((rate, j) => label(GUTTER + column * (j + 0.5), bottom + 16, plain(rate), { "text-anchor": "middle" }));
  const frame = svg("rect", { ...size, class: "frame" });
  const picture = chart(width, bottom + FOOT, ...cells.flat().map(({ node }) => node), ...names, ...marks, frame,
    label(width - 2, bottom + 34, "learning rate", { "text-anchor": "end" }));
  return { width, corner, cells, frame, picture };
}

function square([x, y], size, onclick) {
  const tint = svg("rect", { x, y, ...size, class: "tint" });
  const text = label(x + size.width / 2, y + size.height / 2 + 4, "", { "text-anchor": "middle" });
  return { tint, text, node: svg("g", { class: "cell", onclick }, svg("rect", { x, y, ...size, class: "ground" }), tint, text) };
}

function show({ tint, text }, state, success) {
  tint.setAttribute("fill-opacity", (FULL * state.learned) / state.all);
  text.textContent = 2 * state.diverged > state.all ? "×" : String(Math.round(state.median));
  text.classList.toggle("won", learns(state, success));
}
