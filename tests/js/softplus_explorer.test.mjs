import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alphaSentence, errorLimits, errorWords, frameAt, gapOf, octaves, parseAlpha, slopeOf, softplus, writeAlpha,
} from "../../src/relubook/widgets/softplus_numbers.mjs";
import { setNamed } from "../../src/relubook/widgets/sets.mjs";

const close = (a, b, far = 1e-12) => assert.ok(Math.abs(a - b) <= far, `${a} is not ${b}`);
const toys = {
  name: "norb", title: "Toys", seeds: 2, alphas: [1, 3, null], rate: [0.4, 0.2, 0.1], paper: [17.68, 16.66, 16.4],
  error: [[19, 20], [18], []], diverged: [0, 1, 2], zeros: [[0, 0], [0], []], near_relative: [[0.5, 0.5], [9], []], near_absolute: [[0, 0], [4], []],
};
const digits = { ...toys, name: "mnist", title: "Digits", paper: [], error: [[6, 6], [5, 5], [5, 5]], diverged: [0, 0, 0], zeros: [[0, 0], [0, 0], [50, 52]], near_relative: [[0, 0], [9, 9], [51, 53]] };
const data = { stops: [1, 2, 3, 10, null], sets: [toys, digits] };

test("the unit is log(1 + exp(alpha x)) / alpha and overflows nowhere", () => {
  for (const [alpha, x] of [[1, 0.3], [3, -1.2], [6, 2]]) close(softplus(alpha, x), Math.log(1 + Math.exp(alpha * x)) / alpha);
  assert.equal(softplus(20, 1e4), 1e4);
  assert.equal(softplus(20, -1e4), 0);
  assert.deepEqual([-1, 0, 2].map((x) => softplus(null, x)), [0, 0, 2]);
});

test("its slope is the derivative of it", () => {
  for (const alpha of [1, 2.5, 20]) {
    for (const x of [-2, -0.1, 0, 0.4]) close(slopeOf(alpha, x), (softplus(alpha, x + 1e-6) - softplus(alpha, x - 1e-6)) / 2e-6, 1e-8);
  }
  assert.deepEqual([-1, 0, 1].map((x) => slopeOf(null, x)), [0, 0, 1]);
});

test("it is nowhere farther from the rectifier than at 0", () => {
  for (const alpha of [1, 3, 20]) {
    close(softplus(alpha, 0), gapOf(alpha));
    for (let x = -4; x <= 4; x += 0.01) assert.ok(softplus(alpha, x) - Math.max(0, x) <= gapOf(alpha) + 1e-15);
  }
  assert.equal(gapOf(null), 0);
});

test("alphas stand by octaves, and infinity beyond the last", () => {
  const place = octaves(data.stops);
  assert.equal(place(1), 0);
  close(place(3) - place(1), Math.log2(3));
  assert.ok(place(null) > place(10));
});

test("the sentence says the gap and the recorded networks", () => {
  assert.equal(alphaSentence(data, 0, toys, null),
    "α = 1: at most 0.693 above the rectifier, at x = 0. Toys: test error 19.5 % (2 seeds, 19.1–19.9); " +
    "0 % of the activations are exact zeros, 0.5 % zeros or nearly so. The paper, on its NORB: 17.68 %.");
  assert.match(alphaSentence(data, 4, digits, null), /^α = ∞ is the rectifier itself\. Digits: .* 51 % of the activations are exact zeros/);
  assert.doesNotMatch(alphaSentence(data, 4, digits, null), /NORB/);
});

test("between recorded alphas the neighbors are named, and nothing is made up", () => {
  assert.match(alphaSentence(data, 1, toys, null), /Not recorded; α = 1 errs on 19\.5 %, α = 3 errs on 18\.0 %\.$/);
  assert.match(alphaSentence(data, 3, digits, null), /Not recorded; α = 3 errs on 5\.0 %, α = ∞ errs on 5\.0 %\.$/);
  assert.match(alphaSentence(data, 3, toys, null), /Not recorded; α = 3 errs on 18\.0 %\.$/);
});

test("networks that diverged are counted, and told where none is left", () => {
  assert.equal(errorWords([18], 2), "18.0 % (2 seeds, 18.0–18.0, 1 diverged)");
  assert.match(alphaSentence(data, 4, toys, null), /Toys: test error unknown: all 2 networks diverged\. The paper/);
});

test("a live frame belongs to one set, and the newest counts", () => {
  const frames = [{ stop_index: 1, error: [6] }, { stop_index: 1, error: [7] }, { stop_index: 2, error: [8] }];
  assert.deepEqual(frameAt(frames, 1, digits, "mnist").error, [7]);
  assert.equal(frameAt(frames, 1, toys, "mnist"), null);
  assert.equal(frameAt(frames, 0, digits, "mnist"), null);
  assert.equal(frameAt(undefined, 1, digits, "mnist"), null);
  const live = { stop_index: 1, rate: 0.2, error: [6, 7], diverged: 1, zeros: [0, 0], near_relative: [3, 3] };
  assert.match(alphaSentence(data, 1, digits, live), /Trained here with learning rate 0\.2: test error 6\.5 % \(3 seeds, 6\.1–6\.9, 1 diverged\)/);
});

test("every error fits the axis, the paper's and live ones too", () => {
  const [low, high] = errorLimits(toys, [{ error: [25] }]);
  assert.ok(low < 16.4 && high > 25);
  assert.deepEqual(errorLimits({ error: [[], []], paper: [] }, []), [0, 100]);
});

test("a fragment is read as it was written, and rubbish is ignored", () => {
  for (const [stop, shown] of [[0, "norb"], [3, "mnist"], [4, "norb"]]) {
    assert.deepEqual(parseAlpha(writeAlpha(data, stop, shown), data), { stop_index: stop, shown });
  }
  assert.deepEqual(parseAlpha("#alpha=2.9", data), { stop_index: 2 });
  assert.deepEqual(parseAlpha("#alpha=9999", data), { stop_index: 3 });
  for (const hash of ["", "#alpha=0&data=x", "#alpha=-1", "#alpha=NaN&data=__proto__", "#%E0%A4%A"]) assert.deepEqual(parseAlpha(hash, data), {});
  assert.equal(setNamed(data, "nothing"), toys);
});
