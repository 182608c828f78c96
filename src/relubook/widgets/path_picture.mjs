/** One network twice, what runs forward and what comes back; a mouse, a finger or keys choose its units. */

import { h, svg } from "./dom.mjs";
import { nameOf } from "./path_network.mjs";
import {
  ACROSS, backFlows, bundles, forwardFlows, FRAME, HEIGHT, inkInPlace, placesOf, radiiOf, squaresInPlace, unitAt,
} from "./path_shapes.mjs";
import { backWords, forwardWords } from "./path_words.mjs";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {Object} acts
 * @param {(unit: {layer: number, unit: number} | null) => void} acts.choose a unit to be told of
 * @param {(unit: {layer: number, unit: number} | null) => void} acts.peek at a unit under the mouse
 * @param {(unit: {layer: number, unit: number}) => void} acts.toggle switch a unit off or on
 * @returns {{node: HTMLElement, update: (now: Object) => void}}
 */
export function pathPicture(acts) {
  const title = h("div", { class: "caption" });
  const drawings = { forward: drawing(), back: drawing() };
  const pad = h("div", { class: "pad", tabindex: 0, role: "application", "data-lm-suppress-shortcuts": "true" },
    drawings.forward.node, drawings.back.node);
  let now = null;
  hands(pad, drawings, acts, () => now);
  return {
    node: h("div", { class: "network" }, title, pad),
    update(state) {
      now = { ...state, places: placesOf(state.sizes) };
      pad.className = `pad ${state.activation}`;
      title.textContent = state.name;
      pad.setAttribute("aria-label", `${state.name}: ${state.sizes.length - 2} hidden layers. Arrow keys choose a unit, Enter switches it off or on.`);
      drawings.forward.node.hidden = state.direction === "back";
      drawings.back.node.hidden = state.direction === "forward";
      if (state.direction !== "back") drawings.forward.update(forwardParts(now));
      if (state.direction !== "forward") drawings.back.update(backParts(now));
    },
  };
}

function drawing() {
  const words = h("div", { class: "words" });
  const [lines, ink, units, ring] = ["lines", "ink", "units", "ring"].map((kind) => svg("g", { class: kind }));
  const root = svg("svg", { viewBox: `0 0 ${ACROSS} ${HEIGHT}`, "aria-hidden": "true" }, ink, lines, units, ring);
  return {
    node: h("div", { class: "way" }, words, root), root,
    update(parts) {
      words.textContent = parts.words;
      lines.replaceChildren(...parts.lines.map(({ width, d }) => svg("path", { d, "stroke-width": width })));
      ink.replaceChildren(...parts.ink);
      units.replaceChildren(...parts.units);
      ring.replaceChildren(...parts.ring);
    },
  };
}

function forwardParts(now) {
  const { layers, course, x, places } = now;
  const side = Math.sqrt(x.length);
  return {
    words: `→ forward: ${forwardWords(now.counts)}`,
    lines: bundles(forwardFlows(layers, course, x), places),
    ink: [svg("rect", { ...FRAME, class: "frame" }), ...inked(x, side)],
    units: [...course.h.flatMap((values, l) => unitsOf(now, values, l)), ...classesOf(now, course.p, () => false)],
    ring: ringOf(now),
  };
}

/** Filled is what the error asks for more of, with a bar what it asks for less of: minus the derivative. */
function backParts(now) {
  const { layers, course, x, places } = now;
  const side = Math.sqrt(x.length);
  const { more, less } = squaresInPlace(course.byPixel.map((g) => -g), side);
  return {
    words: `← back: ${backWords(now.counts)}`,
    lines: bundles(backFlows(layers, course), places),
    ink: [svg("rect", { ...FRAME, class: "frame" }), svg("path", { d: more, class: "more" }), svg("path", { d: less, class: "less" })],
    units: [...course.byInput.flatMap((values, l) => unitsOf(now, values.map((g) => -g), l)), ...classesOf(now, course.byScore, (g) => g > 0)],
    ring: ringOf(now),
  };
}

const inked = (x, side) => inkInPlace(x, side).map(({ opacity, d }) => svg("path", { d, class: "gray", "fill-opacity": opacity }));

function unitsOf({ places, off }, values, layer) {
  const radii = radiiOf(values);
  return places[layer + 1].flatMap(([x, y], unit) => {
    if (off.has(nameOf(layer, unit))) return [svg("path", { class: "off", d: `M${x - 5} ${y - 5}l10 10m0-10l-10 10` })];
    return mark(x, y, radii[unit], values[unit]);
  });
}

/** Filled, hollow where the number is exactly 0, with a bar where it is below 0. */
function mark(x, y, r, value) {
  const circle = svg("circle", { cx: x, cy: y, r, class: value === 0 ? "silent" : "lit" });
  return value < 0 ? [circle, svg("path", { class: "bar", d: `M${x - 0.62 * r} ${y}h${1.24 * r}` })] : [circle];
}

/** The answer in bold, the right class in a frame. */
function classesOf({ places, course, label, classes }, values, below) {
  const radii = radiiOf(values);
  return places[places.length - 1].flatMap(([x, y], k) => [
    ...(k === label ? [svg("rect", { x: x + 11, y: y - 9.5, width: 19, height: 19, rx: 4, class: "right" })] : []),
    ...mark(x, y, radii[k], below(values[k]) ? -1 : 1),
    svg("text", { x: x + 20.5, y: y + 4.5, "text-anchor": "middle", class: k === course.answer ? "answer" : "class" }, classes[k]),
  ]);
}

function ringOf({ places, chosen }) {
  if (!chosen) return [];
  const [cx, cy] = places[chosen.layer + 1][chosen.unit];
  return [svg("circle", { cx, cy, r: 12 })];
}

function hands(pad, drawings, { choose, peek, toggle }, now) {
  const under = (event) => {
    const root = Object.values(drawings).map((one) => one.root).find((one) => one.contains(event.target));
    if (!root) return null;
    const box = root.getBoundingClientRect();
    const by = ACROSS / box.width;
    return unitAt(now().places, (event.clientX - box.left) * by, (event.clientY - box.top) * by);
  };
  pad.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") peek(under(event));
  });
  pad.addEventListener("pointerleave", () => peek(null));
  pad.addEventListener("click", (event) => {
    const unit = under(event);
    if (unit) toggle(unit);
  });
  pad.addEventListener("focus", () => {
    if (!now().chosen && pad.matches(":focus-visible")) choose({ layer: 0, unit: 0 });
  });
  pad.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { chosen, places } = now();
    if (["Enter", " "].includes(event.key) && chosen) toggle(chosen);
    else if (STEPS[event.key]) choose((now().chosen = moved(chosen, STEPS[event.key], places))); // at once: keys may outrun frames
    else return;
    event.preventDefault();
  });
}

/** The neighbor in a direction, inside the network. */
export function moved(chosen, [across, down], places) {
  if (!chosen) return { layer: 0, unit: 0 };
  const within = (value, length) => Math.min(length - 1, Math.max(0, value));
  const layer = within(chosen.layer + across, places.length - 2);
  return { layer, unit: within(chosen.unit + down, places[layer + 1].length) };
}
