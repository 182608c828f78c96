/** Points, hinges, errors and limits of HingeBuilder. Nothing here touches a page. */

/** A corner of the reader's function: its place and its height. @typedef {[number, number]} Point */

export const MOST = 12; // hinges
export const GAP = 0.02; // least distance of two hinges
export const TOP = 1.25; // heights go from -TOP to TOP
export const START = [[-1, 0], [-0.33, -0.4], [0.33, 0.4], [1, 0]];
/** Where an own drawing may be set: a value at each, straight lines between. */
export const DRAWN = Array.from({ length: 17 }, (_, i) => -1 + i / 8);

export const LIMITS = {
  end: "The two ends move up and down only.",
  outside: "Outside the frame: it stops at the edge.",
  same: "Two hinges on one place would be one hinge: they stay 0.02 apart.",
  most: `${MOST} hinges are the most here.`,
  least: "One hinge is the least: it makes a straight line.",
};

/** To hundredths, so that a function can stand in an address. */
export const hundredths = (value) => Math.round(value * 100) / 100 + 0;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/**
 * The hinges of the line through the points: n for n + 1 points, the first at the left edge.
 * @param {Point[]} points from left to right
 * @returns {{start: number, places: number[], bends: number[]}}
 */
export function hingesOf(points) {
  const slopes = points.slice(1).map(([x, y], i) => (y - points[i][1]) / (x - points[i][0]));
  return {
    start: points[0][1],
    places: points.slice(0, -1).map(([x]) => x),
    bends: slopes.map((slope, i) => slope - (i ? slopes[i - 1] : 0)),
  };
}

/** f(x) = start + sum of bends_i max(0, x - places_i). */
export function valueAt({ start, places, bends }, x) {
  return places.reduce((sum, place, i) => sum + bends[i] * Math.max(0, x - place), start);
}

/** The height at x of the straight lines through rising places; level beyond the ends. */
export function heightAt(points, x) {
  const i = points.findIndex(([place]) => place >= x);
  if (i === 0 || points.length === 1) return points[0][1];
  if (i < 0) return points[points.length - 1][1];
  const [[a, low], [b, high]] = [points[i - 1], points[i]];
  return low + ((high - low) * (x - a)) / (b - a);
}

/** Root mean square distance of two lists. */
export function rootMeanSquare(a, b) {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length);
}

/**
 * Move one point as far as it may go.
 * @param {Point[]} points
 * @param {number} i
 * @param {number} place
 * @param {number} height
 * @param {number} loose how far an end may be pulled sideways without a word
 * @returns {{points: Point[], limit: string}} and what stopped it, or ""
 */
export function movePoint(points, i, place, height, loose = 0) {
  const [x, sideways] = allowed(points, i, hundredths(place), loose);
  const y = clamp(hundredths(height), -TOP, TOP);
  const limit = sideways || (Math.abs(hundredths(height)) > TOP ? LIMITS.outside : "");
  return { points: points.map((point, k) => (k === i ? [x, y] : point)), limit };
}

function allowed(points, i, wanted, loose) {
  const last = points.length - 1;
  if (i === 0 || i === last) return [points[i][0], Math.abs(wanted - points[i][0]) > loose ? LIMITS.end : ""];
  const x = clamp(wanted, hundredths(points[i - 1][0] + GAP), hundredths(points[i + 1][0] - GAP));
  if (x === wanted) return [x, ""];
  return [x, wanted > x && i === last - 1 ? LIMITS.outside : LIMITS.same];
}

/**
 * Add a hinge where the target is farthest away; without a target, in the middle of the widest gap.
 * @param {Point[]} points
 * @param {number[]} x
 * @param {number[] | null} target
 * @returns {{points: Point[], added: number, limit: string}} `added` is its place in the list, or -1
 */
export function addPoint(points, x, target) {
  if (points.length > MOST) return { points, added: -1, limit: LIMITS.most };
  const free = (place) => points.every(([other]) => Math.abs(other - place) > GAP - 1e-9);
  const [place, height] = (target && farthest(points, x, target, free)) ?? widest(points);
  const grown = [...points, [hundredths(place), clamp(hundredths(height), -TOP, TOP)]].sort((a, b) => a[0] - b[0]);
  return { points: grown, added: grown.findIndex(([at]) => at === hundredths(place)), limit: "" };
}

function farthest(points, x, target, free) {
  const away = x.map((place, i) => (free(hundredths(place)) ? Math.abs(target[i] - heightAt(points, place)) : -1));
  const i = away.indexOf(Math.max(...away));
  return away[i] > 0 ? [x[i], target[i]] : null;
}

function widest(points) {
  const gaps = points.slice(1).map(([place], i) => place - points[i][0]);
  const i = gaps.indexOf(Math.max(...gaps));
  const middle = points[i][0] + gaps[i] / 2;
  return [middle, heightAt(points, middle)];
}

/**
 * Take a hinge away: the chosen point's, or where an end is chosen, the one that bends least.
 * @returns {{points: Point[], removed: number, limit: string}} `removed` is where it stood, or -1
 */
export function removePoint(points, chosen) {
  if (points.length === 2) return { points, removed: -1, limit: LIMITS.least };
  const { bends } = hingesOf(points);
  const sizes = bends.map((bend, i) => (i ? Math.abs(bend) : Infinity));
  const inside = chosen > 0 && chosen < points.length - 1;
  const removed = inside ? chosen : sizes.indexOf(Math.min(...sizes));
  return { points: points.filter((_, i) => i !== removed), removed, limit: "" };
}

/** The same number of points at equal distances, each on the target, or on the old line without one. */
export function spreadPoints(points, x, target) {
  const line = target ? x.map((place, i) => [place, target[i]]) : points;
  return points.map((_, i) => {
    const place = hundredths(-1 + (2 * i) / (points.length - 1));
    return [place, clamp(hundredths(heightAt(line, place)), -TOP, TOP)];
  });
}

/** The target that an own drawing makes over x, or null before two places are drawn. */
export function drawnTarget(drawing, x) {
  const points = DRAWN.map((place, i) => [place, drawing[i]]).filter(([, height]) => height !== null);
  return points.length < 2 ? null : x.map((place) => heightAt(points, place));
}

/**
 * A stroke on the drawing from one place to another: every position it passes gets its height.
 * @param {(number|null)[]} drawing
 * @param {Point} from
 * @param {Point} to
 */
export function stroke(drawing, from, to) {
  const [a, b] = from[0] <= to[0] ? [from, to] : [to, from];
  const half = 1 / 16; // a touch between two positions reaches the nearer one
  const near = DRAWN.reduce((best, place, i) => (Math.abs(place - to[0]) < Math.abs(DRAWN[best] - to[0]) ? i : best), 0);
  return drawing.map((old, i) => {
    const passed = DRAWN[i] >= a[0] && DRAWN[i] <= b[0] && b[0] - a[0] > half / 8;
    if (!passed && i !== near) return old;
    return clamp(hundredths(i === near ? to[1] : heightAt([a, b], DRAWN[i])), -TOP, TOP);
  });
}
