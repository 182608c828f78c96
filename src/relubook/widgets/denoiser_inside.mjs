/** A look into one network: its hidden units, and what the strongest of them read and add. */

import { h, svg } from "./dom.mjs";
import { addOf, readOf } from "./denoiser_network.mjs";
import { grayPicture, unitGrid, weightInk } from "./denoiser_pictures.mjs";
import { activeWords } from "./denoiser_words.mjs";

const SHOWN = 6; // hidden units

/**
 * @param {Object} data
 * @returns {{node: HTMLElement, update: (name: string, coder: Object, restored: Object) => void}}
 */
export function insidePanel({ side, width }) {
  const [title, caption] = [h("div", { class: "caption" }), h("div", { class: "caption" })];
  const [active, silent] = [svg("path", { class: "active" }), svg("path", { class: "silent" })];
  const { columns, rows } = unitGrid(new Float64Array(width));
  const grid = svg("svg", { viewBox: `0 0 ${columns} ${rows}`, class: "units", "aria-hidden": "true" }, active, silent);
  const filters = Array.from({ length: SHOWN }, () => filterPair(side));
  return {
    node: h("div", { class: "inside" },
      h("div", {}, title, grid, h("p", { class: "key" }, "Each square is a hidden unit, as large as its output; a dot puts out exactly 0.")),
      h("div", {}, caption, h("div", { class: "filters" }, ...filters.map(({ node }) => node)),
        h("p", { class: "key" }, "Half ink is a weight of 0, more is above, less is below."))),
    update(name, coder, { h: outputs, active: count, strongest }) {
      const found = unitGrid(outputs);
      active.setAttribute("d", found.active);
      silent.setAttribute("d", found.silent);
      title.textContent = `${name}: ${activeWords(count, width)}`;
      caption.textContent = strongest.length ? "Those that add most: what each reads, and what it adds" : "No unit is active: the biases alone are given back";
      filters.forEach((filter, i) => filter.update(coder, outputs, strongest[i]));
    },
  };
}

function filterPair(side) {
  const [reads, adds, words] = [grayPicture(side), grayPicture(side), h("span", { class: "unit" })];
  const node = h("div", { class: "filter" }, reads.node, adds.node, words);
  return {
    node,
    update(coder, outputs, unit) {
      node.hidden = unit === undefined;
      if (node.hidden) return;
      reads.update(weightInk(readOf(coder, unit)));
      adds.update(weightInk(addOf(coder, unit)));
      words.textContent = `unit ${unit + 1}: ${outputs[unit].toFixed(1)}`;
    },
  };
}
