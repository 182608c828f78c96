/** A picture with its title, and the keys under it. */

import { h } from "./dom.mjs";

const NARROWEST = 220; // pixels

/**
 * A picture with its title. It is told its width: to ask for it would cost a layout at every move.
 * @param {string} kind class of the picture
 * @param {string} title
 * @returns {{node: HTMLElement, picture: HTMLElement, draw: (drawing: (width: number) => SVGElement) => void, close: () => void}}
 */
export function panel(kind, title) {
  const picture = h("div", { class: `picture ${kind}` });
  let width = NARROWEST;
  const sizes = new ResizeObserver(([{ contentRect }]) => (width = Math.max(Math.floor(contentRect.width), NARROWEST)));
  sizes.observe(picture);
  return {
    node: h("div", { class: "panel" }, h("div", { class: "caption" }, title), picture),
    picture,
    draw: (drawing) => picture.replaceChildren(drawing(width)),
    close: () => sizes.disconnect(),
  };
}

/** A mark and what it means. */
export const key = (kind, text) => h("span", {}, h("i", { class: kind }), text);
