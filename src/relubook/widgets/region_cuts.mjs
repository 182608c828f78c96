/** Cut networks, kept while there is room: a training that is played twice is cut once. */

import { cut, networkOf } from "./region_cutting.mjs";
import { fillsOf, frameOf, linesOf } from "./region_shapes.mjs";
import { sizesOf } from "./region_words.mjs";

const ROOM = 150; // cut networks kept

/**
 * @param {Object} data
 * @returns {{of: (r: import("./region_words.mjs").Reading) => Object, seen: (network: Object) => Map<number, number>}}
 *   `of` gives the regions, their outlines `lines` and `fills(coloring)`; `seen` the counts of the steps cut so far
 */
export function cutter(data) {
  const [frame, kept, counts] = [frameOf(data.window), new Map(), new WeakMap()];
  const seen = (network) => counts.get(network) ?? counts.set(network, new Map()).get(network);
  function of(r) {
    const known = kept.get(r.frame) ?? made(r);
    kept.delete(r.frame);
    kept.set(r.frame, known);
    if (kept.size > ROOM) kept.delete(kept.keys().next().value);
    seen(r.network).set(r.step_index, known.regions.length);
    return known;
  }
  function made(r) {
    const layers = networkOf(r.frame.weights, sizesOf(data, r.depth, r.width));
    const [regions, fills] = [cut(layers, data.window), {}];
    return { layers, regions, lines: linesOf(regions, frame), fills: (coloring) => (fills[coloring] ??= fillsOf(regions, coloring, frame)) };
  }
  return { of, seen };
}
