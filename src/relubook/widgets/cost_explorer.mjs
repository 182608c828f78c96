/** CostExplorer: share of zeros and batch size, against the time that skipping zeros takes. */

import { costControls } from "./cost_controls.mjs";
import { crossoverPicture } from "./cost_crossover.mjs";
import { layerPicture } from "./cost_layer.mjs";
import { networksPicture } from "./cost_networks.mjs";
import {
  costSentence, crossovers, examples, liveAt, parseCostFragment, share, whoPays, writeCostFragment,
} from "./cost_numbers.mjs";
import { speedLimits, timeLimits } from "./cost_scales.mjs";
import { costTables } from "./cost_tables.mjs";
import { h } from "./dom.mjs";
import { explore } from "./exploring.mjs";
import { nearest } from "./fragment.mjs";
import { kernelJob } from "./kernel_job.mjs";
import { percent, plain } from "./numbers.mjs";
import { passport } from "./passport.mjs";

const STATE = ["zeros_index", "batch_index", "live", "progress"];
const [NARROWEST, LARGE, SMALL] = [220, 320, 210]; // pixels

/**
 * Draw the widget into `el` and return what takes it down again.
 * @param {{model: Object, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const data = model.get("data");
  return explore({
    model, el, name: "cost-explorer", watched: STATE,
    build: ({ choose }) => build(model, data, choose),
    read: (hash) => parseCostFragment(hash, data),
    write: () => writeCostFragment(data, model.get("zeros_index"), model.get("batch_index")),
  });
}

function build(model, data, choose) {
  const crossings = crossovers(data);
  const [knobs, tables, measure] = [costControls(data, choose), costTables(data, crossings), measurer(model)];
  const [badge, about] = [h("span", { class: "badge" }), h("div", { class: "unit" })];
  const said = h("p", { class: "said", role: "status" });
  const panels = { layer: panel("large"), crossover: panel("small"), networks: panel("small") };
  const livekey = key("diamond", "measured on this machine");
  const node = h("div", { class: "card" },
    h("div", { class: "heading" },
      h("div", {}, h("div", { class: "title" }, "When does skipping zeros pay?"), about), badge),
    h("div", { class: "desk" },
      h("div", { class: "side" }, knobs.node, said, measure.node),
      h("div", { class: "plane" }, panels.layer.node, layerKey(data, livekey))),
    h("div", { class: "pair" }, panels.crossover.node, panels.networks.node),
    tables.node, origin(data));

  function update() {
    const [i, j, live] = [model.get("zeros_index"), model.get("batch_index"), model.get("live") ?? []];
    const frames = liveAt(live, j);
    const frame = frames.find((each) => each.zeros_index === i) ?? null;
    const newest = frames[frames.length - 1];
    about.textContent = `Recorded on ${data.device}.${newest ? ` Live: ${newest.device}.` : ""}`;
    badge.textContent = newest ? "recorded and live" : "recorded";
    badge.classList.toggle("live", Boolean(newest));
    livekey.hidden = !newest;
    knobs.update(i, j);
    const words = unbroken(costSentence(data, i, j, frame));
    if (said.textContent !== words) said.textContent = words;
    drawPanels(panels, { data, i, j, crossings, frames, limits: timeLimits(data, live) });
    tables.update(i, j, frames);
    measure.update();
  }
  const sized = Object.values(panels).map(({ picture }) => picture);
  return { node, sized, update, close: measure.close };
}

function drawPanels({ layer, crossover, networks }, now) {
  const { data, i, j, crossings } = now;
  const batch = examples(data.batch[j]);
  const near = nearest(data.networks.map(({ zeros }) => zeros), data.zeros[i]);
  layer.update(`One ${data.width} × ${data.width} layer, ${batch} at a time`, whoPays(data, crossings, j),
    (width) => layerPicture({ ...now, width, height: LARGE }));
  crossover.update("Where skipping begins to pay", aboutCrossover(crossings),
    (width) => crossoverPicture({ ...now, width, height: SMALL }));
  networks.update(`Trained networks, ${batch} at a time`, aboutNetwork(data, near, i),
    (width) => networksPicture({ data, j, near, limits: speedLimits(data), width, height: SMALL }));
}

function aboutCrossover(crossings) {
  const never = Object.values(crossings).flat().includes(null) ? " A triangle: nowhere." : "";
  return `Above its line, a method is faster than dense. The dot is your setting, the circle the paper’s zeros.${never}`;
}

/** The trained network nearest to the chosen zeros: how good it is, and why batches gain little. */
function aboutNetwork(data, near, i) {
  const { l1, zeros, error, union } = data.networks[near];
  const last = data.batch.length - 1;
  const used = [0, last].map((j) => `${percent(100 * union[j])} %`);
  return `Nearest to ${share(data.zeros[i])} %: L1 ${plain(l1)} with ${percent(100 * zeros)} % zeros and ` +
    `${error.toFixed(1)} % test error. Units in use: ${used[0]} by ${examples(data.batch[0])}, ` +
    `${used[1]} by a batch of ${data.batch[last]}.`;
}

const unbroken = (text) => text.replace(/ %/g, "\u00a0%");

function panel(size) {
  const [title, picture, words] = [h("div", { class: "caption" }), h("div", { class: `picture ${size}` }), h("p", { class: "unit" })];
  return {
    node: h("div", { class: "panel" }, title, picture, words),
    picture,
    update(caption, text, draw) {
      title.textContent = caption;
      words.textContent = unbroken(text);
      picture.replaceChildren(draw(Math.max(picture.clientWidth, NARROWEST)));
    },
  };
}

function measurer(model) {
  return kernelJob(model, {
    button: "Measure on this machine",
    doing: "Measuring",
    about: "times this layer in your kernel",
    without: "Open this chapter in Colab or Jupyter to measure it on your machine.",
    wish: () => ({ zeros_index: model.get("zeros_index"), batch_index: model.get("batch_index") }),
  });
}

const key = (kind, text) => h("span", {}, h("i", { class: kind }), text);

function layerKey(data, livekey) {
  return h("p", { class: "key" },
    key("dot paper", `the paper’s ${data.paper_zeros} % on MNIST`),
    key("tally", "the trained networks’ zeros"),
    key("shade", "10–90 % of the rounds"),
    livekey,
    h("span", {}, "along the zeros, equal steps divide the active units by the same factor"));
}

function origin(data) {
  return passport(data.passport,
    `Recorded on ${data.device}: one ${data.width} × ${data.width} layer with zeros at random, and networks `,
    `trained on ${data.data} with several L1 strengths. Times are medians, per example. `,
    "Gathering sums the weight rows of the active units; CSR multiplies by a compressed sparse row matrix.");
}

export default { render };
