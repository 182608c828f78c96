/** What NeuronBench says: rates, which response is nearest, and what a setting breaks. */

import { thresholdCurrent } from "./neuron_model.mjs";
import { percent } from "./numbers.mjs";

export const DURATION = 1000; // ms that spikes are counted in
const SAME = 0.05; // percent: two responses this alike are called so

/** A response by its name. */
export const nameOf = (response) => (response === "lif" ? "rescaled LIF" : response);

/** A number of at most three digits, with a true minus sign. */
export const short = (value) => String(Number(value.toPrecision(3))).replace("-", "−");

const grouped = (whole) => String(whole).replace(/\B(?=(\d{3})+$)/g, ",");

/** A rate without its unit: one decimal where it tells something. */
export function hertz(rate) {
  if (rate === 0) return "0";
  if (rate < 9.95) return rate < 0.05 ? "<0.1" : rate.toFixed(1);
  return grouped(Math.round(rate));
}

/** Numbers stay beside their units. */
export const unbroken = (text) => text.replace(/ (?=(%|nA|ms|mV|Hz|MΩ)(?!\w))/g, "\u00a0");

const counted = (spikes) => `${spikes.length ? grouped(spikes.length) : "no"} spike${spikes.length === 1 ? "" : "s"}`;

/** What the trace shows, beneath it. */
export function traceWords({ neuron, spikes: all, drawn }) {
  const spikes = all.filter((time) => time < drawn);
  const first = spikes.length ? `, the first after ${short(spikes[0])} ms` : "";
  const pause = spikes.length && neuron.refractory ? ` Shaded: the ${neuron.refractory} ms of silence after each.` : "";
  return `The first ${drawn} ms under this current: ${counted(spikes)}${first}.${pause}`;
}

/** The finding at this setting. */
export const benchSentence = (now) => unbroken([fires(now), nearestWords(now), broken(now)].join(" "));

function fires({ neuron, state, spikes, formula }) {
  const at = `At ${short(state.current)} nA`;
  if (!spikes.length && formula < 0.05) return `${at} it is silent; it needs ${short(thresholdCurrent(neuron))} nA.`;
  return `${at}: ${counted(spikes)} in a second; the formula says ${hertz(formula)} Hz.`;
}

function nearestWords({ fits, state }) {
  const order = Object.keys(fits).sort((one, other) => fits[one].off - fits[other].off);
  const alike = order.filter((name) => fits[name].off - fits[order[0]].off < SAME);
  const off = (name) => `${percent(fits[name].off).replace("<", "less than ")} %`;
  const other = alike.includes("rectifier") ? order[alike.length] : "rectifier";
  const next = other ? `; the ${nameOf(other)} is off by ${off(other)}` : "";
  return `Over the ${state.fitted} range the ${alike.map(nameOf).join(" and ")} ${alike.length > 1 ? "are" : "is"} nearest, ` +
    `off by ${off(order[0])} of the largest rate${next}.`;
}

/** What holds, or no longer holds, at this setting. */
function broken({ neuron, state, fits, formula }) {
  const { noise, refractory } = neuron;
  const needed = thresholdCurrent(neuron);
  const gain = fits.rectifier.off - fits.softplus.off;
  if (noise && state.current <= needed && formula >= 0.05) return `Noise makes it fire below its threshold of ${short(needed)} nA.`;
  if (!refractory) return "Without a refractory time the rate has no ceiling.";
  if (state.fitted === "whole") return `The refractory time caps the rate at ${short(1000 / refractory)} Hz; a rectifier has no ceiling.`;
  if (gain > SAME) return `Noise rounds the threshold: the softplus gains ${percent(gain)} % on the rectifier.`;
  if (noise) return "Noise rounds the threshold, yet the softplus gains nothing by it.";
  return "The threshold is sharp: the best softplus is the rectifier.";
}
