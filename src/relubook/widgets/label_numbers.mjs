/** LabelShare's numbers and words: readings of the records, limits, fragments. No page needed. */

import { fragmentNumber, nearest } from "./fragment.mjs";
import { mean } from "./numbers.mjs";

export const STARTS = ["none", "with"]; // without and with pretraining
const ROOM = 0.05; // of the values' range, on either side
const [DIGIT, PERCENT, OTHER] = [7.7, 11.5, 4]; // pixels of a sign under an axis, in a wide face
const IN_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** A number with a real minus, and none before a zero. */
export const signed = (value, digits = 1) => value.toFixed(digits).replace(/^-(0\.?0*)$/, "$1").replace("-", "−");

/** 10000 as 10,000. */
export const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/** About how wide a number under an axis is [pixels]. */
export const widthOf = (text) => [...text].reduce((sum, sign) => sum + (sign === "%" ? PERCENT : /\d/.test(sign) ? DIGIT : OTHER), 0);

/**
 * Which of some texts stand apart, each in the middle of its own place: the last one, and from the
 * first on whatever touches none of those.
 * @param {number[]} places pixels
 * @param {number[]} widths pixels
 * @param {number} between pixels
 * @returns {boolean[]}
 */
export function standApart(places, widths, between) {
  const touch = (i, j) => Math.abs(places[i] - places[j]) < (widths[i] + widths[j]) / 2 + between;
  const kept = [places.length - 1];
  places.forEach((_, i) => kept.some((other) => touch(i, other)) || kept.push(i));
  return places.map((_, i) => kept.includes(i));
}

/** The numbers of networks that did not diverge. */
export const toldOf = (values) => values.filter(Number.isFinite);

/** The place of a share among those recorded, or -1. */
export const placeIn = (set, share) => set.shares.indexOf(share);

/** How many labels a share is. */
export const labelsAt = (set, share) => set.labels[placeIn(set, share)] ?? Math.round((set.images * share) / 100);

/** What pretraining saves, seed by seed, of the seeds whose two networks did not diverge. */
export function savedBy(none, pretrained) {
  return toldOf(none.map((error, i) => (Number.isFinite(error) && Number.isFinite(pretrained[i]) ? error - pretrained[i] : NaN)));
}

/** The newest live frame at this stop, or null; live networks stand in one set. */
export function frameAt(frames, stop, set, liveName) {
  if (set.name !== liveName) return null;
  return (frames ?? []).filter((frame) => frame.stop_index === stop).at(-1) ?? null;
}

/** The first share at which the interval of what is saved contains 0, or null. */
export function closesAt(set, unit) {
  const place = set.gain[unit].findIndex(({ low, high }) => low !== null && low <= 0 && high >= 0);
  return place < 0 ? null : set.shares[place];
}

/**
 * The live sentence: errors, what is saved, and where that cannot be told from nothing.
 * @param {Object} data
 * @param {number} stop place of the slider
 * @param {Object} set of networks
 * @param {Object | null} frame trained live
 */
export function labelSentence(data, stop, set, frame) {
  const [share, units] = [data.stops[stop], data.activations];
  const start = `${grouped(labelsAt(set, share))} labels, ${share} % of ${grouped(set.images)} images.`;
  const place = placeIn(set, share);
  const recorded = place < 0 ? ["Not recorded."] : units.map((unit) => unitWords(set, unit, place));
  return [start, ...recorded, closingWords(set, units), liveWords(frame, units)].filter(Boolean).join(" ");
}

function unitWords(set, unit, place) {
  const [none, pretrained] = STARTS.map((name) => errorWords(set.error[unit][name][place]));
  const title = `${unit[0].toUpperCase()}${unit.slice(1)}`;
  return `${title}: test error ${none} without pretraining, ${pretrained} with it; ${gainWords(set.gain[unit][place])}.`;
}

/** "14.7 %", with the networks that are missing. */
function errorWords(errors) {
  const left = toldOf(errors);
  const lost = errors.length - left.length;
  if (!left.length) return "unknown (all diverged)";
  return `${mean(left).toFixed(1)} %${lost ? ` (${inWords(lost)} diverged)` : ""}`;
}

/** "saved 3.1 points (95 % interval 2.2 to 4.0)" */
export function gainWords({ mean: middle, low, high }) {
  if (middle === null) return "nothing can be said of what is saved";
  const between = low === null ? "" : ` (95 % interval ${signed(low)} to ${signed(high)})`;
  return `saved ${signed(middle)} points${between}`;
}

function closingWords(set, units) {
  const where = units.map((unit) => `${unit} ${closesAt(set, unit) === null ? "none" : `${closesAt(set, unit)} %`}`);
  return `The first share at which that interval contains 0: ${where.join(", ")}.`;
}

function liveWords(frame, units) {
  if (!frame) return "";
  const parts = units.map((unit) => {
    const [none, pretrained] = STARTS.map((name) => frame.error[unit][name]);
    const saved = savedBy(none, pretrained);
    return `${unit} ${errorWords(none)} → ${errorWords(pretrained)}${saved.length ? `, saved ${signed(mean(saved))} points` : ""}`;
  });
  return `Trained here with ${grouped(frame.labels)} labels (${inWords(frame.error[units[0]].none.length)} seeds): ${parts.join("; ")}.`;
}

const inWords = (count) => IN_WORDS[count] ?? String(count);

/**
 * Limits of the errors' axis: every network, the paper's numbers, and what was trained live.
 * @returns {[number, number]} percent
 */
export function errorEnds(set, units, frames) {
  const of = (holder) => units.flatMap((unit) => STARTS.flatMap((name) => holder[unit]?.[name]?.flat() ?? []));
  const [low, high] = around([set.error, set.paper, ...frames.map(({ error }) => error)].flatMap(of));
  return [Math.max(0, low), Math.min(100, high)];
}

/** Limits of the axis of what is saved: intervals, the paper's numbers, live ones, and 0. */
export function gainEnds(set, units, frames) {
  const intervals = units.flatMap((unit) => set.gain[unit].flatMap(({ mean: middle, low, high }) => [middle, low, high]));
  return around([0, ...intervals, ...units.flatMap((unit) => [...paperGains(set, unit), ...frames.flatMap((frame) => liveGain(frame, unit))])]);
}

function around(values) {
  const all = values.filter(Number.isFinite);
  if (!all.length) return [0, 100];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = Math.max(ROOM * (high - low), 0.1);
  return [low - room, high + room];
}

/** What the paper's networks save at every share, null where it shows none. */
export function paperGains(set, unit) {
  const rows = set.paper[unit];
  if (!rows) return [];
  return rows.none.map((none, i) => (none === null || rows.with[i] === null ? null : none - rows.with[i]));
}

/** What the networks trained live save, their mean, if there are any. */
export function liveGain(frame, unit) {
  const saved = savedBy(frame.error[unit].none, frame.error[unit].with);
  return saved.length ? [mean(saved)] : [];
}

/**
 * Read `#labels=4.3&data=norb`, labels in percent. Rubbish is ignored, part by part.
 * @returns {{stop_index?: number, shown?: string}}
 */
export function parseShare(hash, data) {
  const [state, share] = [{}, fragmentNumber(hash, "labels")];
  const name = new URLSearchParams(String(hash).replace(/^#/, "")).get("data");
  if (share > 0) state.stop_index = nearest(data.stops, share, Math.log2);
  if (data.sets.some((each) => each.name === name)) state.shown = name;
  return state;
}

/** The fragment of a setting, as `parseShare` reads it. */
export const writeShare = (data, stop, shown) => `#labels=${data.stops[stop]}&data=${shown}`;
