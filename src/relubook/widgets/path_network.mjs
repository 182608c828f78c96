/**
 * A small network with one picture: what each unit says, and what the error says of each unit. No page needed.
 *
 * @typedef {{inputs: number, outputs: number, weight: Float64Array, bias: Float64Array}} Layer
 * @typedef {Object} Course of one picture through one network and back
 * @property {Float64Array[]} before pre-activations of each hidden layer
 * @property {Float64Array[]} h outputs of each hidden layer; 0 for a unit that is switched off
 * @property {Float64Array} p probability of each class
 * @property {number} answer the class of the highest score
 * @property {number} loss of this picture (nat)
 * @property {Float64Array} byScore derivative of the loss by each score
 * @property {Float64Array[]} byOutput the same by each hidden output
 * @property {Float64Array[]} byInput the same by each pre-activation: a unit where it is not 0 carries gradient
 * @property {Float64Array} byPixel the same by each pixel
 */

/** Each activation, and its slope from the pre-activation and the output (as in activations.py). */
export const RESPONSES = {
  rectifier: { value: (x) => Math.max(x, 0), slope: (x, h) => (h > 0 ? 1 : 0) },
  tanh: { value: Math.tanh, slope: (x, h) => 1 - h * h },
  softplus: { value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), slope: (x, h) => -Math.expm1(-h) },
  logistic: { value: (x) => 1 / (1 + Math.exp(-x)), slope: (x, h) => h * (1 - h) },
};

/** The bytes of a base64 text. */
export function bytesOf(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw new RangeError("its numbers must be base64.");
  }
}

/**
 * @param {{weights: string, scales: number[]}} frame 8-bit numbers in base64: each layer's weights, row by row,
 *   then its biases, all to be multiplied by the layer's scale
 * @param {number[]} sizes of the layers, from the pixels to the classes
 * @returns {Layer[]}
 */
export function networkOf({ weights, scales }, sizes) {
  const codes = new Int8Array(bytesOf(weights).buffer);
  const needed = sizes.slice(1).reduce((sum, outputs, i) => sum + (sizes[i] + 1) * outputs, 0);
  if (codes.length !== needed) throw new RangeError(`its weights must be ${needed} bytes. Got ${codes.length}.`);
  let start = 0;
  const take = (count, scale) => Float64Array.from(codes.subarray(start, (start += count)), (code) => code * scale);
  return sizes.slice(1).map((outputs, i) => ({
    inputs: sizes[i], outputs, weight: take(sizes[i] * outputs, scales[i]), bias: take(outputs, scales[i]),
  }));
}

/** How a unit is named in the set of those that are switched off; layers count from 0. */
export const nameOf = (layer, unit) => `${layer}.${unit}`;

/**
 * @param {Layer[]} layers
 * @param {string} activation
 * @param {ArrayLike<number>} x pixels, 0 to 1
 * @param {number} label
 * @param {Set<string>} off units that are switched off, as `nameOf` names them
 * @returns {Course}
 */
export function courseOf(layers, activation, x, label, off = new Set()) {
  const { value, slope } = RESPONSES[activation];
  const [before, h] = [[], []];
  let below = x;
  layers.slice(0, -1).forEach((layer, l) => {
    before.push(sumsOf(layer, below));
    below = before[l].map((z, unit) => (off.has(nameOf(l, unit)) ? 0 : value(z)));
    h.push(below);
  });
  const scores = sumsOf(layers[layers.length - 1], below);
  const { p, loss } = softmax(scores, label);
  const others = sumOf(p.filter((_, k) => k !== label)); // p - 1 of the right class, to all its digits
  const byScore = p.map((share, k) => (k === label ? -others : share));
  const [byOutput, byInput] = [[], []];
  let above = byScore;
  for (let l = h.length - 1; l >= 0; l -= 1) {
    byOutput[l] = back(layers[l + 1], above);
    above = byOutput[l].map((g, unit) => (off.has(nameOf(l, unit)) ? 0 : g * slope(before[l][unit], h[l][unit])));
    byInput[l] = above;
  }
  return { before, h, p, loss, answer: topOf(scores), byScore, byOutput, byInput, byPixel: back(layers[0], above) };
}

/** h W + b. */
function sumsOf({ inputs, outputs, weight, bias }, h) {
  const sums = bias.slice();
  for (let i = 0; i < inputs; i += 1) {
    if (h[i] === 0) continue;
    for (let k = 0; k < outputs; k += 1) sums[k] += h[i] * weight[i * outputs + k];
  }
  return sums;
}

/** What reaches the units below from what stands above a layer. */
function back({ inputs, outputs, weight }, above) {
  return Float64Array.from({ length: inputs }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < outputs; k += 1) sum += weight[i * outputs + k] * above[k];
    return sum;
  });
}

function softmax(scores, label) {
  const most = Math.max(...scores);
  const sizes = scores.map((score) => Math.exp(score - most));
  const total = sumOf(sizes);
  return { p: sizes.map((size) => size / total), loss: Math.log(total) + most - scores[label] };
}

const sumOf = (values) => values.reduce((sum, value) => sum + value, 0);
const topOf = (values) => values.reduce((best, value, i) => (value > values[best] ? i : best), 0);

/** How a unit's pre-activation changes with each pixel here: for a unit of the first layer, its weights. */
export function templateOf(layers, activation, { before, h }, layer, unit, off = new Set()) {
  const { slope } = RESPONSES[activation];
  let above = Float64Array.from({ length: layers[layer].outputs }, (_, k) => Number(k === unit));
  for (let l = layer; l > 0; l -= 1) {
    above = back(layers[l], above)
      .map((g, i) => (off.has(nameOf(l - 1, i)) ? 0 : g * slope(before[l - 1][i], h[l - 1][i])));
  }
  return back(layers[0], above);
}

/** Over how many units a gradient is spread: exp of the entropy of the shares (as in gradients.py). */
export function effectiveUnits(g) {
  const total = g.reduce((sum, value) => sum + Math.abs(value), 0);
  if (total === 0) return 0;
  return Math.exp(g.reduce((sum, value) => {
    const share = Math.abs(value) / total;
    return share > 0 ? sum - share * Math.log(share) : sum;
  }, 0));
}

const lit = (values) => values.reduce((count, value) => count + Number(value !== 0), 0);

/**
 * What is counted of a course.
 * @param {Course} course
 * @returns {{active: number[], carrying: number[], effective: number[], paths: number, ways: number, units: number}}
 *   `paths` of all `ways` through hidden units lead through active units only
 */
export function countsOf({ h, byInput }) {
  const active = h.map(lit);
  return {
    active, carrying: byInput.map(lit), effective: byInput.map(effectiveUnits),
    paths: active.reduce((product, count) => product * count, 1),
    ways: h.reduce((product, { length }) => product * length, 1),
    units: h.reduce((sum, { length }) => sum + length, 0),
  };
}
