/** A setting in the address, as in `#l1=0.001&depth=3`: reading it, and the grid's nearest place. */

/**
 * The plain number that the fragment gives the name, or null where it is missing or rubbish.
 * @param {string} hash
 * @param {string} name
 */
export function fragmentNumber(hash, name) {
  const text = new URLSearchParams(String(hash).replace(/^#/, "")).get(name);
  return text !== null && /^\d*\.?\d+(e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}

/**
 * The place in the grid that is nearest to the value.
 * @param {number[]} grid
 * @param {number} value
 * @param {(value: number) => number} along what the distance is measured along
 */
export function nearest(grid, value, along = (v) => v) {
  const far = (v) => Math.abs(along(v) - along(value));
  return grid.reduce((best, v, i) => (far(v) < far(grid[best]) ? i : best), 0);
}
