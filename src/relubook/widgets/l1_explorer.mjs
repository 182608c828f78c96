/** L1Explorer: two sliders, and what they do to zeros, dead units and test error. */

import { h } from "./dom.mjs";
import { explore } from "./exploring.mjs";
import { kernelJob } from "./kernel_job.mjs";
import { controls } from "./l1_controls.mjs";
import { layerPanels, rasterKey } from "./l1_layers.mjs";
import { liveFrame, parseFragment, planeLimits, reading, sentence, writeFragment } from "./l1_numbers.mjs";
import { plane } from "./l1_plane.mjs";
import { table } from "./l1_tables.mjs";
import { passport } from "./passport.mjs";

const STATE = ["l1_index", "depth", "live", "progress"];

/**
 * Draw the widget into `el` and return what takes it down again.
 * @param {{model: Object, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const data = model.get("data");
  return explore({
    model, el, name: "l1-explorer", watched: STATE,
    build: (acts) => build(model, data, acts),
    read: (hash) => parseFragment(hash, data),
    write: () => writeFragment(data, model.get("l1_index"), model.get("depth")),
  });
}

function build(model, data, { choose, draw }) {
  let recordedOnly = false;
  const [knobs, layers, rows, train] = [controls(data, choose), layerPanels(data), table(data), trainer(model, data)];
  const [badge, about, others] = [h("span", { class: "badge" }), h("div", { class: "unit" }), h("span")];
  const said = h("p", { class: "said", role: "status" });
  const picture = h("div", { class: "picture" });
  const other = h("button", { type: "button", onclick: () => { recordedOnly = !recordedOnly; draw(); } });
  const node = h("div", { class: "card" },
    h("div", { class: "heading" },
      h("div", {}, h("div", { class: "title" }, "How many zeros can a network bear?"), about), badge),
    h("div", { class: "desk" },
      h("div", { class: "side" }, knobs.node, said, other),
      h("div", { class: "plane" }, picture, planeKey(data, others))),
    rasterKey(data), layers.node, train.node, rows.node, origin(data));

  function update() {
    const [i, depth, frames] = [model.get("l1_index"), model.get("depth"), model.get("live") ?? []];
    const frame = liveFrame(frames, i, depth);
    const r = reading(data, i, depth, recordedOnly ? null : frame);
    about.textContent = r.live ? `${frame.data}; ${r.error.length} seeds, trained in your kernel`
      : `${data.data}; ${data.network}; ${data.seeds} seeds a setting`;
    others.textContent = r.live && data.live_band ? "recorded with the same digits, same depth" : "other L1, same depth";
    badge.textContent = r.live ? "live" : "recorded";
    badge.classList.toggle("live", r.live);
    other.hidden = !frame;
    other.textContent = recordedOnly ? "Show what was trained here" : "Show the recorded run";
    knobs.update(i, depth);
    const words = sentence(r).replace(/ %/g, "\u00a0%");
    if (said.textContent !== words) said.textContent = words;
    picture.replaceChildren(drawPlane(data, r, picture.clientWidth, frames, i));
    layers.update(r);
    rows.update(i, depth);
    train.update();
  }
  return { node, sized: [picture], update, close: train.close };
}

function trainer(model, data) {
  return kernelJob(model, {
    button: "Train this one",
    doing: "Training",
    about: data.live_band ? `trains on ${data.live_band.data}, in your kernel` : "in your kernel",
    without: "Open this chapter in Colab or Jupyter to train it yourself.",
    wish: () => ({ l1_index: model.get("l1_index"), depth: model.get("depth") }),
  });
}

function origin(data) {
  return passport(data.passport,
    `Recorded: ${data.data}; ${data.network}; ${data.seeds} seeds a setting. `,
    `Hollow circles: the ${data.paper.zeros.length} networks that can be read from the paper’s Figure 3.`);
}

function drawPlane(data, chosen, width, frames, i) {
  const row = data.depths.indexOf(chosen.depth);
  const from = chosen.live && data.live_band ? data.live_band : data;
  return plane({
    width: Math.max(width, 240),
    height: 300,
    limits: planeLimits(data, frames),
    paper: data.paper,
    others: data.l1.map((_, k) => ({ zeros: from.zeros[row][k], error: from.error[row][k] })),
    chosen,
    band: chosen.live && data.live_band
      ? { zeros: data.live_band.zeros[row][i], error: data.live_band.error[row][i] } : null,
  });
}

function planeKey(data, others) {
  const key = (kind, text) => h("span", {}, h("i", { class: `dot ${kind}` }), text);
  return h("p", { class: "key" },
    key("paper", `the paper’s ${data.paper.zeros.length} networks`),
    key("chosen", "this setting, each seed"),
    key("median", "median"),
    key("faint", others));
}

export default { render };
