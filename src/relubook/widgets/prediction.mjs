/** Prediction: the reader commits to an answer before the record is laid over it. */

import { h, memory, rich } from "./dom.mjs";
import { curveInput } from "./prediction_curve.mjs";
import { numberInput } from "./prediction_number.mjs";
import { howFar, reason, restore } from "./prediction_numbers.mjs";

/**
 * Draw the widget into `el` and return what takes it down again.
 * @param {{model: Object, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const asked = model.get("data");
  const kept = memory(`relubook:prediction:${asked.name}`);
  let state = restore(kept.read(), asked);

  function become(change) {
    state = { ...state, ...change };
    kept.write(state);
    draw();
  }
  function again() {
    kept.clear();
    state = restore(null, asked);
    draw();
  }
  const button = (text, onclick, attributes = {}) => h("button", { type: "button", onclick, ...attributes }, text);
  const input = (asked.kind === "curve" ? curveInput : numberInput)(asked, (answer) => become({ answer }));
  const lock = button("Lock in my answer", () => become({ locked: true }), { class: "primary" });
  const reveal = button("Reveal the record", () => become({ revealed: true }), { class: "primary" });
  const reset = button("Start over", again);
  const badge = h("span", { class: "badge" }, "yours");
  const words = h("p", { role: "status", class: "said" });
  const source = h("p", { class: "unit" }, asked.recorded.source);

  function draw() {
    const { answer, locked, revealed } = state;
    input.update(state);
    move(lock, locked, reveal);
    lock.disabled = answer.includes(null);
    reveal.disabled = !locked;
    reveal.hidden = revealed;
    reset.hidden = answer.every((v) => v === null);
    source.hidden = !revealed;
    words.textContent = revealed ? howFar(answer, asked) : reason(state, asked);
  }
  function move(from, gone, to) {
    const held = document.activeElement === from;
    from.hidden = gone;
    if (held && gone) queueMicrotask(() => to.focus());
  }
  el.classList.add("relubook-view", "prediction");
  el.replaceChildren(h("div", { class: "card" },
    h("div", { class: "heading" }, h("div", { class: "title" }, ...rich(asked.question)), badge),
    input.node, h("div", { class: "buttons" }, lock, reveal, reset), words, source,
    h("p", { class: "unit" }, "Your answer stays in this browser.")));
  draw();
  return () => {
    input.close();
    el.replaceChildren();
  };
}

export default { render };
