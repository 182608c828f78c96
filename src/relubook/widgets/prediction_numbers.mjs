/** How far off an answer is, in one sentence; and which kept answers are still good. */

/**
 * @typedef {Object} Asked
 * @property {"number"|"curve"} kind
 * @property {number} low lowest possible answer
 * @property {number} high highest possible answer
 * @property {number} step
 * @property {string} unit with its space already decided by `withUnit`
 * @property {string[]} [x] names of the positions of a curve
 * @property {{value: number|number[], band: [any, any] | null, source: string}} recorded
 */

/** A number at the resolution of the question, with its unit. */
export function withUnit(value, { step, unit }) {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return `${value.toFixed(Math.min(digits, 6))}${unit ? `\u00a0${unit}` : ""}`;
}

/** A difference; between percentages it is counted in points. */
function difference(value, asked) {
  return withUnit(value, asked.unit === "%" ? { ...asked, unit: "points" } : asked);
}

/** The nearest allowed answer. */
export function snap(value, { low, high, step }) {
  const steps = Math.round((Math.min(high, Math.max(low, value)) - low) / step);
  return Number(Math.min(high, low + steps * step).toFixed(9));
}

/**
 * Read what this browser kept; anything that does not fit the question is forgotten.
 * @param {any} kept
 * @param {Asked} asked
 * @returns {{answer: (number|null)[], locked: boolean, revealed: boolean}}
 */
export function restore(kept, asked) {
  const many = asked.kind === "curve" ? asked.x.length : 1;
  const good = (v) => v === null || (Number.isFinite(v) && v >= asked.low && v <= asked.high);
  const answer = kept?.answer;
  if (!Array.isArray(answer) || answer.length !== many || !answer.every(good)) {
    return { answer: Array(many).fill(null), locked: false, revealed: false };
  }
  const whole = answer.every((v) => v !== null);
  const locked = whole && kept.locked === true;
  return { answer, locked, revealed: locked && kept.revealed === true };
}

/** Why the record cannot be revealed yet, or "". */
export function reason({ answer, locked }, asked) {
  const given = answer.filter((v) => v !== null).length;
  if (locked) return "";
  if (given < answer.length) {
    return asked.kind === "number"
      ? "Give an answer first; then lock it in to see the record."
      : `Draw a value at every position first (${given} of ${answer.length} drawn).`;
  }
  return "Lock in your answer to see the record.";
}

/** How far off the answer is, in one sentence. */
export function howFar(answer, asked) {
  return asked.kind === "number" ? howFarNumber(answer[0], asked) : howFarCurve(answer, asked);
}

function howFarNumber(answer, asked) {
  const { value, band } = asked.recorded;
  const words = `You said ${withUnit(answer, asked)}; recorded is ${withUnit(value, asked)}`;
  const away = Math.abs(answer - value);
  if (band && answer >= band[0] && answer <= band[1]) return `${words}. Yours lies inside the recorded range.`;
  if (away < asked.step / 2) return `${words}. Exactly right.`;
  return `${words}. Yours is ${difference(away, asked)} too ${answer < value ? "low" : "high"}.`;
}

function howFarCurve(answer, asked) {
  const away = answer.map((v, i) => Math.abs(v - asked.recorded.value[i]));
  const mean = away.reduce((sum, v) => sum + v, 0) / away.length;
  const i = away.indexOf(Math.max(...away));
  const far = `you said ${withUnit(answer[i], asked)}, recorded is ${withUnit(asked.recorded.value[i], asked)}`;
  return `On average your curve is ${difference(mean, asked)} away; farthest at ${asked.x[i]}: ${far}.`;
}

/**
 * A stroke from one position to another: every position between gets a value on the line.
 * @returns {(number|null)[]}
 */
export function stroke(answer, from, to, asked) {
  const drawn = [...answer];
  const [a, b] = from.i <= to.i ? [from, to] : [to, from];
  for (let i = a.i; i <= b.i; i += 1) {
    const share = a.i === b.i ? 1 : (i - a.i) / (b.i - a.i);
    drawn[i] = snap(a.i === b.i ? to.value : a.value + share * (b.value - a.value), asked);
  }
  return drawn;
}
