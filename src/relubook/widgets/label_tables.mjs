/** LabelShare's networks as a table. */

import { h } from "./dom.mjs";
import { grouped, liveGain, signed, STARTS, toldOf } from "./label_numbers.mjs";
import { mean } from "./numbers.mjs";

/** @returns {{node: HTMLElement, update: (now: Object) => void}} what `errorsPicture` takes */
export function labelTable() {
  const [caption, head, body] = [h("caption"), h("tr"), h("tbody")];
  return {
    node: h("details", {}, h("summary", {}, "The same numbers as a table"),
      h("table", {}, caption, h("thead", {}, head), body)),
    update({ units, set, share, frames }) {
      caption.textContent = `${set.title}: test error in percent without pretraining → with it, mean of ${set.seeds} seeds; saved, in points, with its 95 % interval`;
      const names = ["labels", ...units.flatMap((unit) => [unit, "saved"])];
      head.replaceChildren(...names.map((text) => h("th", { scope: "col" }, text)));
      body.replaceChildren(
        ...set.shares.map((each, i) => rowOf(recorded(set, units, i), each === share)),
        ...frames.map((live) => rowOf(trained(live, units), false)));
    },
  };
}

const recorded = (set, units, i) => [
  grouped(set.labels[i]),
  ...units.flatMap((unit) => [arrow(STARTS.map((start) => set.error[unit][start][i])), between(set.gain[unit][i])])];

const trained = (live, units) => [
  `${grouped(live.labels)}, live`,
  ...units.flatMap((unit) => [arrow(STARTS.map((start) => live.error[unit][start])), liveGain(live, unit).map((gain) => signed(gain))[0] ?? "–"])];

const arrow = (rows) => rows.map((errors) => (toldOf(errors).length ? mean(toldOf(errors)).toFixed(1) : "diverged")).join(" → ");

function between({ mean: middle, low, high }) {
  if (middle === null) return "–";
  return `${signed(middle)}${low === null ? "" : ` (${signed(low)} to ${signed(high)})`}`;
}

const rowOf = ([first, ...cells], here) =>
  h("tr", { class: here && "here", "aria-current": here && "true" },
    h("th", { scope: "row" }, first), ...cells.map((cell) => h("td", {}, cell)));
