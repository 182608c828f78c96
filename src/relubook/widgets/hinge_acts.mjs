/** What a reader does to the points and to the drawing. */

import { addPoint, DRAWN, movePoint, removePoint, spreadPoints, START, stroke } from "./hinge_numbers.mjs";
import { signed } from "./hinge_words.mjs";

const LOOSE = 0.08; // so far sideways, a hand that moves an end up or down may stray unnoticed

/**
 * @param {Object} hand
 * @param {() => {points: [number, number][], drawing: (number|null)[]}} hand.setting
 * @param {() => number[] | null} hand.aim the target over x
 * @param {number[]} hand.x
 * @param {(state: Object, note?: string) => void} hand.put takes a new setting, and what stopped it
 * @param {{selected: number, sketching: boolean}} hand.own
 */
export function actsOf({ setting, aim, x, put, own }) {
  const points = () => setting().points;
  const moved = (i, place, height, loose) => {
    const { points: after, limit } = movePoint(points(), i, place, height, loose);
    put({ points: after }, limit);
  };
  const draw = (drawing) => put({ drawing });
  return {
    select(i) {
      own.selected = i;
      put({});
    },
    move: (i, place, height) => moved(i, place, height, 0),
    drag: (i, place, height) => moved(i, place, height, LOOSE),
    add() {
      const { points: after, added, limit } = addPoint(points(), x, aim());
      if (added >= 0) own.selected = added;
      put({ points: after }, limit || `Added a hinge at ${signed(after[added][0])}.`);
    },
    remove() {
      const before = points();
      const { points: after, removed, limit } = removePoint(before, own.selected);
      own.selected = Math.min(own.selected, after.length - 1);
      put({ points: after }, limit || `Removed the hinge at ${signed(before[removed][0])}.`);
    },
    spread: () => put({ points: spreadPoints(points(), x, aim()) }),
    reset() {
      own.selected = 1;
      put({ points: START });
    },
    hold(sketching) {
      own.sketching = sketching;
      put({});
    },
    sketch: (from, to) => draw(stroke(setting().drawing, from, to)),
    set: (i, height) => draw(setting().drawing.map((old, k) => (k === i ? height : old))),
    clear() {
      own.sketching = true;
      draw(DRAWN.map(() => null));
    },
    choose: (target) => put({ target }),
  };
}
