/** StartMap: from which starts and learning rates deep networks learn, and a claim that flips. */

import { h } from "./dom.mjs";
import { explore } from "./exploring.mjs";
import { kernelJob } from "./kernel_job.mjs";
import { passport } from "./passport.mjs";
import { presetButtons, startControls } from "./start_controls.mjs";
import { coursesPicture } from "./start_courses.mjs";
import { startGrid } from "./start_grid.mjs";
import { startTable } from "./start_tables.mjs";
import {
  liveNetworks, networksAt, openMap, parsePlace, presets, stateOf, statesAround, troubleWith, viewSentence, writePlace,
} from "./start_words.mjs";

const SETTING = ["activation", "depth", "start_index", "rate_index", "step_index"];
const QUIET = 300; // ms after the last move, until the address and the kernel are told
const NARROWEST = 240; // pixels of the pictures

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
    model, el, name: "start-map", watched: [...SETTING, "live", "progress"],
    build: ({ choose }) => build(model, openMap(data), choose),
    read: (hash) => parsePlace(hash, data),
    write: () => writePlace(data, placeOf(model)),
  });
}

const placeOf = (model) => Object.fromEntries(SETTING.map((name) => [name, model.get(name)]));

function build(model, map, choose) {
  const own = { timer: 0, frame: 0, width: NARROWEST };
  const { data } = map;
  const [grid, courses] = [startGrid(data, put), h("div", { class: "courses-picture" })];
  const parts = { knobs: startControls(data, put), train: trainer(model, data), rows: startTable(data), grid, courses };
  const view = layout(data, parts, presetButtons(presets(map), put));
  /** The pictures are told their width: to ask for it would cost a layout at every move. */
  const sizes = new ResizeObserver(([{ contentRect }]) => (own.width = Math.max(Math.floor(contentRect.width), NARROWEST)));
  sizes.observe(grid.node);

  /** What the reader moves is drawn once a frame; the address is told when the hand rests. */
  function put(state) {
    Object.entries(state).forEach(([name, value]) => model.set(name, value));
    own.frame ||= requestAnimationFrame(update);
    clearTimeout(own.timer);
    own.timer = setTimeout(() => choose({}), QUIET);
  }
  function update() {
    cancelAnimationFrame(own.frame);
    own.frame = 0;
    const place = placeOf(model);
    const around = statesAround(map, place);
    const [recorded, live] = [networksAt(map, place), liveNetworks(model.get("live"), place)];
    const stateAt = (networks) => stateOf(networks, place.step_index, data.success, place.step_index === data.steps.length - 1);
    grid.update(around, place, own.width);
    courses.replaceChildren(coursesPicture(data, recorded, live, place.step_index, own.width));
    view.update(place, around, viewSentence(data, place, stateAt(recorded), around, live.length ? stateAt(live) : null), live.length > 0);
  }
  return {
    node: view.node, sized: [grid.node], update,
    close() {
      clearTimeout(own.timer);
      cancelAnimationFrame(own.frame);
      sizes.disconnect();
      parts.train.close();
    },
  };
}

function layout(data, { knobs, train, rows, grid, courses }, presetsNode) {
  const [badge, said] = [h("span", { class: "badge" }), h("p", { class: "said", role: "status" })];
  const trained = h("span", {}, h("i", { class: "line live" }), "trained here");
  const node = h("div", { class: "card" },
    h("div", { class: "heading" },
      h("div", {}, h("div", { class: "title" }, "When do deep networks learn?"), h("div", { class: "unit" }, `${data.data}; ${data.network}`)), badge),
    presetsNode, said,
    h("div", { class: "desk" },
      h("div", { class: "side" }, knobs.node),
      h("div", { class: "shown" },
        h("div", { class: "caption" }, "Median validation error (%)"), grid.node, gridKey(data),
        h("div", { class: "caption" }, "In the framed cell: validation error (%)"), courses,
        h("p", { class: "key" }, h("span", {}, h("i", { class: "line" }), `${data.seeds.length} recorded seeds`), h("span", {}, "× diverged"), trained))),
    train.node, rows.node, origin(data));
  return {
    node,
    update(place, around, words, live) {
      node.dataset.activation = place.activation;
      knobs.update(place);
      train.update();
      rows.update(place, around);
      trained.hidden = !live;
      badge.textContent = live ? "live" : "recorded";
      badge.classList.toggle("live", live);
      if (said.textContent !== words) said.textContent = words;
    },
  };
}

function gridKey({ seeds, success }) {
  return h("p", { class: "key" }, h("span", {}, h("i", { class: "ramp" }), `0 to ${seeds.length} of ${seeds.length} networks err below ${success} %`), h("span", {}, "× most diverged"));
}

function trainer(model, data) {
  const first = Math.max(...data.seeds) + 1;
  return kernelJob(model, {
    button: "Train this one",
    doing: "Training",
    about: `${data.seeds.length} networks of other seeds, in your kernel`,
    without: "Open this chapter in Colab or Jupyter to train it yourself.",
    wish() {
      const { step_index, ...cell } = placeOf(model);
      const next = first + liveNetworks(model.get("live"), cell).length;
      return { ...cell, seeds: data.seeds.map((_, k) => next + k) };
    },
  });
}

function origin(data) {
  return passport(data.passport,
    `Recorded: ${data.data}; ${data.network}; ${data.seeds.length} seeds a cell, errors on the validation split. `,
    "A dead layer has no unit that any validation digit activates.");
}

export default { render };
