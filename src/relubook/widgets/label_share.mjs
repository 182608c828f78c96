/** LabelShare: how many images have a label, and what learning without labels saves then. */

import { h } from "./dom.mjs";
import { explore } from "./exploring.mjs";
import { kernelJob } from "./kernel_job.mjs";
import { labelControls } from "./label_controls.mjs";
import { errorsPicture, gainPicture, slowly } from "./label_curves.mjs";
import { frameAt, grouped, labelSentence, parseShare, writeShare } from "./label_numbers.mjs";
import { labelTable } from "./label_tables.mjs";
import { key, panel } from "./panel.mjs";
import { passport } from "./passport.mjs";
import { setNamed } from "./sets.mjs";

const [ERRORS, GAIN] = [320, 290]; // pixels
const NOTHING = [];

/**
 * Draw the widget into `el` and return what takes it down again.
 * @param {{model: Object, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const data = model.get("data");
  return explore({
    model, el, name: "label-share", watched: ["stop_index", "shown", "live", "progress"],
    build: ({ choose }) => build(model, data, choose),
    read: (hash) => parseShare(hash, data),
    write: () => writeShare(data, model.get("stop_index"), model.get("shown")),
  });
}

function build(model, data, choose) {
  const [knobs, rows, train] = [labelControls(data, choose), labelTable(), trainer(model, data, choose)];
  const [badge, about, origin] = [h("span", { class: "badge" }), h("div", { class: "unit" }), h("div")];
  const said = h("p", { class: "said", role: "status", "aria-live": "polite" });
  const panels = { errors: panel("errors", "Test error by labels"), gain: panel("gain", "What pretraining saves") };
  const [paperKey, liveKey] = [key("square", "the paper, on its NORB, at the same shares"), key("diamond", "trained here")];
  const node = h("div", { class: "card" },
    h("div", { class: "heading" },
      h("div", {}, h("div", { class: "title" }, "When is learning without labels worth it?"), about), badge),
    h("div", { class: "desk" },
      h("div", { class: "side" }, knobs.node, said, train.node),
      h("div", { class: "plane" }, panels.errors.node, panels.gain.node, keys(data.activations, paperKey, liveKey))),
    rows.node, origin);
  const [errors, gain] = [slowly(errorsPicture), slowly(gainPicture)];
  let described = null;

  function update() {
    const [stop, set] = [model.get("stop_index"), setNamed(data, model.get("shown"))];
    const frames = set.name === model.get("live_name") ? (model.get("live") ?? NOTHING) : NOTHING;
    const frame = frameAt(frames, stop, set, model.get("live_name"));
    about.textContent = `${set.title}, ${grouped(set.images)} images without labels; ${set.network}; ${set.seeds} seeds`;
    badge.textContent = frame ? "live" : "recorded";
    badge.classList.toggle("live", Boolean(frame));
    knobs.update(stop, set);
    const words = labelSentence(data, stop, set, frame).replace(/ (?=%)/g, "\u00a0");
    if (said.textContent !== words) said.textContent = words;
    paperKey.hidden = !Object.keys(set.paper).length;
    liveKey.hidden = !frames.length;
    const now = { units: data.activations, set, share: data.stops[stop], frames };
    panels.errors.draw((width) => errors(now, width, ERRORS));
    panels.gain.draw((width) => gain(now, width, GAIN));
    rows.update(now);
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

const keys = (units, ...others) => h("p", { class: "key" },
  ...units.flatMap((unit) => [key(`stroke ${unit} none`, `${unit}, weights as drawn`), key(`stroke ${unit} with`, `${unit}, pretrained`)]), ...others);

/** A wish moves the picture to the set among which live networks stand. */
function trainer(model, data, choose) {
  const set = setNamed(data, model.get("live_name"));
  return kernelJob(model, {
    button: "Train this one",
    doing: "Training",
    about: "trains small networks with and without pretraining on 3,000 embedded digits with that many labels, in your kernel",
    without: "Open this chapter in Colab or Jupyter to train networks with as many labels as you choose.",
    wish() {
      if (model.get("shown") !== set.name) choose({ shown: set.name });
      return { stop_index: model.get("stop_index") };
    },
  });
}

const passportOf = (set) => passport(set.passport,
  `Recorded: ${set.title}; ${set.network}. Each of the ${set.seeds} seeds has its own weights, its own labels at every share, its own `,
  "rate for each layer, chosen by the error of restoring, and its own rate with labels, chosen by the validation error. Pretraining sees all images.");

export default { render };
