import assert from "node:assert/strict";
import { test } from "node:test";
import { mean, median, percent, plain, quantile, scale, ticks } from "../../src/relubook/widgets/numbers.mjs";

test("a quantile lies between order statistics as numpy's does", () => {
  assert.equal(quantile([3, 1, 2, 5, 4], 0.5), 3);
  assert.equal(quantile([0, 10], 0.1), 1);
  assert.ok(Math.abs(quantile([1.8, 1.9, 2.0, 2.3, 2.6], 0.9) - 2.48) < 1e-12);
  assert.equal(median([2, 1]), 1.5);
  assert.equal(mean([1, 2, 6]), 3);
});

test("sorting for a quantile leaves the numbers as they were", () => {
  const values = [3, 1, 2];
  median(values);
  assert.deepEqual(values, [3, 1, 2]);
});

test("a strength is written out and never in powers", () => {
  const written = [0, 1e-5, 3e-5, 6e-4, 0.001, 0.02, 0.1, 1, 10].map(plain);
  assert.deepEqual(written, ["0", "0.00001", "0.00003", "0.0006", "0.001", "0.02", "0.1", "1", "10"]);
});

test("only nothing is written as 0 % and only all as 100 %", () => {
  const written = [0, 0.01, 1.96, 9.96, 84.4, 99.2, 99.95, 99.99, 100].map(percent);
  assert.deepEqual(written, ["0", "<0.1", "2.0", "10", "84", "99.2", ">99.9", ">99.9", "100"]);
});

test("a scale maps its ends to its ends", () => {
  const x = scale(40, 100, 10, 310);
  assert.deepEqual([40, 70, 100].map(x), [10, 160, 310]);
});

test("ticks are round, inside the limits, and few", () => {
  assert.deepEqual(ticks(0, 4, 5), [0, 1, 2, 3, 4]);
  assert.deepEqual(ticks(50, 100, 5), [50, 60, 70, 80, 90, 100]);
  assert.deepEqual(ticks(0, 0.3, 3), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(ticks(0, 9, 5), [0, 2, 4, 6, 8]);
});
