/** The hands of StartMap: a radio for the activation, four sliders, and three places worth seeing. */

import { h } from "./dom.mjs";
import { plain } from "./numbers.mjs";
import { slider } from "./slider.mjs";
import { counted, printed, shortly } from "./start_words.mjs";

const PRESETS = { slogan: "The slogan", flip: "Flip it", kill: "Kill a rectifier network" };

/**
 * @param {Object} data
 * @param {(state: Object) => void} put
 * @returns {{node: HTMLElement, update: (place: import("./start_words.mjs").Place) => void}}
 */
export function startControls({ activations, depths, starts, rates, steps }, put) {
  const over = (name, texts, act) => slider(name, [0, texts.length - 1], texts, null, act);
  const units = unitChoice(activations, (activation) => put({ activation }));
  const depth = over("Hidden layers", depths.map(String), (i) => put({ depth: depths[i] }));
  const start = over("Start", starts.map(shortly), (start_index) => put({ start_index }));
  const rate = over("Learning rate", rates.map(plain), (rate_index) => put({ rate_index }));
  const step = over("Training steps", steps.map(counted), (step_index) => put({ step_index }));
  return {
    node: h("div", { class: "controls" }, units.node, depth.node, start.node, rate.node, step.node),
    update(place) {
      units.update(place.activation);
      depth.update(depths.indexOf(place.depth), String(place.depth), "", String(place.depth));
      const name = printed(starts[place.start_index]);
      start.update(place.start_index, name, "", name);
      rate.update(place.rate_index, plain(rates[place.rate_index]), "", plain(rates[place.rate_index]));
      const done = counted(steps[place.step_index]);
      step.update(place.step_index, done, "", `${done} of ${counted(steps[steps.length - 1])}`);
    },
  };
}

/** A form of its own keeps the group apart from all others on the page. */
function unitChoice(activations, choose) {
  const inputs = activations.map((value) => h("input", { type: "radio", name: "activation", value, onchange: () => choose(value) }));
  const labels = inputs.map((input) => h("label", {}, input, h("i", { class: `swatch ${input.value}` }), input.value));
  return {
    node: h("form", {}, h("fieldset", {}, h("legend", {}, "Hidden units"), ...labels)),
    update: (now) => inputs.forEach((input) => (input.checked = input.value === now)),
  };
}

/**
 * Buttons that lead to places worth seeing; those that the data do not have are left out.
 * @param {Object<string, Object | null>} places
 * @param {(place: Object) => void} put
 * @returns {HTMLElement}
 */
export function presetButtons(places, put) {
  const there = Object.entries(PRESETS).filter(([name]) => places[name]);
  return h("div", { class: "presets" }, ...there.map(([name, text]) => h("button", { type: "button", onclick: () => put(places[name]) }, text)));
}
