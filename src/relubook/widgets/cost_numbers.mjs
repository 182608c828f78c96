/** What CostExplorer says and where it stands: crossovers, sentences, fragments. No page needed. */

import { fragmentNumber, nearest } from "./fragment.mjs";

/** The methods in the order in which they are drawn, and their names in words. */
export const METHODS = { dense: "dense", gathered: "gathered", csr: "CSR" };

const SKIPPERS = { gathered: "Gathering", csr: "CSR" };
const EVEN = 1.05; // within 5 %, neither is called the faster

/** The methods of the data that skip zeros. */
export const skipping = (data) => data.methods.filter((method) => method !== "dense");

/** One batch size's times over the shares of zeros. */
export const column = (times, j) => times.map((row) => row[j]);

/**
 * The share of zeros from which a method is faster than dense at every recorded share above.
 * Between two recorded shares the logarithm of the ratio is interpolated, as in the experiment.
 * @param {number[]} zeros shares, rising
 * @param {number[]} dense times at these shares
 * @param {number[]} other times at these shares
 * @returns {number | null} null where dense is still as fast at the last share
 */
export function crossover(zeros, dense, other) {
  const lead = zeros.map((_, i) => Math.log(dense[i] / other[i]));
  const last = lead.findLastIndex((ahead) => ahead <= 0);
  if (last === -1) return zeros[0];
  if (last === zeros.length - 1) return null;
  const part = lead[last] / (lead[last] - lead[last + 1]);
  return zeros[last] + part * (zeros[last + 1] - zeros[last]);
}

/** The crossover of every skipping method at every batch size. */
export function crossovers(data) {
  const along = (method) => data.batch.map((_, j) =>
    crossover(data.zeros, column(data.layer.dense, j), column(data.layer[method], j)));
  return Object.fromEntries(skipping(data).map((method) => [method, along(method)]));
}

/** A share in percent as the grid has it: 92.5, never 92.50. */
export const share = (value) => String(Math.round(value * 1000) / 10);

/** A crossover in whole percent. */
export const whole = (value) => String(Math.round(value * 100));

/** A ratio of times: 3.1, and 12 from ten on. */
export const times = (ratio) => (ratio < 9.95 ? ratio.toFixed(1) : String(Math.round(ratio)));

/** Seconds as microseconds in about three digits. */
export function micro(seconds) {
  const value = seconds * 1e6;
  return value.toFixed(value < 1 ? 2 : value < 9.95 ? 1 : 0);
}

/** "1 example", "8 examples". */
export const examples = (batch) => `${batch} example${batch === 1 ? "" : "s"}`;

/**
 * One sentence that says what is seen, and one more where this machine was measured.
 * @param {Object} data
 * @param {number} i place of the share of zeros
 * @param {number} j place of the batch size
 * @param {Object | null} frame a live measurement of this setting
 */
export function costSentence(data, i, j, frame = null) {
  const ratio = data.layer.dense[i][j] / data.layer.gathered[i][j];
  const from = crossover(data.zeros, column(data.layer.dense, j), column(data.layer.gathered, j));
  const where = `With ${share(data.zeros[i])} % zeros and ${examples(data.batch[j])} at a time`;
  const live = frame ? ` Measured here: ${pace(frame.time.dense / frame.time.gathered)}.` : "";
  return `${where}, gathering is ${pace(ratio)}; ${whenItPays(data.zeros, i, ratio, from)}.${live}`;
}

function pace(ratio) {
  if (ratio >= EVEN) return `${times(ratio)} times as fast as dense`;
  if (ratio <= 1 / EVEN) return `${times(1 / ratio)} times as slow as dense`;
  return "about as fast as dense";
}

function whenItPays(zeros, i, ratio, from) {
  const last = share(zeros[zeros.length - 1]);
  const faster = ratio >= EVEN;
  if (from === null) return faster ? `but not at ${last} %` : `it would pay nowhere up to ${last} %`;
  if (from === zeros[0]) return "it pays at every recorded share";
  if (zeros[i] >= from) return `it pays from ${whole(from)} % zeros`;
  return faster ? `but it pays throughout only from ${whole(from)} %` : `it would pay from ${whole(from)} %`;
}

/** "45 %", or the words for never and always. */
export function fromWords(zeros, from) {
  if (from === null) return `not up to ${share(zeros[zeros.length - 1])} %`;
  return from === zeros[0] ? "always" : `${whole(from)} %`;
}

/** "Gathering pays from 45 %; CSR pays from 52 %." */
export function whoPays(data, found, j) {
  const words = skipping(data).map((method) => {
    const [from, subject] = [found[method][j], SKIPPERS[method]];
    if (from === null) return `${subject} does not pay up to ${share(data.zeros[data.zeros.length - 1])} %`;
    return from === data.zeros[0] ? `${subject} always pays` : `${subject} pays from ${whole(from)} %`;
  });
  return `${words.join("; ")}.`;
}

/**
 * Read `#zeros=85&batch=1`. Rubbish is ignored, part by part; what lies between two recorded
 * settings goes to the nearer, batch sizes on the log axis.
 * @returns {{zeros_index?: number, batch_index?: number}}
 */
export function parseCostFragment(hash, data) {
  const [zeros, batch] = ["zeros", "batch"].map((name) => fragmentNumber(hash, name));
  const state = {};
  if (zeros !== null && zeros <= 100) state.zeros_index = nearest(data.zeros, zeros / 100);
  if (batch >= 1 && Number.isFinite(batch)) state.batch_index = nearest(data.batch, batch, Math.log2);
  return state;
}

/** The fragment of a setting, as `parseCostFragment` reads it. */
export const writeCostFragment = (data, i, j) => `#zeros=${share(data.zeros[i])}&batch=${data.batch[j]}`;

/** The recorded share nearest to the paper's zeros on MNIST, one example at a time. */
export function paperPlace(data) {
  return { zeros_index: nearest(data.zeros, data.paper_zeros / 100), batch_index: 0 };
}

/** The newest live frame of each share of zeros at this batch size. */
export function liveAt(frames, j) {
  const here = (frames ?? []).filter((frame) => frame.batch_index === j);
  return [...new Map(here.map((frame) => [frame.zeros_index, frame])).values()];
}
