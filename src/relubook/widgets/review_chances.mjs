/** The predicted stars as a distribution, beside that of the reviews that were learned. */

import { h } from "./dom.mjs";
import { chanceText, missingStars, missingWords } from "./review_sentences.mjs";

/**
 * @param {Object} data
 * @returns {{node: HTMLElement, update: (seen: Object) => void}}
 */
export function chancePanel({ stars, shares }) {
  const most = Math.max(...shares) / 100;
  const columns = [...stars, ...missingStars(stars)].sort((one, other) => one - other).map((star) => columnOf(star, stars.indexOf(star)));
  const mean = h("p", { class: "caption" });
  const missing = missingWords(stars);
  return {
    node: h("div", { class: "chances" }, mean,
      h("div", { class: "columns", "aria-hidden": "true" }, ...columns.map(({ node }) => node)),
      h("p", { class: "key" }, h("span", {}, h("i", { class: "swatch" }), "how likely each number of stars is"),
        h("span", {}, h("i", { class: "swatch prior" }), "share of the reviews it learned from"), missing && h("span", {}, missing))),
    update(seen) {
      const top = Math.max(most, ...seen.chances);
      mean.textContent = `Expected ${seen.expected.toFixed(2)} stars`;
      columns.forEach((column) => column.update(seen.chances, shares, top, seen.likely));
    },
  };
}

function columnOf(star, place) {
  const [chance, bar, prior] = [h("span", { class: "chance" }), h("i", { class: "bar" }), h("i", { class: "prior" })];
  const none = place < 0;
  const node = h("div", { class: none ? "column none" : "column" }, none ? h("span", { class: "chance" }, "none") : chance,
    h("div", { class: "room" }, ...(none ? [] : [bar, prior])), h("b", {}, String(star)));
  return {
    node,
    update(chances, shares, top, likely) {
      if (none) return;
      chance.textContent = chanceText(chances[place]).replace("\u00a0", "");
      bar.style.height = `${(100 * chances[place]) / top}%`;
      prior.style.bottom = `${shares[place] / top}%`;
      node.classList.toggle("likely", place === likely);
    },
  };
}
