/** Small gray pictures in the page's own ink, and a grid of hidden units. */

import { svg } from "./dom.mjs";

const SHADES = 16;
const COLUMNS = 16; // of the grid of hidden units
const [CROSS, DOT] = [0.26, 0.12]; // of a pixel, from its middle

/**
 * Gray pixels as one path a darkness; neighbors in a row are one piece.
 * @param {ArrayLike<number>} values 0 to 1; what lies outside is cut
 * @param {number} side
 * @returns {string[]} SHADES paths, the lightest first
 */
export function shadesOf(values, side) {
  const paths = Array.from({ length: SHADES }, () => "");
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side;) {
      const shade = shadeOf(values[y * side + x]);
      let end = x + 1;
      while (end < side && shadeOf(values[y * side + end]) === shade) end += 1;
      if (shade > 0) paths[shade - 1] += `M${x} ${y}h${end - x}v1h${x - end}z`;
      x = end;
    }
  }
  return paths;
}

const shadeOf = (value) => Math.round(SHADES * Math.min(1, Math.max(0, value)));

/**
 * A picture that is drawn anew without new elements.
 * @param {number} side pixels
 * @returns {{node: SVGElement, update: (values: ArrayLike<number>, crossed?: number[], cursor?: number | null) => void}}
 */
export function grayPicture(side) {
  const shades = Array.from({ length: SHADES }, (_, i) => svg("path", { "fill-opacity": (i + 1) / SHADES }));
  const [crosses, ring] = [svg("path", { class: "cross" }), svg("rect", { width: 1, height: 1, class: "cursor" })];
  const frame = svg("rect", { x: 0, y: 0, width: side, height: side, class: "frame" });
  return {
    node: svg("svg", { viewBox: `0 0 ${side} ${side}`, "aria-hidden": "true" },
      svg("g", { class: "ink", "shape-rendering": "crispEdges" }, ...shades), frame, crosses, ring),
    update(values, crossed = [], cursor = null) {
      shadesOf(values, side).forEach((d, i) => shades[i].setAttribute("d", d));
      crosses.setAttribute("d", crossed.map((i) => crossAt((i % side) + 0.5, Math.floor(i / side) + 0.5)).join(""));
      ring.style.display = cursor === null ? "none" : "";
      if (cursor === null) return;
      ring.setAttribute("x", cursor % side);
      ring.setAttribute("y", Math.floor(cursor / side));
    },
  };
}

const crossAt = (x, y) => `M${x - CROSS} ${y - CROSS}l${2 * CROSS} ${2 * CROSS}m0 ${-2 * CROSS}l${-2 * CROSS} ${2 * CROSS}`;

/** Signed weights as ink: half of it is 0, the largest weight all of it or none. */
export function weightInk(weights) {
  const most = weights.reduce((largest, w) => Math.max(largest, Math.abs(w)), 0) || 1;
  return weights.map((w) => 0.5 + (0.5 * w) / most);
}

/**
 * Hidden units in rows: a square as large as its output, a dot where it is 0.
 * @param {ArrayLike<number>} h
 * @returns {{active: string, silent: string, columns: number, rows: number}}
 */
export function unitGrid(h) {
  const values = Array.from(h);
  const most = Math.max(...values, Number.MIN_VALUE);
  const squares = { active: "", silent: "" };
  values.forEach((value, k) => {
    const half = value > 0 ? 0.14 + 0.3 * Math.sqrt(value / most) : DOT / 2;
    squares[value > 0 ? "active" : "silent"] += squareAt((k % COLUMNS) + 0.5, Math.floor(k / COLUMNS) + 0.5, half);
  });
  return { ...squares, columns: Math.min(COLUMNS, values.length), rows: Math.ceil(values.length / COLUMNS) };
}

const brief = (value) => Math.round(value * 1000) / 1000;
const squareAt = (x, y, half) => `M${brief(x - half)} ${brief(y - half)}h${brief(2 * half)}v${brief(2 * half)}h${brief(-2 * half)}z`;
