/** Small hands for building a view: elements, rich text, and a memory that may be refused. */

// JupyterLab takes arrow keys, Space and Enter away from a control unless it says this itself.
const CONTROLS = ["input", "button", "summary"];
const KEEP_KEYS = "data-lm-suppress-shortcuts";

/**
 * Make an element. Attributes that are `false`, `null` or `undefined` are left out.
 * @param {string} tag
 * @param {Object<string, any>} [attributes] `on*` entries become listeners.
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const keys = CONTROLS.includes(tag) ? { [KEEP_KEYS]: "true" } : {};
  return fill(document.createElement(tag), { ...keys, ...attributes }, children);
}

/**
 * Make an SVG element, as `h` does.
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/**
 * Turn `code` between backticks into code elements; everything else stays text.
 * @param {string} text
 * @returns {(Node|string)[]}
 */
export function rich(text) {
  return text.split("`").map((part, i) => (i % 2 ? h("code", {}, part) : part));
}

/**
 * A place in this browser's storage that works, and forgets, when storage is refused.
 * @param {string} key
 * @param {() => Storage} [storage]
 */
export function memory(key, storage = () => globalThis.localStorage) {
  let kept = null;
  const attempt = (act) => {
    try {
      return act();
    } catch {
      return null;
    }
  };
  return {
    read() {
      const text = attempt(() => storage().getItem(key));
      return attempt(() => JSON.parse(text)) ?? kept;
    },
    write(value) {
      kept = value;
      attempt(() => storage().setItem(key, JSON.stringify(value)));
    },
    clear() {
      kept = null;
      attempt(() => storage().removeItem(key));
    },
  };
}
