/** RegionViewer: the pieces on which a small network of two inputs is linear, while it trains. */

import { h, svg } from "./dom.mjs";
import { explore } from "./exploring.mjs";
import { kernelJob } from "./kernel_job.mjs";
import { passport } from "./passport.mjs";
import { regionControls } from "./region_controls.mjs";
import { countsPicture } from "./region_counts.mjs";
import { areaOf, linearOutputs, regionAt, scoresAt, winnerOf } from "./region_cutting.mjs";
import { cutter } from "./region_cuts.mjs";
import { regionPicture } from "./region_picture.mjs";
import { player } from "./region_play.mjs";
import { mark, spanOf } from "./region_shapes.mjs";
import { countsTable, modelTable } from "./region_tables.mjs";
import {
  networkAt, parseRegions, readingOf, regionWords, seedWords, troubleWith, viewSentence, writeRegions,
} from "./region_words.mjs";

const SETTING = ["depth", "width", "l1_index", "step_index", "coloring", "place"];
const QUIET = 300; // ms after the last move, until the address and the kernel are told
const [REST, BREATH] = [250, 20]; // ms without a move until the other steps are cut, and between two of them
const NARROWEST = 220; // pixels of the chart

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
    model, el, name: "region-viewer", watched: [...SETTING, "live", "progress"],
    build: ({ choose }) => build(model, data, choose),
    read: (hash) => parseRegions(hash, data),
    write: () => writeRegions(data, settingOf(model)),
  });
}

const settingOf = (model) => Object.fromEntries(SETTING.map((name) => [name, model.get(name)]));

function build(model, data, choose) {
  const own = { recordedOnly: false, peeked: null, timer: 0, idle: 0 };
  const card = h("div", { class: "card" });
  const cuts = cutter(data);
  const play = player({
    seen: card, last: data.steps.length - 1, at: () => model.get("step_index"),
    go: (step_index) => put({ step_index }), ended: () => choose({}),
  });
  const parts = {
    play, card,
    knobs: regionControls(data, byHand, (shown) => parts.picture.showExamples(shown), play.node),
    picture: regionPicture(data, { put: pin, peek }),
    probe: probeOf(data), chart: chartOf(data), rows: countsTable(data), train: trainer(model, data),
    other: h("button", { type: "button", onclick: () => { own.recordedOnly = !own.recordedOnly; update(); } }),
  };
  const view = layout(data, parts);
  let now = null;

  function put(state) {
    Object.entries(state).forEach(([name, value]) => model.set(name, value));
    update();
  }
  /** A hand on a slider ends the playing; on the colors it does not. The address is told once the hand rests. */
  function byHand(state) {
    if (!("coloring" in state)) play.stop();
    settle();
    put(state);
  }
  function pin(place) {
    own.peeked = null;
    settle();
    put({ place });
  }
  function settle() {
    clearTimeout(own.timer);
    own.timer = setTimeout(() => choose({}), QUIET);
  }
  function peek(place) {
    own.peeked = place;
    if (now) point();
  }
  function point() {
    const place = own.peeked ?? model.get("place");
    const region = now.regions[regionAt(now.regions, ...place)];
    parts.picture.point(place, region.corners);
    parts.probe.update(now, region, place, Boolean(own.peeked) || play.running());
  }
  function update() {
    const setting = settingOf(model);
    const live = networkAt(model.get("live") ?? [], setting);
    now = readAndCut(data, setting, own.recordedOnly ? null : live, cuts);
    view.update(now, setting, { live, recordedOnly: own.recordedOnly, seen: cuts.seen });
    if (now.regions) point();
    else now = null;
    clearTimeout(own.idle);
    own.idle = setTimeout(cutAhead, REST);
  }
  /** While nothing moves, the other steps of the network are cut, so that its whole course is in the chart. */
  function cutAhead() {
    if (!now || play.running()) return;
    const { r } = now;
    const unseen = data.steps.findIndex((_, i) => !cuts.seen(r.network).has(i));
    if (unseen < 0 || readAndCut(data, { ...settingOf(model), step_index: unseen }, r.live ? r.network : null, cuts).trouble) {
      parts.chart.update(r, cuts.seen(r.network));
      return;
    }
    own.idle = setTimeout(cutAhead, BREATH);
  }
  return {
    node: card, sized: [parts.chart.picture], update,
    close() {
      [own.timer, own.idle].forEach(clearTimeout);
      [play, parts.train, parts.chart].forEach((part) => part.close());
    },
  };
}

/** The network of a setting and its regions, or the sentence that says why there is none. */
function readAndCut(data, setting, live, cuts) {
  try {
    const r = readingOf(data, setting, live);
    return { r, ...cuts.of(r) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { trouble: `This network cannot be drawn: ${error.message}` };
  }
}

function layout(data, { card, play, knobs, picture, probe, chart, rows, train, other }) {
  const [badge, said, key] = [h("span", { class: "badge" }), h("p", { class: "said", role: "status" }), keyOf(data.classes)];
  const shown = h("div", { class: "shown" }, picture.node, key.node);
  const seen = h("div", { class: "pair" }, probe.node, chart.node);
  card.append(
    h("div", { class: "heading" },
      h("div", {}, h("div", { class: "title" }, "Where a network is linear"), h("div", { class: "unit" }, `${data.data}; ${data.network}`)), badge),
    h("div", { class: "desk" }, h("div", { class: "side" }, knobs.node, other), shown),
    said, seen, train.node, rows.node, origin(data));
  return {
    update({ r, regions, lines, fills, trouble }, setting, { live, recordedOnly, seen: counts }) {
      knobs.update(setting);
      play.update();
      train.update();
      other.hidden = !live;
      other.textContent = recordedOnly ? "Show what was trained here" : "Show the recorded run";
      badge.textContent = r?.live ? "live" : "recorded";
      badge.classList.toggle("live", Boolean(r?.live));
      shown.hidden = seen.hidden = Boolean(trouble);
      /** While a training plays the sentence waits, so that nobody hears it change at each step. */
      const words = trouble || (play.running() ? "The training plays." : viewSentence(data, r, regions.length));
      if (said.textContent !== words) said.textContent = words;
      if (trouble) return;
      picture.update({ fills: fills(setting.coloring), lines });
      key.update(setting.coloring, setting.coloring === "active" ? spanOf(regions) : []);
      chart.update(r, counts(r.network), regions.length);
      rows.update(r, regions.length);
    },
  };
}

/** What stands at the point: words, and the region's linear model. */
function probeOf(data) {
  const [words, model] = [h("p", { class: "here-words", "aria-live": "polite" }), modelTable(data.classes)];
  return {
    node: h("div", { class: "probe" }, h("div", { class: "caption" }, "At the point in the picture"), words, model.node),
    update({ r, layers }, region, place, silent) {
      const scores = linearOutputs(layers, region.active);
      const winner = winnerOf(scoresAt(scores, ...place));
      const text = regionWords(data, r, region, { place, area: areaOf(region.corners), winner });
      words.setAttribute("aria-live", silent ? "off" : "polite");
      if (words.textContent !== text) words.textContent = text;
      model.update(scores, place);
    },
  };
}

/** The chart is told its width: to ask for it would cost a layout at every move. */
function chartOf(data) {
  const picture = h("div", { class: "picture" });
  let width = NARROWEST;
  const sizes = new ResizeObserver(([{ contentRect }]) => (width = Math.max(Math.floor(contentRect.width), NARROWEST)));
  sizes.observe(picture);
  return {
    node: h("div", { class: "counts" }, h("div", { class: "caption" }, "How many regions, while it trains"), picture),
    picture,
    update: (r, seen) => picture.replaceChildren(countsPicture(data, r, seen, width)),
    close: () => sizes.disconnect(),
  };
}

function keyOf(classes) {
  const sample = (k) => svg("svg", { viewBox: "-50 -50 100 100", width: 14, height: 14, "aria-hidden": "true" },
    svg("path", { d: mark(k, 0, 0), class: `mark class-${k}` }));
  const ramp = h("span", { class: "ramp" }, h("span", {}), h("i", { class: "bar" }), h("span", {}));
  const sure = h("span", {}, "fainter: less sure");
  return {
    node: h("p", { class: "key" }, ...classes.map((name, k) => h("span", {}, sample(k), name)), sure, ramp),
    update(coloring, [fewest, most]) {
      sure.hidden = coloring === "active";
      ramp.hidden = coloring !== "active";
      ramp.firstChild.textContent = `${fewest} active`;
      ramp.lastChild.textContent = `${most} active`;
    },
  };
}

function trainer(model, data) {
  const first = Array.isArray(data.passport.seeds) ? Math.max(...data.passport.seeds) + 1 : 10;
  const again = ({ depth, width, l1_index }) => (model.get("live") ?? [])
    .filter((one) => one.depth === depth && one.width === width && one.l1_index === l1_index).length;
  return kernelJob(model, {
    button: "Train this one",
    doing: "Training",
    about: "from a seed that was not recorded, in your kernel",
    without: "Open this chapter in Colab or Jupyter to train it yourself.",
    wish() {
      const { depth, width, l1_index } = settingOf(model);
      return { depth, width, l1_index, seed: first + again({ depth, width, l1_index }) };
    },
  });
}

function origin(data) {
  return passport(data.passport,
    `Recorded: ${data.data}; ${data.network}; counts with ${seedWords(data)}, of which bands show the middle 80 % and the picture one. `,
    "Its weights are rounded to 16 bits; the page cuts the window into that network’s regions exactly, in 64 bits.");
}

export default { render };
