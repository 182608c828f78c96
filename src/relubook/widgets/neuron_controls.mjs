/** The five sliders of NeuronBench, the way back to the paper's neuron, and new noise. */

import { h } from "./dom.mjs";
import { nearest } from "./fragment.mjs";
import { nextSeed, papers } from "./neuron_settings.mjs";
import { short } from "./neuron_words.mjs";
import { slider } from "./slider.mjs";

/**
 * @param {Object} data
 * @param {(traits: Object) => void} choose
 * @param {() => number} seed the present one
 */
export function neuronControls(data, choose, seed) {
  const sliders = data.knobs.map((knob) => neuronSlider(knob, data.ranges.working[1], choose));
  const again = h("button", { type: "button", onclick: () => choose({ seed: nextSeed(seed()) }) }, "New noise");
  return {
    node: h("div", { class: "controls" }, ...sliders.map(({ node }) => node), h("div", { class: "buttons" },
      h("button", { type: "button", onclick: () => choose(papers(data)) }, "Back to the paper’s neuron"), again)),
    update(state) {
      data.knobs.forEach(({ key }, i) => sliders[i].update(state[key]));
      again.disabled = !state.noise;
    },
  };
}

function neuronSlider({ trait, name, unit, per, places, paper }, rangeEnd, choose) {
  const at = nearest(places, paper ?? rangeEnd);
  const text = paper === null ? short(rangeEnd) : `${short(paper)} paper`;
  const { node, update } = slider(name, [0, places.length - 1], places.map(short), { at, text }, (place) =>
    choose({ [trait]: places[place] / per }));
  return {
    node,
    update(value) {
      const about = value === paper ? ", as in the paper" : "";
      update(nearest(places, value), short(value), unit, `${short(value)} ${unit}${about}`);
    },
  };
}
