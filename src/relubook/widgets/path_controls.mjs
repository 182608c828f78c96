/** What a reader sets in PathViewer: the picture, the other network, the penalty, the depth, the step, the direction. */

import { h, svg } from "./dom.mjs";
import { inkOf } from "./path_shapes.mjs";
import { choicesBeside, counted, DIRECTIONS } from "./path_words.mjs";
import { slider } from "./slider.mjs";

/**
 * @param {Object} data
 * @param {Float64Array[]} pictures
 * @param {(state: Object) => void} choose
 * @returns {{node: HTMLElement, update: (state: Object) => void}} the strip of pictures
 */
export function pictureStrip({ side, labels, classes }, pictures, choose) {
  const inputs = labels.map((label, value) => h("input", {
    type: "radio", name: "picture", value, "aria-label": `a ${classes[label]}, picture ${value + 1}`, onchange: () => choose({ picture: value }),
  }));
  const thumb = (x) => svg("svg", { viewBox: `0 0 ${side} ${side}`, "aria-hidden": "true" },
    ...inkOf(x, side).map(({ opacity, d }) => svg("path", { d, "fill-opacity": opacity })));
  const boxes = inputs.map((input, i) => h("label", { class: "thumb" }, input, thumb(pictures[i])));
  return {
    node: h("form", { class: "strip" }, h("fieldset", {}, h("legend", {}, "Choose the input"), h("div", { class: "thumbs" }, ...boxes))),
    update: ({ picture }) => inputs.forEach((input, i) => (input.checked = i === picture)),
  };
}

/** @param {number} value @returns {string} a number of steps that fits under a slider */
const shortSteps = (value) => (value >= 1000 ? `${value / 1000}k` : String(value));

/**
 * @param {Object} data
 * @param {(state: Object) => void} choose
 * @param {HTMLElement} play the button that belongs to the training's slider
 * @returns {{node: HTMLElement, update: (state: Object) => void}}
 */
export function pathControls(data, choose, play) {
  const { depths, steps, kinds } = data;
  const depth = slider("Hidden layers", [0, depths.length - 1], depths.map(String), null, (i) => choose({ depth: depths[i] }));
  const step = slider("Training step", [0, steps.length - 1], steps.map(shortSteps), null, (i) => choose({ step_index: i }));
  const named = Object.fromEntries(choicesBeside(data).map((name) => [name, name]));
  const beside = radios("Network on the right", "beside", named, (value) => choose({ beside: value }));
  const ways = radios("Show", "direction", DIRECTIONS, (value) => choose({ direction: value }));
  const penalty = Math.max(...kinds.map(({ l1 }) => l1));
  const box = h("input", { type: "checkbox", onchange: () => choose({ penalized: box.checked }) });
  return {
    node: h("div", { class: "controls" },
      h("div", { class: "choices" }, h("label", { class: "tick-box" }, box, `L1 penalty of ${penalty} on the left`), beside.node, ways.node),
      h("div", { class: "sliders" }, depth.node, step.node, play)),
    update(state) {
      box.checked = state.penalized;
      beside.update(state.beside);
      ways.update(state.direction);
      depth.update(depths.indexOf(state.depth), String(state.depth), "", `${state.depth} hidden layers`);
      const done = counted(steps[state.step_index]);
      step.update(state.step_index, done, "", `${done} of ${counted(steps[steps.length - 1])}`);
    },
  };
}

/** A form of its own keeps the group apart from all others on the page. */
function radios(legend, name, choices, choose) {
  const inputs = Object.keys(choices).map((value) => h("input", { type: "radio", name, value, onchange: () => choose(value) }));
  const labels = inputs.map((input) => h("label", {}, input, choices[input.value]));
  return {
    node: h("form", {}, h("fieldset", {}, h("legend", {}, legend), ...labels)),
    update: (now) => inputs.forEach((input) => (input.checked = input.value === now)),
  };
}
