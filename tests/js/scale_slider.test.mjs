import assert from "node:assert/strict";
import { test } from "node:test";
import { alphasOf, apart, histogram, layersOf, logitsOf, penalties, rescaled, softmax } from "../../src/relubook/widgets/scale_network.mjs";
import { endOf, liveAt, parseScale, scaleName, short, troubleWith, viewSentence, writeScale } from "../../src/relubook/widgets/scale_words.mjs";

const sizes = [2, 3, 2, 2];
const numbers = Float32Array.from({ length: 9 + 8 + 6 }, (_, i) => Math.sin(7 * i * i + 1));
const text = btoa(String.fromCharCode(...new Uint8Array(numbers.buffer)));
const x = [0.3, 0.9];
const differ = (kind, s, units = "rectifier") => {
  const layers = layersOf(text, sizes);
  return apart([logitsOf(layers, x, units)], [logitsOf(rescaled(layers, alphasOf(kind, s)), x, units)]);
};

test("a network is read layer by layer, weights before biases", () => {
  const [first, , last] = layersOf(text, sizes);
  assert.deepEqual([...first.weight], [...numbers.slice(0, 6)]);
  assert.deepEqual([...last.bias], [...numbers.slice(21)]);
});

test("positive alphas change rounding only, powers of two not a bit; negative ones and tanh change the function", () => {
  assert.equal(differ("positive", 8), 0);
  assert.ok(differ("positive", 2 ** 1.5) < 1e-15);
  assert.ok(differ("negative", 2) > 0.01);
  assert.ok(differ("positive", 8, "tanh") > 0.01);
});

test("shares add up and a histogram counts sizes", () => {
  assert.ok(Math.abs(softmax([1000, 1001, 0]).reduce((a, b) => a + b) - 1) < 1e-12);
  assert.deepEqual(histogram(Float64Array.of(1, -1.5, 0.25, 0, 1e9), -2, 4, 1), [1, 0, 2, 0]);
});

test("squared weights prefer balance, the L1 of activations has no best s", () => {
  const { norm, l1, best } = penalties([16, 1, 3], [2, 1]);
  assert.equal(best, 2);
  assert.ok(norm(best) < norm(best * 1.1) && norm(best) < norm(best / 1.1));
  assert.ok(l1(1000) < l1(10) && l1(10) < l1(1));
});

const data = {
  sizes, log2_s: [-1.5, 0, 3], weights: {}, digits: [[0], [1]], activity: {}, ranks: [1], spectrum: {}, condition: {},
  largest: { untrained: [3, 1, 32], trained: [3, 1, 30] }, moments: [0, 1000], rates: [0.5, 0.25, 0.03125], silent: 2.3026, passport: {},
  races: { own: [[[2.3, 0.6]], [[2.3, 0.5]], [[2.3, 0.58]]], common: [[[2.3, 0.6]], [[2.3, 0.5]], [[2.3, null]]] },
};
const at = (changes) => ({ place: 2, stage: "untrained", case: "positive", digit: 0, ...changes });
const plainly = (words) => words.replace(/\u00a0/g, " ");

test("the sentence says what is done, what stays, and how it trains", () => {
  assert.equal(plainly(viewSentence(data, at({}), 0, null)),
    "s = 8, first weights ÷ 8, second × 8: the outputs are the same to the last bit. The largest curvature before training is 32 times that at s = 1. " +
    "After 1,000 steps from here the training loss is 0.58 nat at the best rate (0.031) and 2.30 nat at the rate best for s = 1 (0.25); from s = 1 it is 0.50 nat.");
  assert.match(plainly(viewSentence(data, at({ place: 0 }), 4.4e-16, null)), /^s = 1\/2\.83, first weights × 2\.83, second ÷ 2\.83: the outputs differ by 4\.4 × 10⁻¹⁶, which is rounding/);
  assert.match(plainly(viewSentence(data, at({ case: "tanh" }), 1.12, null)), /tanh units: the outputs differ by up to 1\.1\. This is another function\. Curvature and training were recorded/);
  assert.match(plainly(viewSentence(data, at({ place: 1, case: "tanh" }), 0, null)), /^s = 1, as it was, tanh units: .* Here nothing changes\./);
  assert.match(plainly(viewSentence(data, at({}), 0, { own: [2.3, 0.61], common: [2.3, null] })), /Trained here: 0\.61 nat and diverged\.$/);
});

test("who diverged, or is worse than silence, counts as silent", () => assert.equal(endOf(data, "common", 2), 2.3026));

test("numbers and scales are written as a reader writes them", () => {
  assert.deepEqual([-4, -0.5, 0, 1.5].map(scaleName), ["1/16", "1/1.41", "1", "2.83"]);
  assert.deepEqual([0, 2.2e-16, 0.03125, 0.5, 31.6, 123456].map(short), ["0", "2.2 × 10⁻¹⁶", "0.031", "0.50", "32", "1.2 × 10⁵"]);
});

test("every setting survives its own fragment, and rubbish changes nothing", () => {
  for (const place of [0, 1, 2]) for (const kind of ["positive", "negative", "tanh"]) {
    const setting = at({ place, case: kind, stage: "trained", digit: 1 });
    assert.deepEqual(parseScale(writeScale(data, setting), data), setting);
  }
  for (const hash of ["", "#s=-2", "#s=0&case=__proto__", "#stage=<b>&digit=9", "#%E0%A4%A"]) assert.deepEqual(parseScale(hash, data), {});
});

test("the latest race from an s is shown, and data that lack a part are said", () => {
  const frames = [{ place: 1, seed: 1 }, { place: 2, seed: 2 }, { place: 1, seed: 3 }];
  assert.equal(liveAt(frames, 1).seed, 3);
  assert.equal(liveAt(undefined, 1), null);
  assert.match(troubleWith({ ...data, races: undefined, largest: 1 }), /^$/);
  const { races, ...less } = data;
  assert.equal(troubleWith(less), "This figure cannot be drawn: its data must hold races.");
  assert.ok(races);
});
