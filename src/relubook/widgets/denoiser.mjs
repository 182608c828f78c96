/** Denoiser: a digit, what noise leaves of it, and what four kinds of autoencoders give back. */

import { h } from "./dom.mjs";
import { digitStrip, noiseControls, strategyCards } from "./denoiser_controls.mjs";
import { insidePanel } from "./denoiser_inside.mjs";
import { coderOf, flipped, lotsOf, stroked, unpackedBytes } from "./denoiser_network.mjs";
import { drawingPad } from "./denoiser_pad.mjs";
import { grayPicture } from "./denoiser_pictures.mjs";
import { errorTable } from "./denoiser_tables.mjs";
import { noiseSentence, parseDenoiser, penWords, seenBy, writeDenoiser } from "./denoiser_words.mjs";
import { explore } from "./exploring.mjs";
import { kernelJob } from "./kernel_job.mjs";
import { passport } from "./passport.mjs";

const SETTING = ["digit", "noise", "mask", "strategy"];
const QUIET = 300; // ms after the last move, until the sentence, the address and the kernel are told

/**
 * Draw the widget into `el` and return what takes it down again.
 * @param {{model: Object, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const data = model.get("data");
  return explore({
    model, el, name: "denoiser", watched: [...SETTING, "live", "progress"],
    build: ({ choose }) => build(model, data, choose),
    read: (hash) => parseDenoiser(hash, data),
    write: () => writeDenoiser(settingOf(model)),
  });
}

const settingOf = (model) => Object.fromEntries(SETTING.map((name) => [name, model.get(name)]));

function build(model, data, choose) {
  const own = { drawn: null, cursor: null, erasing: false, recordedOnly: false, quiet: true, timer: 0, frame: 0, shown: null };
  const [digits, networks] = [digitsOf(data), networksOf(data)];
  const digitNow = () => own.drawn ?? digits[model.get("digit")];
  const parts = partsOf(model, data, digits, {
    put, draws,
    point: (cursor) => mine({ cursor }), erase: (erasing) => mine({ erasing }), turn: () => mine({ recordedOnly: !own.recordedOnly }),
    stroke: (from, to) => draws(stroked(digitNow(), data.side, from, to, own.erasing)),
    flip: (i) => draws(flipped(digitNow(), i)),
  });
  const view = layout(data, parts);

  function mine(state) {
    Object.assign(own, state);
    update();
  }
  function draws(drawn, state = {}) {
    own.drawn = drawn;
    put(state);
  }
  function put(state) {
    Object.entries(state).forEach(([name, value]) => model.set(name, value));
    own.quiet = false;
    clearTimeout(own.timer);
    own.timer = setTimeout(() => { own.quiet = true; choose({}); }, QUIET);
    update();
  }
  /** However often a hand moves, it is drawn once a frame. */
  function update() {
    cancelAnimationFrame(own.frame);
    own.frame = requestAnimationFrame(draw);
  }
  function draw() {
    const setting = settingOf(model);
    if (own.shown !== setting.digit && own.shown !== null) own.drawn = null; // another digit, from the address or the kernel
    own.shown = setting.digit;
    const live = (model.get("live") ?? []).at(-1) ?? null;
    const frame = own.recordedOnly ? null : live;
    const coders = networks(frame);
    const digit = digitNow();
    const seen = seenBy(coders, digit, lotsOf(setting.mask, digit.length), setting.noise);
    view.update({ setting, own, digit, seen, coders, frame, live });
  }
  return {
    node: view.node, sized: [], update: draw,
    close() {
      clearTimeout(own.timer);
      cancelAnimationFrame(own.frame);
      parts.train.close();
    },
  };
}

function partsOf(model, data, digits, { put, draws, point, erase, turn, stroke, flip }) {
  return {
    strip: digitStrip(data, digits, ({ digit }) => draws(null, { digit })),
    pad: drawingPad(data.side, { stroke, flip, point }),
    knobs: noiseControls(data, {
      choose: put, erase,
      clear: () => draws(new Float64Array(data.side ** 2)), other: () => put({ mask: (model.get("mask") % 9999) + 1 }),
    }),
    cards: strategyCards(data, put), inside: insidePanel(data), table: errorTable(data), train: trainer(model, data),
    other: h("button", { type: "button", onclick: turn }),
  };
}

/** The digits as numbers from 0 to 1. */
function digitsOf({ digits, labels, side }) {
  const [bytes, pixels] = [unpackedBytes(digits), side * side];
  return labels.map((_, i) => Float64Array.from(bytes.subarray(i * pixels, (i + 1) * pixels), (value) => value / 255));
}

/** The recorded networks, or those of a frame, decoded once. */
function networksOf({ strategies, side, width }) {
  const decoded = new Map();
  return (frame) => {
    if (!decoded.has(frame)) {
      decoded.set(frame, strategies.map((each, i) => coderOf(frame ? frame.networks[i] : each, each.output, side * side, width)));
    }
    return decoded.get(frame);
  };
}

function layout(data, { strip, pad, knobs, cards, inside, table, train, other }) {
  const [badge, said, pen] = [h("span", { class: "badge" }), h("p", { class: "said", role: "status" }), h("p", { class: "key", "aria-live": "polite" })];
  const [received, seeds] = [grayPicture(data.side), data.passport.seeds?.length ?? 1];
  const framed = (title, content, ...more) => h("div", { class: "framed" }, h("div", { class: "caption" }, title), content, ...more);
  const node = h("div", { class: "card" },
    h("div", { class: "heading" },
      h("div", {}, h("div", { class: "title" }, "Take pixels away, and have them restored"), h("div", { class: "unit" }, `${data.data}; ${data.network}`)), badge),
    strip.node,
    h("div", { class: "bench" }, framed("The digit: draw on it", pad.node, pen), framed("Received, × masked", received.node), knobs.node),
    cards.node, said, inside.node, table.node, other, train.node, origin(data, seeds));
  return {
    node,
    update({ setting, own, digit, seen, coders, frame, live }) {
      badge.textContent = frame ? "live" : "recorded";
      badge.classList.toggle("live", Boolean(frame));
      strip.update(own.drawn ? null : setting.digit);
      pad.update(digit, own.cursor);
      received.update(seen.received, seen.masked);
      knobs.update(setting.noise, own.erasing);
      cards.update(seen.restored, setting.strategy);
      inside.update(data.strategies[setting.strategy].name, coders[setting.strategy], seen.restored[setting.strategy]);
      const where = own.cursor === null ? "" : penWords(digit, data.side, own.cursor);
      if (pen.textContent !== where) pen.textContent = where;
      const who = own.drawn ? "Your drawing" : `A “${data.labels[setting.digit]}”`;
      const words = noiseSentence(data, seen, digit, who).replace(/ %/g, "\u00a0%");
      if (own.quiet && said.textContent !== words) said.textContent = words;
      table.update(frame, seeds);
      other.hidden = !live;
      other.textContent = frame ? "Show the recorded networks" : "Show what was trained here";
      train.update();
    },
  };
}

function trainer(model, data) {
  const first = Math.max(199, ...(data.passport.seeds ?? [])) + 1;
  return kernelJob(model, {
    button: "Train these four",
    doing: "Training",
    about: "from a seed that was not recorded, on embedded digits, in your kernel",
    without: "Open this chapter in Colab or Jupyter to train the four yourself.",
    wish: () => ({ seed: first + (model.get("live") ?? []).length }),
  });
}

function origin(data, seeds) {
  const rates = data.strategies.map(({ name, rate }) => `${name}: ${rate.join(", ")}`).join("; ");
  return passport(data.passport,
    `Recorded: ${data.data}; ${data.network}; ${data.masked} % of the pixels masked while training. The networks drawn are those of the first of ${seeds} seeds; the page runs them itself. `,
    `Each seed chose its learning rate on validation digits by its own strategy’s cost (${rates}). The squared error is the sum over the pixels, in one measure for all. Outputs below 0 and above 1 are drawn as 0 and 1.`);
}

export default { render };
