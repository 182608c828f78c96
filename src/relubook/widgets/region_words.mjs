/** What RegionViewer says: readings, bounds, sentences, and its setting in the address. No page needed. */

import { fragmentNumber, nearest } from "./fragment.mjs";
import { percent, plain } from "./numbers.mjs";

export const COLORINGS = { class: "predicted class", active: "active units" };

/** Made once: to make one takes longer than to cut a small network. */
const COUNTS = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** A count with its thousands apart; a median between two counts keeps its half. */
export const counted = (value) => COUNTS.format(value);

/** A number with a true minus sign. */
export const signed = (value, digits = 2) => value.toFixed(digits).replace(/^-(0\.?0*)$/, "$1").replace("-", "−");

/** A few words that no line breaks apart. */
export const unbroken = (words) => words.replace(/ %/g, "\u00a0%");

export const sizesOf = (data, depth, width) => [2, ...Array(depth).fill(width), data.classes.length];

/** Regions that random networks with so many units have in the whole plane (Hanin and Rolnick): N²/2. */
export const expectedRegions = (depth, width) => (depth * width) ** 2 / 2;

/**
 * Regions that no network of these sizes can exceed: each layer cuts a piece as so many lines can,
 * in at most as many dimensions as the layers before have left (Montúfar).
 * @param {number[]} sizes of the layers, from the inputs to the outputs
 */
export function mostRegions(sizes) {
  let [most, dimensions] = [1, sizes[0]];
  for (const units of sizes.slice(1, -1)) {
    dimensions = Math.min(dimensions, units);
    let [pieces, ways] = [0, 1];
    for (let j = 0; j <= dimensions; j += 1) {
      pieces += ways;
      ways = (ways * (units - j)) / (j + 1);
    }
    most *= pieces;
  }
  return most;
}

/**
 * @typedef {Object} Reading one network at one step
 * @property {Object} network of the contract: depth, width, frames
 * @property {Object} frame weights, error, active
 * @property {{median: number, low: number, high: number}} band recorded counts of regions
 * @property {number} most
 * @property {number} expected
 * @property {boolean} live
 */

/**
 * @param {Object} data
 * @param {{depth: number, width: number, l1_index: number, step_index: number}} setting
 * @param {Object | null} live a network trained here, to be read instead of the recorded one
 * @returns {Reading}
 */
export function readingOf(data, setting, live = null) {
  const { depth, width, l1_index, step_index } = setting;
  const network = live ?? networkAt(data.networks, setting);
  if (!network?.frames[step_index]) throw new RangeError("it was not recorded.");
  return {
    ...setting, network, live: Boolean(live), frame: network.frames[step_index], band: bandAt(data, depth, width, l1_index, step_index),
    units: depth * width, l1: data.l1[l1_index], step: data.steps[step_index],
    expected: expectedRegions(depth, width), most: mostRegions(sizesOf(data, depth, width)),
  };
}

/** The newest of the networks with this setting, or null. */
export function networkAt(networks, { depth, width, l1_index }) {
  const here = networks.filter((one) => one.depth === depth && one.width === width && one.l1_index === l1_index);
  return here[here.length - 1] ?? null;
}

/** The recorded counts of a setting at a step. */
export function bandAt({ counts, depths, widths }, depth, width, l1, step) {
  const at = (grid) => grid[depths.indexOf(depth)][widths.indexOf(width)][l1][step];
  return { median: at(counts.median), low: at(counts.low), high: at(counts.high) };
}

/** "48–71 (median 60)": the middle 80 % of the seeds. */
export function bandWords({ median, low, high }) {
  return low === high ? `all ${counted(low)}` : `${counted(low)}–${counted(high)} (median ${counted(median)})`;
}

/** First, middle and last place: there is room for the texts of three. */
export const marksAlong = (steps) => [...new Set([0, Math.floor((steps.length - 1) / 2), steps.length - 1])];

const times = (count, one) => `${counted(count)} ${one}${count === 1 ? "" : "s"}`;

/** How many seeds were recorded, in words. */
export const seedWords = ({ passport }) => (Array.isArray(passport.seeds) ? times(passport.seeds.length, "seed") : "all seeds");

/**
 * The live sentence.
 * @param {Object} data
 * @param {Reading} r
 * @param {number} regions
 */
export function viewSentence(data, r, regions) {
  const whose = r.live ? `, trained here${Number.isInteger(r.network.seed) ? ` from seed ${r.network.seed}` : ""}` : "";
  return unbroken(`Depth ${r.depth}, width ${r.width}, L1 = ${plain(r.l1)}, step ${counted(r.step)}${whose}: `
    + `${times(regions, "linear region")} in this window. Recorded with ${seedWords(data)}: ${bandWords(r.band)}. `
    + `The estimate N²/2 for N = ${r.units} units is ${counted(r.expected)}; no network of these sizes can have more than ${counted(r.most)}. `
    + `Test error ${r.frame.error.toFixed(1)} %; ${percent(r.frame.active)} % of the units are active.`);
}

/**
 * What is seen at one point.
 * @param {Object} data
 * @param {Reading} r
 * @param {import("./region_cutting.mjs").Region} region
 * @param {{place: [number, number], area: number, winner: number}} at `area` of the region
 */
export function regionWords({ window: [left, right, bottom, top], classes }, r, region, { place, area, winner }) {
  const on = Array.from({ length: r.depth }, (_, i) => sum(region.active.slice(i * r.width, (i + 1) * r.width)));
  const layers = r.depth > 1 ? ` (layer by layer ${on.map((units) => `${units} of ${r.width}`).join(", ")})` : "";
  const share = (100 * area) / ((right - left) * (top - bottom));
  return unbroken(`At ${place.map((v) => signed(v)).join(", ")}, ${sum(on)} of ${r.units} units are active${layers}. `
    + `They stay so in a region of area ${plain(area)}, ${percent(share)} % of the window. The network says “${classes[winner]}” here.`);
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** The setting as a fragment, as `parseRegions` reads it. */
export function writeRegions(data, { depth, width, l1_index, step_index, coloring, place }) {
  const at = place.map((v) => Number(v.toFixed(3))).join(",");
  return `#depth=${depth}&width=${width}&l1=${plain(data.l1[l1_index])}&step=${data.steps[step_index]}&color=${coloring}&at=${at}`;
}

/** The traits that a fragment names; rubbish is left out, part by part. */
export function parseRegions(hash, data) {
  const [depth, width, l1, step] = ["depth", "width", "l1", "step"].map((name) => fragmentNumber(hash, name));
  const words = new URLSearchParams(String(hash).replace(/^#/, ""));
  const found = {};
  if (data.depths.includes(depth)) found.depth = depth;
  if (data.widths.includes(width)) found.width = width;
  if (l1 !== null) found.l1_index = nearest(data.l1, l1, (v) => Math.log10(Math.max(v, 1e-9)));
  if (step !== null) found.step_index = nearest(data.steps, step);
  if (Object.hasOwn(COLORINGS, words.get("color"))) found.coloring = words.get("color");
  const place = words.get("at")?.split(",");
  const plainly = place?.length === 2 && place.every((text) => /^-?\d*\.?\d+$/.test(text));
  if (plainly && inWindow(data.window, place.map(Number))) found.place = place.map(Number);
  return found;
}

const inWindow = ([left, right, bottom, top], [x, y]) => x >= left && x <= right && y >= bottom && y <= top;

/** The nearest point of the window. */
export function clamped([left, right, bottom, top], [x, y]) {
  const between = (value, low, high) => Math.min(high, Math.max(low, value));
  return [between(x, left, right), between(y, bottom, top)].map((v) => Number(v.toFixed(3)));
}

/** What keeps the data from being drawn, or nothing. */
export function troubleWith(data) {
  const needed = ["data", "network", "window", "examples", "classes", "depths", "widths", "l1", "steps", "networks", "counts", "passport"];
  const missing = needed.filter((name) => !Object.hasOwn(data ?? {}, name));
  return missing.length ? `This picture cannot be drawn: its data must hold ${missing.join(", ")}.` : "";
}
