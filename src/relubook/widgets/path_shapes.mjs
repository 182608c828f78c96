/** A network as a drawing: where its units stand, and lines as wide as what they carry. No page needed. */

import { tenth } from "./axes.mjs";

export const [ACROSS, HEIGHT] = [340, 250];
const [TOP, BOTTOM, LEFT, RIGHT, CLASSES] = [16, 234, 122, 266, 306]; // of the units; where the classes stand
const [PICTURE, CORNER, EDGE] = [72, [2, 89], 4]; // side and corner of the picture; lines begin a little to its right
export const RADIUS = { least: 3.2, most: 8.4, silent: 5.6 };
const [WIDTHS, THINNEST] = [[0.4, 0.9, 1.7, 2.8, 4.2], 0.1]; // the last: between pixels and units, below this share nothing

/**
 * Places of all that is drawn.
 * @param {number[]} sizes of the layers, from the pixels to the classes
 * @returns {[number, number][][]} of each layer, from the pixels to the classes
 */
export function placesOf(sizes) {
  const [side, depth] = [Math.sqrt(sizes[0]), sizes.length - 2];
  const pixels = Array.from({ length: sizes[0] }, (_, i) => [CORNER[0] + PICTURE + EDGE, cornerOf(side, i)[1] + PICTURE / side / 2]);
  const columns = Array.from({ length: depth }, (_, l) => (depth > 1 ? LEFT + ((RIGHT - LEFT) * l) / (depth - 1) : (LEFT + RIGHT) / 2));
  const layers = [...columns, CLASSES].map((x, l) => column(x, sizes[l + 1]));
  return [pixels, ...layers];
}

const column = (x, units) =>
  Array.from({ length: units }, (_, i) => [x, units > 1 ? TOP + ((BOTTOM - TOP) * i) / (units - 1) : (TOP + BOTTOM) / 2]);

const cornerOf = (side, i) => [CORNER[0] + (PICTURE / side) * (i % side), CORNER[1] + (PICTURE / side) * Math.floor(i / side)];

/**
 * What each weight carries forward, from each layer to the next: the output below times the weight, where the unit
 * above is not silent.
 * @param {import("./path_network.mjs").Layer[]} layers
 * @param {import("./path_network.mjs").Course} course
 * @param {ArrayLike<number>} x
 * @returns {Float64Array[]} one number a weight
 */
export function forwardFlows(layers, { h }, x) {
  return layers.map((layer, l) => {
    const [below, above] = [l ? h[l - 1] : x, h[l]];
    return flowOf(layer, (i, k) => (above && above[k] === 0 ? 0 : below[i]));
  });
}

/** What each weight carries back: the derivative above times the weight, where the unit below lets it pass. */
export function backFlows(layers, { byScore, byInput }) {
  return layers.map((layer, l) => {
    const [below, above] = [byInput[l - 1], byInput[l] ?? byScore];
    return flowOf(layer, (i, k) => (below && below[i] === 0 ? 0 : above[k]));
  });
}

function flowOf({ inputs, outputs, weight }, carried) {
  const flow = new Float64Array(weight.length);
  for (let i = 0; i < inputs; i += 1) {
    for (let k = 0; k < outputs; k += 1) flow[i * outputs + k] = weight[i * outputs + k] * carried(i, k);
  }
  return flow;
}

/**
 * All lines that carry something, in bundles of one width.
 * @param {Float64Array[]} flows from each layer to the next; each gap has its own strongest line
 * @param {[number, number][][]} places of the layers
 * @returns {{width: number, d: string}[]}
 */
export function bundles(flows, places) {
  const paths = WIDTHS.map(() => "");
  flows.forEach((flow, gap) => {
    const [below, above] = [places[gap], places[gap + 1]];
    const most = flow.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    flow.forEach((value, at) => {
      const share = Math.abs(value) / most;
      if (value === 0 || (gap === 0 && share < THINNEST)) return;
      const [[x1, y1], [x2, y2]] = [below[Math.floor(at / above.length)], above[at % above.length]];
      paths[Math.min(WIDTHS.length - 1, Math.floor(share * WIDTHS.length))] += `M${tenth(x1)} ${tenth(y1)}L${tenth(x2)} ${tenth(y2)}`;
    });
  });
  return paths.map((d, i) => ({ width: WIDTHS[i], d })).filter(({ d }) => d);
}

/** The radius of each unit: its area grows with the size of its number; 0 is silent. */
export function radiiOf(values) {
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const { least, most: widest, silent } = RADIUS;
  return Array.from(values, (value) => (value === 0 ? silent : tenth(least + (widest - least) * Math.sqrt(Math.abs(value) / most))));
}

const SHADES = 6;

/**
 * Gray pixels as few paths, each of one darkness.
 * @param {ArrayLike<number>} values 0 to 1
 * @param {number} side pixels
 * @param {(i: number) => [number, number]} corner of a pixel
 * @param {number} cell its size
 * @returns {{opacity: number, d: string}[]}
 */
export function inkOf(values, side, corner = (i) => [i % side, Math.floor(i / side)], cell = 1) {
  const paths = Array.from({ length: SHADES }, () => "");
  Array.from(values).forEach((value, i) => {
    const shade = Math.ceil(value * SHADES) - 1;
    if (shade >= 0) paths[shade] += square(corner(i), cell);
  });
  return paths.map((d, i) => ({ opacity: (i + 1) / SHADES, d })).filter(({ d }) => d);
}

/** The input picture's ink where it stands in the drawing. */
export const inkInPlace = (values, side) => inkOf(values, side, (i) => cornerOf(side, i), PICTURE / side);

/** The frame of the input picture in the drawing. */
export const FRAME = { x: CORNER[0], y: CORNER[1], width: PICTURE, height: PICTURE };

/**
 * Signed numbers as squares whose area is their size: `more` those above 0, `less` those below.
 * @param {ArrayLike<number>} values
 * @param {number} side
 * @param {(i: number) => [number, number]} [corner]
 * @param {number} [cell]
 * @returns {{more: string, less: string}}
 */
export function squaresOf(values, side, corner = (i) => [i % side, Math.floor(i / side)], cell = 1) {
  const most = Array.from(values).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const paths = { more: "", less: "" };
  Array.from(values).forEach((value, i) => {
    if (value === 0) return;
    const size = 0.92 * cell * Math.sqrt(Math.abs(value) / most);
    if (size < 0.15 * cell) return;
    const shift = (cell - size) / 2;
    paths[value > 0 ? "more" : "less"] += square(corner(i).map((v) => v + shift), size);
  });
  return paths;
}

/** The same where the input picture stands. */
export const squaresInPlace = (values, side) => squaresOf(values, side, (i) => cornerOf(side, i), PICTURE / side);

const short = (value) => Math.round(value * 100) / 100;
const square = ([x, y], size) => `M${short(x)} ${short(y)}h${short(size)}v${short(size)}h${short(-size)}z`;

/**
 * The hidden unit nearest to a place of the drawing, or null where none is near.
 * @param {[number, number][][]} places of the layers
 * @returns {{layer: number, unit: number} | null}
 */
export function unitAt(places, x, y, near = 15) {
  let [found, least] = [null, near];
  places.slice(1, -1).forEach((units, layer) => units.forEach(([ux, uy], unit) => {
    const far = Math.hypot(ux - x, uy - y);
    if (far < least) [found, least] = [{ layer, unit }, far];
  }));
  return found;
}
