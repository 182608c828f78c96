/** Autoencoders of one hidden layer of rectifiers, and the noise that their inputs suffer. No page needed. */

export const OUTPUTS = {
  softplus: (z) => Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z))),
  logistic: (z) => 1 / (1 + Math.exp(-z)),
  linear: (z) => z,
  rectifier: (z) => Math.max(0, z),
};

/**
 * The bytes behind a text in base64.
 * @param {string} text
 * @returns {Uint8Array}
 */
export const unpackedBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/**
 * @typedef {Object} Coder
 * @property {number} pixels
 * @property {number} units
 * @property {Float64Array} encoder weights, row by row, a row a pixel
 * @property {Float64Array} decoder weights, row by row, a row a hidden unit
 * @property {number[]} encoderBias
 * @property {number[]} decoderBias
 * @property {Float64Array} norms of each hidden unit's weights to the outputs
 * @property {(z: number) => number} output
 */

/**
 * A network as a page carries it, ready to run.
 * @param {Object} network codes, scales and biases
 * @param {string} output a key of OUTPUTS
 * @param {number} pixels
 * @param {number} units
 * @returns {Coder}
 */
export function coderOf(network, output, pixels, units) {
  const encoder = weightsOf(network.encoder_codes, network.encoder_scales, pixels, units);
  const decoder = weightsOf(network.decoder_codes, network.decoder_scales, units, pixels);
  const norms = Float64Array.from({ length: units }, (_, k) => Math.hypot(...decoder.subarray(k * pixels, (k + 1) * pixels)));
  return {
    pixels, units, encoder, decoder, norms, encoderBias: network.encoder_bias, decoderBias: network.decoder_bias, output: OUTPUTS[output],
  };
}

function weightsOf(text, scales, rows, columns) {
  const codes = new Int8Array(unpackedBytes(text).buffer);
  if (codes.length !== rows * columns) throw new RangeError(`its weights must be ${rows * columns} bytes. Got ${codes.length}.`);
  return Float64Array.from(codes, (code, i) => code * scales[i % columns]);
}

/**
 * What the hidden units put out, and what is given back.
 * @param {Coder} coder
 * @param {ArrayLike<number>} x pixels, 0 to 1
 * @returns {{h: Float64Array, out: Float64Array}}
 */
export function restore({ pixels, units, encoder, decoder, encoderBias, decoderBias, output }, x) {
  const h = Float64Array.from(encoderBias);
  for (let i = 0; i < pixels; i += 1) {
    if (x[i] === 0) continue;
    for (let k = 0; k < units; k += 1) h[k] += x[i] * encoder[i * units + k];
  }
  const out = Float64Array.from(decoderBias);
  for (let k = 0; k < units; k += 1) {
    h[k] = Math.max(0, h[k]);
    if (h[k] === 0) continue;
    for (let i = 0; i < pixels; i += 1) out[i] += h[k] * decoder[k * pixels + i];
  }
  return { h, out: out.map(output) };
}

/** The sum of squared differences. */
export function squaredError(one, other) {
  let sum = 0;
  for (let i = 0; i < one.length; i += 1) sum += (one[i] - other[i]) ** 2;
  return sum;
}

/** Pixels that are given back as exactly 0 where the digit is not 0. */
export const stuckOf = (out, digit) => placesWhere(out, (value, i) => value === 0 && digit[i] > 0);

/** Hidden units that add most to what is given back, the first one most; silent ones are left out. */
export function strongestUnits({ norms }, h, count) {
  const adds = Array.from(h, (value, k) => value * norms[k]);
  return placesWhere(h, (value) => value > 0).sort((a, b) => adds[b] - adds[a]).slice(0, count);
}

/** Weights from the pixels into a hidden unit. */
export const readOf = ({ pixels, units, encoder }, k) => Float64Array.from({ length: pixels }, (_, i) => encoder[i * units + k]);

/** Weights from a hidden unit to the outputs. */
export const addOf = ({ pixels, decoder }, k) => decoder.subarray(k * pixels, (k + 1) * pixels);

/**
 * A number from 0 to 1 for each pixel: those below the noise are masked, so that more noise masks
 * the same pixels and others besides.
 * @param {number} mask which noise
 * @param {number} pixels
 * @returns {Float64Array}
 */
export function lotsOf(mask, pixels) {
  let state = (0x9e3779b9 * mask) >>> 0;
  return Float64Array.from({ length: pixels }, () => {
    state = (state + 0x6d2b79f5) >>> 0; // "mulberry32"
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  });
}

/**
 * What is left of a digit.
 * @param {ArrayLike<number>} digit
 * @param {Float64Array} lots
 * @param {number} share of the pixels to mask, 0 to 1
 * @returns {{received: Float64Array, masked: number[]}}
 */
export function withNoise(digit, lots, share) {
  const masked = placesWhere(lots, (lot) => lot < share);
  const received = Float64Array.from(digit);
  masked.forEach((i) => (received[i] = 0));
  return { received, masked };
}

function placesWhere(values, which) {
  const found = [];
  values.forEach((value, i) => which(value, i) && found.push(i));
  return found;
}

/**
 * A stroke of the pen, from one place to another in pixels: ink, and half of it beside; or none of both.
 * @param {ArrayLike<number>} values
 * @param {number} side
 * @param {[number, number]} from column and row
 * @param {[number, number]} to
 * @param {boolean} erasing
 * @returns {Float64Array}
 */
export function stroked(values, side, from, to, erasing) {
  const drawn = Float64Array.from(values);
  const steps = Math.ceil(Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]))) || 1;
  for (let step = 0; step <= steps; step += 1) {
    const [x, y] = [0, 1].map((axis) => Math.floor(from[axis] + ((to[axis] - from[axis]) * step) / steps));
    dab(drawn, side, x, y, erasing ? 0 : 1, erasing);
    [[1, 0], [-1, 0], [0, 1], [0, -1]].forEach(([dx, dy]) => dab(drawn, side, x + dx, y + dy, erasing ? 0 : 0.5, erasing));
  }
  return drawn;
}

function dab(drawn, side, x, y, ink, erasing) {
  if (x < 0 || y < 0 || x >= side || y >= side) return;
  const i = y * side + x;
  drawn[i] = erasing ? ink : Math.max(drawn[i], ink);
}

/** The digit with one pixel inked, or cleared if it has ink. */
export function flipped(values, i) {
  const drawn = Float64Array.from(values);
  drawn[i] = drawn[i] > 0 ? 0 : 1;
  return drawn;
}
