/** The choice of the target, and the reader's own: drawn on the picture or set with sliders. */

import { h } from "./dom.mjs";
import { DRAWN, TOP } from "./hinge_numbers.mjs";
import { signed } from "./hinge_words.mjs";

const NAMES = { sine: "sine", step: "step", own: "my own drawing" };

/**
 * @param {Object} acts
 * @param {(target: string) => void} acts.choose
 * @param {(sketching: boolean) => void} acts.hold whether the picture draws the target or moves points
 * @param {(i: number, height: number) => void} acts.set
 * @param {() => void} acts.clear
 */
export function targetControls({ choose, hold, set, clear }) {
  const target = radios("Target", NAMES, choose);
  const use = radios("On the picture", { draw: "draw the target", move: "move the points" }, (v) => hold(v === "draw"));
  const sliders = DRAWN.map((place, i) => placeSlider(place, (height) => set(i, height)));
  const own = h("div", { class: "own" },
    h("div", { class: "row" }, use.node, h("button", { type: "button", onclick: clear }, "Clear the drawing")),
    h("p", { class: "unit" }, "Straight lines join the places that are drawn; beyond them the target stays level."),
    h("details", {}, h("summary", {}, "Set each place of the drawing with a slider"),
      h("div", { class: "places" }, ...sliders.map(({ node }) => node))));
  return {
    node: h("div", { class: "targets" }, target.node, own),
    update(now, drawing, sketching) {
      target.update(now);
      own.hidden = now !== "own";
      if (own.hidden) return;
      use.update(sketching ? "draw" : "move");
      sliders.forEach((slider, i) => slider.update(drawing[i]));
    },
  };
}

// A form of its own keeps the group apart from all others on the page.
function radios(legend, names, choose) {
  const inputs = Object.keys(names).map((value) =>
    h("input", { type: "radio", name: "choice", value, onchange: () => choose(value) }));
  const labels = inputs.map((input) => h("label", {}, input, names[input.value]));
  return {
    node: h("form", {}, h("fieldset", { class: "row" }, h("legend", {}, legend), ...labels)),
    update: (now) => inputs.forEach((input) => (input.checked = input.value === now)),
  };
}

function placeSlider(place, set) {
  const input = h("input", { type: "range", min: -TOP, max: TOP, step: 0.05, oninput: () => set(Number(input.value)) });
  const value = h("span", { class: "value", "aria-hidden": "true" });
  return {
    node: h("label", { class: "control" }, h("span", { class: "name" }, `x = ${signed(place, 3).replace(/\.?0+$/, "")}`), value, input),
    update(height) {
      const words = height === null ? "not drawn" : signed(height);
      if (value.textContent === words) return;
      value.textContent = words;
      input.value = height ?? 0;
      input.setAttribute("aria-valuetext", words);
    },
  };
}
