/** HingeBuilder: a function made of hinges by hand, beside one that a network finds. */

import { h } from "./dom.mjs";
import { explore } from "./exploring.mjs";
import { actsOf } from "./hinge_acts.mjs";
import { hingeControls } from "./hinge_controls.mjs";
import { targetControls } from "./hinge_drawing.mjs";
import { errorPicture } from "./hinge_errors.mjs";
import { trainer } from "./hinge_job.mjs";
import { drawnTarget, hingesOf, rootMeanSquare, valueAt } from "./hinge_numbers.mjs";
import { hingePad } from "./hinge_pad.mjs";
import { runner } from "./hinge_runs.mjs";
import { hingeNumbers } from "./hinge_tables.mjs";
import { parseHinges, rectifiers, sentenceOf, settingOf, writeHinges } from "./hinge_words.mjs";
import { passport } from "./passport.mjs";

const STATE = ["target", "points", "drawing"];
const QUIET = 300; // ms after the last move, until the address and the kernel are told

/**
 * Draw the widget into `el` and return what takes it down again.
 * @param {{model: Object, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  return explore({
    model, el, name: "hinge-builder", watched: STATE,
    build: ({ choose }) => build(model, choose),
    read: parseHinges,
    write: () => writeHinges(settingOf(model)),
  });
}

function build(model, choose) {
  const data = model.get("data");
  const own = { selected: 1, sketching: true, note: "", timer: 0 };
  const setting = () => settingOf(model);
  const aim = aimer(data, setting);
  const acts = actsOf({ setting, aim, x: data.x, put, own });
  const card = h("div", { class: "card" });
  const pad = hingePad({ grab: acts.select, move: acts.drag, sketch: acts.sketch });
  const runs = runner(data, card, update);
  const buttons = trainer({ train, stop: runs.stop });
  const parts = [targetControls(acts), hingeControls(acts), errorPicture(data), hingeNumbers(data)];
  const view = layout(card, data, pad, buttons, parts);

  function put(state, note = "") {
    own.note = note;
    Object.entries(state).forEach(([name, value]) => model.set(name, value));
    clearTimeout(own.timer);
    own.timer = setTimeout(() => choose(setting()), QUIET);
    update();
  }
  function train(another) {
    own.note = "";
    runs.train(setting().points.length - 1, aim(), another);
  }
  function update() {
    const [{ target, points, drawing }, y] = [setting(), aim()];
    const n = points.length - 1;
    if (runs.astray(n, y)) {
      own.note = "The training has stopped: the network was for another setting.";
      runs.stop(); // which draws
      return;
    }
    own.selected = Math.min(own.selected, n);
    view.update({
      ...own, target, points, drawing, y, n, x: data.x, error: errorOf(points, data.x, y), seed: runs.seed(),
      done: runs.done(), ...runs.of(n, y),
    });
  }
  return {
    node: card,
    sized: [pad.node, parts[2].picture],
    update,
    close() {
      clearTimeout(own.timer);
      runs.close();
    },
  };
}

/** The target's heights: the same list until the target, or its drawing, is another one. */
function aimer(data, setting) {
  let last = {};
  return () => {
    const { target, drawing } = setting();
    if (target !== "own") return data.targets[target];
    const drawn = drawing.join();
    if (last.drawn !== drawn) last = { drawn, y: drawnTarget(drawing, data.x) };
    return last.y;
  };
}

function errorOf(points, x, y) {
  const f = hingesOf(points);
  return y && rootMeanSquare(x.map((place) => valueAt(f, place)), y);
}

function layout(card, data, pad, buttons, [targets, knobs, errors, numbers]) {
  const [said, badge] = [h("p", { class: "said", role: "status" }), h("span", { class: "badge" })];
  card.append(
    h("div", { class: "heading" },
      h("div", { class: "title" }, "Build a function out of hinges"), badge),
    h("p", { class: "unit" }, "f(x) = start + the sum of bend · max(0, x − place). Drag the points; each hinge is one rectifier."),
    targets.node, h("div", { class: "plane" }, pad.node, keys()), knobs.buttons, buttons.node, said,
    h("div", { class: "pair" }, knobs.node, errors.node),
    numbers.node, origin(data));
  return {
    update(now) {
      const { target, drawing, sketching, points, selected, n, y, run, all, done } = now;
      // Both widths before anything is written, or the browser would lay the page out twice.
      const widths = [pad.node, errors.picture].map((element) => element.clientWidth);
      const sketch = target === "own" && sketching;
      const live = all.length > 0;
      tell(badge, live ? "recorded and live" : "recorded");
      badge.classList.toggle("live", live);
      targets.update(target, drawing, sketching);
      pad.update(widths[0], { x: now.x, target: y, points, selected, network: run, sketch: sketch ? drawing : null });
      knobs.update(points, selected);
      errors.update(widths[1], { target, n, error: now.error, runs: all });
      buttons.update({ n, seed: now.seed, ready: y !== null, done, steps: data.steps });
      numbers.update(now);
      tell(said, sayings(data, now));
    },
  };
}

/** Words that are the same stay untouched, so that nobody hears them twice. */
function tell(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** While a network trains the sentence waits, so that nobody hears it change at each step. */
function sayings(data, { target, n, error, drawing, run, note, done }) {
  const limit = done === null ? note : `A network of ${rectifiers(n)} is training.`;
  const drawn = drawing.filter((height) => height !== null).length;
  return sentenceOf({ data, target, n, error, drawn, run: done === null ? run : null, limit });
}

function keys() {
  const key = (kind, text, narrow) => h("span", { class: narrow ? "narrow" : null }, h("i", { class: `sample ${kind}` }), text);
  return h("p", { class: "key" }, key("aim", "target", true), key("mine", "yours", true), key("net", "network and its hinges", true),
    key("term", "each summand of yours, alone"));
}

function origin(data) {
  return passport(data.passport,
    "Evenly spaced and best placed: lines through n + 1 of the target’s own points, the best of them found exactly ",
    "(two of its hinges may be 0.01 apart, yours stay 0.02 apart). Trained: networks of one input, n rectifiers and one output, ",
    `${data.steps.toLocaleString("en")} steps of Adam on all ${data.x.length} points, learning rate ${data.learning_rate}; `,
    "this page trains with the same.");
}

export default { render };
