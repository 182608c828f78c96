/** What ScaleSlider says: numbers, sentences, and its setting in the address. No page needed. */

import { fragmentNumber, nearest } from "./fragment.mjs";
import { median } from "./numbers.mjs";

export const CASES = { positive: "rectifiers", negative: "rectifiers, two negative alphas", tanh: "tanh" };
export const STAGES = { untrained: "before training", trained: "after training" };
const NEEDED = ["sizes", "log2_s", "weights", "digits", "activity", "ranks", "spectrum", "largest", "condition", "moments", "races", "rates", "silent", "passport"];
const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** A few words that no line breaks apart. */
export const unbroken = (words) => words.replace(/ (?=[%=÷×]|nat\b)/g, "\u00a0").replace(/([=÷×]) /g, "$1\u00a0");

/** s as a reader writes it: 8, 1/8, 2.83, 1/2.83. */
export function scaleName(log2s) {
  const power = 2 ** Math.abs(log2s);
  const text = Number.isInteger(power) ? String(power) : power.toFixed(2);
  return log2s < 0 ? `1/${text}` : text;
}

/** A number with two significant digits, as a power of ten where it is far from 1. */
export function short(value) {
  if (value === 0) return "0";
  const power = Math.floor(Math.log10(Math.abs(value)));
  if (power < -3 || power > 4) return `${(value / 10 ** power).toFixed(1)} × 10${raised(power)}`;
  return power < 1 ? value.toFixed(1 - power) : String(Math.round(value));
}

const raised = (power) => [...String(power)].map((c) => RAISED[c]).join("");

/** A loss with two decimals. */
export const nat = (value) => `${value.toFixed(2)} nat`;

/**
 * The losses at the end of a race; who diverged, or is worse than silence, counts as silent.
 * @param {Object} data
 * @param {"own" | "common"} race
 * @param {number} place
 */
export const endOf = (data, race, place) => median(data.races[race][place].map((curve) => mild(curve[curve.length - 1], data.silent)));

/** A loss no worse than saying nothing. */
export const mild = (loss, silent) => (loss === null ? silent : Math.min(loss, silent));

export const oneOf = (data) => data.log2_s.indexOf(0);

/**
 * The live sentence.
 * @param {Object} data
 * @param {{place: number, stage: string, case: string}} setting
 * @param {number} difference of the logits of all digits
 * @param {Object | null} live a race run here
 */
export function viewSentence(data, setting, difference, live) {
  const { place, stage } = setting;
  const kind = setting.case;
  const ways = waysOf(data.log2_s[place], kind);
  if (kind !== "positive") return unbroken(`${ways}${kind === "tanh" ? ", tanh units" : ""}: the outputs differ by up to ${short(difference)}. ${difference > 1e-6 ? "This is another function" : "Here nothing changes"}. Curvature and training were recorded for rectifiers and positive alphas only.`);
  const same = difference === 0 ? "the outputs are the same to the last bit" : `the outputs differ by ${short(difference)}, which is rounding`;
  const times = data.largest[stage][place] / data.largest[stage][oneOf(data)];
  const curved = place === oneOf(data) ? "" : ` The largest curvature ${STAGES[stage]} is ${short(times)} times that at s = 1.`;
  return unbroken(`${ways}: ${same}.${curved} ${raceWords(data, place)}${live ? ` ${liveWords(data, live)}` : ""}`);
}

/** What is done to the weights, in words. */
function waysOf(log2s, kind) {
  const [name, power] = [`s = ${scaleName(log2s)}`, scaleName(Math.abs(log2s))];
  if (log2s === 0 && kind !== "negative") return `${name}, as it was`;
  const by = kind === "negative" ? `−${power}` : power;
  return log2s < 0 ? `${name}, first weights × ${by}, second ÷ ${by}` : `${name}, first weights ÷ ${by}, second × ${by}`;
}

function raceWords(data, place) {
  const [steps, one] = [data.moments[data.moments.length - 1].toLocaleString("en"), oneOf(data)];
  const start = nat(endOf(data, "own", one));
  if (place === one) return `After ${steps} steps from here the training loss is ${start}.`;
  const [own, common] = ["own", "common"].map((race) => nat(endOf(data, race, place)));
  return `After ${steps} steps from here the training loss is ${own} at the best rate (${short(data.rates[place])}) and ${common} at the rate best for s = 1 (${short(data.rates[one])}); from s = 1 it is ${start}.`;
}

function liveWords(data, live) {
  const [own, common] = ["own", "common"].map((race) => live[race][live[race].length - 1]);
  const said = (loss) => (loss === null ? "diverged" : nat(loss));
  return `Trained here: ${said(own)} and ${said(common)}.`;
}

/** The latest race run here from this s, or null. */
export const liveAt = (frames, place) => (frames ?? []).filter((frame) => frame.place === place).pop() ?? null;

/** The setting that a fragment names, as far as the data have it. */
export function parseScale(hash, data) {
  const text = new URLSearchParams(String(hash).replace(/^#/, ""));
  const state = {};
  const s = fragmentNumber(hash, "s");
  if (s > 0) state.place = nearest(data.log2_s, Math.log2(s));
  if (Object.hasOwn(STAGES, text.get("stage") ?? "")) state.stage = text.get("stage");
  if (Object.hasOwn(CASES, text.get("case") ?? "")) state.case = text.get("case");
  const digit = fragmentNumber(hash, "digit");
  if (Number.isInteger(digit) && digit < data.digits.length) state.digit = digit;
  return state;
}

/** The setting as a fragment. */
export const writeScale = (data, setting) =>
  `#s=${Number((2 ** data.log2_s[setting.place]).toFixed(4))}&stage=${setting.stage}&case=${setting.case}&digit=${setting.digit}`;

/** What keeps the data from being drawn, as a sentence, or an empty text. */
export function troubleWith(data) {
  const missing = NEEDED.filter((name) => !(name in (data ?? {})));
  return missing.length ? `This figure cannot be drawn: its data must hold ${missing.join(", ")}.` : "";
}
