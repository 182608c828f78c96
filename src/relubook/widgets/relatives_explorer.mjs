/** RelativesExplorer: kinds of unit, their curves, and what networks make of each. */

import { h } from "./dom.mjs";
import { explore } from "./exploring.mjs";
import { kernelJob } from "./kernel_job.mjs";
import { key, panel } from "./panel.mjs";
import { passport } from "./passport.mjs";
import { networkChoice, unitChips } from "./relatives_controls.mjs";
import { curvePicture } from "./relatives_curves.mjs";
import { frameOf, noteOf, parseRelative, placeOf, relativeSentence, told, writeRelative } from "./relatives_numbers.mjs";
import { rowsPicture } from "./relatives_rows.mjs";
import { relativesTable } from "./relatives_tables.mjs";
import { setNamed } from "./sets.mjs";

const [RESPONSE, SLOPE] = [216, 178]; // pixels

/**
 * Draw the widget into `el` and return what takes it down again.
 * @param {{model: Object, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const data = model.get("data");
  return explore({
    model, el, name: "relatives-explorer", watched: ["unit", "quantity", "shown", "live", "progress"],
    build: ({ choose }) => build(model, data, choose),
    read: (hash) => parseRelative(hash, data),
    write: () => writeRelative(model.get("unit"), model.get("quantity"), model.get("shown")),
  });
}

function build(model, data, choose) {
  const [chips, networks, table] = [unitChips(data.kinds, choose), networkChoice(data.sets, choose), relativesTable()];
  const train = trainer(model, data, choose);
  const [badge, about, origin] = [h("span", { class: "badge" }), h("div", { class: "unit" }), h("div")];
  const said = h("p", { class: "said", role: "status", "aria-live": "polite" });
  const [formula, note] = [h("b", { class: "formula" }), h("p", { class: "note" })];
  const panels = { response: panel("response", "The unit"), slope: panel("slope", "Its slope"), rows: panel("rows", "Networks of every unit") };
  const keys = {
    network: key("dot seed", "a network"), round: key("dot seed", "a round of the race"),
    beyond: h("span", {}, "▸ networks beyond the axis"), lost: h("span", {}, "✕ networks that diverged"), live: key("diamond", "trained here"),
  };
  const side = h("div", {}, panels.response.node, panels.slope.node,
    h("div", { class: "words" }, h("p", {}, "f(x) = ", formula), note, h("p", { class: "key" }, key("stroke reference", "the rectifier"))));
  const node = h("div", { class: "card" },
    h("div", { class: "heading" },
      h("div", {}, h("div", { class: "title" }, "What do its relatives change?"), about), badge),
    chips.node, said,
    h("div", { class: "desk" },
      side,
      h("div", { class: "plane" }, networks.node, panels.rows.node,
        h("p", { class: "key" }, keys.network, keys.round, key("stroke interval", "mean, 95\u00a0% interval"), key("stroke origin", "the rectifier’s mean"), keys.beyond, keys.lost, keys.live))),
    train.node, table.node, origin);
  let described = null;

  function update() {
    const [unit, quantity, set] = [model.get("unit"), model.get("quantity"), setNamed(data, model.get("shown"))];
    const frames = set.name === model.get("live_name") ? (model.get("live") ?? []) : [];
    const now = { kinds: data.kinds, set, quantity, unit, frames };
    const kind = data.kinds[placeOf(data, unit)];
    say(about, `${set.title}; ${set.network}; ${set.seeds} seeds; each unit with its own learning rate`);
    const trained = Boolean(frameOf(frames, unit));
    badge.textContent = trained ? "live" : "recorded";
    badge.classList.toggle("live", trained);
    chips.update(unit);
    networks.update(quantity, set.name);
    say(said, relativeSentence(data, set, unit, frames));
    side.className = `side ${kind.like}`;
    formula.textContent = kind.formula;
    say(note, noteOf(kind, set));
    drawAll(panels, { ...now, kind, slopes: set.slopes, reach: data.reach }, choose);
    showKeys(keys, panels.rows.picture, set, quantity, frames);
    table.update(now);
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

/** Only what has changed is said again; a number keeps its unit. */
function say(element, text) {
  const words = text.replace(/ (?=[%×])|(?<=×) /g, "\u00a0");
  if (element.textContent !== words) element.textContent = words;
}

function drawAll({ response, slope, rows }, now, choose) {
  response.draw((width) => curvePicture(now, "response", width, RESPONSE));
  slope.draw((width) => curvePicture(now, "slope", width, SLOPE));
  rows.draw((width) => rowsPicture(now, (unit) => choose({ unit }), width));
}

/** A mark is explained where there is one. */
function showKeys({ network, round, beyond, lost, live }, picture, set, quantity, frames) {
  network.hidden = quantity === "time";
  round.hidden = !network.hidden;
  beyond.hidden = !picture.querySelector(".beyond");
  lost.hidden = set.quantities[quantity].every((row) => told(row).length === row.values.length);
  live.hidden = !frames.length;
}

/** A wish moves the picture to the set that live networks belong to. */
function trainer(model, data, choose) {
  const set = setNamed(data, model.get("live_name"));
  return kernelJob(model, {
    button: "Train this one",
    doing: "Training",
    about: `trains three networks with this unit on ${set.title}, in your kernel`,
    without: "Open this chapter in Colab or Jupyter to train networks with any of these units.",
    wish() {
      if (model.get("shown") !== set.name) choose({ shown: set.name });
      return { unit: model.get("unit") };
    },
  });
}

function passportOf(set) {
  return passport(set.passport,
    `Recorded: ${set.title}; ${set.network}; ${set.seeds} seeds of each unit; weights from He’s range, biases from 0, no penalty. `,
    `The learning rate of each was chosen on the validation split with other seeds, from ${set.tried.join(", ")}. `,
    "Zeros, dead units and mean shift are means over hidden layers, on the test split.");
}

export default { render };
