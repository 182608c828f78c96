/** NeuronBench: a leaky neuron in time and its firing-rate curve, under five sliders. */

import { h } from "./dom.mjs";
import { explore } from "./exploring.mjs";
import { neuronChoices } from "./neuron_choices.mjs";
import { neuronControls } from "./neuron_controls.mjs";
import { curvePicture } from "./neuron_curve.mjs";
import { fitAll } from "./neuron_fits.mjs";
import { firingRate, thresholdCurrent } from "./neuron_model.mjs";
import { currentsOf, parseNeuronFragment, settings, writeNeuronFragment } from "./neuron_settings.mjs";
import { countedRate, simulate } from "./neuron_spikes.mjs";
import { neuronTables } from "./neuron_tables.mjs";
import { tracePicture } from "./neuron_trace.mjs";
import { benchSentence, DURATION, traceWords, unbroken } from "./neuron_words.mjs";
import { passport } from "./passport.mjs";

/** The smallest width, and the heights (pixels). */
const [NARROWEST, TRACE, CURVE] = [220, 230, 260];
/** Drawn is the longest trace (ms) without too many spikes. */
const [WINDOWS, MANY] = [[250, 100, 50, 25, 10, 5], 55];
/** Limits of the two curves (nA), and where they are computed: from, to, points, and close above the threshold. */
const [NEAR, FAR] = [[-1, 1.2], [-1, 10]];
const FINELY = [[-1, 1.2, 89], [1.4, 10, 44]];
const STEEP = [0, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 2e-3, 4e-3, 8e-3, 0.012];

/**
 * Draw the widget into `el` and return what takes it down again.
 * @param {{model: Object, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const data = model.get("data");
  return explore({
    model, el, name: "neuron-bench",
    watched: [...data.knobs.map(({ trait }) => trait), "seed", "fitted", "shown"],
    build: ({ choose }) => build(model, data, choose),
    read: (hash) => parseNeuronFragment(hash, data),
    write: () => writeNeuronFragment(data, settings(model)),
  });
}

function build(model, data, choose) {
  const [knobs, choices] = [neuronControls(data, choose, () => model.get("seed")), neuronChoices(data, choose)];
  const [tables, said] = [neuronTables(data.points), h("p", { class: "said", role: "status" })];
  const [trace, near, far] = [panel("trace", "The membrane in time"),
    panel("curve", "How often it fires: near the threshold"), panel("curve", "… and over the paper’s whole axis")];
  const node = h("div", { class: "card" },
    h("div", { class: "heading" },
      h("div", {}, h("div", { class: "title" }, "A neuron on the bench"), h("div", { class: "unit" }, unbroken(data.about))),
      h("span", { class: "badge" }, "computed here")),
    h("div", { class: "desk" }, trace.node, h("div", { class: "side" }, knobs.node), said),
    h("div", { class: "pair" }, near.node, far.node), key(), choices.node, tables.node, passport(data.passport, data.origin));
  const compute = computer(data);

  function update() {
    const now = compute(settings(model));
    knobs.update(now.state);
    choices.update(now.state, now.fits);
    const words = benchSentence(now);
    if (said.textContent !== words) said.textContent = words;
    trace.update(tracePicture(now, trace.width(), TRACE), traceWords(now));
    near.update(curvePicture(now, NEAR, near.width(), CURVE));
    far.update(curvePicture(now, FAR, far.width(), CURVE));
    tables.update((current) => firingRate(now.neuron, current), now);
  }
  const panels = [trace, near, far];
  return { node, sized: panels.map(({ picture }) => picture), update, close: () => panels.forEach(({ close }) => close()) };
}

/** What a setting comes to; curve and fits are kept while only the current moves. */
function computer({ ranges, points: paper, resistance, drop }) {
  let [kept, curve] = ["", null];
  return (state) => {
    const { membrane, refractory, threshold, noise, current, fitted } = state;
    const neuron = { membrane, refractory, threshold, noise, resistance, drop };
    const setting = JSON.stringify([neuron, fitted]);
    if (setting !== kept) [kept, curve] = [setting, curveOf(neuron, ranges[fitted])];
    const formula = firingRate(neuron, current);
    const drawn = WINDOWS.find((window) => (formula * window) / 1000 < MANY) ?? WINDOWS[WINDOWS.length - 1];
    const { path, spikes } = simulate(neuron, current, DURATION, state.seed, drawn);
    const seen = countedRate(spikes, DURATION);
    return {
      ...curve, state, neuron, path, spikes, drawn, formula, current, paper,
      shown: state.shown, range: ranges[fitted], working: ranges.working, chosen: { current, formula, seen },
    };
  };
}

function curveOf(neuron, range) {
  const rates = (currents) => currents.map((current) => firingRate(neuron, current));
  const steep = STEEP.map((more) => thresholdCurrent(neuron) + more);
  const currents = [...FINELY.flatMap(currentsOf), ...steep].sort((one, other) => one - other);
  const [drawn, fitted] = [rates(currents), currentsOf(range)];
  return { points: currents.map((current, i) => [current, drawn[i]]), fits: fitAll(fitted, rates(fitted)) };
}

/** A picture with its title and words. It is told its width: to ask for it would cost a layout at every move. */
function panel(kind, title) {
  const [picture, words] = [h("div", { class: `picture ${kind}` }), h("p", { class: "unit" })];
  let width = NARROWEST;
  const sizes = new ResizeObserver(([{ contentRect }]) => (width = Math.max(Math.floor(contentRect.width), NARROWEST)));
  sizes.observe(picture);
  return {
    node: h("div", { class: `panel ${kind}` }, h("div", { class: "caption" }, title), picture, words),
    picture,
    width: () => width,
    close: () => sizes.disconnect(),
    update(drawing, text = "") {
      words.textContent = unbroken(text);
      picture.replaceChildren(drawing);
    },
  };
}

function key() {
  const item = (kind, text) => h("span", {}, h("i", { class: kind }), text);
  return h("p", { class: "key" }, item("dot paper", "the paper’s Figure 1 (the paper’s neuron)"), item("dot ring", "formula at your current"),
    item("dot seen", "counted in the trace"), item("shade", "the paper’s working range"));
}

export default { render };
