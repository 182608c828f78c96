/** The slider of SoftplusExplorer, the choice of the data, and the way to either end. */

import { h } from "./dom.mjs";
import { setChoice } from "./sets.mjs";
import { slider } from "./slider.mjs";
import { alphaText, digits3, gapOf } from "./softplus_numbers.mjs";

const MIDDLE = 3; // the alpha whose mark wears its number, besides the ends

/**
 * @param {Object} data
 * @param {(state: {stop_index?: number, shown?: string}) => void} choose
 * @returns {{node: HTMLElement, update: (stop: number, shown: string) => void}}
 */
export function softplusControls({ stops, sets }, choose) {
  const middle = stops.indexOf(MIDDLE);
  const marked = middle < 0 ? null : { at: middle, text: alphaText(MIDDLE) };
  const alpha = slider("Sharpness α", [0, stops.length - 1], stops.map(alphaText), marked, (v) => choose({ stop_index: v }));
  const networks = setChoice(sets, choose);
  return {
    node: h("div", { class: "controls" }, alpha.node, networks.node),
    update(stop, shown) {
      const value = stops[stop];
      const spoken = value === null ? "infinity, the rectifier" : `${value}, at most ${digits3(gapOf(value))} from the rectifier`;
      alpha.update(stop, alphaText(value), value === null ? "the rectifier" : value === 1 ? "softplus" : "", spoken);
      networks.update(shown);
    },
  };
}
