/** PathViewer: the units and paths that one picture selects in two networks, and where the gradient comes back. */

import { h, svg } from "./dom.mjs";
import { explore } from "./exploring.mjs";
import { kernelJob } from "./kernel_job.mjs";
import { passport } from "./passport.mjs";
import { pathControls, pictureStrip } from "./path_controls.mjs";
import { bytesOf, countsOf, courseOf, networkOf } from "./path_network.mjs";
import { pathPicture } from "./path_picture.mjs";
import { countsTable, unitProbe } from "./path_probe.mjs";
import {
  kindOf, kindWords, networkAt, offOn, parsePaths, seedWords, SIDES, sizesOf, switched, troubleWith, viewSentence, writePaths,
} from "./path_words.mjs";
import { player } from "./region_play.mjs";

const SETTING = ["picture", "depth", "step_index", "beside", "penalized", "direction", "off"];
const QUIET = 300; // ms after the last move, until the address and the kernel are told

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
    model, el, name: "path-viewer", watched: [...SETTING, "live", "progress"],
    build: ({ choose }) => build(model, data, choose),
    read: (hash) => parsePaths(hash, data),
    write: () => writePaths(data, settingOf(model)),
  });
}

const settingOf = (model) => Object.fromEntries(SETTING.map((name) => [name, model.get(name)]));

function build(model, data, choose) {
  const own = { recordedOnly: false, chosen: null, peeked: null, told: null, timer: 0, frame: 0 };
  const card = h("div", { class: "card" });
  const views = viewsOf(data);
  const play = player({
    seen: card, last: data.steps.length - 1, at: () => model.get("step_index"),
    go: (step_index) => put({ step_index }), ended: () => choose({}),
  });
  const parts = {
    card, play,
    strip: pictureStrip(data, views.pictures, put),
    controls: pathControls(data, byHand, play.node),
    networks: SIDES.map((side) => pathPicture({
      choose: (unit) => point({ chosen: unit && { side, ...unit }, peeked: null }),
      peek: (unit) => point({ peeked: unit && { side, ...unit } }),
      toggle: (unit) => toggle({ side, ...unit }),
    })),
    probe: unitProbe(data, { toggle: () => toggle(own.told), reset: () => put({ off: [] }) }),
    tables: SIDES.map(() => countsTable(data, seedWords(data))),
    train: trainer(model, data),
    other: h("button", { type: "button", onclick: () => { own.recordedOnly = !own.recordedOnly; update(); } }),
  };
  const view = layout(data, parts);

  function put(state) {
    Object.entries(state).forEach(([name, value]) => model.set(name, value));
    clearTimeout(own.timer);
    if (!play.running()) own.timer = setTimeout(() => choose({}), QUIET);
    update();
  }
  /** A hand on a slider ends the playing; units of another network were not switched off by anybody. */
  function byHand(state) {
    if (!("direction" in state)) play.stop();
    put("depth" in state || "beside" in state ? { ...state, off: [] } : state);
  }
  function toggle({ side, layer, unit }) {
    own.chosen = { side, layer, unit };
    put({ off: switched(model.get("off"), side, { layer, unit }) });
  }
  function point(change) {
    Object.assign(own, change);
    update();
  }
  /** However often a hand moves, it is drawn once a frame. */
  function update() {
    cancelAnimationFrame(own.frame);
    own.frame = requestAnimationFrame(draw);
  }
  function draw() {
    const setting = settingOf(model);
    if (own.chosen?.layer >= setting.depth) own.chosen = null;
    const live = (model.get("live") ?? []).flatMap(({ networks, seed, data: learned }) => networks.map((one) => ({ ...one, seed, learned })));
    const here = SIDES.some((side) => networkAt(live, kindOf(data, setting, side), setting.depth));
    const now = views.of(setting, own.recordedOnly ? [] : live);
    own.told = own.peeked ?? own.chosen ?? (now.both && strongest(now.both[0]));
    view.update(now, setting, { ...own, here, playing: play.running() });
  }
  return {
    node: card, sized: [], update: draw,
    close() {
      clearTimeout(own.timer);
      cancelAnimationFrame(own.frame);
      [play, parts.train].forEach((part) => part.close());
    },
  };
}

/** The pictures, and for a setting both networks with what they do with one. */
function viewsOf(data) {
  const [bytes, pixels, decoded] = [bytesOf(data.pictures), data.side ** 2, new WeakMap()];
  const pictures = data.labels.map((_, i) => Float64Array.from(bytes.subarray(i * pixels, (i + 1) * pixels), (value) => value / 255));
  const layersOf = (frame, sizes) => decoded.get(frame) ?? decoded.set(frame, networkOf(frame, sizes)).get(frame);
  function one(setting, live, side) {
    const kind = kindOf(data, setting, side);
    const network = networkAt(live, kind, setting.depth) ?? networkAt(data.networks, kind, setting.depth);
    const [frame, sizes] = [network.frames[setting.step_index], sizesOf(data, setting.depth)];
    const [layers, off] = [layersOf(frame, sizes), offOn(setting.off, side)];
    const [x, label, { activation }] = [pictures[setting.picture], data.labels[setting.picture], data.kinds[kind]];
    const course = courseOf(layers, activation, x, label, off);
    return {
      side, kind, activation, name: kindWords(data.kinds[kind]), sizes, layers, off, x, label, course,
      counts: countsOf(course), error: frame.error, seed: live.includes(network) ? network.seed : null, learned: network.learned,
    };
  }
  /** Both, or the sentence that says why they cannot be drawn. */
  function of(setting, live) {
    try {
      return { both: SIDES.map((side) => one(setting, live, side)) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { trouble: `This network cannot be drawn: ${error.message}` };
    }
  }
  return { pictures, of };
}

/** Until a reader chooses one: the unit of the largest output in the middle layer. */
function strongest({ side, course: { h } }) {
  const layer = Math.floor((h.length - 1) / 2);
  return { side, layer, unit: h[layer].reduce((best, value, i) => (Math.abs(value) > Math.abs(h[layer][best]) ? i : best), 0) };
}

function layout(data, { card, play, strip, controls, networks, probe, tables, train, other }) {
  const [badge, said] = [h("span", { class: "badge" }), h("p", { class: "said", role: "status" })];
  const shown = h("div", { class: "pair" }, ...networks.map(({ node }) => node));
  const tallies = h("div", { class: "pair" }, ...tables.map(({ node }) => node));
  card.append(
    h("div", { class: "heading" },
      h("div", {}, h("div", { class: "title" }, "One input selects its paths"), h("div", { class: "unit" }, `${data.data}; ${data.network}`)), badge),
    strip.node, shown, key(), said, probe.node, controls.node, tallies, other, train.node, origin(data));
  return {
    update({ both, trouble }, setting, { told, chosen, peeked, here, recordedOnly, playing }) {
      strip.update(setting);
      controls.update(setting);
      play.update();
      train.update();
      other.hidden = !here;
      other.textContent = recordedOnly ? "Show what was trained here" : "Show the recorded networks";
      const live = Boolean(both?.some(({ seed }) => seed !== null));
      badge.textContent = live ? "live" : "recorded";
      badge.classList.toggle("live", live);
      shown.hidden = tallies.hidden = probe.node.hidden = Boolean(trouble);
      const at = { label: data.labels[setting.picture], step: data.steps[setting.step_index] };
      /** While a training plays the sentence waits, so that nobody hears it change at each step. */
      const words = trouble || (playing ? "The training plays." : viewSentence(data, at, both));
      if (said.textContent !== words) said.textContent = words;
      if (trouble) return;
      both.forEach((view, i) => {
        networks[i].update({ ...view, direction: setting.direction, classes: data.classes, chosen: told.side === view.side ? told : null });
        tables[i].update(view, setting);
      });
      probe.update(both.find(({ side }) => side === told.side), told, Boolean(peeked) || !chosen || playing, setting.off.length);
    },
  };
}

function key() {
  const dot = (...parts) => svg("svg", { viewBox: "-9 -9 18 18", width: 16, height: 16, "aria-hidden": "true" }, ...parts);
  const lit = () => svg("circle", { r: 7, class: "lit" });
  const box = (kind) => svg("svg", { viewBox: "-9 -9 18 18", width: 14, height: 14, class: "way", "aria-hidden": "true" }, svg("path", { d: "M-6 -6h12v12h-12z", class: kind }));
  return h("p", { class: "key rectifier" },
    h("span", {}, dot(lit()), "lit: not 0"), h("span", {}, dot(lit(), svg("path", { d: "M-4.5 0h9", class: "bar" })), "below 0; on the way back: less of it would lower the error"),
    h("span", {}, dot(svg("circle", { r: 5.6, class: "silent" })), "silent: exactly 0"),
    h("span", {}, box("more"), "pixel: more ink would lower the error"), h("span", {}, box("less"), "less ink would"),
    h("span", {}, "line: weight × what it carries"), h("span", {}, h("b", {}, "7"), " its answer"), h("span", {}, h("i", { class: "framed" }, "7"), " the right class"));
}

function trainer(model, data) {
  const first = Array.isArray(data.passport.seeds) ? Math.max(...data.passport.seeds) + 1 : 10;
  return kernelJob(model, {
    button: "Train these two",
    doing: "Training",
    about: "from a seed that was not recorded, in your kernel",
    without: "Open this chapter in Colab or Jupyter to train them yourself.",
    wish() {
      const setting = settingOf(model);
      const kinds = [...new Set(SIDES.map((side) => kindOf(data, setting, side)))];
      return { depth: setting.depth, kinds, seed: first + (model.get("live") ?? []).length };
    },
  });
}

function origin(data) {
  return passport(data.passport,
    `Recorded: ${data.data}; ${data.network}; “all” is the middle 80 % of ${seedWords(data)} over all test pictures, `,
    "shares and numbers of units being means over the layers; the networks drawn are those of the first seed. The page runs them forward and back itself. "
    + "Effective units: over how many the gradient is spread, as the exponential of the entropy of its shares. Each gap between two layers has its own scale of line widths; between pixels and units, lines below a tenth of the strongest are left out.");
}

export default { render };
