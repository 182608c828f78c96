/** Which fitted responses are drawn, how far each is off, and the range they are fitted over. */

import { h, svg } from "./dom.mjs";
import { RESPONSES } from "./neuron_fits.mjs";
import { nameOf, short } from "./neuron_words.mjs";
import { percent } from "./numbers.mjs";

const FULL = 20; // percent: a full bar

/**
 * @param {Object} data
 * @param {(state: {shown?: string[], fitted?: string}) => void} choose
 */
export function neuronChoices({ ranges }, choose) {
  const rows = RESPONSES.map((name) => responseRow(name, () =>
    choose({ shown: RESPONSES.filter((_, i) => rows[i].input.checked) })));
  const radios = ["working", "whole"].map((fitted) => {
    const [from, to] = ranges[fitted];
    const input = h("input", { type: "radio", name: "fitted", value: fitted, onchange: () => choose({ fitted }) });
    return h("label", { class: "choice" }, input, `${fitted} range (${short(from)} to ${short(to)}\u00a0nA)`);
  });
  return {
    /** The radio buttons of one form are a group of their own, whatever else the page holds. */
    node: h("form", { class: "choices" },
      h("fieldset", {}, h("legend", {}, "Responses are fitted over the"), ...radios),
      h("fieldset", {}, h("legend", {}, "Distance to the neuron (RMS, % of the largest rate)"), ...rows.map(({ node }) => node))),
    update({ fitted, shown }, fits) {
      radios.forEach(({ firstChild }) => (firstChild.checked = firstChild.value === fitted));
      const least = Math.min(...RESPONSES.map((name) => fits[name].off));
      RESPONSES.forEach((name, i) => rows[i].update(shown.includes(name), fits[name].off, fits[name].off === least));
    },
  };
}

function responseRow(name, toggled) {
  const input = h("input", { type: "checkbox", onchange: toggled });
  const [value, bar] = [h("span", { class: "off" }), h("span", { class: "filled" })];
  const sample = svg("svg", { width: 34, height: 12, "aria-hidden": "true" }, svg("line", { x2: 34, y1: 6, y2: 6, class: `fit ${name}` }));
  const node = h("label", { class: "choice response" }, input, sample, h("span", { class: "name" }, nameOf(name)),
    h("span", { class: `room ${name}`, "aria-hidden": "true" }, bar), value);
  return {
    node,
    input,
    update(checked, off, nearest) {
      input.checked = checked;
      node.classList.toggle("nearest", nearest);
      value.textContent = `${percent(off)}\u00a0%`;
      bar.style.width = `${Math.min(100, (100 * off) / FULL)}%`;
    },
  };
}
