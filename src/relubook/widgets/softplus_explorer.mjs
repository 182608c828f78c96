/** SoftplusExplorer: one slider from softplus to the rectifier, and the networks on its way. */

import { h } from "./dom.mjs";
import { explore } from "./exploring.mjs";
import { kernelJob } from "./kernel_job.mjs";
import { key, panel } from "./panel.mjs";
import { passport } from "./passport.mjs";
import { setNamed } from "./sets.mjs";
import { softplusControls } from "./softplus_controls.mjs";
import { slopePicture, unitPicture } from "./softplus_curves.mjs";
import { alphaSentence, alphaText, frameAt, parseAlpha, writeAlpha } from "./softplus_numbers.mjs";
import { errorPicture, zerosPicture } from "./softplus_records.mjs";
import { softplusTable } from "./softplus_tables.mjs";

const [UNIT, SLOPE, RECORD] = [216, 148, 250]; // pixels

/**
 * Draw the widget into `el` and return what takes it down again.
 * @param {{model: Object, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const data = model.get("data");
  return explore({
    model, el, name: "softplus-explorer", watched: ["stop_index", "shown", "live", "progress"],
    build: ({ choose }) => build(model, data, choose),
    read: (hash) => parseAlpha(hash, data),
    write: () => writeAlpha(data, model.get("stop_index"), model.get("shown")),
  });
}

function build(model, data, choose) {
  const [knobs, rows, train] = [softplusControls(data, choose), softplusTable(), trainer(model, data, choose)];
  const [badge, about] = [h("span", { class: "badge" }), h("div", { class: "unit" })];
  const said = h("p", { class: "said", role: "status" });
  const panels = {
    unit: panel("curve", "The unit"), slope: panel("slope", "Its slope"),
    error: panel("record", "Test error by α"), zeros: panel("record", "Zeros by α"),
  };
  const [paperKey, liveKey, origin] = [key("dot paper", "the paper, on its NORB"), key("diamond", "trained here"), h("div")];
  const node = h("div", { class: "card" },
    h("div", { class: "heading" },
      h("div", {}, h("div", { class: "title" }, "How hard should a zero be?"), about), badge),
    h("div", { class: "desk" },
      h("div", { class: "side" }, knobs.node, said, train.node),
      h("div", { class: "plane" }, panels.unit.node, panels.slope.node, unitKey())),
    h("div", { class: "pair" },
      h("div", {}, panels.error.node, h("p", { class: "key" }, key("dot soft", "a seed, softplus"), key("dot hard", "a seed, rectifier"), paperKey, liveKey)),
      h("div", {}, panels.zeros.node, zerosKey())),
    rows.node, origin);
  let described = null;

  function update() {
    const [stop, set] = [model.get("stop_index"), setNamed(data, model.get("shown"))];
    const [alpha, mine] = [data.stops[stop], set.name === model.get("live_name")];
    const frames = mine ? (model.get("live") ?? []) : [];
    const frame = frameAt(frames, stop, set, model.get("live_name"));
    about.textContent = `${set.title}; ${set.network}; ${set.seeds} seeds; each α with its own learning rate`;
    badge.textContent = frame ? "live" : "recorded";
    badge.classList.toggle("live", Boolean(frame));
    knobs.update(stop, set.name);
    const words = alphaSentence(data, stop, set, frame).replace(/ (?=[%=])|(?<==) /g, "\u00a0");
    if (said.textContent !== words) said.textContent = words;
    paperKey.hidden = !set.paper.length;
    liveKey.hidden = !frames.length;
    drawAll(panels, { stops: data.stops, set, alpha, frames });
    rows.update(set, alpha, data.stops, frames);
    if (described !== set) origin.replaceChildren(passportOf((described = set)));
    train.update();
  }
  const all = Object.values(panels);
  return {
    node, update, sized: all.map(({ picture }) => picture),
    close() {
      train.close();
      all.forEach(({ close }) => close());
    },
  };
}

function drawAll({ unit, slope, error, zeros }, now) {
  unit.draw((width) => unitPicture(now.alpha, width, UNIT));
  slope.draw((width) => slopePicture(now.alpha, width, SLOPE));
  error.draw((width) => errorPicture(now, width, RECORD));
  zeros.draw((width) => zerosPicture(now, width, RECORD));
}

const unitKey = () => h("p", { class: "key" }, key("stroke", "log(1 + exp(αx)) / α"), key("stroke hard", "rectifier, max(0, x)"));

const zerosKey = () => h("p", { class: "key" }, key("stroke zeros", "exactly 0"),
  key("stroke near_absolute", "below 0.001"), key("stroke near_relative", "within 1\u00a0% of the layer’s root mean square"));

/** A wish moves the picture to the set that live networks belong to. */
function trainer(model, data, choose) {
  const set = setNamed(data, model.get("live_name"));
  return kernelJob(model, {
    button: "Train this one",
    doing: "Training",
    about: `trains three networks with this α on ${set.title}, in your kernel`,
    without: "Open this chapter in Colab or Jupyter to train networks with any α.",
    wish() {
      if (model.get("shown") !== set.name) choose({ shown: set.name });
      return { stop_index: model.get("stop_index") };
    },
  });
}

function passportOf(set) {
  const chosen = set.alphas.map((alpha, i) => `${alphaText(alpha)}: ${set.rate[i]}`).join(", ");
  return passport(set.passport,
    `Recorded: ${set.title}; ${set.network}; ${set.seeds} seeds for each α. The learning rate of each α was chosen on the `,
    `validation split with other seeds (${chosen}); no penalty. The zeros are means over hidden layers, on the test split.`);
}

export default { render };
