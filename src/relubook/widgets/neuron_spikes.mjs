/** The neuron in time: its voltage from one spike to the next, with seeded noise. */

const [PLAIN, NOISY, FINEST] = [0.5, 0.1, 0.01]; // ms: steps
const SAMPLES = 400; // of a drawn trace

/**
 * Numbers from 0 to 1, the same for the same seed: a Weyl sequence, mixed.
 * @param {number} seed a whole number
 * @returns {() => number}
 */
export function uniform(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normal numbers, two out of two uniform ones (Box and Muller). */
export function normals(random) {
  const kept = [];
  return () => {
    if (!kept.length) {
      const [radius, angle] = [Math.sqrt(-2 * Math.log(1 - random())), 2 * Math.PI * random()];
      kept.push(radius * Math.cos(angle), radius * Math.sin(angle));
    }
    return kept.pop();
  };
}

/**
 * The neuron's voltage after a constant current is switched on at rest. Each step is the exact one
 * without a threshold, and so is the moment of a spike without noise. With noise the voltage may have
 * crossed the threshold between two steps below it; the chance of that is a Brownian bridge's.
 * @param {import("./neuron_model.mjs").Neuron} neuron
 * @param {number} current (nA)
 * @param {number} duration (ms)
 * @param {number} seed of the noise
 * @param {number} drawn how long the path is (ms)
 * @returns {{path: [number, number][], spikes: number[]}} voltage over time (ms, mV above rest),
 *   and the times of the spikes (ms)
 */
export function simulate({ membrane, refractory, threshold, drop, resistance, noise }, current, duration, seed, drawn = duration) {
  const settled = resistance * current;
  const untilSpike = (from) => settled > threshold ? membrane * Math.log((settled - from) / (settled - threshold)) : Infinity;
  const step = Math.max(FINEST, Math.min(noise ? NOISY : PLAIN, untilSpike(-drop) / 10));
  const [keep, kick] = [Math.exp(-step / membrane), noise * Math.sqrt(-Math.expm1((-2 * step) / membrane))];
  const random = uniform(seed);
  const gauss = normals(random);
  const [path, spikes] = [[[0, 0]], []];
  let [now, voltage] = [0, 0];

  function fire(after) {
    now += after;
    if (now >= duration) return;
    spikes.push(now);
    if (now < drawn) path.push([now, threshold], [now, -drop], [Math.min(now + refractory, drawn), -drop]);
    [now, voltage] = [now + refractory, -drop];
  }
  while (now < duration) {
    const next = settled + (voltage - settled) * keep + (noise && kick * gauss());
    const [below, still] = [threshold - voltage, threshold - next];
    if (still <= 0) fire(noise ? (step * below) / (below - still) : untilSpike(voltage));
    else if (noise && random() < Math.exp((-2 * below * still) / kick ** 2)) fire(step / 2);
    else {
      [now, voltage] = [now + step, next];
      if (now < drawn && now - path[path.length - 1][0] > drawn / SAMPLES) path.push([now, voltage]);
    }
  }
  return { path, spikes };
}

/**
 * The rate (Hz) that a train of spikes shows: by the intervals between them, where there are any.
 * @param {number[]} spikes (ms)
 * @param {number} duration (ms)
 */
export function countedRate(spikes, duration) {
  const last = spikes.length - 1;
  return last > 0 ? (1000 * last) / (spikes[last] - spikes[0]) : (1000 * spikes.length) / duration;
}
