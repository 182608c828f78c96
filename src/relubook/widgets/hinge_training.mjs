/** A network of one input, n rectifiers and one output, trained by full-batch Adam. Float64, no page. */

const [FIRST, SECOND, TINY] = [0.9, 0.999, 1e-8]; // Adam's own numbers, as torch.optim.Adam has them

/** Numbers from 0 to 1 that a seed decides (mulberry32). @returns {() => number} */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * A fresh network: weights +1 or -1, hinges -b/w at random over the frame, output weights within 1/n.
 * @param {number} count rectifiers
 * @param {number} seed
 */
export function fresh(count, seed) {
  const random = seeded(seed);
  const between = (low, high) => low + (high - low) * random();
  const weights = Array.from({ length: count }, () => (random() < 0.5 ? -1 : 1));
  const biases = weights.map((weight) => -weight * between(-1, 1));
  return network({ weights, biases, outputs: weights.map(() => between(-1, 1) / count), offset: 0 });
}

/**
 * A network with these numbers, before its first step. All parameters stand in one array: weights,
 * biases, output weights, output bias; Adam's two moments in two more.
 * @param {{weights: number[], biases: number[], outputs: number[], offset: number}} parameters
 */
export function network({ weights, biases, outputs, offset }) {
  const all = Float64Array.from([...weights, ...biases, ...outputs, offset]);
  const zeros = () => new Float64Array(all.length);
  return { count: weights.length, parameters: all, slopes: zeros(), first: zeros(), second: zeros(), steps: 0 };
}

/** The network's numbers by name. */
export function parametersOf({ count, parameters }) {
  const part = (i) => Array.from(parameters.subarray(i * count, (i + 1) * count));
  return { weights: part(0), biases: part(1), outputs: part(2), offset: parameters[3 * count] };
}

/** Where the network bends, and whether each rectifier is on to the right of it (1) or to the left (-1). */
export function bendsOf(state) {
  const { weights, biases } = parametersOf(state);
  return weights.map((weight, i) => ({ place: -biases[i] / weight, side: Math.sign(weight) }));
}

/** The network's output at each x. */
export function outputs({ count, parameters }, x) {
  return Array.from(x, (place) => outputAt(parameters, count, place));
}

function outputAt(parameters, count, x) {
  let sum = parameters[3 * count];
  for (let i = 0; i < count; i += 1) {
    const before = parameters[i] * x + parameters[count + i];
    if (before > 0) sum += parameters[2 * count + i] * before;
  }
  return sum;
}

/**
 * One step of Adam on the mean square over all x, in place.
 * @param {ReturnType<typeof network>} state
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} y
 * @param {number} rate learning rate
 * @returns {number} the mean square before the step
 */
export function step(state, x, y, rate) {
  const loss = slope(state, x, y);
  const { parameters, slopes, first, second } = state;
  state.steps += 1;
  const size = rate / (1 - FIRST ** state.steps);
  const root = Math.sqrt(1 - SECOND ** state.steps);
  for (let i = 0; i < parameters.length; i += 1) {
    first[i] += (1 - FIRST) * (slopes[i] - first[i]);
    second[i] = SECOND * second[i] + (1 - SECOND) * slopes[i] * slopes[i];
    parameters[i] -= (size * first[i]) / (Math.sqrt(second[i]) / root + TINY);
  }
  return loss;
}

function slope({ count, parameters, slopes }, x, y) {
  slopes.fill(0);
  let loss = 0;
  for (let k = 0; k < x.length; k += 1) {
    const away = outputAt(parameters, count, x[k]) - y[k];
    const back = (2 * away) / x.length;
    loss += away * away;
    for (let i = 0; i < count; i += 1) {
      const before = parameters[i] * x[k] + parameters[count + i];
      if (before <= 0) continue;
      const through = back * parameters[2 * count + i];
      slopes[i] += through * x[k];
      slopes[count + i] += through;
      slopes[2 * count + i] += back * before;
    }
    slopes[3 * count] += back;
  }
  return loss / x.length;
}
