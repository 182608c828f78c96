/** The slider of LabelShare and the choice of the data. */

import { h } from "./dom.mjs";
import { grouped, labelsAt } from "./label_numbers.mjs";
import { setChoice } from "./sets.mjs";
import { slider } from "./slider.mjs";

/**
 * @param {Object} data
 * @param {(state: {stop_index?: number, shown?: string}) => void} choose
 * @returns {{node: HTMLElement, update: (stop: number, set: Object) => void}}
 */
export function labelControls({ stops, sets }, choose) {
  const share = slider("Labels", [0, stops.length - 1], stops.map(stopText), null, (v) => choose({ stop_index: v }));
  const networks = setChoice(sets, choose);
  return {
    node: h("div", { class: "controls" }, share.node, networks.node),
    update(stop, set) {
      const labels = grouped(labelsAt(set, stops[stop]));
      share.update(stop, labels, `of ${grouped(set.images)}`, `${labels} labels, ${stops[stop]} percent of ${grouped(set.images)} images`);
      networks.update(set.name);
    },
  };
}

/** The first one has the unit for all: with it, neighbors touched. */
const stopText = (stop, i) => (i === 0 ? `${stop}\u202f%` : String(stop));
