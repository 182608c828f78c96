/** The two sliders of L1Explorer, their ticks, and the way back to the paper's setting. */

import { h } from "./dom.mjs";
import { paperSetting } from "./l1_numbers.mjs";
import { plain } from "./numbers.mjs";

/**
 * @param {Object} data
 * @param {(state: {l1_index?: number, depth?: number}) => void} choose
 * @returns {{node: HTMLElement, update: (l1Index: number, depth: number) => void}}
 */
export function controls(data, choose) {
  const paper = paperSetting(data);
  const [first, last] = [data.depths[0], data.depths[data.depths.length - 1]];
  const l1 = slider("L1 strength", [0, data.l1.length - 1], data.l1.map(plain), paper.l1_index, (v) =>
    choose({ l1_index: v }));
  const depth = slider("Depth", [first, last], data.depths.map(String), paper.depth - first, (v) =>
    choose({ depth: v }));
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

function slider(name, [min, max], labels, paper, choose) {
  const input = h("input", {
    type: "range", min, max, step: 1, oninput: () => choose(Number(input.value)),
  });
  const value = h("b");
  const unit = h("span", { class: "unit" });
  const node = h("label", { class: "control" },
    h("span", { class: "name" }, name),
    h("span", { class: "value", "aria-hidden": "true" }, value, " ", unit),
    h("span", { class: "track" }, input, scaleMarks(labels, paper)));
  return {
    node,
    update(place, text, unitText, spoken) {
      input.value = place;
      input.setAttribute("aria-valuetext", spoken);
      value.textContent = text;
      unit.textContent = unitText;
    },
  };
}

function scaleMarks(labels, paper) {
  const end = labels.length - 1;
  const named = new Set(labels.length < 8 ? labels.keys() : [0, paper, end]);
  const marks = labels.map((label, i) => {
    const text = i === paper ? `${label} paper` : label;
    const side = i === 0 ? "start" : i === end ? "end" : "middle";
    const style = `--at:${end ? i / end : 0.5}`;
    return h("span", { class: i === paper ? `tick paper ${side}` : `tick ${side}`, style },
      named.has(i) ? text : "");
  });
  return h("span", { class: "marks", "aria-hidden": "true" }, ...marks);
}
