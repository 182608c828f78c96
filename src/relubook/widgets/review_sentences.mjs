/** What ReviewReader says, and its setting in the address. No page needed. */

/** A number with a sign, its minus a real one; none where it rounds to 0. */
export const carriedText = (value, digits = 3) => signless(value, digits) ?? `${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(digits)}`;

/** A number without a plus. */
export const slopeText = (value, digits = 3) => signless(value, digits) ?? `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(digits)}`;

const signless = (value, digits) => (Number(value.toFixed(digits)) === 0 ? (0).toFixed(digits) : null);

/** A share in percent, as a whole number. */
export const chanceText = (chance) => `${chance > 0 && chance < 0.005 ? "<1" : Math.round(100 * chance)}\u00a0%`;

/** A count with a comma before every three digits. */
export const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
const countOf = (count, one, many) => `${grouped(count)} ${count === 1 ? one : many}`;

/** Whole numbers of stars between the first and the last that no class stands for. */
export function missingStars(stars) {
  const missing = [];
  for (let star = Math.ceil(stars[0]); star < stars.at(-1); star += 1) if (!stars.includes(star)) missing.push(star);
  return missing;
}

/** Such as "No review that it learned from has 5 or 6 stars." */
export function missingWords(stars) {
  const missing = missingStars(stars);
  return missing.length ? `No review that it learned from has ${missing.join(" or ")} stars.` : "";
}

/**
 * What the network expects, and what it read; one or two sentences.
 * @param {Object} data
 * @param {import("./review_network.mjs").Reading} reading
 * @param {import("./review_network.mjs").Seen} seen
 * @param {number} struck words struck out
 */
export function reviewSentence({ stars, width, mean_stars: mean }, { tokens, found, known }, seen, struck) {
  const answer = `expected ${seen.expected.toFixed(1)} stars, most likely ${stars[seen.likely]} (${chanceText(seen.chances[seen.likely])})`;
  const units = `${seen.active[0]} and ${seen.active[1]} of ${width} units are active in its two layers.`;
  const without = ` The mean of the reviews that it learned from is ${mean.toFixed(1)}.`;
  if (!tokens.length) return `No word to read. To an empty review the network answers: ${answer}; ${units}${without}`;
  if (!known.length) return `${tokens.length === 1 ? "The one word is not" : `None of the ${grouped(tokens.length)} words is`} known: the network answers as to an empty review: ${answer}; ${units}${without}`;
  const left = struck ? `, ${grouped(struck)} of them struck out` : "";
  return `${answer[0].toUpperCase()}${answer.slice(1)}. ${grouped(found)} of ${countOf(tokens.length, "word", "words")} known, ${countOf(known.length, "different one", "different ones")}${left}; ${units}`;
}

/**
 * What the linear account foretold of striking words out, and what came of it.
 * @param {import("./review_network.mjs").Reading} reading
 * @param {{seen: Object, foretold: number, flipped: number}} after
 * @param {string[]} struck
 */
export function accountSentence({ seen: whole }, { seen, foretold, flipped }, struck) {
  if (!struck.length) return "";
  const names = struck.slice(0, 3).map((word) => `“${word}”`).join(", ");
  const what = `Without ${names}${struck.length > 3 ? ` and ${struck.length - 3} more` : ""}`;
  const stars = `; expected stars ${whole.expected.toFixed(2)} → ${seen.expected.toFixed(2)}`;
  const told = `${what}, the linear account foretells L = ${slopeText(foretold)} instead of ${slopeText(whole.slope)}`;
  if (flipped === 0) return `${told}. It is ${slopeText(seen.slope)}, exactly so: no unit turned on or off${stars}.`;
  return `${told}. It is ${slopeText(seen.slope)}: ${countOf(flipped, "unit", "units")} turned on or off, and another linear network answers${stars}.`;
}

/** What L is, and what it is not. */
export const MEANING = "L is the slope of the line through the logits over the stars, in nat per star: were they all on that line, each star more would be "
  + "e^L times as likely. While the same units are active, the words and the biases add up to L exactly, and so do the active units of each layer. "
  + "The expected stars follow from all logits together, through the softmax.";

/** What happens to what is typed. */
export const PRIVACY = "What you type stays in this page: it is read here and goes nowhere, not into the address either. The address keeps the name of a picked example only.";

/**
 * Read `#review=rave`. Whatever is not the name of an example is ignored.
 * @param {string} hash
 * @param {{examples: {name: string}[]}} data
 * @returns {{example?: string}}
 */
export function parseReview(hash, { examples }) {
  const [, name] = /^#review=([a-z]{1,40})$/.exec(String(hash)) ?? [];
  return examples.some((each) => each.name === name) ? { example: name } : {};
}

/** The fragment of a picked example; that of an own text says no more than that. */
export const writeReview = (example) => `#review=${example || "own"}`;
