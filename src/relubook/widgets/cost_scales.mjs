/** Where CostExplorer's marks go: logarithmic axes, and labels that keep their distance. */

import { scale } from "./numbers.mjs";

const ROOM = 9; // more marks than this on one axis, and only the powers of ten stay
const BETWEEN = 6; // pieces a line has between two recorded shares
const FULL = 0.999; // all zeros would be infinitely far
const SHARES = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999];

/**
 * How far along its axis a share of zeros stands: equal steps divide the active units by the same
 * factor, since these are what a skipping method pays for. From 0 to 50 % is as far as 98 to 99 %.
 */
export const stretch = (share) => -Math.log(1 - Math.min(share, FULL));

/**
 * The stretched scale from no zeros to the largest share in the data, and its marks in percent.
 * @param {Object} data
 * @param {number} start pixels
 * @param {number} end pixels
 * @returns {{place: (share: number) => number, marks: [number, string][]}}
 */
export function zerosAxis(data, start, end) {
  const most = Math.max(...data.zeros, ...data.networks.map(({ zeros }) => zeros));
  const along = scale(0, stretch(most), start, end);
  const place = (share) => along(stretch(share));
  const shown = SHARES.filter((share) => share <= Math.max(most, SHARES[1]));
  return { place, marks: shown.map((share) => [place(share), String(share * 100)]) };
}

/**
 * A logarithmic scale from data to pixels.
 * @returns {(value: number) => number}
 */
export function logScale(from, to, start, end) {
  const place = scale(Math.log(from), Math.log(to), start, end);
  return (value) => place(Math.log(value));
}

/**
 * Round numbers 1, 2, 5 times a power of ten inside the limits; powers of ten alone when many.
 * @returns {number[]}
 */
export function logTicks(from, to) {
  const powers = Array.from({ length: Math.ceil(Math.log10(to / from)) + 2 }, (_, k) =>
    Math.floor(Math.log10(from)) + k);
  const among = (steps) => powers.flatMap((power) => steps.map((m) => Number(`${m}e${power}`)))
    .filter((v) => v >= from && v <= to);
  const all = among([1, 2, 5]);
  return all.length > ROOM ? among([1]) : all;
}

/**
 * Powers of two inside the limits.
 * @returns {number[]}
 */
export function doublings(from, to) {
  const [first, last] = [Math.ceil(Math.log2(from) - 1e-9), Math.floor(Math.log2(to) + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, k) => 2 ** (first + k));
}

/**
 * The lowest and highest time of the record and of the live frames, with air around them.
 * @param {Object} data
 * @param {Object[]} frames
 * @returns {[number, number]} seconds per example
 */
export function timeLimits(data, frames) {
  const recorded = ["layer", "low", "high"].flatMap((name) => Object.values(data[name]).flat(2));
  const live = frames.flatMap((f) => [f.time, f.low, f.high].flatMap((by) => Object.values(by ?? {})));
  const all = [...recorded, ...live];
  return [Math.min(...all) * 0.8, Math.max(...all) * 1.2];
}

/**
 * The least and largest speedup of a trained network at any batch size, with air around them.
 * @returns {[number, number]} times as fast as dense
 */
export function speedLimits(data) {
  const all = data.networks.flatMap(({ time }) => Object.keys(time).flatMap((method) =>
    time[method].map((seconds, j) => time.dense[j] / seconds)));
  return [Math.min(0.5, ...all) * 0.85, Math.max(2, ...all) * 1.18];
}

/**
 * A line with points between the recorded ones, so that lines cross on a stretched axis where
 * their crossover is: there too, the logarithm of time is linear in the share of zeros.
 * @param {number[]} zeros
 * @param {number[]} times
 * @returns {[number, number][]} share and time
 */
export function finely(zeros, times) {
  const steps = Array.from({ length: BETWEEN }, (_, k) => k / BETWEEN);
  const between = zeros.slice(0, -1).flatMap((share, i) => steps.map((part) => [
    share + part * (zeros[i + 1] - share), times[i] * (times[i + 1] / times[i]) ** part,
  ]));
  return [...between, [zeros[zeros.length - 1], times[times.length - 1]]];
}

/**
 * Move places apart until neighbors are `gap` away from each other, inside the limits.
 * @param {number[]} places in any order
 * @param {number} gap
 * @param {number} low
 * @param {number} high
 * @returns {number[]} in the order of `places`
 */
export function apart(places, gap, low, high) {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b]);
  const found = [...places];
  let free = low;
  for (const i of order) {
    found[i] = Math.max(found[i], free);
    free = found[i] + gap;
  }
  let roof = high;
  for (const i of order.toReversed()) {
    found[i] = Math.min(found[i], roof);
    roof = found[i] - gap;
  }
  return found;
}
