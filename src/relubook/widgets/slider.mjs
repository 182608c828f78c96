/** A named range input with its value in words and marks under its track. */

import { h } from "./dom.mjs";

const FEW = 8; // more marks than this, and only the ends and the marked one wear their text

/**
 * @param {string} name what the slider moves
 * @param {[number, number]} limits first and last place
 * @param {string[]} labels one a place
 * @param {{at: number, text: string} | null} marked the paper's place, in bold
 * @param {(place: number) => void} choose
 * @returns {{node: HTMLElement, update: (place: number, text: string, unit: string, spoken: string) => void}}
 */
export function slider(name, [min, max], labels, marked, choose) {
  const input = h("input", {
    type: "range", min, max, step: 1, oninput: () => choose(Number(input.value)),
  });
  const value = h("b");
  const unit = h("span", { class: "unit" });
  const node = h("label", { class: "control" },
    h("span", { class: "name" }, name),
    h("span", { class: "value", "aria-hidden": "true" }, value, " ", unit),
    h("span", { class: "track" }, input, scaleMarks(labels, marked)));
  return {
    node,
    update(place, text, unitText, spoken) {
      input.value = place;
      input.setAttribute("aria-valuetext", spoken);
      value.textContent = text;
      unit.textContent = unitText;
    },
  };
}

function scaleMarks(labels, marked) {
  const end = labels.length - 1;
  const named = new Set(labels.length < FEW ? labels.keys() : [0, marked?.at, end]);
  const marks = labels.map((label, i) => {
    const here = i === marked?.at;
    const side = i === 0 ? "start" : i === end ? "end" : "middle";
    const style = `--at:${end ? i / end : 0.5}`;
    return h("span", { class: here ? `tick paper ${side}` : `tick ${side}`, style },
      named.has(i) ? (here ? marked.text : label) : "");
  });
  return h("span", { class: "marks", "aria-hidden": "true" }, ...marks);
}
