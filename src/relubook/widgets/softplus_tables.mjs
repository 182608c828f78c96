/** SoftplusExplorer's networks as a table. */

import { h } from "./dom.mjs";
import { mean, percent, plain, quantile } from "./numbers.mjs";
import { alphaText } from "./softplus_numbers.mjs";

/** @returns {{node: HTMLElement, update: (set: Object, alpha: number | null, stops: Object[], frames: Object[]) => void}} */
export function softplusTable() {
  const [caption, head, body] = [h("caption"), h("tr"), h("tbody")];
  const columns = ["α", "rate", "error %", "zeros %", "near zeros %"];
  return {
    node: h("details", {}, h("summary", {}, "The same numbers as a table"),
      h("table", {}, caption, h("thead", {}, head), body)),
    update(set, alpha, stops, frames) {
      caption.textContent = `${set.title}: mean of ${set.seeds} seeds (10–90 % of them); near zeros are within 1 % of their layer’s root mean square`;
      const names = set.paper.length ? [...columns, "paper %"] : columns;
      head.replaceChildren(...names.map((text) => h("th", { scope: "col" }, text)));
      body.replaceChildren(
        ...set.alphas.map((each, i) => line(recorded(set, i), each === alpha)),
        ...frames.map((live) => line(trained(live, stops, names.length), false)));
    },
  };
}

function recorded(set, i) {
  const paper = set.paper.length ? [set.paper[i]?.toFixed(2) ?? "–"] : [];
  return [alphaText(set.alphas[i]), plain(set.rate[i]), spreadOf(set.error[i]), shareOf(set.zeros[i]), shareOf(set.near_relative[i]), ...paper];
}

function trained(live, stops, columns) {
  const cells = [`${alphaText(stops[live.stop_index])}, live`, plain(live.rate), spreadOf(live.error), shareOf(live.zeros), shareOf(live.near_relative)];
  return [...cells, ...Array.from({ length: columns - cells.length }, () => "–")];
}

function spreadOf(error) {
  if (!error.length) return "diverged";
  const [low, high] = [0.1, 0.9].map((q) => quantile(error, q).toFixed(1));
  return `${mean(error).toFixed(2)} (${low}–${high})`;
}

const shareOf = (values) => (values.length ? percent(mean(values)) : "–");

const line = ([first, ...cells], here) =>
  h("tr", { class: here && "here", "aria-current": here && "true" },
    h("th", { scope: "row" }, first), ...cells.map((cell) => h("td", {}, cell)));
