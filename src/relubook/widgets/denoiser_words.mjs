/** Denoiser's numbers, its sentence, and its setting in the address. No page needed. */

import { fragmentNumber } from "./fragment.mjs";
import { restore, squaredError, strongestUnits, stuckOf, withNoise } from "./denoiser_network.mjs";

export const NOISES = Array.from({ length: 19 }, (_, i) => 5 * i); // per cent of the pixels
const STRONGEST = 6; // hidden units that are shown one by one

/** An error as it is written. */
export const errorText = (error) => error.toFixed(2);

const times = (count, one, many) => `${count} ${count === 1 ? one : many}`;

/**
 * @typedef {Object} Seen
 * @property {Float64Array} received
 * @property {number[]} masked pixels
 * @property {number} nothing squared error of what is received
 * @property {{h: Float64Array, out: Float64Array, error: number, active: number, stuck: number[], strongest: number[]}[]} restored
 */

/**
 * What every network makes of a digit with noise.
 * @param {import("./denoiser_network.mjs").Coder[]} coders
 * @param {Float64Array} digit
 * @param {Float64Array} lots as `lotsOf` draws them
 * @param {number} noise per cent
 * @returns {Seen}
 */
export function seenBy(coders, digit, lots, noise) {
  const { received, masked } = withNoise(digit, lots, noise / 100);
  const restored = coders.map((coder) => {
    const { h, out } = restore(coder, received);
    return {
      h, out, error: squaredError(out, digit), active: h.filter((value) => value > 0).length,
      stuck: stuckOf(out, digit), strongest: strongestUnits(coder, h, STRONGEST),
    };
  });
  return { received, masked, nothing: squaredError(received, digit), restored };
}

/**
 * One sentence or two that say what is seen.
 * @param {Object} data
 * @param {Seen} seen
 * @param {Float64Array} digit
 * @param {string} who the digit
 */
export function noiseSentence({ strategies }, { masked, nothing, restored }, digit, who) {
  const inked = masked.filter((i) => digit[i] > 0).length;
  const holes = masked.length ? `${masked.length} of ${digit.length} pixels masked, ${inked} of them inked` : "nothing masked";
  const best = restored.reduce((least, one, i) => (one.error < restored[least].error ? i : least), 0);
  const errors = restored.map(({ error }, i) => `${strategies[i].name} ${errorText(error)}`).join(", ");
  const verdict = restored[best].error < nothing ? `${strategies[best].output} comes closest` : "nothing comes closer than what is received";
  return `${who}: ${holes}, squared error ${errorText(nothing)}. Given back: ${errors}; ${verdict}.${stuckWords(strategies, restored)}`;
}

function stuckWords(strategies, restored) {
  return restored.flatMap(({ stuck }, i) => {
    if (!stuck.length) return [];
    const outputs = times(stuck.length, `${strategies[i].output} output is`, `${strategies[i].output} outputs are`);
    return [` ${outputs} 0 where the digit has ink (×): no gradient would reach ${stuck.length === 1 ? "it" : "them"}.`];
  }).join("");
}

/** Such as "41 of 128 units active". */
export const activeWords = (active, units) => `${active} of ${units} units active`;

/** Where the pen is, and what is there. */
export const penWords = (digit, side, cursor) =>
  `Row ${Math.floor(cursor / side) + 1}, column ${(cursor % side) + 1}: ${Math.round(100 * digit[cursor])}\u00a0% ink`;

/**
 * Read `#digit=3&noise=25&mask=2&strategy=4`. Rubbish is ignored, part by part.
 * @param {string} hash
 * @param {Object} data
 * @returns {{digit?: number, noise?: number, mask?: number, strategy?: number}}
 */
export function parseDenoiser(hash, { labels, strategies }) {
  const state = {};
  const whole = (name, low, high) => {
    const value = fragmentNumber(hash, name);
    return Number.isInteger(value) && value >= low && value <= high ? value : null;
  };
  const put = (name, value) => value !== null && (state[name] = value);
  put("digit", whole("digit", 0, labels.length - 1));
  const noise = whole("noise", 0, 100);
  if (NOISES.includes(noise)) state.noise = noise;
  put("mask", whole("mask", 1, 9999));
  const number = whole("strategy", 1, strategies.length);
  put("strategy", number && number - 1);
  return state;
}

/** The fragment of a setting, as `parseDenoiser` reads it. */
export const writeDenoiser = ({ digit, noise, mask, strategy }) =>
  `#digit=${digit}&noise=${noise}&mask=${mask}&strategy=${strategy + 1}`;
