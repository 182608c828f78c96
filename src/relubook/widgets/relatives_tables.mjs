/** RelativesExplorer's networks as a table: the quantity that is shown. */

import { h } from "./dom.mjs";
import { mean, plain } from "./numbers.mjs";
import { liveValues, QUANTITIES, signed, told } from "./relatives_numbers.mjs";

/** @returns {{node: HTMLElement, update: (now: Object) => void}} what `rowsPicture` takes */
export function relativesTable() {
  const [caption, body] = [h("caption"), h("tbody")];
  const columns = ["unit", "rate", "mean", "95 % interval"];
  return {
    node: h("details", {}, h("summary", {}, "The same numbers as a table"),
      h("table", {}, caption, h("thead", {}, h("tr", {}, ...columns.map((text) => h("th", { scope: "col" }, text)))), body)),
    update({ kinds, set, quantity, unit, frames }) {
      const { axis, digits } = QUANTITIES[quantity];
      const of = quantity === "time" ? "rounds of a race, in which all are trained by the same step" : `${set.seeds} seeds`;
      caption.textContent = `${axis}; ${set.title}, mean of ${of}; rate: learning rate`;
      body.replaceChildren(...kinds.flatMap(({ name }, i) => {
        const live = liveValues(frames, name, quantity);
        const row = set.quantities[quantity][i];
        const here = live.length ? [line([`${name}, trained here`, plain(set.rate[i]), signed(mean(live), digits), "–"], false)] : [];
        return [line([titleOf(name, row), plain(set.rate[i]), ...numbers(row, digits)], name === unit), ...here];
      }));
    },
  };
}

function titleOf(name, row) {
  const lost = row.values.length - told(row).length;
  return lost ? `${name} (${lost} diverged)` : name;
}

function numbers({ mean: middle, low, high }, digits) {
  const between = low === null || low === high ? "–" : `${signed(low, digits)} to ${signed(high, digits)}`;
  return [middle === null ? "–" : signed(middle, digits), between];
}

const line = ([first, ...cells], here) =>
  h("tr", { class: here && "here", "aria-current": here && "true" },
    h("th", { scope: "row" }, first), ...cells.map((cell) => h("td", {}, cell)));
