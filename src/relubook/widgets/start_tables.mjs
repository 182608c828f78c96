/** StartMap's numbers as a table: every start and learning rate at the reader's depth and step. */

import { h } from "./dom.mjs";
import { percent, plain } from "./numbers.mjs";
import { counted, printed } from "./start_words.mjs";

/**
 * @param {Object} data
 * @returns {{node: HTMLElement, update: (place: import("./start_words.mjs").Place, states: Object[][]) => void}}
 */
export function startTable({ starts, rates, steps, seeds }) {
  const [caption, body] = [h("caption"), h("tbody")];
  const head = ["start", ...rates.map((rate) => `rate ${plain(rate)}`)].map((text) => h("th", { scope: "col" }, text));
  const node = h("details", { ontoggle: show }, h("summary", {}, "The same numbers as a table"),
    h("div", { class: "wide", tabindex: 0, role: "group", "aria-label": "Networks that learn" }, h("table", {}, caption, h("thead", {}, h("tr", {}, ...head)), body)));
  let latest = null;
  function show() {
    if (!node.open || !latest) return;
    const { place, states } = latest;
    caption.textContent = `Networks of ${seeds.length} that learn, and their median error: ${place.depth} × ${place.activation}, ${counted(steps[place.step_index])} steps`;
    body.replaceChildren(...starts.map((name, i) => h("tr", {}, h("th", { scope: "row" }, printed(name)),
      ...states[i].map((state, j) => h("td", here(place, i, j), cellWords(state))))));
  }
  return {
    node,
    update(place, states) {
      latest = { place, states };
      show();
    },
  };
}

const here = (place, i, j) => (place.start_index === i && place.rate_index === j ? { class: "at", "aria-current": "true" } : {});

function cellWords({ all, learned, diverged, median: error }) {
  if (diverged === all) return "diverged";
  return 2 * diverged > all ? `${learned}, ${diverged} diverged` : `${learned}, ${percent(error)}\u00a0%`;
}
