/** A button that asks the kernel for work, shows how far it is, and lets the reader stop it. */

import { h } from "./dom.mjs";

const PATIENCE = 8000; // ms without an answer before we say what may be the reason

/**
 * @param {Object} model
 * @param {Object} job
 * @param {string} job.button what it asks for
 * @param {string} job.doing what the progress bar is of
 * @param {string} job.about what is done, and where
 * @param {string} job.without what to do where there is no kernel
 * @param {() => Object} job.wish the setting asked for
 * @returns {{node: HTMLElement, update: () => void, close: () => void}}
 */
export function kernelJob(model, { button, doing, about, without, wish }) {
  if (!model.get("has_kernel")) return withoutKernel(without);
  const start = h("button", { type: "button", class: "primary", onclick: () => ask(wish()) }, button);
  const stop = h("button", { type: "button", onclick: () => ask({ cancel: true }) }, "Cancel");
  const bar = h("progress", { max: 1, "aria-label": doing });
  const words = h("span", { role: "status" });
  let timer = null;

  function ask(request) {
    model.set("request", { id: (model.get("request").id ?? 0) + 1, ...request });
    model.save_changes();
    clearTimeout(timer);
    if (!request.cancel) timer = setTimeout(() => (words.textContent = slow), PATIENCE);
    show(request.cancel ? { text: "Canceled." } : { total: 1, done: 0, text: "Waiting for the kernel." });
  }
  function update() {
    const progress = model.get("progress") ?? {};
    if (progress.id !== (model.get("request").id ?? 0) || model.get("request").cancel) return;
    clearTimeout(timer);
    show(progress);
  }
  function show({ done, total, text, error }) {
    const running = !error && total > 0 && done < total;
    stop.hidden = bar.hidden = !running;
    bar.value = running ? done / total : 0;
    words.textContent = error ? `It stopped: ${error}` : (text ?? "");
    words.classList.toggle("error", Boolean(error));
  }
  show({});
  return {
    node: h("div", { class: "trainer" }, start, stop, bar, words, h("span", { class: "unit" }, about)),
    update,
    close: () => clearTimeout(timer),
  };
}

const slow = "No answer yet. The kernel may be busy with another cell, or it may have stopped.";

function withoutKernel(words) {
  return { node: h("p", { class: "trainer unit" }, words), update() {}, close() {} };
}
