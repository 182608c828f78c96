/** The two sliders of L1Explorer and the way back to the paper's setting. */

import { h } from "./dom.mjs";
import { paperSetting } from "./l1_numbers.mjs";
import { plain } from "./numbers.mjs";
import { slider } from "./slider.mjs";

/**
 * @param {Object} data
 * @param {(state: {l1_index?: number, depth?: number}) => void} choose
 * @returns {{node: HTMLElement, update: (l1Index: number, depth: number) => void}}
 */
export function controls(data, choose) {
  const paper = paperSetting(data);
  const [first, last] = [data.depths[0], data.depths[data.depths.length - 1]];
  const marked = (at, label) => ({ at, text: `${label} paper` });
  const l1 = slider("L1 strength", [0, data.l1.length - 1], data.l1.map(plain),
    marked(paper.l1_index, plain(data.l1[paper.l1_index])), (v) => choose({ l1_index: v }));
  const depth = slider("Depth", [first, last], data.depths.map(String),
    marked(paper.depth - first, paper.depth), (v) => choose({ depth: v }));
  const back = `Back to the paper’s setting (${plain(data.l1[paper.l1_index])}, depth ${paper.depth})`;
  return {
    node: h("div", { class: "controls" }, l1.node, depth.node,
      h("button", { type: "button", class: "back", onclick: () => choose(paper) }, back)),
    update(l1Index, layers) {
      const isPaper = l1Index === paper.l1_index;
      const value = plain(data.l1[l1Index]);
      l1.update(l1Index, value, "× Σ activations", isPaper ? `${value}, as in the paper` : value);
      const unit = layers === 1 ? "hidden layer" : "hidden layers";
      depth.update(layers, String(layers), unit, `${layers} ${unit}`);
    },
  };
}
