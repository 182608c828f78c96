/** SoftplusExplorer's numbers and words: the unit, readings of the records, fragments. No page needed. */

import { fragmentNumber, nearest } from "./fragment.mjs";
import { mean, percent, plain, quantile } from "./numbers.mjs";

const BEYOND = 1.2; // octaves from the last finite alpha to infinity's place
const ROOM = 0.06; // of the errors' range, above and below them

/**
 * log(1 + exp(alpha x)) / alpha, without overflow; the rectifier where alpha is null (infinity).
 * @param {number | null} alpha
 * @param {number} x
 */
export function softplus(alpha, x) {
  if (alpha === null) return Math.max(0, x);
  return Math.max(0, x) + Math.log1p(Math.exp(-alpha * Math.abs(x))) / alpha;
}

/** Its derivative: the logistic function of alpha x, or the rectifier's step, 0 at x = 0. */
export function slopeOf(alpha, x) {
  if (alpha === null) return x > 0 ? 1 : 0;
  return 1 / (1 + Math.exp(-alpha * x));
}

/** The largest distance from the rectifier, which is at x = 0. */
export const gapOf = (alpha) => (alpha === null ? 0 : Math.LN2 / alpha);

/** An alpha as it is written. */
export const alphaText = (alpha) => (alpha === null ? "∞" : String(alpha));

/** Three digits, as far as they tell something. */
export const digits3 = (value) => String(Number(value.toPrecision(3)));

/**
 * Places of alphas on an axis of octaves; infinity is a step beyond the last finite stop.
 * @param {(number | null)[]} stops
 * @returns {(alpha: number | null) => number}
 */
export function octaves(stops) {
  const last = Math.log2(stops[stops.length - 2]) + BEYOND;
  return (alpha) => (alpha === null ? last : Math.log2(alpha));
}

/** The place of an alpha among those recorded, or -1. */
export const placeIn = (set, alpha) => set.alphas.indexOf(alpha);

/** The newest live frame at this stop, or null; live networks belong to one set. */
export function frameAt(frames, stop, set, liveName) {
  if (set.name !== liveName) return null;
  return (frames ?? []).filter((frame) => frame.stop_index === stop).at(-1) ?? null;
}

/** "18.9 % (10 seeds, 18.1–19.5)": the mean, and the middle 80 % of the seeds. */
export function errorWords(error, seeds) {
  if (!error.length) return `unknown: all ${seeds} networks diverged`;
  const [low, high] = [0.1, 0.9].map((q) => quantile(error, q).toFixed(1));
  const lost = error.length < seeds ? `, ${seeds - error.length} diverged` : "";
  return `${mean(error).toFixed(1)} % (${seeds} seeds, ${low}–${high}${lost})`;
}

/**
 * One sentence or two that say what is seen.
 * @param {Object} data
 * @param {number} stop place of the slider
 * @param {Object} set of networks
 * @param {Object | null} frame trained live
 */
export function alphaSentence(data, stop, set, frame) {
  const alpha = data.stops[stop];
  const unit = alpha === null ? "α = ∞ is the rectifier itself"
    : `α = ${alphaText(alpha)}: at most ${digits3(gapOf(alpha))} above the rectifier, at x = 0`;
  return `${unit}. ${frame ? liveWords(frame) : recordedWords(set, alpha)}`;
}

function liveWords(frame) {
  const seeds = frame.error.length + frame.diverged;
  return `Trained here with learning rate ${plain(frame.rate)}: test error ${errorWords(frame.error, seeds)}${zeroWords(frame)}.`;
}

function recordedWords(set, alpha) {
  const place = placeIn(set, alpha);
  if (place < 0) return `Not recorded; ${neighbors(set, alpha)}.`;
  const shares = { zeros: set.zeros[place], near_relative: set.near_relative[place] };
  const paper = set.paper[place] ? ` The paper, on its NORB: ${set.paper[place].toFixed(2)} %.` : "";
  return `${set.title}: test error ${errorWords(set.error[place], set.seeds)}${zeroWords(shares)}.${paper}`;
}

/** Exact zeros, and near zeros where there are more of them; nothing if all networks diverged. */
function zeroWords({ zeros, near_relative: near }) {
  if (!zeros.length) return "";
  return `; ${percent(mean(zeros))} % of the activations are exact zeros, ${percent(mean(near))} % zeros or nearly so`;
}

/** What was recorded to either side of an alpha. */
function neighbors(set, alpha) {
  const after = set.alphas.findIndex((each) => each === null || each > alpha);
  const sides = [after - 1, after].filter((place) => place >= 0 && set.error[place].length);
  const errs = sides.map((place) => `α = ${alphaText(set.alphas[place])} errs on ${mean(set.error[place]).toFixed(1)} %`);
  return errs.join(", ") || "its neighbors diverged";
}

/**
 * Limits of the error axis: every network, the paper's numbers, and what was trained live.
 * @returns {[number, number]} percent
 */
export function errorLimits(set, frames) {
  const errors = [...set.error.flat(), ...frames.flatMap((frame) => frame.error), ...set.paper.filter(Number.isFinite)];
  if (!errors.length) return [0, 100];
  const [low, high] = [Math.min(...errors), Math.max(...errors)];
  const room = Math.max(ROOM * (high - low), 0.1);
  return [Math.max(0, low - room), Math.min(100, high + room)];
}

/**
 * Read `#alpha=3&data=norb`, alpha a number or inf. Rubbish is ignored, part by part.
 * @returns {{stop_index?: number, shown?: string}}
 */
export function parseAlpha(hash, data) {
  const [state, fields] = [{}, new URLSearchParams(String(hash).replace(/^#/, ""))];
  const alpha = fragmentNumber(hash, "alpha");
  const finite = data.stops.slice(0, -1);
  if (fields.get("alpha") === "inf") state.stop_index = finite.length;
  else if (alpha > 0) state.stop_index = nearest(finite, alpha, Math.log2);
  if (data.sets.some(({ name }) => name === fields.get("data"))) state.shown = fields.get("data");
  return state;
}

/** The fragment of a setting, as `parseAlpha` reads it. */
export function writeAlpha(data, stop, shown) {
  const alpha = data.stops[stop];
  return `#alpha=${alpha === null ? "inf" : alpha}&data=${shown}`;
}
