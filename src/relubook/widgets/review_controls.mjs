/** What a reader gives ReviewReader: a review picked, typed or pasted. */

import { h } from "./dom.mjs";
import { PRIVACY } from "./review_sentences.mjs";

/**
 * @param {{examples: {name: string, title: string}[]}} data
 * @param {{pick: (name: string) => void, write: (text: string) => void}} acts
 * @returns {{node: HTMLElement, update: (example: string, text: string) => void}}
 */
export function reviewControls({ examples }, { pick, write }) {
  const inputs = examples.map(({ name }) => h("input", { type: "radio", name: "review", value: name, onchange: () => pick(name) }));
  const radios = inputs.map((input, i) => h("label", { class: "choice" }, input, examples[i].title));
  const area = h("textarea", { rows: 5, spellcheck: "false", autocomplete: "off", "data-lm-suppress-shortcuts": "true", oninput: () => write(area.value) });
  const clear = h("button", { type: "button", onclick: () => { write(""); area.focus(); } }, "Clear the text");
  return {
    node: h("div", { class: "controls" },
      h("form", {}, h("fieldset", {}, h("legend", {}, "Pick a review, or write one"), ...radios)),
      h("label", { class: "written" }, h("span", { class: "name" }, "The review"), area), clear, h("p", { class: "key" }, PRIVACY)),
    update(example, text) {
      inputs.forEach((input) => (input.checked = input.value === example));
      if (area.value !== text) area.value = text;
      clear.disabled = text === "";
    },
  };
}
