/** What StartMap reads and says: the packed map, one cell, sentences, presets, fragments. No page needed. */

import { fragmentNumber, nearest } from "./fragment.mjs";
import { median, percent, plain } from "./numbers.mjs";

const DIVERGED = 0xffff; // as in experiments/training_map_frames.py
const AXES = ["activations", "depths", "starts", "rates"];
const SLOGAN = { activation: "logistic", depth: 5, rate: 0.1 };

/**
 * @typedef {Object} Place A cell and a step.
 * @property {string} activation
 * @property {number} depth
 * @property {number} start_index
 * @property {number} rate_index
 * @property {number} step_index
 */

/**
 * @typedef {Object} Network One network of a cell.
 * @property {(number | null)[]} error percent, one a step; null once it has diverged
 * @property {number | null} dead percent of the deadest layer at the last step
 */

/** The numbers of a page's data, opened. */
export function openMap(data) {
  return { data, error: opened(data.error), dead: opened(data.dead) };
}

function opened(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Uint16Array(bytes.buffer);
}

/**
 * The networks of one cell, one a seed.
 * @returns {Network[]}
 */
export function networksAt({ data, error, dead }, place) {
  const seeds = data.seeds.length;
  const steps = data.steps.length;
  const cell = cellOf(data, place);
  return data.seeds.map((_, k) => ({
    error: data.steps.map((_, t) => share(error[(cell * steps + t) * seeds + k])),
    dead: share(dead[cell * seeds + k]),
  }));
}

const share = (parts) => (parts === DIVERGED ? null : parts / 100);

function cellOf(data, { activation, depth, start_index, rate_index }) {
  const at = [data.activations.indexOf(activation), data.depths.indexOf(depth), start_index, rate_index];
  return at.reduce((place, index, axis) => place * data[AXES[axis]].length + index, 0);
}

/**
 * How some networks do after one step.
 * @param {Network[]} networks
 * @param {number} step_index
 * @param {number} success percent
 * @param {boolean} ended whether that step is the last
 */
export function stateOf(networks, step_index, success, ended) {
  const errors = networks.map(({ error }) => error[step_index]);
  return {
    all: networks.length,
    learned: errors.filter((e) => e !== null && e < success).length,
    diverged: errors.filter((e) => e === null).length,
    dead: ended ? networks.filter(({ dead }) => dead === 100).length : 0,
    median: median(errors.map((e) => e ?? 100)),
  };
}

/** The state of every cell at the reader's activation, depth and step: rows are starts. */
export function statesAround(map, place) {
  const { starts, rates, steps, success } = map.data;
  const ended = place.step_index === steps.length - 1;
  return starts.map((_, start_index) => rates.map((_, rate_index) =>
    stateOf(networksAt(map, { ...place, start_index, rate_index }), place.step_index, success, ended)));
}

/** Whether a cell's median network has learned. */
export const learns = ({ median: error, diverged, all }, success) => diverged * 2 < all && error < success;

/** A whole number with its thousands apart. */
export const counted = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/** A start's name as it is printed. */
export const printed = (name) => name.replace("'", "’").replace(" x ", " × ");

/** Its name under a slider. */
export const shortly = (name) => printed(name).replace(/’s default$/, "").replace(/^Glorot (?=×)/, "");

const layers = (depth, activation) => `${depth} ${activation} layer${depth === 1 ? "" : "s"}`;
const unbroken = (text) => text.replace(/ %/g, "\u00a0%");

/** "fails in 5 of 5, median error 90 %, a whole layer dead in 3". */
export function fate({ all, learned, diverged, dead, median: error }) {
  const done = learned === all ? `learns in ${all} of ${all}` : `fails in ${all - learned} of ${all}`;
  const lost = diverged === all ? ["all of them diverged"] : [
    2 * diverged < all && `median error ${percent(error)} %`,
    diverged > 0 && `${diverged} diverged`,
    dead > 0 && `a whole layer dead in ${dead}`,
  ];
  return [done, ...lost.filter(Boolean)].join(", ");
}

/**
 * The live sentence: where the reader stands, what happens there, and whether the claim is true.
 * @param {Object} data
 * @param {Place} place
 * @param {Object} here state of the recorded networks
 * @param {Object[][]} around states of all cells
 * @param {Object | null} live state of the networks trained here
 */
export function viewSentence(data, place, here, around, live) {
  const { activation, depth, start_index, rate_index, step_index } = place;
  const cells = around.flat();
  const wins = cells.filter((state) => learns(state, data.success)).length;
  const where = `${layers(depth, activation)}, start: ${printed(data.starts[start_index])}, learning rate ${plain(data.rates[rate_index])}, ${counted(data.steps[step_index])} steps`;
  const added = live ? ` Trained here: ${fate(live)}.` : "";
  return unbroken(`${where}: ${fate(here)}.${added} “${claim(depth, activation)}” is ${truth(here, live)} here. `
    + `At this depth and step, ${wins} of ${cells.length} starts and learning rates learn.`);
}

const claim = (depth, activation) => `${layers(depth, activation)} ${depth === 1 ? "fails" : "fail"}`;

/** Judged by all networks that were trained there, recorded and live. */
function truth(here, live) {
  const [all, learned] = ["all", "learned"].map((name) => here[name] + (live?.[name] ?? 0));
  if (learned === 0) return "true";
  return learned === all ? "false" : `true of ${all - learned} of ${all} networks`;
}

/**
 * Three places worth seeing, found in the data; null for one that is not there.
 * @returns {{slogan: Place | null, flip: Place | null, kill: Place | null}}
 */
export function presets(map) {
  const { data } = map;
  const last = { step_index: data.steps.length - 1, depth: data.depths[nearest(data.depths, SLOGAN.depth)] };
  const rate_index = nearest(data.rates, SLOGAN.rate, Math.log);
  const of = (activation, better) => (data.activations.includes(activation) ? bestPlace(map, { ...last, activation }, better) : null);
  const slogan = data.activations.includes(SLOGAN.activation)
    ? { ...last, activation: SLOGAN.activation, start_index: 0, rate_index } : null;
  return { slogan, flip: of(SLOGAN.activation, ({ median: error }) => -error), kill: of("rectifier", ({ dead }) => dead || null) };
}

/** The cell where `merit` is highest, the first of equals; null where no cell has any. */
function bestPlace(map, place, merit) {
  const cells = statesAround(map, place).flatMap((row, start_index) => row.map((state, rate_index) =>
    ({ merit: merit(state), place: { ...place, start_index, rate_index } })));
  const able = cells.filter((cell) => cell.merit !== null);
  return able.length ? able.reduce((best, cell) => (cell.merit > best.merit ? cell : best)).place : null;
}

const slug = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");

/** The place as a fragment, as `parsePlace` reads it. */
export function writePlace(data, { activation, depth, start_index, rate_index, step_index }) {
  return `#activation=${activation}&depth=${depth}&start=${slug(data.starts[start_index])}&rate=${plain(data.rates[rate_index])}&steps=${data.steps[step_index]}`;
}

/** The traits that a fragment names; rubbish is left out, part by part. */
export function parsePlace(hash, data) {
  const words = new URLSearchParams(String(hash).replace(/^#/, ""));
  const [depth, rate, steps] = ["depth", "rate", "steps"].map((name) => fragmentNumber(hash, name));
  const start_index = data.starts.map(slug).indexOf(words.get("start"));
  const found = {};
  if (data.activations.includes(words.get("activation"))) found.activation = words.get("activation");
  if (data.depths.includes(depth)) found.depth = depth;
  if (start_index >= 0) found.start_index = start_index;
  if (rate) found.rate_index = nearest(data.rates, rate, Math.log);
  if (steps) found.step_index = nearest(data.steps, steps, Math.log);
  return found;
}

/** The networks trained here in this cell, of all live frames. */
export function liveNetworks(frames, { activation, depth, start_index, rate_index }) {
  return (frames ?? [])
    .filter((f) => f.activation === activation && f.depth === depth && f.start_index === start_index && f.rate_index === rate_index)
    .flatMap(({ error, dead }) => error.map((values, k) => ({ error: values, dead: dead[k] })));
}

/** What keeps the data from being drawn, or nothing. */
export function troubleWith(data) {
  const needed = ["data", "network", ...AXES, "steps", "seeds", "success", "error", "dead", "passport"];
  const missing = needed.filter((name) => !Object.hasOwn(data ?? {}, name));
  return missing.length ? `This map cannot be drawn: its data must hold ${missing.join(", ")}.` : "";
}
