/** What L1Explorer says and where it stands: readings, sentences, fragments. No page needed. */

import { fragmentNumber, nearest } from "./fragment.mjs";
import { mean, median, percent, plain, quantile } from "./numbers.mjs";

/**
 * @typedef {Object} Reading One setting, read from the record or from a live run.
 * @property {number} l1
 * @property {number} depth
 * @property {number[]} error percent, one a seed
 * @property {number[]} zeros percent, one a seed
 * @property {number[]} zerosByLayer percent
 * @property {number[]} deadByLayer percent
 * @property {boolean} collapsed error near chance
 * @property {string} raster base64
 * @property {boolean} live
 */

/**
 * Read one setting: the live frame where one is given, else the record.
 * @returns {Reading}
 */
export function reading(data, l1Index, depth, frame = null) {
  const row = data.depths.indexOf(depth);
  const from = (name) => data[name][row][l1Index];
  const list = (value) => (Array.isArray(value) ? value : [value]);
  return {
    l1: data.l1[l1Index],
    depth,
    error: list(frame ? frame.error : from("error")),
    zeros: list(frame ? frame.zeros : from("zeros")),
    zerosByLayer: frame ? frame.zeros_by_layer : from("zeros_by_layer"),
    deadByLayer: frame ? frame.dead_by_layer : from("dead_by_layer"),
    collapsed: frame ? median(list(frame.error)) > 80 : from("collapsed"),
    raster: frame ? frame.raster : from("raster"),
    live: Boolean(frame),
  };
}

/** The newest live frame of this setting, or null. */
export function liveFrame(frames, l1Index, depth) {
  const here = (frames ?? []).filter((f) => f.l1_index === l1Index && f.depth === depth);
  return here.length ? here[here.length - 1] : null;
}

/** "5 seeds, 1.8–2.1": the middle 80 % of the seeds' errors. */
export function spread(error) {
  if (error.length === 1) return "1 seed";
  const [low, high] = [0.1, 0.9].map((q) => quantile(error, q).toFixed(1));
  return `${error.length} seeds, ${low === high ? `all ${low}` : `${low}–${high}`}`;
}

/**
 * One sentence that says what is seen.
 * @param {Reading} r
 */
export function sentence(r) {
  const where = `L1 = ${plain(r.l1)}, depth ${r.depth}${r.live ? ", trained here" : ""}: `;
  const zeros = `${percent(median(r.zeros))} % of the activations are exact zeros`;
  const error = `test error ${median(r.error).toFixed(1)} % (${spread(r.error)})`;
  const dead = `${percent(mean(r.deadByLayer))} % of the units are dead.`;
  if (r.collapsed) return `${where}collapsed. ${zeros}, ${error}: no better than guessing; ${dead}`;
  return `${where}${zeros}, ${error}; ${dead}`;
}

/**
 * Read `#l1=0.001&depth=3`. Rubbish is ignored, part by part; an L1 between two recorded ones
 * goes to the nearer on the log axis.
 * @returns {{l1_index?: number, depth?: number}}
 */
export function parseFragment(hash, data) {
  const [l1, depth] = ["l1", "depth"].map((name) => fragmentNumber(hash, name));
  const state = {};
  if (l1 !== null) state.l1_index = nearest(data.l1, l1, onLogAxis);
  if (data.depths.includes(depth)) state.depth = depth;
  return state;
}

const onLogAxis = (l1) => Math.log10(Math.max(l1, 1e-9));

/** The fragment of a setting, as `parseFragment` reads it. */
export function writeFragment(data, l1Index, depth) {
  return `#l1=${plain(data.l1[l1Index])}&depth=${depth}`;
}

/** The place of the paper's setting: L1 0.001, depth 3 (the nearest recorded ones). */
export function paperSetting(data) {
  const depth = data.depths.includes(3) ? 3 : data.depths[Math.floor(data.depths.length / 2)];
  return { l1_index: nearest(data.l1, 0.001, onLogAxis), depth };
}

/** Round limits for the plane: every error that is no collapse fits, and the paper's points. */
export function planeLimits(data, frames) {
  const settled = data.error.flat().filter((_, i) => !data.collapsed.flat()[i]).flat();
  const band = frames.length && data.live_band ? data.live_band.error.flat(2) : [];
  const live = frames.flatMap((f) => f.error);
  const errors = [...settled, ...data.paper.error, ...[...band, ...live].filter((e) => e < 50)];
  const zeros = [...data.zeros.flat(2), ...data.paper.zeros, ...frames.flatMap((f) => f.zeros)];
  return {
    zeros: [Math.max(0, Math.floor(Math.min(...zeros.filter(Number.isFinite)) / 10) * 10), 100],
    error: [0, Math.max(3, Math.ceil(quantile(errors, 0.97) * 1.1))],
  };
}
