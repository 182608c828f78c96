/** What carries L, ranked: words, and the units of each layer; short beside the picture, and in full. */

import { h } from "./dom.mjs";
import { carriedText, chanceText, slopeText } from "./review_sentences.mjs";

const [SHORT, FULL] = [7, 500]; // rows

/**
 * @typedef {{name: string, value: number}} Share what something adds to L
 */

/**
 * The largest shares, and what the others add together, so that all rows add up.
 * @param {Share[]} shares
 * @param {number} count rows
 * @param {string} others what they are called
 * @returns {Share[]}
 */
export function ranked(shares, count, others) {
  const sorted = [...shares].sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
  const rest = sorted.slice(count);
  if (!rest.length) return sorted;
  return [...sorted.slice(0, count), { name: `${rest.length} other ${others}`, value: rest.reduce((total, { value }) => total + value, 0) }];
}

/** What carries L now, by its three accounts: each adds up to L. */
export function accountsOf({ seen, carried }) {
  const units = ["first", "second"].map((layer, i) => Array.from(seen[layer], (output, unit) => ({ output, name: `unit ${unit + 1}`, value: seen.byUnit[i][unit] }))
    .filter(({ output }) => output > 0));
  const left = units.map((each) => ({ name: "biases after it", value: seen.slope - each.reduce((total, { value }) => total + value, 0) }));
  return [
    { title: "Words", kind: "words", shares: Array.from(carried, ([name, value]) => ({ name, value })), biases: { name: "all biases", value: seen.biases } },
    { title: "Active units, layer 1", kind: "units", shares: units[0], biases: left[0] },
    { title: "Active units, layer 2", kind: "units", shares: units[1], biases: left[1] },
  ];
}

/** @returns {{node: HTMLElement, update: (after: Object) => void}} what `strikeOut` gives */
export function accountLists() {
  const bodies = Array.from({ length: 3 }, () => h("tbody"));
  const titles = bodies.map(() => h("caption"));
  return {
    node: h("div", { class: "lists" }, ...bodies.map((body, i) => h("table", {}, titles[i], body))),
    update(after) {
      const accounts = accountsOf(after).map(({ title, kind, shares, biases }) => ({ title, rows: [...ranked(shares, SHORT, kind), biases] }));
      accounts.forEach(({ title, rows }, i) => {
        const most = Math.max(Number.MIN_VALUE, ...rows.map(({ value }) => Math.abs(value)));
        titles[i].textContent = title;
        bodies[i].replaceChildren(...rows.map((row) => shareRow(row, most)), sumRow(after.seen.slope));
      });
    },
  };
}

function shareRow({ name, value }, most) {
  const bar = h("i", { class: value < 0 ? "share down" : "share up" });
  bar.style.width = `${(50 * Math.abs(value)) / most}%`;
  return h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "scale", "aria-hidden": "true" }, bar), h("td", {}, carriedText(value)));
}

const sumRow = (slope) => h("tr", { class: "here" }, h("th", { scope: "row", colspan: 2 }, "together, L"), h("td", {}, carriedText(slope)));

/**
 * Every number, drawn only while it is unfolded.
 * @param {Object} data
 * @returns {{node: HTMLElement, update: (after: Object) => void}}
 */
export function fullTables({ stars }) {
  let last = null;
  const room = h("div");
  const node = h("details", { ontoggle: fill }, h("summary", {}, "All numbers as tables"), room);
  function fill() {
    if (!node.open || !last) return;
    const { seen } = last;
    const [words, ...layers] = accountsOf(last);
    const some = words.shares.length > FULL ? `Words, those that carry most and the others together, and what they add to L` : "Words, and what they add to L";
    room.replaceChildren(
      table("Stars, how likely they are, and their logits", ["stars", "chance", "logit (nat)"],
        stars.map((star, k) => [String(star), chanceText(seen.chances[k]), slopeText(seen.logits[k])])),
      table(some, ["word", "adds (nat per star)"], [...ranked(words.shares, FULL, "words"), words.biases].map(({ name, value }) => [name, carriedText(value, 4)])),
      ...layers.map(({ title, shares }) => table(`${title}; all others are exactly 0`, ["unit", "output", "adds (nat per star)"],
        shares.map(({ name, output, value }) => [name, output.toFixed(3), carriedText(value, 4)]))));
  }
  return {
    node,
    update(after) {
      last = after;
      fill();
    },
  };
}

const table = (title, names, rows) => h("table", {}, h("caption", {}, title),
  h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name)))),
  h("tbody", {}, ...rows.map(([first, ...cells]) => h("tr", {}, h("th", { scope: "row" }, first), ...cells.map((cell) => h("td", {}, cell))))));
