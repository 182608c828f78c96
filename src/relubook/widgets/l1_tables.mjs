/** The same numbers as a table. */

import { h } from "./dom.mjs";
import { reading } from "./l1_numbers.mjs";
import { mean, median, percent, plain, quantile } from "./numbers.mjs";

/**
 * @param {Object} data
 * @returns {{node: HTMLElement, update: (l1Index: number, depth: number) => void}}
 */
export function table(data) {
  const caption = h("caption");
  const body = h("tbody");
  const head = ["L1", "zeros %", "error %", "dead %"].map((t) => h("th", { scope: "col" }, t));
  return {
    node: h("details", {}, h("summary", {}, "The same numbers as a table"),
      h("table", {}, caption, h("thead", {}, h("tr", {}, ...head)), body)),
    update(l1Index, depth) {
      caption.textContent = `Depth ${depth}: median of ${data.seeds} seeds (10–90 % of them)`;
      body.replaceChildren(...data.l1.map((_, i) => row(reading(data, i, depth), i === l1Index)));
    },
  };
}

function row(r, here) {
  const [low, high] = [0.1, 0.9].map((q) => quantile(r.error, q).toFixed(2));
  return h("tr", { class: here && "here", "aria-current": here && "true" },
    h("th", { scope: "row" }, plain(r.l1)),
    h("td", {}, percent(median(r.zeros))),
    h("td", {}, `${median(r.error).toFixed(2)} (${low}–${high})`),
    h("td", {}, percent(mean(r.deadByLayer))));
}
