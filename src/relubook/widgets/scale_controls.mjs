/** The hands of ScaleSlider: s, the network, the digit. */

import { h } from "./dom.mjs";
import { CASES, scaleName, STAGES } from "./scale_words.mjs";
import { slider } from "./slider.mjs";

/**
 * @param {Object} data
 * @param {(state: Object) => void} put
 * @returns {{node: HTMLElement, update: (setting: Object) => void}}
 */
export function scaleControls(data, put) {
  const names = data.log2_s.map(scaleName);
  const one = data.log2_s.indexOf(0);
  const scale = slider("s", [0, names.length - 1], names, { at: one, text: "1" }, (place) => put({ place }));
  const stage = radios("Network", "stage", STAGES, (value) => put({ stage: value }));
  const kind = radios("Units", "case", CASES, (value) => put({ case: value }));
  const digit = slider("Digit", [0, data.digits.length - 1], data.digits.map((_, k) => String(k)), null, (k) => put({ digit: k }));
  return {
    node: h("div", { class: "controls" }, scale.node, kind.node, stage.node, digit.node),
    update(setting) {
      scale.update(setting.place, names[setting.place], "", names[setting.place].replace("1/", "1 over "));
      digit.update(setting.digit, String(setting.digit), "", String(setting.digit));
      stage.update(setting.stage);
      kind.update(setting.case);
    },
  };
}

/** A form of its own keeps the group apart from all others on the page. */
function radios(legend, name, words, choose) {
  const inputs = Object.keys(words).map((value) => h("input", { type: "radio", name, value, onchange: () => choose(value) }));
  const labels = inputs.map((input) => h("label", {}, input, words[input.value]));
  return {
    node: h("form", {}, h("fieldset", {}, h("legend", {}, legend), ...labels)),
    update: (now) => inputs.forEach((input) => (input.checked = input.value === now)),
  };
}
