/** Pictures in layers: while a reader drags, only the layers whose numbers changed are drawn again. */

import { svg } from "./dom.mjs";

/**
 * @param {...string} names from back to front
 * @returns {{nodes: Object<string, SVGElement>, paint: (name: string, needs: any[], make: () => Node[]) => void}}
 *   `paint` draws a layer anew if one of the things it needs is another one than before
 */
export function layered(...names) {
  const nodes = Object.fromEntries(names.map((name) => [name, svg("g", { class: `layer-${name}` })]));
  const drawn = {};
  return {
    nodes,
    paint(name, needs, make) {
      if (drawn[name]?.every((need, i) => need === needs[i])) return;
      drawn[name] = needs;
      nodes[name].replaceChildren(...make());
    },
  };
}

/** To a tenth of a pixel. */
export const tenths = (value) => Math.round(value * 10) / 10;

/** A line through the places, of the class. */
export function through(points, kind) {
  return svg("polyline", { points: points.map((point) => point.map(tenths).join(",")).join(" "), class: kind });
}

/** A text; `anchor` is start, middle or end. */
export function label(x, y, words, anchor = "start", kind = null) {
  return svg("text", { x: tenths(x), y: tenths(y), "text-anchor": anchor, class: kind }, words);
}

/**
 * A grid and its numbers.
 * @param {{left: number, right: number, top: number, bottom: number}} box pixels
 * @param {[number, string][]} across places on x and their texts
 * @param {[number, string][]} up places on y and their texts
 * @param {number} below where the texts on x stand under the box
 */
export function grid({ left, right, bottom }, across, up, below) {
  const line = (x1, x2, y1, y2, kind) => {
    const [a, b, c, d] = [x1, x2, y1, y2].map(tenths);
    return svg("line", { x1: a, x2: b, y1: c, y2: d, class: kind });
  };
  return [
    ...up.flatMap(([y, text]) => [line(left, right, y, y, "grid"), label(left - 8, y + 4, text, "end")]),
    line(left, right, bottom, bottom, "axis"),
    ...across.flatMap(([x, text]) => [line(x, x, bottom, bottom + 4, "axis"), label(x, bottom + below, text, "middle")]),
  ];
}
