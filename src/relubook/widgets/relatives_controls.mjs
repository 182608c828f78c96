/** The hands of RelativesExplorer: which unit, which quantity, which data. */

import { h } from "./dom.mjs";
import { QUANTITIES } from "./relatives_numbers.mjs";
import { setChoice } from "./sets.mjs";

/**
 * Radio buttons that look like chips. Those of one form are a group of their own, whatever else the
 * page holds.
 * @param {Object[]} kinds of unit
 * @param {(state: {unit: string}) => void} choose
 * @returns {{node: HTMLElement, update: (unit: string) => void}}
 */
export function unitChips(kinds, choose) {
  const inputs = kinds.map(({ name }) => h("input", { type: "radio", name: "unit", value: name, onchange: () => choose({ unit: name }) }));
  const chips = inputs.map((input, i) =>
    h("label", { class: `chip ${kinds[i].like}` }, input, h("span", {}, h("i", { class: "swatch" }), kinds[i].name)));
  return {
    node: h("form", {}, h("fieldset", { class: "chips" }, h("legend", {}, "Choose a unit"), ...chips)),
    update: (unit) => inputs.forEach((input) => (input.checked = input.value === unit)),
  };
}

/**
 * What is shown of the networks, and of which.
 * @param {Object[]} sets of networks
 * @param {(state: {quantity?: string, shown?: string}) => void} choose
 * @returns {{node: HTMLElement, update: (quantity: string, shown: string) => void}}
 */
export function networkChoice(sets, choose) {
  const options = Object.entries(QUANTITIES).map(([value, { title }]) => h("option", { value }, title));
  const pick = h("select", { "data-lm-suppress-shortcuts": "true", onchange: () => choose({ quantity: pick.value }) }, ...options);
  const networks = setChoice(sets, choose);
  return {
    node: h("div", { class: "controls" },
      h("label", { class: "pick" }, h("span", { class: "name" }, "Shown of the networks"), pick),
      ...(sets.length > 1 ? [networks.node] : [])),
    update(quantity, shown) {
      pick.value = quantity;
      networks.update(shown);
    },
  };
}
