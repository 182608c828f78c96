/** Training in the page: a few steps a frame, only while it can be seen, until done or stopped. */

import { h } from "./dom.mjs";
import { rectifiers } from "./hinge_words.mjs";
import { fresh, step } from "./hinge_training.mjs";

const LASTS = 3000; // ms that a run takes where the machine is quick enough
const SLICE = 6; // ms of training in one frame; drawing has the rest
const LONGEST = 50; // ms: a longer break between frames was no training time

/**
 * The engine: no page but the element whose sight decides.
 * @param {Object} work
 * @param {Element} work.seen nothing runs while it is out of sight
 * @param {number} work.steps of a whole run
 * @param {number} work.rate learning rate
 * @param {(network: Object) => void} work.progress called after each slice
 * @param {(network: Object) => void} work.done called with what was trained, also after a stop
 */
export function engine({ seen, steps, rate, progress, done }) {
  let [run, waiting, visible] = [null, 0, true];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const sight = new IntersectionObserver((entries) => {
    visible = entries[entries.length - 1].isIntersecting;
    wait();
  });
  sight.observe(seen);

  function wait() {
    cancelAnimationFrame(waiting);
    if (run && visible) waiting = requestAnimationFrame(slice);
  }
  function slice(now) {
    run.due = calm.matches ? steps : run.due + (steps * Math.min(now - (run.last ?? now - 16), LONGEST)) / LASTS;
    run.last = now;
    const [goal, end] = [Math.min(steps, run.due), performance.now() + SLICE];
    while (run.network.steps < goal && performance.now() < end) step(run.network, run.x, run.y, rate);
    run.due = Math.min(run.due, run.network.steps + steps / 60); // what a slow machine owes is forgotten
    if (run.network.steps >= steps) return stop();
    progress(run.network);
    wait();
  }
  function stop() {
    if (!run) return;
    const { network } = run;
    run = null;
    cancelAnimationFrame(waiting);
    done(network);
  }
  return {
    start(count, seed, x, y) {
      stop();
      run = { network: fresh(count, seed), x, y, due: 0 };
      wait();
    },
    stop,
    calm: () => calm.matches,
    running: () => run,
    close() {
      run = null;
      cancelAnimationFrame(waiting);
      sight.disconnect();
    },
  };
}

/**
 * The buttons of training.
 * @param {{train: (another: boolean) => void, stop: () => void}} acts
 * @returns {{node: HTMLElement, update: (now: {n: number, seed: number, ready: boolean, done: number | null, steps: number}) => void}}
 */
export function trainer({ train, stop }) {
  const button = (act, words, kind = null) => h("button", { type: "button", onclick: act, class: kind }, words);
  const start = button(() => train(false), "", "primary");
  const another = button(() => train(true), "Another start");
  const halt = button(stop, "Stop");
  const [bar, words] = [h("progress", { max: 1, "aria-label": "Training" }), h("span", { class: "unit" })];
  return {
    node: h("div", { class: "trainer" }, start, another, halt, bar, words),
    update({ n, seed, ready, done, steps }) {
      const running = done !== null;
      start.textContent = `Train a network of ${rectifiers(n)}`;
      start.disabled = another.disabled = !ready;
      if (!running && document.activeElement === halt) start.focus();
      halt.hidden = bar.hidden = !running;
      bar.value = running ? done / steps : 0;
      words.textContent = running ? `seed ${seed}, step ${done.toLocaleString("en")} of ${steps.toLocaleString("en")}` : `seed ${seed}`;
    },
  };
}
