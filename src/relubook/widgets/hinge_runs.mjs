/** The networks that this page trained, for each target, and the one that is in training. */

import { engine } from "./hinge_job.mjs";
import { rootMeanSquare } from "./hinge_numbers.mjs";
import { bendsOf, outputs, parametersOf } from "./hinge_training.mjs";

/**
 * @param {Object} data
 * @param {Element} seen nothing is trained while it is out of sight
 * @param {() => void} changed called when there is something new to draw
 */
export function runner(data, seen, changed) {
  const kept = { sine: [], step: [], own: [] };
  let [seed, aim, now] = [1, null, null];
  const job = engine({
    seen, steps: data.steps, rate: data.learning_rate,
    progress(network) {
      // Who asked for no motion sees the beginning and the end.
      if (!job.calm()) now = reading(network, aim, seed);
      changed();
    },
    done(network) {
      const run = reading(network, aim, seed);
      const others = kept[aim.target].filter((old) => old.count !== run.count || old.seed !== seed);
      if (run.steps) kept[aim.target] = [...others, run];
      now = null;
      changed();
    },
  });

  function reading(network, { x, y }, from) {
    const curve = outputs(network, x);
    return {
      count: network.count, seed: from, steps: network.steps, error: rootMeanSquare(curve, y), curve,
      bends: bendsOf(network), parameters: parametersOf(network),
    };
  }
  return {
    train(target, count, y, another) {
      job.stop();
      if (another) seed += 1;
      aim = { target, x: data.x, y };
      job.start(count, seed, data.x, y);
      changed();
    },
    stop: job.stop,
    forget: () => (kept.own = []),
    seed: () => seed,
    /** Steps done so far of the network in training, or null. */
    done: () => job.running()?.network.steps ?? null,
    /** Whether what is in training is for another target or another number of hinges. */
    astray: (count, y) => Boolean(job.running()) && (job.running().y !== y || job.running().network.count !== count),
    /** All networks of the target, and the one to show beside so many hinges, or null. */
    of(target, count) {
      const all = now && aim.target === target ? [...kept[target], now] : kept[target];
      return { all, run: all.filter((run) => run.count === count).at(-1) ?? null };
    },
    close: job.close,
  };
}
