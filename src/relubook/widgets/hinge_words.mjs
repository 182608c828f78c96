/** What HingeBuilder says: errors, comparisons, formulas, and its setting in the address. */

import { DRAWN, GAP, hingesOf, hundredths, MOST, START, TOP } from "./hinge_numbers.mjs";
import { median } from "./numbers.mjs";

export const TARGETS = { sine: "the sine", step: "the step", own: "your drawing" };
const KINDS = { even: "evenly spaced", best: "best placed" };

/** An error with two digits. */
export function rounded(error) {
  if (error < 0.00005) return "0";
  return error >= 0.995 ? error.toFixed(1) : error.toPrecision(error < 0.001 ? 1 : 2);
}

/** A number with a true minus sign. */
export const signed = (value, digits = 2) => value.toFixed(digits).replace(/^-(0\.?0*)$/, "$1").replace("-", "−");

export const hinges = (n) => `${n} hinge${n === 1 ? "" : "s"}`;
export const rectifiers = (n) => `${n} rectifier${n === 1 ? "" : "s"}`;

/**
 * The recorded errors for n hinges, or null where n was not recorded or the target is the reader's.
 * @returns {{even: number, best: number, trained: number[]} | null}
 */
export function recordedAt(data, target, n) {
  const [i, errors] = [data.counts.indexOf(n), data.error[target]];
  if (!errors || i < 0) return null;
  return { even: errors.even[i], best: errors.best[i], trained: errors.trained[i] };
}

/**
 * @typedef {Object} Run a network that this page trained
 * @property {number} count rectifiers
 * @property {number} seed
 * @property {number} steps done
 * @property {number} error
 * @property {{place: number, side: number}[]} bends
 */

/**
 * The live sentence.
 * @param {Object} now
 * @param {Object} now.data
 * @param {string} now.target
 * @param {number} now.n hinges
 * @param {number | null} now.error the reader's, null without a target
 * @param {number} now.drawn places of the drawing that are set
 * @param {Run | null} now.run
 * @param {string} now.limit what stopped the last move
 */
export function sentenceOf({ data, target, n, error, drawn, run, limit }) {
  const before = limit ? `${limit} ` : "";
  if (error === null) return `${before}${missing(drawn)}`;
  const yours = `${before}With ${hinges(n)}, your root mean square error to ${TARGETS[target]} is ${rounded(error)}.`;
  const network = run ? ` ${networkWords(run, data, error)}` : "";
  return `${yours}${network} ${recordWords(data, target, n, error)}`.trimEnd();
}

function missing(drawn) {
  const so = drawn ? "One place is drawn" : "Nothing is drawn yet";
  return `${so}: draw your target on the picture, at least two of its ${DRAWN.length} places.`;
}

function networkWords(run, { steps }, error) {
  const far = run.steps < steps ? `, stopped after ${run.steps.toLocaleString("en")} steps,` : "";
  const close = Math.abs(run.error - error) < 0.02 * Math.max(run.error, error);
  const verdict = close ? "as good as yours" : run.error < error ? "closer than yours" : "not as close as yours";
  const outside = run.bends.filter(({ place }) => !(Math.abs(place) < 1)).length;
  const lost = outside ? ` ${outside} of its hinges stand${outside === 1 ? "s" : ""} outside the frame.` : "";
  return `The network of ${rectifiers(run.count)} from seed ${run.seed}${far} has ${rounded(run.error)}: ${verdict}.${lost}`;
}

function recordWords(data, target, n, error) {
  if (!data.error[target]) return "";
  const here = recordedAt(data, target, n);
  if (!here) return `Recorded are ${data.counts.join(", ")} hinges.`;
  const beaten = error < here.best - 5e-5 ? " You are below the best: its points all lie on the target, yours need not." : "";
  const parts = Object.entries(KINDS).map(([kind, words]) => `${words} ${rounded(here[kind])}`);
  return `Recorded: ${parts.join(", ")}, trained networks ${trainedWords(here.trained)}.${beaten}`;
}

/** The median of the seeds and their range. */
export function trainedWords(seeds) {
  const [low, high] = [Math.min(...seeds), Math.max(...seeds)].map(rounded);
  return low === high ? rounded(median(seeds)) : `${rounded(median(seeds))} (${low}–${high})`;
}

/** f(x) = start + bend · max(0, x − place) + ... */
export function formulaOf(points) {
  const { start, places, bends } = hingesOf(points);
  return places.reduce((text, place, i) => `${text} ${term(bends[i], `max(0, ${inside("x", -place)})`)}`,
    `f(x) = ${signed(start)}`);
}

/** c + v · max(0, w x + b) + ... */
export function networkFormula({ weights, biases, outputs, offset }) {
  return weights.reduce((text, w, i) => `${text} ${term(outputs[i], `max(0, ${inside(`${signed(w)} x`, biases[i])})`)}`,
    `f(x) = ${signed(offset)}`);
}

const term = (factor, what) => `${sign(factor)} ${Math.abs(factor).toFixed(2)}·${what}`;
const inside = (x, shift) => `${x} ${sign(shift)} ${Math.abs(shift).toFixed(2)}`;
const sign = (value) => (value < 0 ? "−" : "+");

/** The setting as `#target=sine&points=-1,0;0.33,0.4;1,0`, with the drawing where it is the target. */
export function writeHinges({ target, points, drawing }) {
  const drawn = target === "own" ? `&drawing=${drawing.map((v) => v ?? "").join(",")}` : "";
  return `#target=${target}&points=${points.map((point) => point.join(",")).join(";")}${drawn}`;
}

/**
 * Read what `writeHinges` writes. Rubbish is ignored, part by part.
 * @returns {{target?: string, points?: [number, number][], drawing?: (number|null)[]}}
 */
export function parseHinges(hash) {
  const given = new URLSearchParams(String(hash).replace(/^#/, ""));
  const points = (given.get("points") ?? "").split(";").map((pair) => pair.split(",").map(number));
  const drawing = (given.get("drawing") ?? "").split(",").map((text) => (text === "" ? null : number(text)));
  return {
    ...(Object.hasOwn(TARGETS, given.get("target") ?? "") ? { target: given.get("target") } : {}),
    ...(goodPoints(points) ? { points } : {}),
    ...(drawing.length === DRAWN.length && drawing.every((v) => v === null || within(v, TOP)) ? { drawing } : {}),
  };
}

const number = (text) => (/^-?\d*\.?\d+$/.test(text) ? hundredths(Number(text)) : NaN);
const within = (value, most) => Math.abs(value) <= most;

/** Whether these can be the corners of a function: few, inside the frame, from edge to edge, apart. */
export function goodPoints(points) {
  return Array.isArray(points) && points.length >= 2 && points.length <= MOST + 1 &&
    points.every((point) => point.length === 2 && within(point[0], 1) && within(point[1], TOP)) &&
    points[0][0] === -1 && points[points.length - 1][0] === 1 &&
    points.every(([place], i) => i === 0 || place - points[i - 1][0] > GAP - 1e-9);
}

/** What a model holds, with the beginning in the place of what cannot be drawn. */
export function settingOf(model) {
  const [target, points, drawing] = ["target", "points", "drawing"].map((name) => model.get(name));
  return {
    target: Object.hasOwn(TARGETS, target ?? "") ? target : "sine",
    points: goodPoints(points) ? points : START,
    drawing: drawing?.length === DRAWN.length ? drawing : DRAWN.map(() => null),
  };
}
