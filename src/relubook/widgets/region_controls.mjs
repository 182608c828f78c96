/** The four sliders of RegionViewer and the choice of its colors. */

import { h } from "./dom.mjs";
import { plain } from "./numbers.mjs";
import { COLORINGS, counted, marksAlong } from "./region_words.mjs";
import { slider } from "./slider.mjs";

/**
 * @param {Object} data
 * @param {(state: Object) => void} choose
 * @param {(shown: boolean) => void} showExamples
 * @param {HTMLElement} play the button that belongs to the training's slider
 * @returns {{node: HTMLElement, update: (state: Object) => void}}
 */
export function regionControls({ depths, widths, l1, steps }, choose, showExamples, play) {
  const over = (name, places, text, act) => slider(name, [0, places.length - 1], places.map(text), null, act);
  const depth = over("Depth", depths, String, (i) => choose({ depth: depths[i] }));
  const width = over("Width", widths, String, (i) => choose({ width: widths[i] }));
  const penalty = over("L1 strength", l1, plain, (i) => choose({ l1_index: i }));
  const step = over("Training step", steps, (value, i) => (marksAlong(steps).includes(i) ? counted(value) : ""), (i) => choose({ step_index: i }));
  const colors = colorChoice((coloring) => choose({ coloring }));
  const box = h("input", { type: "checkbox", checked: true, onchange: () => showExamples(box.checked) });
  const examples = h("label", { class: "examples" }, box, "show the examples");
  return {
    node: h("div", { class: "controls" }, depth.node, width.node, penalty.node, step.node, play, colors.node, examples),
    update(state) {
      const layers = state.depth === 1 ? "hidden layer" : "hidden layers";
      depth.update(depths.indexOf(state.depth), String(state.depth), layers, `${state.depth} ${layers}`);
      width.update(widths.indexOf(state.width), String(state.width), "units a layer", `${state.width} units a layer`);
      penalty.update(state.l1_index, plain(l1[state.l1_index]), "", plain(l1[state.l1_index]));
      const done = counted(steps[state.step_index]);
      step.update(state.step_index, done, "", `${done} of ${counted(steps[steps.length - 1])}`);
      colors.update(state.coloring);
    },
  };
}

/** A form of its own keeps the group apart from all others on the page. */
function colorChoice(choose) {
  const inputs = Object.keys(COLORINGS).map((value) => h("input", { type: "radio", name: "coloring", value, onchange: () => choose(value) }));
  const labels = inputs.map((input) => h("label", {}, input, COLORINGS[input.value]));
  return {
    node: h("form", {}, h("fieldset", {}, h("legend", {}, "Color"), ...labels)),
    update: (now) => inputs.forEach((input) => (input.checked = input.value === now)),
  };
}
