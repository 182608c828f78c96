/* Starts each widget of a page when a reader comes near it.

   A widget's container names two scripts beside this file, its module and its numbers. Each calls
   `relubook.keep` with what it holds. Until both are there the container shows its sentence and
   its table, and where a script does not come, it goes on showing them. */

(() => {
  "use strict";
  const folder = new URL("widgets/", document.currentScript.src);
  const kept = new Map(); // promises of what a file holds, by its name

  /** What the file holds, as a promise; each file is fetched once. */
  function held(name) {
    if (!kept.has(name)) kept.set(name, new Promise((have, failed) => fetched(name, have, failed)));
    return kept.get(name);
  }

  function fetched(name, have, failed) {
    const script = document.createElement("script");
    script.src = new URL(name, folder).href;
    script.have = have;
    script.onerror = () => failed(new Error(`The book lacks its file ${name}.`));
    document.head.append(script);
  }

  const started = new WeakMap();

  /** Starts the widget in the container, once; a promise that ends when it is drawn. */
  function start(box) {
    if (!started.has(box)) started.set(box, begin(box));
    return started.get(box);
  }

  async function begin(box) {
    near.unobserve(box);
    const [widget, numbers] = await Promise.all(
      [box.dataset.module, box.dataset.numbers].map(held),
    );
    const state = structuredClone(numbers); // two widgets of a page may have the same numbers
    const model = {
      get: (key) => state[key], set: (key, value) => { state[key] = value; },
      on() {}, off() {}, save_changes() {},
    };
    widget.render({ model, el: box.querySelector(".relubook-view") });
  }

  const boxes = [...document.querySelectorAll(".relubook[data-module]")];
  const everything = () => Promise.all(boxes.map(start));
  const near = new IntersectionObserver(
    (seen) => seen.filter((one) => one.isIntersecting).forEach((one) => start(one.target)),
    { rootMargin: "200% 0%" }, // two screens ahead
  );

  window.relubook = { keep: (value) => document.currentScript.have(value), everything };
  boxes.forEach((box) => near.observe(box));
  // Whoever goes from control to control must find those of widgets that are far away as well.
  addEventListener("keydown", (event) => event.key === "Tab" && everything(), { once: true });
  addEventListener("beforeprint", everything);
})();
