/** The picture on which points are dragged and targets drawn. All it does, sliders do too. */

import { apart } from "./cost_scales.mjs";
import { h, svg } from "./dom.mjs";
import { grid, label, layered, tenths, through } from "./hinge_layers.mjs";
import { DRAWN, hingesOf, TOP } from "./hinge_numbers.mjs";
import { signed } from "./hinge_words.mjs";
import { scale } from "./numbers.mjs";

const REACH = 40; // pixels around a point from which it is taken
const WIDE = 480; // from here on lines wear their names at the right
const MARKS = { x: [-1, -0.5, 0, 0.5, 1], y: [-1, -0.5, 0, 0.5, 1] };

/**
 * @typedef {Object} Shown
 * @property {number[]} x
 * @property {number[] | null} target
 * @property {[number, number][]} points
 * @property {number} selected which point the sliders move
 * @property {{curve: number[], bends: {place: number, side: number}[]} | null} network
 * @property {(number|null)[] | null} sketch the drawing while it is drawn
 */

/**
 * @param {Object} acts
 * @param {(i: number) => void} acts.grab
 * @param {(i: number, place: number, height: number) => void} acts.move
 * @param {(from: [number, number], to: [number, number]) => void} acts.sketch
 * @returns {{node: HTMLElement, update: (width: number, now: Shown) => void}}
 */
export function hingePad(acts) {
  const { nodes, paint } = layered("axes", "terms", "target", "network", "yours", "strip", "handles", "names");
  const inside = svg("svg", { class: "inside" }, nodes.terms, nodes.target, nodes.network, nodes.yours);
  const root = svg("svg", { "aria-hidden": "true" }, nodes.axes, inside, nodes.strip, nodes.handles, nodes.names);
  const node = h("div", { class: "pad picture" }, root);
  const seen = { now: null, box: null };
  follow(node, seen, acts);
  return {
    node,
    update(width, now) {
      const box = boxOf(Math.max(width, 220));
      Object.assign(seen, { now, box: seen.box?.width === box.width ? seen.box : box });
      node.classList.toggle("sketching", Boolean(now.sketch));
      draw(paint, root, inside, now, seen.box);
    },
  };
}

function boxOf(width) {
  const [wide, height] = [width >= WIDE, width >= WIDE ? 350 : 300];
  const box = { width, height, wide, left: 40, right: width - (wide ? 72 : 14), top: 26, bottom: height - 50 };
  return { ...box, x: scale(-1, 1, box.left, box.right), y: scale(-TOP, TOP, box.bottom, box.top) };
}

function draw(paint, root, inside, now, box) {
  const { x, target, points, selected, network, sketch } = now;
  const at = (places, heights) => heights.map((height, i) => [box.x(places[i]), box.y(height)]);
  paint("axes", [box], () => padAxes(root, inside, box));
  paint("terms", [box, points], () => terms(points, box));
  paint("target", [box, target], () => (target ? [through(at(x, target), "aim")] : []));
  paint("network", [box, network?.curve], () => (network ? [through(at(x, network.curve), "net")] : []));
  paint("yours", [box, points], () => [through(points.map(([a, b]) => [box.x(a), box.y(b)]), "mine")]);
  paint("strip", [box, network?.bends], () => (network ? strip(network.bends, box) : []));
  paint("handles", [box, points, selected, sketch], () =>
    (sketch ? dots(sketch, box) : points.flatMap((point, i) => handle(point, i, points.length - 1, selected, box))));
  paint("names", [box, target, points, network?.curve], () => (box.wide ? names(now, box) : []));
}

function padAxes(root, inside, box) {
  const { width, height, left, right, top, bottom } = box;
  const sized = (element, all) => Object.entries(all).forEach(([name, value]) => element.setAttribute(name, value));
  const room = { x: left - 1, y: top, width: right - left + 2, height: bottom - top };
  sized(root, { width, height, viewBox: `0 0 ${width} ${height}` });
  sized(inside, { ...room, viewBox: Object.values(room).join(" ") });
  const text = (value) => signed(value, value % 1 ? 1 : 0);
  const [across, up] = [MARKS.x.map((v) => [box.x(v), text(v)]), MARKS.y.map((v) => [box.y(v), text(v)])];
  return [...grid(box, across, up, 28), label(0, 14, "height f(x)"), label(right, height - 4, "place x", "end")];
}

/** Each summand of f by itself, from the line of zero. */
function terms(points, box) {
  const { start, places, bends } = hingesOf(points);
  const zero = box.y(0);
  const constant = through([[box.left, box.y(start)], [box.right, box.y(start)]], "term");
  return [constant, ...places.map((place, i) =>
    through([[box.left, zero], [box.x(place), zero], [box.right, box.y(bends[i] * (1 - place))]], "term"))];
}

function handle([place, height], i, last, selected, box) {
  const [x, y] = [tenths(box.x(place)), tenths(box.y(height))];
  const kind = `handle${i % last ? "" : " end"}${i === selected ? " selected" : ""}`;
  const shape = i % last ? svg("circle", { cx: x, cy: y, r: 7 }) : svg("rect", { x: x - 5, y: y - 9, width: 10, height: 18, rx: 4 });
  return [svg("g", { class: kind },
    svg("circle", { cx: x, cy: y, r: 14, class: "touch" }),
    ...(i === selected ? [svg("circle", { cx: x, cy: y, r: 12.5, class: "ring" })] : []), shape)];
}

function dots(sketch, box) {
  return DRAWN.flatMap((place, i) => {
    const cx = tenths(box.x(place));
    const rail = svg("line", { x1: cx, x2: cx, y1: box.top, y2: box.bottom, class: "grid" });
    return sketch[i] === null ? [rail] : [rail, svg("circle", { cx, cy: tenths(box.y(sketch[i])), r: 4, class: "dot" })];
  });
}

/** Under the axis: where the network bends, with a foot toward the side on which the rectifier is on. */
function strip(bends, box) {
  const y = box.bottom + 6;
  return bends.filter(({ place }) => Math.abs(place) <= 1).map(({ place, side }) =>
    svg("path", { d: `M${tenths(box.x(place))},${y} v9 h${6 * side}`, class: "bend" }));
}

function names({ target, points, network }, box) {
  const ends = [["target", target?.at(-1)], ["yours", points[points.length - 1][1]], ["network", network?.curve.at(-1)]]
    .filter(([, height]) => height !== undefined);
  const clipped = ends.map(([, height]) => Math.min(box.bottom, Math.max(box.top, box.y(height))));
  const places = apart(clipped, 16, box.top, box.bottom);
  const words = ends.map(([name], i) => label(box.right + 14, places[i] + 4, name, "start", name));
  return network ? [...words, label(box.right + 14, box.bottom + 16, "its hinges", "start", "network")] : words;
}

/** Turn mouse, finger and pen into acts. A point keeps its distance to the finger, so that it stays in sight. */
function follow(node, seen, acts) {
  let held = null;
  const here = (event) => {
    const [frame, { box }] = [node.getBoundingClientRect(), seen];
    const x = scale(box.left, box.right, -1, 1)(event.clientX - frame.left);
    return [Math.min(1, Math.max(-1, x)), scale(box.bottom, box.top, -TOP, TOP)(event.clientY - frame.top), x];
  };
  function begin(event) {
    if (held || event.button > 0) return;
    const at = here(event);
    const taken = seen.now.sketch ? { last: at } : nearPoint(event, at);
    if (!taken) return;
    held = { ...taken, pointer: event.pointerId };
    node.setPointerCapture(event.pointerId);
    node.classList.add("held");
    if (seen.now.sketch) acts.sketch(at, at);
    else acts.grab(held.i);
  }
  function nearPoint(event, at) {
    const { box, now: { points } } = seen;
    const far = points.map(([x, y]) => Math.hypot(box.x(x) - box.x(at[2]), box.y(y) - box.y(at[1])));
    const i = far.indexOf(Math.min(...far));
    return far[i] > REACH ? null : { i, off: [points[i][0] - at[2], points[i][1] - at[1]] };
  }
  function move(event) {
    if (held?.pointer !== event.pointerId) return;
    const at = here(event);
    if (held.last) acts.sketch(held.last, at);
    else acts.move(held.i, at[2] + held.off[0], at[1] + held.off[1]);
    held.last &&= at;
  }
  function end(event) {
    if (held?.pointer !== event.pointerId) return;
    held = null;
    node.classList.remove("held");
  }
  node.addEventListener("pointerdown", begin);
  node.addEventListener("pointermove", move);
  ["pointerup", "pointercancel", "lostpointercapture"].forEach((name) => node.addEventListener(name, end));
}
