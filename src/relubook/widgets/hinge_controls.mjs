/** The buttons that add and remove hinges, and the sliders that move the chosen point. */

import { h } from "./dom.mjs";
import { TOP } from "./hinge_numbers.mjs";
import { signed } from "./hinge_words.mjs";
import { slider } from "./slider.mjs";

/**
 * @param {Object} acts
 * @param {(i: number) => void} acts.select
 * @param {(i: number, place: number, height: number) => void} acts.move
 * @param {() => void} acts.add
 * @param {() => void} acts.remove
 * @param {() => void} acts.spread
 * @param {() => void} acts.reset
 * @returns {{buttons: HTMLElement, node: HTMLElement, update: (points: [number, number][], selected: number) => void}}
 */
export function hingeControls({ select, move, add, remove, spread, reset }) {
  let [points, i] = [[], 0];
  const pick = h("select", { "data-lm-suppress-shortcuts": "true", onchange: () => select(Number(pick.value)) });
  const place = slider("Place", [-100, 100], ["−1", "0", "1"], null, (v) => move(i, v / 100, points[i][1]));
  const height = slider("Height", [-100 * TOP, 100 * TOP], [`−${TOP}`, "0", String(TOP)], null, (v) => move(i, points[i][0], v / 100));
  const buttons = [["Add a hinge", add], ["Remove", remove], ["Spread evenly", spread], ["Start over", reset]];
  return {
    buttons: h("div", { class: "buttons" }, ...buttons.map(([words, act]) => h("button", { type: "button", onclick: act }, words))),
    node: h("div", { class: "controls" },
      h("label", { class: "pick" }, h("span", { class: "name" }, "Point"), pick), place.node, height.node),
    update(now, selected) {
      if (now.length !== points.length) pick.replaceChildren(...now.map((_, k) => h("option", { value: k }, nameOf(k, now.length))));
      [points, i] = [now, selected];
      pick.value = i;
      place.update(Math.round(100 * now[i][0]), signed(now[i][0]), "", signed(now[i][0]));
      height.update(Math.round(100 * now[i][1]), signed(now[i][1]), "", signed(now[i][1]));
    },
  };
}

/** The first hinge stands at the left end, none at the right. */
function nameOf(i, count) {
  if (i === count - 1) return "right end";
  return i ? `hinge ${i + 1}` : "left end (hinge 1)";
}
