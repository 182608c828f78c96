/** What stands under the networks: one unit in words and in pixels, and counts beside the recorded ones. */

import { h, svg } from "./dom.mjs";
import { courseOf, nameOf, templateOf } from "./path_network.mjs";
import { squaresOf } from "./path_shapes.mjs";
import { countRows, unitWords } from "./path_words.mjs";


const ASK = "Point at any unit, or go through a network with Tab and the arrow keys. A click or Enter switches it off.";

/**
 * @param {Object} data
 * @param {{toggle: () => void, reset: () => void}} acts
 * @returns {{node: HTMLElement, update: (view: Object, chosen: {layer: number, unit: number}, silent: boolean, offs: number) => void}}
 */
export function unitProbe(data, { toggle, reset }) {
  const [words, caption] = [h("p", { class: "unit-words", "aria-live": "polite" }), h("div", { class: "unit" })];
  const [more, less] = [svg("path", { class: "more" }), svg("path", { class: "less" })];
  const { side } = data;
  const picture = svg("svg", { viewBox: `0 0 ${side} ${side}`, "aria-hidden": "true" }, svg("rect", { width: side, height: side, class: "frame" }), more, less);
  const [flip, all] = [h("button", { type: "button", onclick: toggle }), h("button", { type: "button", onclick: reset }, "Switch all units on")];
  const seen = h("div", { class: "template" }, picture, caption);
  return {
    node: h("div", { class: "probe" }, seen, h("div", { class: "told" }, words, h("div", { class: "acts" }, flip, all), h("div", { class: "unit" }, ASK))),
    update(view, chosen, silent, offs) {
      all.disabled = offs === 0;
      flip.textContent = view.off.has(nameOf(chosen.layer, chosen.unit)) ? "Switch this unit on" : "Switch this unit off";
      words.setAttribute("aria-live", silent ? "off" : "polite");
      const text = unitWords(data, view, chosen, otherwise(view, chosen));
      if (words.textContent !== text) words.textContent = text;
      seen.className = `template ${view.activation}`;
      const shown = squaresOf(templateOf(view.layers, view.activation, view.course, chosen.layer, chosen.unit, view.off), side);
      more.setAttribute("d", shown.more);
      less.setAttribute("d", shown.less);
      caption.textContent = chosen.layer === 0 ? "its weights" : "what it reads off the pixels here";
    },
  };
}

/** The course with one unit switched the other way. */
function otherwise({ layers, activation, x, label, off }, { layer, unit }) {
  const other = new Set(off);
  if (!other.delete(nameOf(layer, unit))) other.add(nameOf(layer, unit));
  return courseOf(layers, activation, x, label, other);
}

/**
 * @param {Object} data
 * @returns {{node: HTMLElement, update: (view: Object, setting: Object) => void}}
 */
export function countsTable(data, seeds) {
  const [caption, body] = [h("caption"), h("tbody")];
  const head = ["this picture", `all, ${seeds}`].map((text) => h("th", { scope: "col" }, text));
  return {
    node: h("table", { class: "tally" }, caption, h("thead", {}, h("tr", {}, h("td"), ...head)), body),
    update(view, setting) {
      caption.textContent = view.name;
      body.replaceChildren(...countRows(data, view, setting).map(([what, here, recorded]) =>
        h("tr", {}, h("th", { scope: "row" }, what), h("td", {}, here), h("td", {}, recorded))));
    },
  };
}
