/** The pad on which a digit is drawn and erased, by mouse, finger, pen or keys. */

import { h } from "./dom.mjs";
import { grayPicture } from "./denoiser_pictures.mjs";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {number} side pixels
 * @param {Object} acts
 * @param {(from: [number, number], to: [number, number]) => void} acts.stroke in pixels of the picture
 * @param {(i: number) => void} acts.flip one pixel
 * @param {(i: number | null) => void} acts.point the place of the cursor; null where no keys are used
 * @returns {{node: HTMLElement, update: (digit: ArrayLike<number>, cursor: number | null) => void}}
 */
export function drawingPad(side, acts) {
  const picture = grayPicture(side);
  const node = h("div", {
    class: "pad", tabindex: 0, role: "application", "data-lm-suppress-shortcuts": "true",
    "aria-label": `The digit, ${side} by ${side} pixels. Arrow keys move the pen, Space or Enter inks a pixel or clears it.`,
  }, picture.node);
  const now = { cursor: null };
  hands(node, side, acts);
  keys(node, side, acts, now);
  return {
    node,
    update(digit, cursor) {
      now.cursor = cursor;
      picture.update(digit, [], cursor);
    },
  };
}

function hands(node, side, { stroke, point }) {
  let held = null;
  const placeOf = ({ clientX, clientY }) => {
    const box = node.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * side, ((clientY - box.top) / box.height) * side];
  };
  node.addEventListener("pointerdown", (event) => {
    if (held || event.button > 0) return;
    held = { pointer: event.pointerId, last: placeOf(event) };
    node.setPointerCapture(event.pointerId);
    point(null);
    stroke(held.last, held.last);
  });
  node.addEventListener("pointermove", (event) => {
    if (held?.pointer !== event.pointerId) return;
    const here = placeOf(event);
    stroke(held.last, here);
    held.last = here;
  });
  ["pointerup", "pointercancel", "lostpointercapture"].forEach((name) => node.addEventListener(name, (event) => {
    if (held?.pointer === event.pointerId) held = null;
  }));
}

function keys(node, side, { flip, point }, now) {
  const middle = Math.floor(side / 2) * (side + 1);
  const to = (cursor) => point((now.cursor = cursor)); // at once: keys may outrun frames
  node.addEventListener("focus", () => {
    if (now.cursor === null && node.matches(":focus-visible")) to(middle);
  });
  node.addEventListener("blur", () => to(null));
  node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const cursor = now.cursor ?? middle;
    if ([" ", "Enter"].includes(event.key)) {
      to(cursor);
      flip(cursor);
    } else if (STEPS[event.key]) to(penMoved(cursor, STEPS[event.key], side));
    else return;
    event.preventDefault();
  });
}

/** The neighbor of a pixel, inside the picture. */
export function penMoved(cursor, [across, down], side) {
  const within = (value) => Math.min(side - 1, Math.max(0, value));
  return within(Math.floor(cursor / side) + down) * side + within((cursor % side) + across);
}
