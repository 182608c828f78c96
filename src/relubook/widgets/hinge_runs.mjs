/** The networks that this page trained, and the one that is in training. */

import { engine } from "./hinge_job.mjs";
import { rootMeanSquare } from "./hinge_numbers.mjs";
import { bendsOf, outputs, parametersOf } from "./hinge_training.mjs";

/**
 * @param {Object} data
 * @param {Element} seen nothing is trained while it is out of sight
 * @param {() => void} changed called when there is something new to draw
 */
export function runner(data, seen, changed) {
  let [seed, y, kept, now] = [1, null, [], null];
  const job = engine({
    seen, steps: data.steps, rate: data.learning_rate,
    progress(network) {
      // Who asked for no motion sees the beginning and the end.
      if (!job.calm()) now = reading(network);
      changed();
    },
    done(network) {
      const run = reading(network);
      const others = kept.filter((old) => old.y !== run.y || old.count !== run.count || old.seed !== seed);
      if (run.steps) kept = [...others, run];
      now = null;
      changed();
    },
  });

  function reading(network) {
    const curve = outputs(network, data.x);
    return {
      y, count: network.count, seed, steps: network.steps, error: rootMeanSquare(curve, y), curve,
      bends: bendsOf(network), parameters: parametersOf(network),
    };
  }
  return {
    train(count, target, another) {
      job.stop();
      if (another) seed += 1;
      y = target;
      job.start(count, seed, data.x, y);
      changed();
    },
    stop: job.stop,
    seed: () => seed,
    /** Steps done so far of the network in training, or null. */
    done: () => job.running()?.network.steps ?? null,
    /** Whether what is in training is for another target or another number of hinges. */
    astray: (count, target) => Boolean(job.running()) && (y !== target || job.running().network.count !== count),
    /** All networks of the target, and the one to show beside so many hinges, or null. */
    of(count, target) {
      const all = [...kept, ...(now ? [now] : [])].filter((run) => run.y === target);
      return { all, run: all.filter((run) => run.count === count).at(-1) ?? null };
    },
    close: job.close,
  };
}
