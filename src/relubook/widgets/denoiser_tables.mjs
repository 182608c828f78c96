/** What was measured over all test digits, as a table. */

import { errorText } from "./denoiser_words.mjs";
import { h } from "./dom.mjs";

/**
 * @param {Object} data
 * @returns {{node: HTMLElement, update: (frame: Object | null, seeds: number) => void}}
 */
export function errorTable(data) {
  const [caption, body] = [h("caption"), h("tbody")];
  const head = ["masked", ...data.noise.map((share) => `${share} %`)].map((text) => h("th", { scope: "col" }, text));
  return {
    node: h("details", {}, h("summary", {}, "All test digits, by noise"),
      h("div", { class: "wide", tabindex: 0, role: "group", "aria-label": "Errors by noise" }, h("table", {}, caption, h("thead", {}, h("tr", {}, ...head)), body))),
    update(frame, seeds) {
      caption.textContent = `Squared error per digit, mean of ${seeds} seeds ± 95 % interval${frame ? `; trained here: ${frame.data}, one seed` : ""}`;
      const trained = frame ? frame.networks.map(({ errors }, i) => [`${data.strategies[i].name}, here`, errors.map(errorText)]) : [];
      const rows = [["doing nothing", data.nothing.map(errorText)], ...data.strategies.map(recordedRow), ...trained, ...data.strategies.flatMap(stuckRow)];
      body.replaceChildren(...rows.map(([name, cells]) =>
        h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((cell) => h("td", {}, cell)))));
    },
  };
}

const recordedRow = ({ name, error, half }) => [name, error.map((mean, i) => `${errorText(mean)} ± ${errorText(half[i])}`)];

/** Only where some are. */
const stuckRow = ({ name, stuck }) => (stuck.some(Boolean) ? [[`${name}: outputs stuck at 0`, stuck.map((share) => `${share.toFixed(1)} %`)]] : []);
