/**
 * The state of NeuronBench in ms, mV and nA, and as a fragment. The traits hold SI units; `per` of
 * the page's make one of them.
 *
 * @typedef {{key: string, trait: string, name: string, unit: string, per: number, places: number[],
 *   paper: number | null}} Knob
 */

import { fragmentNumber, nearest } from "./fragment.mjs";
import { RESPONSES } from "./neuron_fits.mjs";

const SEEDS = 1000;

/** Without the dust of a change of units. */
export const tidy = (value) => Number(value.toPrecision(9));

/** Evenly spaced currents (nA). */
export const currentsOf = ([from, to, points]) =>
  Array.from({ length: points }, (_, i) => tidy(from + ((to - from) * i) / (points - 1)));

/** The state as numbers in the page's units. */
export function settings(model) {
  const knobs = model.get("data").knobs.map(({ key, trait, per }) => [key, tidy(model.get(trait) * per)]);
  const shown = RESPONSES.filter((name) => model.get("shown").includes(name));
  return { ...Object.fromEntries(knobs), seed: model.get("seed"), fitted: model.get("fitted"), shown };
}

/** The traits that make the setting one of the paper's neuron, under the same current. */
export const papers = (data) => Object.fromEntries(data.knobs.filter(({ paper }) => paper !== null)
  .map(({ trait, per, paper }) => [trait, paper / per]));

/** The next draw of the noise. */
export const nextSeed = (seed) => (seed + 1) % SEEDS;

/** The setting as a fragment; two settings that look alike have the same. */
export function writeNeuronFragment(data, state) {
  const parts = data.knobs.map(({ key }) => `${key}=${state[key]}`);
  if (state.noise) parts.push(`seed=${state.seed}`);
  return `#${[...parts, `fitted=${state.fitted}`, `shown=${state.shown.join("+")}`].join("&")}`;
}

/** The traits that a fragment names, at the sliders' places; rubbish is left out. */
export function parseNeuronFragment(hash, data) {
  const found = {};
  for (const { key, trait, per, places } of data.knobs) {
    const value = signedNumber(hash, key);
    if (value !== null && value >= places[0] && value <= places[places.length - 1]) found[trait] = places[nearest(places, value)] / per;
  }
  const seed = fragmentNumber(hash, "seed");
  if (Number.isInteger(seed) && seed < SEEDS) found.seed = seed;
  const words = new URLSearchParams(hash.slice(1));
  if (Object.hasOwn(data.ranges, words.get("fitted"))) found.fitted = words.get("fitted");
  /** A plus in a fragment is a space. */
  const shown = words.get("shown")?.split(" ").filter(Boolean);
  if (shown?.every((name) => RESPONSES.includes(name))) found.shown = shown;
  return found;
}

function signedNumber(hash, key) {
  const negative = hash.includes(`${key}=-`);
  const value = fragmentNumber(negative ? hash.replace(`${key}=-`, `${key}=`) : hash, key);
  return value !== null && negative ? -value : value;
}
