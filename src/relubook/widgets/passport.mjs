/** Where the numbers come from: the record's passport, folded away. */

import { h } from "./dom.mjs";

/**
 * @param {Object<string, any>} entries the passport, name to value
 * @param {...string} words what was recorded, in a sentence or two
 * @returns {HTMLElement}
 */
export function passport(entries, ...words) {
  const rows = Object.entries(entries).flatMap(([name, value]) => [
    h("dt", {}, name.replace(/_/g, " ")),
    h("dd", {}, Array.isArray(value) ? value.join(", ") : String(value)),
  ]);
  return h("details", {}, h("summary", {}, "Where these numbers come from"),
    h("p", {}, ...words), h("dl", {}, ...rows));
}
