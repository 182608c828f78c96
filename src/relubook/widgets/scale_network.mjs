/** A small network in 64 bits: rescaled, run forward, and measured. Nothing here touches a page. */

/**
 * @typedef {Object} Layer
 * @property {number} inputs
 * @property {number} outputs
 * @property {Float64Array} weight input by input
 * @property {Float64Array} bias
 */

const UNITS = { rectifier: (z) => (z > 0 ? z : 0), tanh: Math.tanh };

/**
 * The layers of a network: float32 numbers in base64, each layer's weights and then its biases.
 * @param {string} text
 * @param {number[]} sizes from the inputs to the outputs
 * @returns {Layer[]}
 */
export function layersOf(text, sizes) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const numbers = Float64Array.from(new Float32Array(bytes.buffer));
  let at = 0;
  const take = (count) => numbers.slice(at, (at += count));
  return sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i];
    return { inputs, outputs, weight: take(inputs * outputs), bias: take(outputs) };
  });
}

/**
 * W_i / alpha_i and b_i / (alpha_1 ... alpha_i), as on page 319 of the paper.
 * @param {Layer[]} layers
 * @param {number[]} alphas one a layer
 * @returns {Layer[]}
 */
export function rescaled(layers, alphas) {
  let product = 1;
  return layers.map((layer, i) => {
    const soFar = (product *= alphas[i]);
    return { ...layer, weight: layer.weight.map((w) => w / alphas[i]), bias: layer.bias.map((b) => b / soFar) };
  });
}

/** The alphas of a case at s: their product is 1. */
export const alphasOf = (kind, s) => (kind === "negative" ? [-s, -1 / s, 1] : [s, 1 / s, 1]);

/**
 * @param {Layer[]} layers
 * @param {ArrayLike<number>} x
 * @param {"rectifier" | "tanh"} units
 * @returns {Float64Array} the logits
 */
export function logitsOf(layers, x, units) {
  return layers.reduce((h, layer, i) => {
    const z = linear(layer, h);
    return i < layers.length - 1 ? z.map(UNITS[units]) : z;
  }, x);
}

function linear({ inputs, outputs, weight, bias }, h) {
  const z = Float64Array.from(bias);
  for (let i = 0; i < inputs; i += 1) {
    if (h[i] === 0) continue;
    for (let o = 0; o < outputs; o += 1) z[o] += h[i] * weight[i * outputs + o];
  }
  return z;
}

/** Shares of the classes. */
export function softmax(logits) {
  const top = Math.max(...logits);
  const powers = Array.from(logits, (v) => Math.exp(v - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}

/** The largest difference of two lists of logits. */
export const apart = (one, other) => one.reduce((most, row, i) => row.reduce((m, v, k) => Math.max(m, Math.abs(v - other[i][k])), most), 0);

/** The sum of squares. */
export const squares = (values) => values.reduce((sum, v) => sum + v * v, 0);

/**
 * How many of the numbers are so large, one count a bin of log2 |w|; zeros fall into none.
 * @param {Float64Array} values
 * @param {number} from logarithm of the first bin's lower end
 * @param {number} bins
 * @param {number} width of a bin
 */
export function histogram(values, from, bins, width) {
  const counts = Array(bins).fill(0);
  values.forEach((v) => {
    const at = Math.floor((Math.log2(Math.abs(v)) - from) / width);
    if (at >= 0 && at < bins) counts[at] += 1;
  });
  return counts;
}

/**
 * The sum of squared weights and the sum of activations along the family.
 * @param {number[]} norms squared weights of the three layers at s = 1
 * @param {number[]} activity sums of the two hidden layers at s = 1
 */
export const penalties = (norms, activity) => ({
  norm: (s) => norms[0] / s ** 2 + norms[1] * s ** 2 + norms[2],
  l1: (s) => activity[0] / s + activity[1],
  best: (norms[0] / norms[1]) ** 0.25,
});
