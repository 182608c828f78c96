/**
 * How often the leaky integrate-and-fire neuron fires: the equations of `relubook.neurons`, in
 * ms, mV, nA, MOhm and Hz. Voltages count from rest.
 *
 * @typedef {Object} Neuron
 * @property {number} membrane time constant (ms)
 * @property {number} refractory silence after a spike (ms)
 * @property {number} threshold above rest (mV)
 * @property {number} drop how far the reset lies below rest (mV)
 * @property {number} resistance of the membrane (MOhm)
 * @property {number} noise standard deviation of the voltage without a threshold (mV)
 */

/** A threshold this far, in units of sqrt(2) noise, is reached in no human time. */
const NEVER = 7;
/** Of the integral, for 7 digits: its first z, its step in log z, and where exp(-...) is nothing. */
const [FIRST, STEP, SMALL] = [1e-9, 0.2, 34];

/** The current above which the neuron fires without noise (nA). */
export const thresholdCurrent = ({ threshold, resistance }) => threshold / resistance;

/** From the reset to the threshold (ms), on the average; infinity if never. */
function passage({ membrane, threshold, drop, resistance, noise }, current) {
  const over = resistance * current - threshold;
  const gap = threshold + drop;
  if (!noise) return over > 0 ? membrane * Math.log1p(gap / over) : Infinity;
  const unit = Math.SQRT2 * noise;
  return membrane * noisyPassage(gap / unit, -over / unit);
}

/**
 * In membrane times, Siegert's integral in Brunel's form, of exp(-z²) (exp(2 z high) - exp(2 z low))
 * / z over z > 0: by the trapezoidal rule over log z, along which both ends fade away.
 */
function noisyPassage(gap, high) {
  if (high > NEVER) return Infinity;
  let sum = 0;
  for (let z = FIRST / gap; z * (z - 2 * high) < SMALL; z *= Math.exp(STEP)) {
    sum -= Math.expm1(-2 * z * gap) * Math.exp(z * (2 * high - z));
  }
  return STEP * sum;
}

/**
 * Spikes a second (Hz) under a constant current (nA).
 * @param {Neuron} neuron
 * @param {number} current
 */
export const firingRate = (neuron, current) => 1000 / (neuron.refractory + passage(neuron, current));
