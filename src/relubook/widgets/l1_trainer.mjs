/** "Train this one": asks the kernel, shows how far it is, and lets the reader stop it. */

import { h } from "./dom.mjs";

const PATIENCE = 8000; // ms without an answer before we say what may be the reason

/**
 * @param {Object} model
 * @param {Object} data
 * @returns {{node: HTMLElement, update: () => void, close: () => void}}
 */
export function trainer(model, data) {
  if (!model.get("has_kernel")) return withoutKernel();
  const start = h("button", { type: "button", class: "primary", onclick: () => ask({}) }, "Train this one");
  const stop = h("button", { type: "button", onclick: () => ask({ cancel: true }) }, "Cancel");
  const bar = h("progress", { max: 1, "aria-label": "Training" });
  const words = h("span", { role: "status" });
  let timer = null;

  function ask(wish) {
    const setting = { l1_index: model.get("l1_index"), depth: model.get("depth") };
    const id = (model.get("request").id ?? 0) + 1;
    model.set("request", { id, ...(wish.cancel ? { cancel: true } : setting) });
    model.save_changes();
    clearTimeout(timer);
    if (!wish.cancel) timer = setTimeout(() => (words.textContent = slow), PATIENCE);
    show(wish.cancel ? { text: "Canceled." } : { total: 1, done: 0, text: "Waiting for the kernel." });
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
  const about = data.live_band ? `trains on ${data.live_band.data}, in your kernel` : "in your kernel";
  show({});
  return {
    node: h("div", { class: "trainer" }, start, stop, bar, words, h("span", { class: "unit" }, about)),
    update,
    close: () => clearTimeout(timer),
  };
}

const slow = "No answer yet. The kernel may be busy with another cell, or it may have stopped.";

function withoutKernel() {
  const words = "Open this chapter in Colab or Jupyter to train it yourself.";
  return { node: h("p", { class: "trainer unit" }, words), update() {}, close() {} };
}
