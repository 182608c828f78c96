/** A network with two hidden layers of rectifiers reads which words are there, and accounts for it. No page needed. */

import { decode } from "./l1_raster.mjs";
import { wordsIn } from "./review_words.mjs";

/**
 * @typedef {Object} ReviewNetwork
 * @property {Map<string, number>} places of the words among the inputs
 * @property {number[]} stars of each class
 * @property {number[]} slope what the logits are multiplied by, to get their slope over the stars
 * @property {number} width units of a hidden layer
 * @property {{weight: Float64Array, bias: number[]}[]} layers weights row by row, a row an input
 */

/**
 * The network as a page carries it, ready to run.
 * @param {Object} data
 * @returns {ReviewNetwork}
 */
export function reviewNetwork(data) {
  const words = data.words.split("\n");
  const sizes = [[words.length, data.width], [data.width, data.width], [data.width, data.stars.length]];
  const middle = sum(data.stars) / data.stars.length;
  const spread = sum(data.stars.map((star) => (star - middle) ** 2));
  return {
    places: new Map(words.map((word, place) => [word, place])),
    stars: data.stars, slope: data.stars.map((star) => (star - middle) / spread), width: data.width,
    layers: sizes.map(([inputs, units], i) => ({
      weight: weightsFrom(data[`codes_${i + 1}`], data[`scales_${i + 1}`], inputs * units), bias: data[`bias_${i + 1}`],
    })),
  };
}

function weightsFrom(text, scales, count) {
  const codes = new Int8Array(decode(text).buffer);
  if (codes.length !== count) throw new RangeError(`its weights must be ${count} bytes. Got ${codes.length}.`);
  return Float64Array.from(codes, (code, i) => code * scales[i % scales.length]);
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const dot = (one, other) => one.reduce((total, value, i) => total + value * other[i], 0);

/** The sums that units receive: their biases, and the rows of the inputs, each times its number. */
function received({ weight, bias }, rows, numbers = null) {
  const sums = Float64Array.from(bias);
  rows.forEach((row, n) => {
    const by = numbers ? numbers[n] : 1;
    if (by === 0) return;
    for (let k = 0; k < sums.length; k += 1) sums[k] += by * weight[row * sums.length + k];
  });
  return sums;
}

/** What one more at each input of a layer adds to what `to` weighs. */
const backward = ({ weight, bias: { length } }, inputs, to) =>
  Float64Array.from({ length: inputs }, (_, i) => dot(to, weight.subarray(i * length, (i + 1) * length)));

/**
 * @typedef {Object} Seen
 * @property {Float64Array} first outputs of the first hidden layer
 * @property {Float64Array} second outputs of the second
 * @property {Float64Array} logits nat
 * @property {number[]} chances of the classes, 0 to 1
 * @property {number} expected stars
 * @property {number} likely the most likely class
 * @property {number} slope L, nat per star
 * @property {Float64Array} toFirst what one more at a unit of the first layer adds to L
 * @property {number} biases what all biases add to L
 * @property {Float64Array[]} byUnit what each unit adds to L, a list a layer
 * @property {number[]} active units, a number a layer
 */

/**
 * What the network says when these inputs are 1, and what carries it: with the same units active
 * it is linear, so that the inputs and the biases add up.
 * @param {ReviewNetwork} network
 * @param {number[]} inputs their places
 * @returns {Seen}
 */
export function lookAt({ layers, width, slope, stars }, inputs) {
  const [into, middle, out] = layers;
  const units = Array.from({ length: width }, (_, k) => k);
  const first = received(into, inputs).map((value) => Math.max(0, value));
  const second = received(middle, units, first).map((value) => Math.max(0, value));
  const logits = received(out, units, second);
  const most = Math.max(...logits);
  const odds = Array.from(logits, (logit) => Math.exp(logit - most));
  const chances = odds.map((odd) => odd / sum(odds));
  const toSecond = backward(out, width, slope).map((value, k) => (second[k] > 0 ? value : 0));
  const toFirst = backward(middle, width, toSecond).map((value, k) => (first[k] > 0 ? value : 0));
  return {
    first, second, logits, chances, toFirst,
    expected: dot(chances, stars), likely: chances.indexOf(Math.max(...chances)), slope: dot(logits, slope),
    biases: dot(into.bias, toFirst) + dot(middle.bias, toSecond) + dot(out.bias, slope),
    byUnit: [first.map((value, k) => value * toFirst[k]), second.map((value, k) => value * toSecond[k])],
    active: [first, second].map((values) => values.filter((value) => value > 0).length),
  };
}

/** What the input at a place adds to L while the same units are active, nat per star. */
export const carriedBy = ({ layers: [{ weight }], width }, { toFirst }, place) =>
  dot(toFirst, weight.subarray(place * width, (place + 1) * width));

/** The weight of an input into a unit of the first layer. */
export const weightInto = ({ layers: [{ weight }], width }, place, unit) => weight[place * width + unit];

/**
 * @typedef {Object} Reading
 * @property {string} text
 * @property {import("./review_words.mjs").Token[]} tokens
 * @property {number} different words
 * @property {number} found words that are known, repeated ones too
 * @property {{word: string, place: number}[]} known each once, in their order
 * @property {Seen} seen what the network says of all of them
 */

/**
 * Read a text.
 * @param {ReviewNetwork} network
 * @param {string} text
 * @returns {Reading}
 */
export function readReview(network, text) {
  const tokens = wordsIn(text);
  const different = new Set(tokens.map(({ word }) => word));
  const known = [...different].filter((word) => network.places.has(word)).map((word) => ({ word, place: network.places.get(word) }));
  return {
    text, tokens, different: different.size, found: tokens.filter(({ word }) => network.places.has(word)).length,
    known, seen: lookAt(network, known.map(({ place }) => place)),
  };
}

/**
 * What striking words out does, beside what the linear account of the whole review foretold.
 * @param {ReviewNetwork} network
 * @param {Reading} reading
 * @param {Set<string>} struck
 * @returns {{seen: Seen, carried: Map<string, number>, foretold: number, flipped: number}}
 *   what the network says now, what each word that is left carries now, the foretold L, and how
 *   many units turned on or off
 */
export function strikeOut(network, { known, seen: whole }, struck) {
  const [gone, left] = [true, false].map((out) => known.filter(({ word }) => struck.has(word) === out));
  const seen = gone.length ? lookAt(network, left.map(({ place }) => place)) : whole;
  const turned = (layer) => whole[layer].filter((value, k) => value > 0 !== seen[layer][k] > 0).length;
  return {
    seen,
    carried: new Map(left.map(({ word, place }) => [word, carriedBy(network, seen, place)])),
    foretold: whole.slope - sum(gone.map(({ place }) => carriedBy(network, whole, place))),
    flipped: turned("first") + turned("second"),
  };
}
