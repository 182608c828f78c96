/** The two sliders of CostExplorer and the way back to the paper's zeros. */

import { paperPlace, share } from "./cost_numbers.mjs";
import { h } from "./dom.mjs";
import { slider } from "./slider.mjs";

/**
 * @param {Object} data
 * @param {(state: {zeros_index?: number, batch_index?: number}) => void} choose
 * @returns {{node: HTMLElement, update: (i: number, j: number) => void}}
 */
export function costControls(data, choose) {
  const paper = paperPlace(data);
  const shares = data.zeros.map(share);
  const near = { at: paper.zeros_index, text: `${shares[paper.zeros_index]} ≈ paper` };
  const zeros = slider("Exact zeros", [0, shares.length - 1], shares, near, (v) => choose({ zeros_index: v }));
  const batch = slider("Batch size", [0, data.batch.length - 1], data.batch.map(String), null, (v) =>
    choose({ batch_index: v }));
  const back = `Back to the paper’s zeros (about ${shares[paper.zeros_index]}\u00a0%), batch size ${data.batch[0]}`;
  return {
    node: h("div", { class: "controls" }, zeros.node, batch.node,
      h("button", { type: "button", class: "back", onclick: () => choose(paper) }, back)),
    update(i, j) {
      const about = i === paper.zeros_index ? ", about as in the paper" : "";
      zeros.update(i, shares[i], "% of the inputs", `${shares[i]} percent zeros${about}`);
      const unit = data.batch[j] === 1 ? "example at a time" : "examples at a time";
      batch.update(j, String(data.batch[j]), unit, `${data.batch[j]} ${unit}`);
    },
  };
}
