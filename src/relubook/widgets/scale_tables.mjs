/** The same numbers as a table, one row an s. */

import { h } from "./dom.mjs";
import { endOf, scaleName, short, STAGES } from "./scale_words.mjs";

const HEAD = ["s", "largest eigenvalue (nat)", "over the mean", "best rate", "loss at it (nat)", "loss at the rate best for s = 1 (nat)"];

/**
 * @param {Object} data
 * @returns {{node: HTMLElement, update: (setting: Object) => void}}
 */
export function scaleTable(data) {
  const caption = h("caption");
  const rows = data.log2_s.map((log2s) => h("tr", {}, h("th", { scope: "row" }, scaleName(log2s)), ...HEAD.slice(1).map(() => h("td"))));
  const table = h("table", {}, caption, h("thead", {}, h("tr", {}, ...HEAD.map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, ...rows));
  const node = h("details", {}, h("summary", {}, "The same numbers as a table"), h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Numbers over s" }, table));
  const fixed = data.log2_s.map((_, k) => [short(data.rates[k]), endOf(data, "own", k).toFixed(2), endOf(data, "common", k).toFixed(2)]);
  return {
    node,
    update({ place, stage }) {
      caption.textContent = `Curvature ${STAGES[stage]}; training loss after ${data.moments[data.moments.length - 1].toLocaleString("en")} steps; medians`;
      rows.forEach((row, k) => {
        row.classList.toggle("here", k === place);
        const cells = [short(data.largest[stage][k]), String(Math.round(data.condition[stage][k])), ...fixed[k]];
        cells.forEach((text, c) => (row.children[c + 1].textContent = text));
      });
    },
  };
}
