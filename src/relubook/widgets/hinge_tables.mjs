/** HingeBuilder's formulas, and its errors as a table. */

import { h } from "./dom.mjs";
import { formulaOf, networkFormula, rounded, trainedWords } from "./hinge_words.mjs";

/**
 * @param {Object} data
 * @returns {{node: HTMLElement, update: (now: Object) => void}} `now` has points, target, n, error and run
 */
export function hingeNumbers(data) {
  const [yours, network] = [h("code"), h("code")];
  const theirs = h("p", {}, "The network: ", network);
  const [formula, table] = [h("details", {}, h("summary", {}, "The function as a formula"), h("p", {}, "Yours: ", yours), theirs), h("tbody")];
  const head = ["hinges", "even", "best", "trained (range)", "yours", "live"];
  const numbers = h("details", {}, h("summary", {}, "The same numbers as a table"),
    h("table", {}, h("caption", {}, "Root mean square error; of the trained networks the median and the range over seeds"),
      h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))), table));
  let latest = null;
  const show = () => {
    if (!latest) return;
    if (formula.open) {
      yours.textContent = formulaOf(latest.points);
      network.textContent = latest.run ? networkFormula(latest.run.parameters) : "";
      theirs.hidden = !latest.run;
    }
    if (numbers.open) table.replaceChildren(...rows(data, latest));
  };
  [formula, numbers].forEach((node) => node.addEventListener("toggle", show));
  return {
    node: h("div", { class: "folded" }, formula, numbers),
    update(now) {
      latest = now;
      show();
    },
  };
}

function rows(data, { target, n, error, run }) {
  const errors = data.error[target];
  const counts = [...new Set([...(errors ? data.counts : []), n])].sort((a, b) => a - b);
  return counts.map((count) => {
    const [i, here] = [data.counts.indexOf(count), count === n];
    const recorded = errors && i >= 0 ? [rounded(errors.even[i]), rounded(errors.best[i]), trainedWords(errors.trained[i])] : ["–", "–", "–"];
    const own = here ? [error, run?.error].map((value) => (value == null ? "–" : rounded(value))) : ["", ""];
    return h("tr", { class: here && "here", "aria-current": here && "true" },
      h("th", { scope: "row" }, String(count)), ...[...recorded, ...own].map((text) => h("td", {}, text)));
  });
}
