/** ScaleSlider: one function, many parametrizations, and how differently they train. */

import { h } from "./dom.mjs";
import { explore } from "./exploring.mjs";
import { kernelJob } from "./kernel_job.mjs";
import { passport } from "./passport.mjs";
import { scaleControls } from "./scale_controls.mjs";
import { alphasOf, apart, layersOf, logitsOf, rescaled } from "./scale_network.mjs";
import { digitPicture, outputsPicture, penaltiesPicture, racesPicture, spectrumPicture, weightsPicture } from "./scale_pictures.mjs";
import { scaleTable } from "./scale_tables.mjs";
import { CASES, liveAt, parseScale, STAGES, troubleWith, viewSentence, writeScale } from "./scale_words.mjs";

const SETTING = ["place", "stage", "case", "digit"];
const QUIET = 300; // ms after the last move, until the address and the kernel are told
const [NARROWEST, DIGIT] = [230, 84]; // pixels of a chart, and of the digit

/**
 * Draw the widget into `el` and return what takes it down again.
 * @param {{model: Object, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const data = model.get("data");
  const trouble = troubleWith(data);
  if (trouble) {
    el.textContent = trouble;
    return () => el.replaceChildren();
  }
  return explore({
    model, el, name: "scale-slider", watched: [...SETTING, "live", "progress"],
    build: ({ choose }) => build(model, data, choose),
    read: (hash) => parseScale(hash, data),
    write: () => writeScale(data, settingOf(model)),
  });
}

const settingOf = (model) => Object.fromEntries(SETTING.map((name) => [name, model.get(name)]));

function build(model, data, choose) {
  const own = { timer: 0, frame: 0, width: NARROWEST };
  const inputs = data.digits.map((pixels) => pixels.map((v) => v / 255));
  const known = networks(data, inputs);
  const parts = { knobs: scaleControls(data, put), train: trainer(model, data), rows: scaleTable(data), charts: charts(data) };
  const view = layout(data, parts);
  /** The pictures are told their width: to ask for it would cost a layout at every move. */
  const sizes = new ResizeObserver(([{ contentRect }]) => {
    const width = Math.max(Math.floor(contentRect.width), NARROWEST);
    if (width === own.width) return;
    own.width = width;
    later();
  });
  sizes.observe(parts.charts.measured);

  /** What the reader moves is drawn once a frame; the address is told when the hand rests. */
  function put(state) {
    Object.entries(state).forEach(([name, value]) => model.set(name, value));
    later();
    clearTimeout(own.timer);
    own.timer = setTimeout(() => choose({}), QUIET);
  }
  function later() {
    own.frame ||= requestAnimationFrame(update);
  }
  function update() {
    cancelAnimationFrame(own.frame);
    own.frame = 0;
    const setting = settingOf(model);
    const units = setting.case === "tanh" ? "tanh" : "rectifier";
    const before = known(units, setting.stage);
    const after = rescaled(before.layers, alphasOf(setting.case, 2 ** data.log2_s[setting.place]));
    const logits = inputs.map((x) => logitsOf(after, x, units));
    const live = liveAt(model.get("live"), setting.place);
    parts.charts.update({ setting, before, after, logits, live, width: own.width });
    view.update(setting, viewSentence(data, setting, apart(logits, before.logits), live), live);
  }
  return {
    node: view.node, sized: [], update,
    close() {
      clearTimeout(own.timer);
      cancelAnimationFrame(own.frame);
      sizes.disconnect();
      parts.train.close();
    },
  };
}

/** Each network at s = 1 and its logits for all digits, worked out once. */
function networks(data, inputs) {
  const kept = new Map();
  return (units, stage) => {
    const key = `${units} ${stage}`;
    if (!kept.has(key)) {
      const layers = layersOf(data.weights[units][stage], data.sizes);
      kept.set(key, { layers, logits: inputs.map((x) => logitsOf(layers, x, units)) });
    }
    return kept.get(key);
  };
}

function charts(data) {
  const titles = ["Outputs for the digit", "Weights", "Curvature: eigenvalues (nat)", "Training loss from here (nat)", "What a penalty would prefer"];
  const [outputs, weights, spectrum, races, wishes] = titles.map((title) => {
    const picture = h("div", { class: "picture" });
    return { picture, node: h("div", { class: "chart" }, h("div", { class: "caption" }, title), picture) };
  });
  const digit = h("div", { class: "digit" });
  const strokes = (...entries) => h("p", { class: "key" }, ...entries.map(([kind, words]) => h("span", {}, h("i", { class: kind }), words)));
  races.node.append(strokes(["stroke one", "s = 1"], ["stroke own", "best rate for this s"], ["stroke common", "rate best for s = 1"], ["stroke limit", "says nothing, or diverged"]));
  wishes.node.append(strokes(["stroke own", "squared weights"], ["stroke common", "L1 of activations"]));
  const recorded = [spectrum, races, wishes];
  const shown = h("div", { class: "input" }, digit, strokes(["sample outline", "at s = 1"], ["sample filled", "at this s"]));
  const node = h("div", { class: "charts" }, ...[outputs, weights, ...recorded].map((part) => part.node));
  return {
    node, shown, measured: outputs.picture,
    update({ setting, before, after, logits, live, width }) {
      const { stage, place } = setting;
      digit.replaceChildren(digitPicture(data.digits[setting.digit], DIGIT));
      outputs.picture.replaceChildren(outputsPicture(before.logits[setting.digit], logits[setting.digit], width));
      weights.picture.replaceChildren(weightsPicture(after, before.layers, width));
      recorded.forEach((part) => (part.node.hidden = setting.case !== "positive"));
      if (setting.case !== "positive") return;
      spectrum.picture.replaceChildren(spectrumPicture(data, stage, place, width));
      races.picture.replaceChildren(racesPicture(data, place, live, width));
      wishes.picture.replaceChildren(penaltiesPicture(data, before.layers, stage, place, width));
    },
  };
}

function layout(data, { knobs, train, rows, charts: pictures }) {
  const [badge, said] = [h("span", { class: "badge" }), h("p", { class: "said", role: "status" })];
  const node = h("div", { class: "card" },
    h("div", { class: "heading" },
      h("div", {}, h("div", { class: "title" }, "One function, many parametrizations"), h("div", { class: "unit" }, `${data.data}; ${data.network}`)), badge),
    h("div", { class: "desk" }, h("div", { class: "side" }, knobs.node), h("div", { class: "told" }, said, pictures.shown)), pictures.node,
    train.node, rows.node, origin(data));
  return {
    node,
    update(setting, words, live) {
      node.dataset.units = setting.case === "tanh" ? "tanh" : "rectifier";
      knobs.update(setting);
      train.update();
      train.node.hidden = setting.case !== "positive";
      rows.update(setting);
      badge.textContent = live ? "live" : "recorded";
      badge.classList.toggle("live", Boolean(live));
      if (said.textContent !== words) said.textContent = words;
    },
  };
}

function trainer(model, data) {
  const first = Array.isArray(data.passport.seeds) ? Math.max(...data.passport.seeds) + 1 : 10;
  return kernelJob(model, {
    button: "Train this one",
    doing: "Training",
    about: "on the embedded digits, from this s, at both rates, in your kernel",
    without: "Open this chapter in Colab or Jupyter to train from here yourself.",
    wish: () => ({ place: model.get("place"), seed: first + (model.get("live") ?? []).length }),
  });
}

function origin(data) {
  return passport(data.passport,
    `Recorded: ${data.data}; ${data.network}. The weights are those of the first seed, in 32 bits; the page computes the outputs of both parametrizations in 64 bits. `,
    `Curvature: the Gauss-Newton matrix of the training loss, medians over seeds, ${Object.values(STAGES).join(" and ")}. Not recorded: ${CASES.negative}, and ${CASES.tanh}.`);
}

export default { render };
