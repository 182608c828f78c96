/** CostExplorer's numbers as tables: times, crossovers, and trained networks. */

import { examples, fromWords, METHODS, micro, share, skipping, times } from "./cost_numbers.mjs";
import { h } from "./dom.mjs";
import { percent, plain } from "./numbers.mjs";

/**
 * @param {Object} data
 * @param {Object<string, (number|null)[]>} crossings
 * @returns {{node: HTMLElement, update: (i: number, j: number, frames: Object[]) => void}}
 */
export function costTables(data, crossings) {
  const methods = skipping(data);
  const words = (list) => list.map((method) => METHODS[method]);
  const layer = table(["zeros %", ...words(data.methods)]);
  const cross = table(["batch size", ...words(methods)]);
  const whole = table(["L1", "zeros %", "error %", ...words(methods), "units in use %"]);
  return {
    node: h("details", {}, h("summary", {}, "The same numbers as tables"), layer.node, cross.node, whole.node),
    update(i, j, frames) {
      const batch = examples(data.batch[j]);
      layer.update(`One layer, ${batch} at a time: median time per example in µs (10–90 % of the rounds)`,
        data.zeros.flatMap((zeros, k) => timeRows(data, k, j, k === i, frames)));
      cross.update(`Share of zeros from which a method is faster than dense`,
        data.batch.map((size, k) => row([size, ...methods.map((m) => fromWords(data.zeros, crossings[m][k]))], k === j)));
      whole.update(`Trained networks, ${batch} at a time: times as fast as dense, and the units that at least one example of the batch uses`,
        data.networks.map((network) => row(networkCells(network, methods, j))));
    },
  };
}

function table(head) {
  const [caption, body] = [h("caption"), h("tbody")];
  const columns = head.map((text) => h("th", { scope: "col" }, text));
  return {
    node: h("table", {}, caption, h("thead", {}, h("tr", {}, ...columns)), body),
    update(words, rows) {
      caption.textContent = words;
      body.replaceChildren(...rows);
    },
  };
}

function row([first, ...cells], here = false) {
  return h("tr", { class: here && "here", "aria-current": here && "true" },
    h("th", { scope: "row" }, String(first)), ...cells.map((cell) => h("td", {}, ...[cell].flat())));
}

function timeRows(data, k, j, here, frames) {
  const recorded = data.methods.map((m) => cell(data.layer[m][k][j], data.low[m][k][j], data.high[m][k][j]));
  const live = frames.filter((frame) => frame.zeros_index === k).map((frame) =>
    row([`${share(data.zeros[k])}, live`, ...data.methods.map((m) => cell(frame.time[m], frame.low?.[m], frame.high?.[m]))]));
  return [row([share(data.zeros[k]), ...recorded], here), ...live];
}

function cell(time, low, high) {
  if (!(time > 0)) return "–";
  if (!(low > 0 && high > 0)) return micro(time);
  return [`${micro(time)} `, h("span", { class: "range" }, `(${micro(low)}–${micro(high)})`)];
}

function networkCells({ l1, zeros, error, time, union }, methods, j) {
  const faster = methods.map((method) => times(time.dense[j] / time[method][j]));
  return [plain(l1), percent(100 * zeros), error.toFixed(1), ...faster, percent(100 * union[j])];
}
