/** The hidden units as two strips of cells: black where a unit is exactly 0. */

import { h } from "./dom.mjs";
import { color, gradient } from "./l1_raster.mjs";
import { weightInto } from "./review_network.mjs";
import { carriedText } from "./review_sentences.mjs";

const BRIGHT = 70; // of 255: from here on black can be read on the color
const LAYERS = ["first", "second"];
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };
const FED = 3; // words that are named

/**
 * @param {import("./review_network.mjs").ReviewNetwork} network
 * @returns {{node: HTMLElement, update: (reading: Object, seen: Object, struck: Set<string>) => void}}
 */
export function unitPanel(network) {
  const own = { now: null, at: null };
  const told = h("p", { class: "told" });
  const strips = LAYERS.map((name, layer) => unitStrip(network.width, layer, (unit) => tell({ layer, unit })));

  function tell(at) {
    own.at = at;
    told.textContent = at ? unitWords(network, own.now, at) : "Point at a cell to see what its unit carries.";
  }
  return {
    node: h("div", { class: "units" }, ...strips.map(({ node }) => node),
      h("p", { class: "key" }, h("span", {}, h("i", { class: "cellkey" }), "exactly 0"), h("span", {}, rampKey(), "more output"),
        h("span", {}, "+ and −: what the unit adds to L")), told),
    update(reading, seen, struck) {
      own.now = { reading, seen, struck };
      strips.forEach((strip) => strip.update(seen));
      tell(own.at);
    },
  };
}

function rampKey() {
  const ramp = h("i", { class: "ramp" });
  ramp.style.background = gradient;
  return ramp;
}

function unitStrip(width, layer, tell) {
  const cells = Array.from({ length: width }, (_, unit) => h("button", {
    type: "button", class: "cell", tabindex: unit ? -1 : 0,
    onfocus: () => tell(unit), onmouseenter: () => tell(unit), onclick: () => tell(unit),
  }));
  const caption = h("p", { class: "caption" });
  const strip = h("div", {
    class: "strip", role: "group", "aria-label": `Units of layer ${layer + 1}`,
    onkeydown(event) {
      const at = cells.indexOf(event.target);
      if (at < 0 || !(event.key in STEPS) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const to = Math.min(width - 1, Math.max(0, at + STEPS[event.key]));
      cells.forEach((cell, unit) => (cell.tabIndex = unit === to ? 0 : -1));
      cells[to].focus();
    },
  }, ...cells);
  return {
    node: h("div", {}, caption, strip),
    update(seen) {
      const [outputs, adds] = [seen[LAYERS[layer]], seen.byUnit[layer]];
      const most = Math.max(...outputs, Number.MIN_VALUE);
      caption.textContent = `Layer ${layer + 1}: ${seen.active[layer]} of ${width} units active`;
      cells.forEach((cell, unit) => {
        const byte = outputs[unit] > 0 ? Math.max(1, Math.round((255 * outputs[unit]) / most)) : 0;
        cell.style.background = `rgb(${color(byte)})`;
        cell.style.color = byte < BRIGHT ? "#fff" : "#000";
        cell.textContent = byte === 0 || adds[unit] === 0 ? "" : adds[unit] > 0 ? "+" : "−";
        cell.setAttribute("aria-label", cellWords(seen, layer, unit));
      });
    },
  };
}

/** Such as "layer 1, unit 3: puts out 0.42, carries +0.012". */
export function cellWords(seen, layer, unit) {
  const output = seen[LAYERS[layer]][unit];
  return `layer ${layer + 1}, unit ${unit + 1}: ${output > 0 ? `puts out ${output.toFixed(2)}, carries ${carriedText(seen.byUnit[layer][unit])}` : "exactly 0"}`;
}

/** The same, and which words of the review a unit of the first layer gets most from. */
export function unitWords(network, { reading, seen, struck }, { layer, unit }) {
  const words = `${cellWords(seen, layer, unit)}.`;
  const capital = words[0].toUpperCase() + words.slice(1);
  if (layer > 0) return capital;
  const fed = reading.known.filter(({ word }) => !struck.has(word))
    .map(({ word, place }) => ({ word, weight: weightInto(network, place, unit) }))
    .sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight)).slice(0, FED);
  const most = fed.map(({ word, weight }) => `${word} ${carriedText(weight, 2)}`).join(", ");
  return most ? `${capital} The words that move its input most: ${most}.` : capital;
}
