/** What every explorer does: draws when its state or its width changes, and follows the address. */

/**
 * Draw a view into `el` and return what takes it down again.
 * @param {Object} explorer
 * @param {Object} explorer.model
 * @param {HTMLElement} explorer.el
 * @param {string} explorer.name class of the element
 * @param {string[]} explorer.watched traits that change the view
 * @param {(acts: {choose: (state: Object) => void, draw: () => void}) => Object} explorer.build
 *   gives `node`, `sized` (elements whose width counts), `update()` and `close()`
 * @param {(hash: string) => Object} explorer.read the state that a fragment names
 * @param {() => string} explorer.write the state as a fragment
 * @returns {() => void}
 */
export function explore({ model, el, name, watched, build, read, write }) {
  const inPage = model.get("life") === "page";
  const view = build({ choose, draw });

  function draw() {
    view.update();
  }
  function take(state) {
    Object.entries(state).forEach(([trait, value]) => model.set(trait, value));
  }
  function choose(state) {
    take(state);
    model.save_changes();
    if (inPage) keepInAddress(write());
    draw();
  }
  function follow() {
    take(read(location.hash));
    draw();
  }
  watched.forEach((trait) => model.on(`change:${trait}`, draw));
  if (inPage) window.addEventListener("hashchange", follow);
  const sizes = new ResizeObserver(draw);
  el.classList.add("relubook-view", "explorer", name);
  el.replaceChildren(view.node);
  view.sized.forEach((element) => sizes.observe(element));
  if (inPage) follow();
  else draw();
  return () => {
    watched.forEach((trait) => model.off(`change:${trait}`, draw));
    window.removeEventListener("hashchange", follow);
    sizes.disconnect();
    view.close();
    el.replaceChildren();
  };
}

/** Keep the setting in the address, without a history entry; notebooks own their address. */
function keepInAddress(fragment) {
  if (document.body.dataset.jpThemeLight !== undefined) return;
  try {
    history.replaceState(history.state, "", fragment);
  } catch {
    // A sandboxed frame may refuse; the widget works without.
  }
}
