/** The button that plays a training, step by step, while it can be seen. */

import { h } from "./dom.mjs";

const [LASTS, SHORTEST, LONGEST] = [5000, 130, 700]; // ms: about the whole training, and each step of it

/**
 * @param {Object} work
 * @param {Element} work.seen nothing plays while it is out of sight
 * @param {number} work.last step
 * @param {() => number} work.at the step that is shown
 * @param {(step: number) => void} work.go
 * @param {() => void} work.ended called when it stops, also by hand
 * @returns {{node: HTMLElement, update: () => void, running: () => boolean, stop: () => void, close: () => void}}
 */
export function player({ seen, last, at, go, ended }) {
  let [running, visible, waiting, shown] = [false, true, 0, 0];
  const each = Math.min(LONGEST, Math.max(SHORTEST, LASTS / (last + 1)));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const button = h("button", { type: "button", onclick: () => (running ? stop() : start()) });
  const sight = new IntersectionObserver((entries) => {
    visible = entries[entries.length - 1].isIntersecting;
    wait();
  });
  sight.observe(seen);
  calm.addEventListener("change", update);

  function start() {
    const from = at() === last ? 0 : at();
    /** Who asked for no motion sees the beginning and the end. */
    if (calm.matches) {
      go(at() === last ? 0 : last);
      ended();
      return;
    }
    [running, shown] = [true, performance.now()];
    go(from);
    wait();
  }
  function wait() {
    cancelAnimationFrame(waiting);
    if (running && visible) waiting = requestAnimationFrame(turn);
  }
  function turn(now) {
    if (now - shown >= each) {
      shown = now;
      go(at() + 1);
    }
    if (at() >= last) stop();
    else wait();
  }
  function stop() {
    if (!running) return;
    running = false;
    cancelAnimationFrame(waiting);
    ended();
  }
  function update() {
    const still = at() === last ? "Back to the first step" : "Go to the last step";
    const words = calm.matches ? still : running ? "Pause" : "Play the training";
    if (button.textContent !== words) button.textContent = words;
  }
  return {
    node: button, update, stop, running: () => running,
    close() {
      running = false;
      cancelAnimationFrame(waiting);
      sight.disconnect();
      calm.removeEventListener("change", update);
    },
  };
}
