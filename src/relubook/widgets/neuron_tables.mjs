/** NeuronBench's numbers as tables: rates over the current, and the fitted responses. */

import { h } from "./dom.mjs";
import { RESPONSES } from "./neuron_fits.mjs";
import { hertz, nameOf, short } from "./neuron_words.mjs";
import { percent } from "./numbers.mjs";

const BESIDE_THE_PAPERS = [-1, -0.5, 0, 0.1]; // nA

/**
 * @param {{current: number[], rate: number[]}} paper digitized
 * @returns {{node: HTMLElement, update: (rateAt: (current: number) => number, now: Object) => void}}
 */
export function neuronTables(paper) {
  const [rates, fitted] = [h("tbody"), h("tbody")];
  const caption = h("caption");
  let draw = () => {};
  function fill(rateAt, { state, fits }) {
    const currents = [...new Set([...BESIDE_THE_PAPERS, ...paper.current, state.current])].sort((one, other) => one - other);
    rates.replaceChildren(...currents.map((current) =>
      row(current === state.current, short(current), hertz(rateAt(current)), paper.rate[paper.current.indexOf(current)] ?? "–")));
    caption.textContent = `Responses fitted over the ${state.fitted} range: amplitude a (Hz; of rectifier and softplus Hz/nA), steepness k, place b`;
    fitted.replaceChildren(...RESPONSES.map((name) => {
      const { a, k, b, off } = fits[name];
      return row(false, nameOf(name), short(a), name === "rectifier" ? "–" : short(k), short(Math.round(b * 100) / 100), percent(off));
    }));
  }
  const node = h("details", { ontoggle: () => draw() }, h("summary", {}, "The same numbers as tables"),
    h("table", {}, h("caption", {}, "Firing rate over input current"), heading("nA", "this neuron, Hz", "paper’s Figure 1, Hz"), rates),
    h("table", {}, caption, heading("response", "a", "k 1/nA", "b nA", "off %"), fitted));
  return {
    node,
    update(rateAt, now) {
      draw = () => fill(rateAt, now);
      /** A closed table need not keep up with a slider. */
      if (node.open) draw();
    },
  };
}

const heading = (...head) => h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text))));

const row = (here, first, ...cells) => h("tr", { class: here && "here", "aria-current": here && "true" },
  h("th", { scope: "row" }, first), ...cells.map((cell) => h("td", {}, cell)));
