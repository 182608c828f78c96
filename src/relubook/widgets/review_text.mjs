/** The review itself: each known word marked by what it carries, to be struck out and put back. */

import { h } from "./dom.mjs";
import { carriedText, grouped } from "./review_sentences.mjs";
import { piecesOf } from "./review_words.mjs";

const [THICKEST, THINNEST] = [7, 1.5]; // pixels under a word
const MOVES = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };

/**
 * @param {(word: string) => void} strike strikes a word out, or puts it back
 * @returns {{node: HTMLElement, update: (reading: Object, after: Object, struck: Set<string>) => void}}
 */
export function textPanel(strike) {
  let [shown, words, reached] = [null, [], 0];
  const more = h("p", { class: "key more" });
  const text = h("div", {
    class: "text", role: "group", "aria-label": "The review, word by word: arrow keys go to the known words, Enter strikes one out",
    onclick: ({ target }) => act(placeOf(target)), onkeydown: press,
  });
  const placeOf = (target) => words.findIndex(({ node }) => node === target);

  function act(at) {
    if (at < 0) return;
    reach(at).focus();
    strike(words[at].word);
  }
  function press(event) {
    const at = placeOf(event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") act(at);
    else if (event.key in MOVES) reach(Math.min(words.length - 1, Math.max(0, at + MOVES[event.key]))).focus();
    else return;
    event.preventDefault();
  }
  function reach(at) {
    words[reached]?.node.setAttribute("tabindex", -1);
    reached = at;
    words[at].node.setAttribute("tabindex", 0);
    return words[at].node;
  }
  function rebuild(reading) {
    const known = new Set(reading.known.map(({ word }) => word));
    const { pieces, drawn } = piecesOf(reading.text, reading.tokens);
    [words, reached] = [[], 0];
    text.replaceChildren(...pieces.map((piece) => pieceNode(piece, known)));
    if (words.length) reach(0);
    const left = reading.tokens.length - drawn;
    more.hidden = left === 0;
    more.textContent = `… and ${grouped(left)} more ${left === 1 ? "word was" : "words were"} read, which are not drawn.`;
    shown = reading;
  }
  /** No button elements: a line breaks as in any text, and hundreds of them are laid out at once. */
  function pieceNode({ text: written, word }, known) {
    if (word === null) return written;
    if (!known.has(word)) return h("span", { class: "unknown" }, written);
    const node = h("span", { class: "word", role: "button", tabindex: -1, "data-lm-suppress-shortcuts": "true" }, written);
    words.push({ node, word, written });
    return node;
  }
  return {
    node: h("div", {}, h("p", { class: "caption" }, "What each word carries"), text, more,
      h("p", { class: "key" }, h("span", {}, h("i", { class: "under up" }), "+ toward more stars"), h("span", {}, h("i", { class: "under down" }), "− toward fewer"),
        h("span", {}, h("i", { class: "under unknown" }), "unknown to the network"), h("span", {}, "the thicker, the more; choose a word to strike it out wherever it stands"))),
    update(reading, { carried }, struck) {
      if (reading !== shown) rebuild(reading);
      const most = Math.max(Number.MIN_VALUE, ...Array.from(carried.values(), Math.abs));
      words.forEach((each) => mark(each, struck.has(each.word) ? null : carried.get(each.word), most));
    },
  };
}

/** Thickness, style and sign say what the word carries; null for one that is struck out. */
function mark({ node, written }, carries, most) {
  const [out, down] = [carries === null, carries < 0];
  const height = out ? 0 : THINNEST + (THICKEST - THINNEST) * (Math.abs(carries) / most);
  node.className = `word ${out ? "struck" : down ? "down" : "up"}`;
  node.style.setProperty("--under", `${height.toFixed(1)}px`);
  node.dataset.sign = out || Math.abs(carries) < 0.1 * most ? "" : down ? "−" : "+";
  node.setAttribute("aria-pressed", String(out));
  node.setAttribute("aria-label", `${written}, ${out ? "struck out" : `carries ${carriedText(carries)}`}`);
}
