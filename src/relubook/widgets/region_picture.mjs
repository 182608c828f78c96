/** The picture of the regions, and the point that a mouse, a finger or the arrow keys move over it. */

import { h, svg } from "./dom.mjs";
import { ACROSS, frameOf, marksOf, outline } from "./region_shapes.mjs";
import { clamped, signed } from "./region_words.mjs";

const FAR = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
const [STEP, LEAP] = [1 / 60, 1 / 10]; // of the window's width, with and without Shift

/**
 * @param {Object} data
 * @param {Object} acts
 * @param {(place: [number, number]) => void} acts.put
 * @param {(place: [number, number] | null) => void} acts.peek at a place without choosing it
 * @returns {{node: HTMLElement, update: (now: {fills: Object[], lines: string}) => void,
 *   showExamples: (shown: boolean) => void, point: (place: [number, number], corners: number[]) => void}}
 */
export function regionPicture(data, acts) {
  const { window, classes } = data;
  const frame = frameOf(window);
  const [fills, lines] = [svg("g"), svg("path", { class: "lines" })];
  const marks = marksOf(data.examples, classes.length, frame).map((d, k) => svg("path", { d, class: `mark class-${k}` }));
  const examples = svg("g", {}, ...marks);
  const [here, dot] = [svg("path", { class: "here" }), svg("g", { class: "point" }, svg("circle", { r: 44 }), svg("circle", { r: 44 }))];
  const root = svg("svg", { viewBox: `0 0 ${ACROSS} ${frame.height}`, "aria-hidden": "true" },
    fills, lines, examples, here, dot);
  const pad = h("div", { class: "pad", tabindex: 0, role: "application", "data-lm-suppress-shortcuts": "true",
    "aria-label": "The plane of the two inputs. Arrow keys move a point over its regions." }, root);
  let place = [0, 0];
  hands(pad, window, { ...acts, place: () => place });
  return {
    node: h("div", { class: "plane" }, side("up", "x₂", window[3], window[2]), pad, side("across", "x₁", window[0], window[1])),
    update(now) {
      if (now.lines === lines.getAttribute("d") && now.fills === fills.shown) return;
      fills.shown = now.fills;
      fills.replaceChildren(...now.fills.map(({ kind, opacity, d }) => svg("path", { d, class: `fill ${kind}`, "fill-opacity": opacity })));
      lines.setAttribute("d", now.lines);
    },
    showExamples: (shown) => examples.setAttribute("display", shown ? "inline" : "none"),
    point(at, corners) {
      place = at;
      here.setAttribute("d", outline(corners, frame));
      dot.setAttribute("transform", `translate(${frame.x(at[0])} ${frame.y(at[1])})`);
    },
  };
}

/** An axis: its two ends and what it measures. */
function side(kind, name, first, last) {
  const text = (value) => h("span", {}, signed(value, Number.isInteger(value) ? 0 : 1));
  return h("div", { class: kind, "aria-hidden": "true" }, text(first), h("span", {}, name), text(last));
}

function hands(pad, window, { put, peek, place }) {
  const [left, right, bottom, top] = window;
  let held = false;
  const under = (event) => {
    const box = pad.firstChild.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    return clamped(window, [left + x * (right - left), top - y * (top - bottom)]);
  };
  pad.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    held = true;
    put(under(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (held) put(under(event));
    else if (event.pointerType === "mouse") peek(under(event));
  });
  ["pointerup", "pointercancel"].forEach((name) => pad.addEventListener(name, () => (held = false)));
  pad.addEventListener("pointerleave", () => {
    held = false;
    peek(null);
  });
  pad.addEventListener("keydown", (event) => {
    const way = FAR[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const far = (event.shiftKey ? LEAP : STEP) * (right - left);
    put(clamped(window, place().map((v, i) => v + way[i] * far)));
  });
}
