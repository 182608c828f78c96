/** Sets of recorded networks, one a data set, of which one is shown. */

import { h } from "./dom.mjs";

/** The set that is shown. */
export const setNamed = (data, name) => data.sets.find((each) => each.name === name) ?? data.sets[0];

/**
 * The choice of the set. The radio buttons of one form are a group of their own, whatever else the
 * page holds.
 * @param {Object[]} sets
 * @param {(state: {shown: string}) => void} choose
 * @returns {{node: HTMLElement, update: (shown: string) => void}}
 */
export function setChoice(sets, choose) {
  const inputs = sets.map(({ name }) => h("input", { type: "radio", name: "shown", value: name, onchange: () => choose({ shown: name }) }));
  const radios = inputs.map((input, i) => h("label", { class: "choice" }, input, sets[i].title));
  return {
    node: h("form", {}, h("fieldset", {}, h("legend", {}, "Networks trained on"), ...radios)),
    update: (shown) => inputs.forEach((input) => (input.checked = input.value === shown)),
  };
}
