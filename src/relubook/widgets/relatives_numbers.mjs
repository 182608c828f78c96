/** RelativesExplorer's numbers and words: readings of the records, limits, fragments. No page needed. */

import { mean, percent, plain } from "./numbers.mjs";

/** What can be shown of the networks: its name, its axis, and the digits of a mean. */
export const QUANTITIES = {
  error: { title: "test error", axis: "test error (%)", digits: 2 },
  saved: { title: "saved against the rectifier", axis: "saved against the rectifier (points)", digits: 2 },
  zeros: { title: "exact zeros", axis: "exact zeros among the outputs (%)", digits: 1 },
  dead: { title: "dead units", axis: "outputs that are always 0 (%)", digits: 1 },
  shift: { title: "mean shift", axis: "|mean| / mean |h| of a layer (1)", digits: 2 },
  time: { title: "time of a training step", axis: "time of a step (rectifier: 1)", digits: 2 },
};
const [FAR, ROOM] = [0.7, 0.04]; // of the rectifier's mean error; of the values' range, on either side
const FIXED = { zeros: [0, 100], shift: [0, 1] };
const FEW = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/** A small number in words. */
export const inWords = (count) => FEW[count] ?? String(count);

/** A number with a real minus, and none before a zero. */
export const signed = (value, digits) => value.toFixed(digits).replace(/^-(0\.?0*)$/, "$1").replace("-", "−");

/** The place of a unit among the kinds. */
export const placeOf = (data, unit) => Math.max(0, data.kinds.findIndex(({ name }) => name === unit));

/** The numbers that a quantity has, without the networks that diverged. */
export const told = ({ values }) => values.filter(Number.isFinite);

/** The newest live frame of a unit, or null. */
export const frameOf = (frames, unit) => (frames ?? []).filter((frame) => frame.unit === unit).at(-1) ?? null;

/**
 * A quantity of the newest networks of this unit that were trained here. What they save is paired by
 * seed with rectifiers that were trained here, too; nothing is timed here.
 * @returns {number[]}
 */
export function liveValues(frames, unit, quantity) {
  const frame = frameOf(frames, unit);
  if (!frame) return [];
  if (quantity !== "saved") return (frame[quantity] ?? []).filter(Number.isFinite);
  const rectifier = frameOf(frames, "rectifier");
  if (!rectifier) return [];
  const both = frame.error.map((error, i) => [rectifier.error[i], error]).filter((pair) => pair.every(Number.isFinite));
  return both.map(([theirs, own]) => theirs - own);
}

/**
 * What the axis shows. Networks far worse than the rectifier would press all others together: they
 * are beyond it.
 * @param {Object} set of networks
 * @param {string} quantity
 * @param {number} rectifier its place among the kinds
 * @param {number[]} live what was trained here
 * @returns {[number, number]}
 */
export function limitsOf(set, quantity, rectifier, live) {
  if (FIXED[quantity]) return FIXED[quantity];
  const all = [...set.quantities[quantity].flatMap(told), ...live];
  if (!all.length) return [0, 1];
  const top = Math.max(...all);
  if (quantity === "dead") return [0, Math.max(1, top)];
  if (quantity === "time") return [0, Math.max(1, top) * (1 + ROOM)];
  const near = nearby(all, quantity, set.quantities.error[rectifier].mean);
  const [low, high] = [Math.min(...near), Math.max(...near)];
  const room = Math.max(ROOM * (high - low), 0.02);
  return [quantity === "error" ? Math.max(0, low - room) : low - room, high + room];
}

/** Errors, or what is saved, that are not far worse than the rectifier's mean; all if none are. */
function nearby(values, quantity, mean) {
  if (mean === null) return values;
  const near = values.filter((value) => (quantity === "error" ? value <= (1 + FAR) * mean : value >= -FAR * mean));
  return near.length ? near : values;
}

/**
 * The live sentence: what the networks with this unit do, and what it saves.
 * @param {Object} data
 * @param {Object} set of networks
 * @param {string} unit
 * @param {Object[]} frames of networks trained here
 */
export function relativeSentence(data, set, unit, frames) {
  const place = placeOf(data, unit);
  const found = Object.fromEntries(Object.entries(set.quantities).map(([name, rows]) => [name, rows[place]]));
  const start = `${unit[0].toUpperCase()}${unit.slice(1)}, learning rate ${plain(set.rate[place])}: test error ${errorWords(found.error, set.seeds)}.`;
  const zeros = found.zeros.mean === null ? "" : `${percent(found.zeros.mean)} % of the outputs are exact zeros.`;
  return [start, savedWords(unit, found.saved), zeros, liveWords(frames, unit)].filter(Boolean).join(" ");
}

/** "4.93 % (95 % interval 4.80 to 5.06; ten seeds)" */
function errorWords(row, seeds) {
  const left = told(row).length;
  if (!left) return `unknown, all ${inWords(seeds)} networks diverged`;
  const lost = left < seeds ? `, ${inWords(seeds - left)} more diverged and ${seeds - left === 1 ? "is" : "are"} left out` : "";
  const between = row.low === null ? "" : `95 % interval ${betweenWords(row)}; `;
  return `${row.mean.toFixed(2)} % (${between}${counted(left)}${lost})`;
}

const counted = (count) => `${inWords(count)} seed${count === 1 ? "" : "s"}`;

const betweenWords = ({ low, high }) => `${signed(low, 2)} to ${signed(high, 2)}`;

function savedWords(unit, row) {
  if (unit === "rectifier") return "The others are measured against it.";
  if (row.low === null) return "";
  const start = `Saved against the rectifier: ${signed(row.mean, 2)} points (${betweenWords(row)})`;
  if (row.low > 0) return `${start}: it errs less.`;
  if (row.high < 0) return `${start}: it errs more.`;
  return `${start}: ${counted(told(row).length)} cannot tell them apart.`;
}

function liveWords(frames, unit) {
  const frame = frameOf(frames, unit);
  if (!frame) return "";
  const errors = frame.error.filter(Number.isFinite);
  if (!errors.length) return `Trained here: all ${inWords(frame.error.length)} networks diverged.`;
  const lost = frame.error.length - errors.length;
  const spread = `${Math.min(...errors).toFixed(2)} to ${Math.max(...errors).toFixed(2)}${lost ? `, ${inWords(lost)} more diverged` : ""}`;
  return `Trained here: test error ${mean(errors).toFixed(2)} % (${counted(errors.length)}, ${spread})${savedHere(frames, unit)}.`;
}

function savedHere(frames, unit) {
  if (unit === "rectifier") return "";
  const saved = liveValues(frames, unit, "saved");
  if (!saved.length) return "; train the rectifier, too, to see what is saved here";
  return `; ${signed(mean(saved), 2)} points saved against rectifiers trained here`;
}

/** The slopes that were learned, in words. */
export const noteOf = ({ note }, { slopes }) => note.replace("{learned}", slopes.map((slope) => signed(slope, 2)).join(", ") || "unknown");

/** A unit's name in an address. */
export const slug = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");

/**
 * Read `#unit=elu&quantity=saved&data=mnist`. Rubbish is ignored, part by part.
 * @returns {{unit?: string, quantity?: string, shown?: string}}
 */
export function parseRelative(hash, data) {
  const [state, fields] = [{}, new URLSearchParams(String(hash).replace(/^#/, ""))];
  const [unit, quantity, shown] = ["unit", "quantity", "data"].map((name) => fields.get(name));
  const kind = data.kinds.find(({ name }) => slug(name) === unit);
  if (kind) state.unit = kind.name;
  if (Object.hasOwn(QUANTITIES, quantity ?? "")) state.quantity = quantity;
  if (data.sets.some(({ name }) => name === shown)) state.shown = shown;
  return state;
}

/** The fragment of a setting, as `parseRelative` reads it. */
export const writeRelative = (unit, quantity, shown) => `#unit=${slug(unit)}&quantity=${quantity}&data=${shown}`;
