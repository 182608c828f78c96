/** ReviewReader: a review, the units that it lights up, and what its words carry. */

import { h } from "./dom.mjs";
import { explore } from "./exploring.mjs";
import { passport } from "./passport.mjs";
import { chancePanel } from "./review_chances.mjs";
import { reviewControls } from "./review_controls.mjs";
import { readReview, reviewNetwork, strikeOut } from "./review_network.mjs";
import { accountSentence, MEANING, parseReview, reviewSentence, writeReview } from "./review_sentences.mjs";
import { accountLists, fullTables } from "./review_tables.mjs";
import { textPanel } from "./review_text.mjs";
import { unitPanel } from "./review_units.mjs";

const QUIET = 300; // ms after the last key, until the sentence and the address are told

/**
 * Draw the widget into `el` and return what takes it down again.
 * @param {{model: Object, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const data = model.get("data");
  return explore({
    model, el, name: "review-reader", watched: ["example"],
    build: ({ choose }) => build(model, data, choose),
    read: (hash) => parseReview(hash, data),
    write: () => writeReview(model.get("example")),
  });
}

function build(model, data, choose) {
  const network = reviewNetwork(data);
  const own = { text: "", struck: new Set(), reading: null, shown: null, quiet: true, timer: 0, frame: 0 };
  const view = layout(data, network, { pick: (example) => choose({ example }), write, strike, restore });

  function write(text) {
    Object.assign(own, { text, struck: new Set(), shown: "" });
    model.set("example", ""); // what is typed is nobody's example
    later();
  }
  function strike(word) {
    if (!own.struck.delete(word)) own.struck.add(word);
    draw();
  }
  function restore() {
    own.struck = new Set();
    draw();
  }
  /** However fast somebody types, it is drawn once a frame, and told when the keys are still. */
  function later() {
    own.quiet = false;
    clearTimeout(own.timer);
    own.timer = setTimeout(() => { own.quiet = true; choose({}); }, QUIET);
    cancelAnimationFrame(own.frame);
    own.frame = requestAnimationFrame(draw);
  }
  function draw() {
    const example = model.get("example");
    if (example !== own.shown && example) Object.assign(own, { text: data.examples.find(({ name }) => name === example)?.text ?? "", struck: new Set() });
    own.shown = example;
    if (own.reading?.text !== own.text) own.reading = readReview(network, own.text);
    view.update({ example, own, after: strikeOut(network, own.reading, own.struck) });
  }
  return {
    node: view.node, sized: [], update: draw,
    close() {
      clearTimeout(own.timer);
      cancelAnimationFrame(own.frame);
    },
  };
}

function layout(data, network, { pick, write, strike, restore }) {
  const [controls, chances, units] = [reviewControls(data, { pick, write }), chancePanel(data), unitPanel(network)];
  const [text, lists, tables] = [textPanel(strike), accountLists(), fullTables(data)];
  const [said, account] = [h("p", { class: "said", role: "status" }), h("p", { class: "account", role: "status" })];
  const back = h("button", { type: "button", class: "back", onclick: restore }, "Put all words back");
  const node = h("div", { class: "card" },
    h("div", { class: "heading" },
      h("div", {}, h("div", { class: "title" }, `A review, read by ${2 * data.width} units`), h("div", { class: "unit" }, `${data.data}; ${data.network}`)),
      h("span", { class: "badge" }, "recorded")),
    controls.node, said, h("div", { class: "answers" }, chances.node, units.node), text.node, account, back, lists.node,
    h("p", { class: "key" }, MEANING), tables.node, reviewOrigin(data));
  return {
    node,
    update({ example, own, after }) {
      controls.update(example, own.text);
      chances.update(after.seen);
      units.update(own.reading, after.seen, own.struck);
      text.update(own.reading, after, own.struck);
      lists.update(after);
      tables.update(after);
      back.hidden = own.struck.size === 0;
      if (!own.quiet) return;
      tell(said, reviewSentence(data, own.reading, after.seen, own.struck.size));
      tell(account, accountSentence(own.reading, after, [...own.struck]));
    },
  };
}

/** A sentence that did not change is not read out again. */
function tell(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

function reviewOrigin(data) {
  const { measured, passport: entries } = data;
  const seeds = entries.seeds?.length ?? 1;
  const [low, middle, high] = measured.known;
  return passport(entries,
    `Recorded: ${data.data}; ${data.network}. The network here is that of the first of ${seeds} seeds; the page runs it itself. `,
    `Over all test reviews, mean of the seeds: root mean squared error of the expected stars ${measured.error} ± ${measured.half} (95 % interval), ${measured.exact_error} before rounding, ${measured.constant_error} for always guessing the mean; ${measured.within} % are at most one star off. `,
    `Exact zeros: ${measured.zeros.join(" % and ")} % of the two layers’ outputs. Of a test review’s different words, those known are ${middle} % (middle review; ${low} % and ${high} % at the outer tenths). `,
    `Taking a single word away turns no unit on or off in ${measured.unflipped} % of the cases; over all of them the account is off by ${measured.account_error} nat per star on average, a word’s share being ${measured.account_size}. `,
    "A word counts once, however often it stands, and small and capital letters are the same.");
}

export default { render };
