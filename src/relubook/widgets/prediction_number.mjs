/** The number question: a slider, and the recorded value with its range below it. */

import { h } from "./dom.mjs";
import { withUnit } from "./prediction_numbers.mjs";

/**
 * @param {import("./prediction_numbers.mjs").Asked} asked
 * @param {(answer: number[]) => void} answer
 */
export function numberInput(asked, answer) {
  const { low, high, step, recorded } = asked;
  const input = h("input", { type: "range", min: low, max: high, step, oninput: () => answer([Number(input.value)]) });
  const value = h("b");
  const share = (v) => Math.min(1, Math.max(0, (v - low) / (high - low)));
  const [from, to] = recorded.band ?? [recorded.value, recorded.value];
  const style = `--at:${share(recorded.value)};--from:${share(from)};--to:${share(to)}`;
  const side = share(recorded.value) > 0.7 ? "left" : "right";
  const strip = h("div", { class: "strip", style },
    h("span", { class: "range" }), h("span", { class: "point" }),
    h("span", { class: `words ${side}` }, `recorded: ${withUnit(recorded.value, asked)}`));
  const ends = h("div", { class: "ends", "aria-hidden": "true" },
    h("span", {}, withUnit(low, asked)), h("span", {}, withUnit(high, asked)));
  const label = h("label", { class: "control" }, h("span", { class: "name" }, "Your answer"),
    h("span", { "aria-hidden": "true" }, value), input);
  return {
    node: h("div", { class: "number" }, label, ends, strip),
    update({ answer: [given], locked, revealed }) {
      input.disabled = locked;
      input.value = given ?? (low + high) / 2;
      label.classList.toggle("unset", given === null);
      value.textContent = given === null ? "move the slider" : withUnit(given, asked);
      input.setAttribute("aria-valuetext", given === null ? "not answered yet" : withUnit(given, asked));
      strip.hidden = !revealed;
    },
    close() {},
  };
}
