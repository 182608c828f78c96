/**
 * Exact linear regions of a small rectifier network on a window of its two inputs. A polygon is a flat
 * list of corners, counterclockwise; a linear function is [by the first input, by the second, constant].
 *
 * @typedef {{inputs: number, outputs: number, weight: Float64Array, bias: Float64Array}} Layer
 * @typedef {{points: number[], corners: number[], active: Uint8Array, outputs: number[][]}} Region `points`
 *   are the numbers of its corners, the same for all regions that meet there; `active` is 1 for each unit
 *   that is on, hidden layer after hidden layer; `outputs` are those of each corner
 */

const CLOSE = 1e-12; // a height below this share of its largest terms is zero, as in regions.py
export const TOO_MANY = 5000; // regions, as in region_data.py

/**
 * @param {string} text base64 of float16 numbers, little-endian: each layer's weights, row by row, then its biases
 * @param {number[]} sizes of the layers, from the inputs to the outputs
 * @returns {Layer[]}
 */
export function networkOf(text, sizes) {
  const [view, shapes] = [viewOf(text), sizes.slice(1).map((outputs, i) => [sizes[i], outputs])];
  const bytes = 2 * shapes.reduce((sum, [inputs, outputs]) => sum + (inputs + 1) * outputs, 0);
  if (view.byteLength !== bytes) throw new RangeError(`its weights must be ${bytes} bytes. Got ${view.byteLength}.`);
  let at = -2;
  const take = (count) => Float64Array.from({ length: count }, () => halfFloat(view.getUint16((at += 2), true)));
  const layers = shapes.map(([inputs, outputs]) => ({ inputs, outputs, weight: take(inputs * outputs), bias: take(outputs) }));
  if (layers.some(({ weight, bias }) => ![...weight, ...bias].every(Number.isFinite))) throw new RangeError("its weights must be finite.");
  return layers;
}

/** The bytes of a base64 text. */
export function viewOf(text) {
  try {
    return new DataView(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer);
  } catch {
    throw new RangeError("its numbers must be base64.");
  }
}

/** A float16's bits as a number. */
export function halfFloat(bits) {
  const [sign, power, rest] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (power === 31) return rest ? NaN : sign * Infinity;
  return sign * (power ? 2 ** (power - 25) * (1024 + rest) : 2 ** -24 * rest);
}

/**
 * Cut the window by one unit after the other, layer after layer. The pieces share their points, and a unit
 * is known by its heights there: nothing gapes, however often one cuts (as in regions.py).
 * @param {Layer[]} layers
 * @param {number[]} window left, right, bottom, top
 * @param {number} most more regions than this are refused
 * @returns {Region[]}
 */
export function cut(layers, [left, right, bottom, top], most = TOO_MANY) {
  const mesh = { places: [[left, right, right, left], [bottom, bottom, top, top]], pieces: [{ points: [0, 1, 2, 3], active: [] }] };
  let below = mesh.places;
  for (const layer of layers.slice(0, -1)) {
    const [heights, limits] = heightsOf(layer, below);
    for (let unit = 0; unit < layer.outputs; unit += 1) {
      cutOnce(mesh, heights, unit, limits[unit]);
      if (mesh.pieces.length > most) throw new RangeError(`it has more than ${most.toLocaleString("en")} regions.`);
    }
    below = heights.map((all, unit) => all.map((height) => (height > limits[unit] ? height : 0)));
  }
  const [outputs] = heightsOf(layers[layers.length - 1], below);
  const [xs, ys] = mesh.places;
  return mesh.pieces.map(({ points, active }) => ({
    points, corners: points.flatMap((i) => [xs[i], ys[i]]), active: Uint8Array.from(active),
    outputs: points.map((i) => outputs.map((heights) => heights[i])),
  }));
}

/** Each unit's pre-activation at all points, and how near to zero counts as zero. */
function heightsOf({ inputs, outputs, weight, bias }, below) {
  const limits = [];
  const heights = Array.from({ length: outputs }, (_, k) => {
    const all = below[0].map(() => bias[k]);
    const terms = all.map(Math.abs);
    for (let i = 0; i < inputs; i += 1) {
      const [by, values] = [weight[i * outputs + k], below[i]];
      for (let point = 0; point < all.length; point += 1) {
        const term = by * values[point];
        all[point] += term;
        terms[point] += Math.abs(term);
      }
    }
    limits.push(CLOSE * terms.reduce((most, sum) => Math.max(most, sum), 0));
    return all;
  });
  return [heights, limits];
}

/** Cut all pieces that have corners on both sides of a unit's zero; where it is zero throughout, it is off. */
function cutOnce({ places, pieces }, heights, unit, limit) {
  const [own, old, all] = [heights[unit], heights[unit].length, [...places, ...heights]];
  const sides = own.map((height) => (height > limit ? 1 : height < -limit ? -1 : 0));
  const [made, before] = [new Map(), pieces.length];
  const between = (i, j) => {
    const [one, other] = i < j ? [i, j] : [j, i];
    const key = one * old + other;
    if (made.has(key)) return made.get(key);
    const share = own[one] / (own[one] - own[other]);
    for (const values of all) values.push(values[one] + share * (values[other] - values[one]));
    made.set(key, sides.push(0) - 1);
    return sides.length - 1;
  };
  for (let i = 0; i < before; i += 1) {
    const piece = pieces[i];
    let [high, low] = [false, false];
    for (const point of piece.points) {
      if (sides[point] > 0) high = true;
      else if (sides[point] < 0) low = true;
    }
    if (high && low) {
      const [above, rest] = halves(ringOf(piece.points, sides, between), sides);
      pieces.push({ points: above, active: [...piece.active, 1] });
      piece.points = rest;
    }
    piece.active.push(high && !low ? 1 : 0);
  }
}

/** A polygon with the new points in their places. */
function ringOf(points, sides, between) {
  const ring = [];
  for (let i = 0; i < points.length; i += 1) {
    const [here, next] = [points[i], points[i + 1 < points.length ? i + 1 : 0]];
    ring.push(here);
    if (sides[here] * sides[next] < 0) ring.push(between(here, next));
  }
  return ring;
}

/** The run of corners above zero and the rest; the point at zero before the run and its last belong to both. */
function halves(ring, sides) {
  const first = ring.findIndex((i) => sides[i] < 0);
  const turned = [...ring.slice(first), ...ring.slice(0, first)];
  const rise = turned.findIndex((i) => sides[i] > 0);
  const down = turned.findIndex((i, place) => place > rise && sides[i] < 0);
  const fall = down < 0 ? turned.length : down;
  return [turned.slice(rise - 1, fall), [...turned.slice(fall - 1), ...turned.slice(0, rise)]];
}

/**
 * The outputs as linear functions of the plane, where these units are active.
 * @returns {Float64Array} three numbers for each output
 */
export function linearOutputs(layers, active) {
  let [all, before] = [Float64Array.of(1, 0, 0, 0, 1, 0), 0];
  layers.forEach((layer, i) => {
    all = composed(layer, all);
    if (i === layers.length - 1) return;
    all = all.map((value, at) => (active[before + Math.floor(at / 3)] ? value : 0));
    before += layer.outputs;
  });
  return all;
}

/** A layer's linear functions of the plane, from those of its inputs. */
function composed({ inputs, outputs, weight, bias }, values) {
  const all = new Float64Array(3 * outputs);
  for (let k = 0; k < outputs; k += 1) {
    all[3 * k + 2] = bias[k];
    for (let i = 0; i < 3 * inputs; i += 1) all[3 * k + (i % 3)] += weight[Math.floor(i / 3) * outputs + k] * values[i];
  }
  return all;
}

/** The area of a polygon. */
export function areaOf(corners) {
  let twice = 0;
  for (let i = 2; i < corners.length - 2; i += 2) {
    const [x, y] = [corners[i] - corners[0], corners[i + 1] - corners[1]];
    twice += x * (corners[i + 3] - corners[1]) - (corners[i + 2] - corners[0]) * y;
  }
  return twice / 2;
}

/** Which region holds the point: the one that it is deepest in. */
export function regionAt(regions, x, y) {
  const depths = regions.map(({ corners }) => depthIn(corners, x, y));
  return depths.indexOf(Math.max(...depths));
}

function depthIn(corners, x, y) {
  let least = Infinity;
  for (let i = 0, j = corners.length - 2; i < corners.length; j = i, i += 2) {
    const [dx, dy] = [corners[i] - corners[j], corners[i + 1] - corners[j + 1]];
    const side = (dx * (y - corners[j + 1]) - dy * (x - corners[j])) / (Math.hypot(dx, dy) || 1);
    if (side < least) least = side;
  }
  return least;
}

/** A region's outputs at a point. */
export function scoresAt(scores, x, y) {
  return Array.from({ length: scores.length / 3 }, (_, k) => scores[3 * k] * x + scores[3 * k + 1] * y + scores[3 * k + 2]);
}

/** The class with the highest score; of equal ones the first. */
export function winnerOf(values) {
  let winner = 0;
  for (let k = 1; k < values.length; k += 1) if (values[k] > values[winner]) winner = k;
  return winner;
}

/** How far the class with the highest score is ahead of the next in probability (softmax), 0 to 1. */
export function leadOf(values) {
  const [most, next] = [...values].sort((a, b) => b - a);
  return (1 - Math.exp(next - most)) / values.reduce((sum, value) => sum + Math.exp(value - most), 0);
}

/**
 * The parts of a region by their winning class; most regions have one.
 * @param {Region} region
 * @returns {{winner: number, lead: number, corners: number[]}[]}
 */
export function partsByClass({ corners, outputs }) {
  const first = winnerOf(outputs[0]);
  if (outputs.every((values) => winnerOf(values) === first)) return [{ winner: first, lead: leadOf(meanOf(outputs)), corners }];
  const ring = outputs.map((values, i) => ({ values, at: [corners[2 * i], corners[2 * i + 1]] }));
  return outputs[0].flatMap((_, k) => {
    const won = outputs[0].reduce((left, _other, j) => (j === k ? left : keptAbove(left, k, j)), ring);
    if (won.length < 3) return [];
    return [{ winner: k, lead: leadOf(meanOf(won.map(({ values }) => values))), corners: won.flatMap(({ at }) => at) }];
  });
}

/** The part of a polygon where one output is above the other; of two equal ones the first has all. */
function keptAbove(ring, one, other) {
  const over = ring.map(({ values }) => values[one] - values[other]);
  if (!over.some((height) => height > 0 || (height === 0 && one < other))) return [];
  return ring.flatMap((corner, i) => {
    const j = (i + 1) % ring.length;
    const kept = over[i] >= 0 ? [corner] : [];
    if (over[i] * over[j] >= 0) return kept;
    const share = over[i] / (over[i] - over[j]);
    const mixed = (a, b) => a.map((value, part) => value + share * (b[part] - value));
    return [...kept, { values: mixed(corner.values, ring[j].values), at: mixed(corner.at, ring[j].at) }];
  });
}

function meanOf(outputs) {
  return outputs[0].map((_, k) => outputs.reduce((sum, values) => sum + values[k], 0) / outputs.length);
}
