/** One panel a hidden layer: its raster, the digits it saw, its zeros and its dead units. */

import { h } from "./dom.mjs";
import { decode, gradient, layersOf, paint } from "./l1_raster.mjs";
import { percent } from "./numbers.mjs";

/**
 * @param {Object} data
 * @returns {{node: HTMLElement, update: (r: import("./l1_numbers.mjs").Reading) => void}}
 */
export function layerPanels(data) {
  const digits = data.raster_digits;
  const panels = data.depths.map((_, i) => panel(i + 1, digits));
  const style = `--groups:${groups(digits).length}`;
  return {
    node: h("div", { class: "layers", style }, ...panels.map((p) => p.node)),
    update(r) {
      const cells = layersOf(decode(r.raster), r.depth, data.raster_units, digits.length);
      panels.forEach((p, i) => {
        p.node.classList.toggle("absent", i >= r.depth);
        if (i < r.depth) p.update(cells[i], data.raster_units, r.zerosByLayer[i], r.deadByLayer[i]);
        else p.clear();
      });
    },
  };
}

/**
 * Neighbors with the same label, as [label, how many]: one label below each group of columns.
 * @param {number[]} digits
 * @returns {[number, number][]}
 */
export function groups(digits) {
  const found = [];
  for (const digit of digits) {
    const last = found[found.length - 1];
    if (last && last[0] === digit) last[1] += 1;
    else found.push([digit, 1]);
  }
  return found;
}

function panel(layer, digits) {
  const canvas = h("canvas", { role: "img" });
  const zeros = bar("zeros");
  const dead = bar("dead");
  const labels = groups(digits).map(([digit, many]) => h("span", { style: `flex:${many}` }, String(digit)));
  const node = h("div", { class: "layer" },
    h("div", { class: "layer-name" }, `Layer ${layer}`),
    canvas,
    h("div", { class: "digits", "aria-hidden": "true" }, ...labels),
    zeros.node, dead.node);
  return {
    node,
    update(cells, units, zeroShare, deadShare) {
      paint(canvas, cells, units, digits.length);
      const about = `Layer ${layer}: ${units} units by ${digits.length} digits`;
      canvas.setAttribute("aria-label", `${about}, exact zeros in black.`);
      zeros.update(zeroShare);
      dead.update(deadShare);
    },
    clear() {
      paint(canvas, new Uint8Array(0), 1, 1);
      canvas.setAttribute("aria-label", `No layer ${layer} at this depth.`);
    },
  };
}

function bar(name) {
  const filled = h("span", { class: "filled" });
  const number = h("b");
  return {
    node: h("div", { class: `bar ${name}` }, h("span", {}, number, ` ${name}`),
      h("span", { class: "room" }, filled)),
    update(share) {
      filled.style.width = `${share}%`;
      number.textContent = `${percent(share)} %`;
    },
  };
}

/** What the raster's colors, rows and columns mean. */
export function rasterKey(data) {
  return h("p", { class: "key" },
    h("span", {}, h("i", { class: "swatch", style: "background:#000" }), "exact zero"),
    h("span", {}, "small ", h("i", { class: "swatch ramp", style: `background:${gradient}` }),
      "the layer’s largest activation"),
    h("span", {}, `rows: ${data.raster_units} units of a layer; columns: ${data.raster_digits.length} test digits`));
}
