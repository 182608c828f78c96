/** Numbers to words and places: quantiles, formats, scales. Nothing here touches a page. */

/**
 * Quantile with linear interpolation between order statistics, as numpy's default.
 * @param {number[]} values
 * @param {number} q 0 to 1
 */
export function quantile(values, q) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.ceil(place);
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
}

/** Median of the numbers. */
export const median = (values) => quantile(values, 0.5);

/** Mean of the numbers. */
export const mean = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;

/**
 * A plain decimal with at most two significant digits: 0.00003, never 3e-5.
 * @param {number} value
 */
export function plain(value) {
  if (value === 0) return "0";
  const digits = Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value))));
  const text = value.toFixed(Math.min(20, digits));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/**
 * A percentage without its sign: whole numbers, one decimal near 0 and 100 where it tells more.
 * Only what is exactly nothing, or all, is written 0 or 100.
 * @param {number} value
 */
export function percent(value) {
  if (value === 0 || value === 100) return String(value);
  if (value < 0.05) return "<0.1";
  if (value >= 99.95) return ">99.9";
  return value.toFixed(value < 9.95 || value > 99 ? 1 : 0);
}

/**
 * A linear scale from data to pixels.
 * @returns {(value: number) => number}
 */
export function scale(from, to, start, end) {
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

/**
 * At most `count + 1` round numbers from `from` to `to`.
 * @returns {number[]}
 */
export function ticks(from, to, count) {
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= rough * 0.999);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(9)));
}
