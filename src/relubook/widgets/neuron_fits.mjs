/** Five response functions laid over a firing-rate curve by least squares. */

/**
 * What each does with z = k (I - b), apart from its amplitude. Math.log1p and Math.tanh would be
 * more exact than a fit needs, and several times slower.
 */
const SHAPES = {
  rectifier: (z, k) => (z > 0 ? z / k : 0),
  softplus: (z, k) => (z > 30 ? z : z < -30 ? 0 : Math.log(1 + Math.exp(z))) / k,
  logistic: (z) => 1 / (1 + Math.exp(-z)),
  tanh: (z) => 1 - 2 / (Math.exp(2 * z) + 1),
  lif: (z) => (z > 0 ? 1 / (7.5 * Math.log(1 + 0.05 / z) + 1) : 0),
};
export const RESPONSES = Object.keys(SHAPES);

/** Limits of k per range, as in `relubook.experiments.response_fits`. */
const [FLATTEST, STEEPEST] = [0.03, 3e4];
/** Where the search begins, on every third current; the rescaled LIF may have a valley in either band of k. */
const [COARSE, FINE, EVERY] = [[6, 12], [9, 24], 3];
const [FLAT, SHARP] = [[FLATTEST, 0.3], [0.3, 300]];
/** Steps of the simplex; it has arrived where squares differ by this share. */
const [STEPS, BRIEFLY, ENOUGH] = [60, 5, 1e-4];
/** The rescaled LIF rises vertically: a current may hold its place fast, at or a little below itself. */
const [BESIDE, KINK] = [2, [0, 0.02, 0.5]];

/**
 * @typedef {Object} Fit
 * @property {number} a amplitude (Hz, for rectifier and softplus Hz per nA)
 * @property {number} k steepness (per nA)
 * @property {number} b place (nA)
 * @property {number} off root mean square distance, in percent of the largest rate
 * @property {(current: number) => number} at the fitted rate (Hz)
 */

/**
 * The best of each response over a curve.
 * @param {number[]} currents (nA), rising by equal steps
 * @param {number[]} rates (Hz)
 * @returns {Object<string, Fit>}
 */
export const fitAll = (currents, rates) =>
  Object.fromEntries(RESPONSES.map((name) => [name, fit(name, currents, rates)]));

/** The best of one response over a curve. */
export function fit(name, currents, rates) {
  const shape = SHAPES[name];
  const wide = currents[currents.length - 1] - currents[0];
  const judge = judgeOf(shape, currents, rates, wide);
  const few = (list) => list.filter((_, i) => i % EVERY === 0);
  const roughly = judgeOf(shape, few(currents), few(rates), wide);
  const valley = (ks, grid) => descend(onGrid(roughly, currents[0], wide, ks, grid), judge, wide);
  const { a, k, b } = name === "lif"
    ? besideKinks(least(valley(FLAT, FINE), valley(SHARP, FINE)), currents, judge)
    : valley(SHARP, COARSE);
  const at = (current) => a * shape(k * (current - b), k);
  const squares = rates.reduce((sum, rate, i) => sum + (rate - at(currents[i])) ** 2, 0);
  return { a, k, b, off: (100 * Math.sqrt(squares / rates.length)) / Math.max(...rates), at };
}

/** Tells how far a response with this log k and b stays from the curve, at its best amplitude. */
function judgeOf(shape, currents, rates, wide) {
  const whole = rates.reduce((sum, rate) => sum + rate * rate, 0);
  return (logK, b) => {
    const k = Math.min(STEEPEST / wide, Math.max(FLATTEST / wide, Math.exp(logK)));
    let [along, own] = [0, 0];
    for (let i = 0; i < rates.length; i++) {
      const value = shape(k * (currents[i] - b), k);
      along += value * rates[i];
      own += value * value;
    }
    const a = own > 0 ? along / own : 0;
    return { logK, a, k, b, squares: whole - a * along };
  };
}

const least = (one, other) => (other.squares < one.squares ? other : one);

function onGrid(judge, from, wide, [flat, steep], [ks, bs]) {
  let best = { squares: Infinity };
  for (let i = 0; i < ks; i++) {
    const logK = Math.log(flat / wide) + (i / (ks - 1)) * Math.log(steep / flat);
    for (let j = 0; j < bs; j++) best = least(best, judge(logK, from + wide * ((1.2 * j) / (bs - 1) - 0.5)));
  }
  return best;
}

function besideKinks(found, currents, judge) {
  const step = currents[1] - currents[0];
  const near = Math.round((found.b - currents[0]) / step);
  let best = found;
  for (let i = near - BESIDE; i <= near + BESIDE; i++) {
    for (const before of KINK) {
      best = least(best, descend({ logK: found.logK, b: currents[0] + (i - before) * step }, judge, step / 100, BRIEFLY));
    }
  }
  return descend(best, judge, step);
}

/** Nelder and Mead's simplex in two dimensions, as wide as 3 % of `wide` at first. */
function descend({ logK, b }, judge, wide, steps = STEPS) {
  let simplex = [judge(logK, b), judge(logK + 0.25, b), judge(logK, b + wide * 0.03)];
  for (let step = 0; step < steps; step++) {
    const [best, middle, worst] = simplex.sort((one, other) => one.squares - other.squares);
    if (worst.squares - best.squares <= ENOUGH * best.squares) break;
    const [logK, b] = [(best.logK + middle.logK) / 2, (best.b + middle.b) / 2];
    const toward = (how) => judge(logK + how * (worst.logK - logK), b + how * (worst.b - b));
    let next = toward(-1);
    if (next.squares < best.squares) next = least(next, toward(-2));
    else if (next.squares >= middle.squares) next = toward(next.squares < worst.squares ? -0.5 : 0.5);
    if (next.squares < worst.squares) simplex[2] = next;
    else simplex = simplex.map((corner) => judge((corner.logK + best.logK) / 2, (corner.b + best.b) / 2));
  }
  return simplex.reduce(least);
}
