/** What PathViewer says: sentences, counts beside the recorded ones, and its setting in the address. No page needed. */

import { fragmentNumber, nearest } from "./fragment.mjs";
import { percent } from "./numbers.mjs";
import { countsOf, nameOf } from "./path_network.mjs";

export const DIRECTIONS = { both: "both", forward: "forward", back: "back" };
export const SIDES = ["left", "right"];

/** Made once: to make one takes longer than to run a small network. */
const COUNTS = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** A count with its thousands apart. */
export const counted = (value) => COUNTS.format(value);

/** A few words that no line breaks apart. */
export const unbroken = (words) => words.replace(/ %/g, "\u00a0%");

/** A number of any size to two digits, with a true minus sign. */
export function signed(value) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  const digits = size < 1 ? 1 - Math.floor(Math.log10(size)) : 2;
  return (size >= 0.001 && size < 1000 ? value.toFixed(digits) : powerOf(value)).replace("-", "−");
}

function powerOf(value) {
  const [digits, power] = value.toExponential(1).split("e");
  return `${digits} × 10${[...power.replace("+", "")].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")}`;
}

export const sizesOf = ({ side, width, classes }, depth) => [side * side, ...Array(depth).fill(width), classes.length];

/** The place among the kinds of the network on a side. */
export function kindOf(data, { beside, penalized }, side) {
  const [activation, under] = side === "left" ? ["rectifier", penalized] : [beside, false];
  return data.kinds.findIndex((kind) => kind.activation === activation && kind.l1 > 0 === under);
}

/** The activations that can stand on the right: every one that was trained without a penalty. */
export const choicesBeside = ({ kinds }) => kinds.filter(({ l1 }) => l1 === 0).map(({ activation }) => activation);

/** Such as "tanh network", or "rectifier network, L1 = 0.01". */
export const kindWords = ({ activation, l1 }) => `${activation} network${l1 > 0 ? `, L1 = ${l1}` : ""}`;

/** The newest of the networks of this kind and depth, or undefined. */
export const networkAt = (networks, kind, depth) => networks.filter((one) => one.kind === kind && one.depth === depth).pop();

/** Which units of a side are switched off, as `nameOf` names them. */
export const offOn = (off, side) => new Set(off.filter((name) => name.startsWith(`${side}.`)).map((name) => name.slice(side.length + 1)));

/** Switch one unit off, or on again. @returns {string[]} */
export function switched(off, side, { layer, unit }) {
  const name = `${side}.${nameOf(layer, unit)}`;
  return off.includes(name) ? off.filter((one) => one !== name) : [...off, name];
}

/**
 * @typedef {Object} View one network with one picture
 * @property {string} side
 * @property {string} name of the kind of network
 * @property {import("./path_network.mjs").Course} course
 * @property {ReturnType<typeof countsOf>} counts
 * @property {Set<string>} off
 * @property {number | null} seed of a network that was trained here
 * @property {string} [learned] the data that it was trained on
 */

/**
 * The live sentence.
 * @param {Object} data
 * @param {{label: number, step: number}} at
 * @param {View[]} views
 */
export function viewSentence(data, { label, step }, views) {
  const words = views.map((view) => `${capital(networkWords(data, view))}.`);
  return unbroken(`A “${data.classes[label]}” after ${counted(step)} training steps. ${words.join(" ")}`);
}

function networkWords({ classes }, { name, course, counts, off, seed, learned }) {
  const [on, carrying] = [sum(counts.active), sum(counts.carrying)];
  const back = carrying === on ? "the gradient comes back through exactly these" : `the gradient comes back through ${carrying} of them`;
  const whose = Number.isInteger(seed) ? ` (trained here from seed ${seed}${learned ? ` on ${learned}` : ""})` : "";
  const without = off.size ? `, ${off.size} switched off` : "";
  return `${name}${whose}${without}: ${ofAll(on, counts.units)} units are on, and with them `
    + `${pathWords(counts)}; ${carrying ? back : "no gradient comes back"}. It says “${classes[course.answer]}”, `
    + `error ${signed(course.loss)} nat`;
}

/** What runs forward: "8 of 30 units on, 18 of 1,000 paths (1.8 %) lit". */
export const forwardWords = (counts) => unbroken(`${ofAll(sum(counts.active), counts.units)} units on, ${pathWords(counts)} lit`);

/** What comes back: "gradient in 8 of 30 units". */
export const backWords = (counts) => `gradient in ${ofAll(sum(counts.carrying), counts.units)} units`;

const ofAll = (some, all) => (some === all ? `all ${all}` : `${some} of ${all}`);

/** "24 of 1,000 paths (2.4 %)". */
export function pathWords({ paths, ways }) {
  if (paths === ways) return `all ${counted(ways)} paths`;
  return `${counted(paths)} of ${counted(ways)} paths (${percent((100 * paths) / ways)} %)`;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);
const sum = (values) => values.reduce((total, value) => total + value, 0);

/**
 * What is told of one unit.
 * @param {Object} data
 * @param {View} view
 * @param {{layer: number, unit: number}} at
 * @param {import("./path_network.mjs").Course} other the course with this unit switched off, or on again
 */
export function unitWords({ classes }, { name, course, off }, { layer, unit }, other) {
  const [before, h, byOutput, byInput] = ["before", "h", "byOutput", "byInput"].map((part) => course[part][layer][unit]);
  const isOff = off.has(nameOf(layer, unit));
  const state = isOff ? "switched off" : h === 0 ? "silent" : "on";
  const asked = byInput === 0 ? "neither credit nor blame reaches it" : byInput < 0 ? "credit: more of it would lower the error" : "blame: less of it would lower the error";
  return unbroken(`${capital(name)}, layer ${layer + 1}, unit ${unit + 1}: ${state}. Input ${signed(before)}, output ${signed(h)}. `
    + `The error’s derivative by its output is ${signed(byOutput)} nat, by its input ${signed(byInput)} nat: ${asked}. `
    + `${isOff ? "Switched on again" : "Switched off"}, ${changeWords(classes, course, other)}.`);
}

function changeWords(classes, course, other) {
  if (course.loss === other.loss) return "nothing changes";
  const answer = course.answer === other.answer ? `the answer stays “${classes[course.answer]}”` : `the answer goes from “${classes[course.answer]}” to “${classes[other.answer]}”`;
  return `the error goes from ${signed(course.loss)} to ${signed(other.loss)} nat and ${answer}`;
}

/** A recorded quantity of a kind at a depth and a step: median, 10th and 90th percentile. */
export function bandAt({ bands, depths }, name, kind, depth, step_index) {
  const at = (cut) => bands[name][cut][kind][depths.indexOf(depth)][step_index];
  return { low: at("low"), median: at("median"), high: at("high") };
}

/**
 * The counts of a network beside the recorded ones.
 * @param {Object} data
 * @param {View & {kind: number, error: number}} view
 * @param {{depth: number, step_index: number}} setting
 * @returns {[string, string, string][]} what, here, recorded
 */
export function countRows(data, { kind, counts, error, off }, { depth, step_index }) {
  const { active, carrying, effective, paths, ways, units } = counts;
  const share = (values) => `${values.join(", ")} (${percent((100 * sum(values)) / units)} %)`;
  const spread = effective.map((value) => value.toFixed(1));
  const rows = [
    ["active", `units on, of ${data.width}`, share(active), percent, " %"],
    ["paths", "lit paths", paths === ways ? `all ${counted(ways)}` : `${counted(paths)} of ${counted(ways)} (${percent((100 * paths) / ways)} %)`, percent, " %"],
    ["carrying", "carry gradient", share(carrying), percent, " %"],
    ["effective", "effective units", `${spread.join(", ")}`, (value) => value.toFixed(1), ""],
    ["error", "test error", `${error.toFixed(1)} %${off.size ? ", all on" : ""}`, (value) => value.toFixed(1), " %"],
  ];
  return rows.map(([name, what, here, text, unit]) => {
    const { low, high } = bandAt(data, name, kind, depth, step_index);
    const [from, to] = [text(low), text(high)];
    return [what, unbroken(here), unbroken(`${from === to ? from : `${from}–${to}`}${unit}`)];
  });
}

/** How many seeds were recorded, in words. */
export const seedWords = ({ passport: { seeds } }) => (Array.isArray(seeds) ? `${seeds.length} seeds` : "all seeds");

/** The setting as a fragment, as `parsePaths` reads it. */
export function writePaths(data, { picture, depth, step_index, beside, penalized, direction, off }) {
  const without = off.length ? `&off=${off.join(",")}` : "";
  return `#picture=${picture}&depth=${depth}&step=${data.steps[step_index]}&beside=${beside}&l1=${penalized ? "on" : "off"}&way=${direction}${without}`;
}

/** The traits that a fragment names; rubbish is left out, part by part. */
export function parsePaths(hash, data) {
  const [picture, depth, step] = ["picture", "depth", "step"].map((name) => fragmentNumber(hash, name));
  const words = new URLSearchParams(String(hash).replace(/^#/, ""));
  const found = {};
  if (Number.isInteger(picture) && picture < data.labels.length) found.picture = picture;
  if (data.depths.includes(depth)) found.depth = depth;
  if (step !== null) found.step_index = nearest(data.steps, step);
  if (choicesBeside(data).includes(words.get("beside"))) found.beside = words.get("beside");
  if (["on", "off"].includes(words.get("l1"))) found.penalized = words.get("l1") === "on";
  if (Object.hasOwn(DIRECTIONS, words.get("way"))) found.direction = words.get("way");
  if (words.has("off")) found.off = words.get("off").split(",").filter((name) => isUnit(name, found.depth ?? Math.min(...data.depths), data.width));
  return found;
}

function isUnit(name, depth, width) {
  const [, side, layer, unit] = /^(\w+)\.(\d)\.(\d+)$/.exec(name) ?? [];
  return SIDES.includes(side) && Number(layer) < depth && Number(unit) < width;
}

/** What keeps the data from being drawn, or nothing. */
export function troubleWith(data) {
  const needed = ["data", "network", "side", "width", "pictures", "labels", "classes", "kinds", "depths", "steps", "networks", "bands", "passport"];
  const missing = needed.filter((name) => !Object.hasOwn(data ?? {}, name));
  return missing.length ? `This picture cannot be drawn: its data must hold ${missing.join(", ")}.` : "";
}
