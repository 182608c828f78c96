/** RegionViewer's numbers as tables: the linear model of one region, and the counts of all sizes. */

import { h } from "./dom.mjs";
import { plain } from "./numbers.mjs";
import { scoresAt, winnerOf } from "./region_cutting.mjs";
import { bandAt, bandWords, counted, expectedRegions, mostRegions, seedWords, signed, sizesOf } from "./region_words.mjs";

const cells = (kind, texts) => texts.map((text) => h(kind, kind === "th" ? { scope: "col" } : {}, text));

/**
 * What the network computes inside one region.
 * @param {string[]} classes
 * @returns {{node: HTMLElement, update: (scores: Float64Array, place: [number, number]) => void}}
 */
export function modelTable(classes) {
  const body = h("tbody");
  return {
    node: h("table", { class: "model" }, h("caption", {}, "In this region, exactly: score = a x₁ + b x₂ + c"),
      h("thead", {}, h("tr", {}, ...cells("th", ["class", "a", "b", "c", "score here"]))), body),
    update(scores, place) {
      const values = scoresAt(scores, ...place);
      const winner = winnerOf(values);
      body.replaceChildren(...classes.map((name, k) => h("tr", { class: k === winner && "here" },
        h("th", { scope: "row" }, h("i", { class: `swatch class-${k}` }), name),
        ...cells("td", [...scores.slice(3 * k, 3 * k + 3), values[k]].map((value) => signed(value))))));
    },
  };
}

/**
 * Counts of every size of network, at the L1 strength and the step of the sliders.
 * @param {Object} data
 * @returns {{node: HTMLElement, update: (r: import("./region_words.mjs").Reading, regions: number) => void}}
 */
export function countsTable(data) {
  const [caption, body] = [h("caption"), h("tbody")];
  const head = ["depth × width", "units N", "recorded", "this one", "N²/2", "at most"];
  const node = h("details", { ontoggle: show }, h("summary", {}, "The same numbers as a table"),
    h("div", { class: "wide", tabindex: 0, role: "group", "aria-label": "Counts of regions" }, h("table", {}, caption, h("thead", {}, h("tr", {}, ...cells("th", head))), body)));
  let latest = null;
  function show() {
    if (!node.open || !latest) return;
    const { r, regions } = latest;
    caption.textContent = `Linear regions in the window at L1 = ${plain(r.l1)}, step ${counted(r.step)}; recorded: the middle 80 % of ${seedWords(data)}`;
    body.replaceChildren(...data.depths.flatMap((depth) => data.widths.map((width) => row(data, r, regions, depth, width))));
  }
  return {
    node,
    update(r, regions) {
      latest = { r, regions };
      show();
    },
  };
}

function row(data, r, regions, depth, width) {
  const here = depth === r.depth && width === r.width;
  return h("tr", { class: here && "here", "aria-current": here && "true" },
    h("th", { scope: "row" }, `${depth} × ${width}`),
    ...cells("td", [counted(depth * width), bandWords(bandAt(data, depth, width, r.l1_index, r.step_index)), here ? counted(regions) : "",
      counted(expectedRegions(depth, width)), counted(mostRegions(sizesOf(data, depth, width)))]));
}
