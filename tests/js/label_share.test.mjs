import assert from "node:assert/strict";
import { test } from "node:test";
import {
  closesAt, errorEnds, frameAt, gainEnds, gainWords, grouped, labelSentence, labelsAt, liveGain, paperGains, parseShare, savedBy, standApart, widthOf,
  writeShare,
} from "../../src/relubook/widgets/label_numbers.mjs";

const estimate = (mean, half) => ({ mean, low: mean - half, high: mean + half });
const toys = {
  name: "norb", title: "Toys", images: 3000, seeds: 2, shares: [4.3, 100], labels: [129, 3000],
  error: {
    rectifier: { none: [[48, 46], [21, null]], with: [[44, 43], [22, 21]] },
    tanh: { none: [[50, 50], [25, 25]], with: [[49, 51], [24, 24]] },
  },
  gain: { rectifier: [estimate(3.5, 1), estimate(-1, 1.5)], tanh: [estimate(0, 12.7), { mean: 1, low: 1, high: 1 }] },
  paper: { rectifier: { none: [44.81, 16.38], with: [38.07, 16.45] }, tanh: { none: [44.44, null], with: [41.56, null] } },
};
const digits = { ...toys, name: "mnist", title: "Digits", images: 10_000, labels: [430, 10_000], paper: {} };
const data = { stops: [1, 4.3, 100], activations: ["rectifier", "tanh"], sets: [toys, digits] };
const frame = { stop_index: 1, labels: 430, error: { rectifier: { none: [16, 15], with: [13, 12] }, tanh: { none: [16, null], with: [15, 15] } } };

test("the sentence says labels, errors, what is saved, and where it is nothing", () => {
  assert.equal(labelSentence(data, 1, toys, null),
    "129 labels, 4.3 % of 3,000 images. Rectifier: test error 47.0 % without pretraining, 43.5 % with it; saved 3.5 points " +
    "(95 % interval 2.5 to 4.5). Tanh: test error 50.0 % without pretraining, 50.0 % with it; saved 0.0 points (95 % interval −12.7 to 12.7). " +
    "The first share at which that interval contains 0: rectifier 100 %, tanh 4.3 %.");
  assert.match(labelSentence(data, 2, toys, null), /21\.0 % \(one diverged\) without pretraining, 21\.5 % with it; saved −1\.0 points/);
  assert.match(labelSentence(data, 0, toys, null), /^30 labels, 1 % of 3,000 images\. Not recorded\. The first share/);
});

test("networks trained here are paired by seed", () => {
  assert.match(labelSentence(data, 1, digits, frame), /Trained here with 430 labels \(two seeds\): rectifier 15\.5 % → 12\.5 %, saved 3\.0 points; tanh 16\.0 % \(one diverged\) → 15\.0 %, saved 1\.0 points\.$/);
  assert.deepEqual(savedBy([16, null], [15, 15]), [1]);
  assert.deepEqual(liveGain({ error: { tanh: { none: [null], with: [3] } } }, "tanh"), []);
  assert.equal(frameAt([frame], 1, digits, "mnist"), frame);
  assert.equal(frameAt([frame], 1, toys, "mnist"), null);
  assert.equal(frameAt([frame], 2, digits, "mnist"), null);
});

test("what cannot be told is said", () => {
  assert.equal(gainWords({ mean: null, low: null, high: null }), "nothing can be said of what is saved");
  assert.equal(gainWords({ mean: -0.04, low: null, high: null }), "saved 0.0 points");
  assert.equal(closesAt({ shares: [1], gain: { tanh: [{ mean: null, low: null, high: null }] } }, "tanh"), null);
});

test("labels of a share that is not recorded are counted, and numbers are grouped", () => {
  assert.deepEqual([1, 4.3].map((share) => labelsAt(toys, share)), [30, 129]);
  assert.deepEqual([129, 3000, 1234567].map(grouped), ["129", "3,000", "1,234,567"]);
});

test("a text that would touch a neighbor is left out, the ends never", () => {
  assert.deepEqual(standApart([0, 60, 120], [40, 40, 40], 5), [true, true, true]);
  assert.deepEqual(standApart([0, 60, 100, 122, 140], [40, 40, 40, 40, 40], 5), [true, true, false, false, true]);
  assert.deepEqual(standApart([0, 45, 90, 130], [40, 40, 40, 40], 5), [true, true, false, true]);
  assert.deepEqual(standApart([0, 44, 90], [40, 40, 40], 5), [true, false, true]);
  assert.deepEqual(standApart([7], [40], 5), [true]);
  assert.ok(widthOf("1,075") > widthOf("215") && widthOf("21.5\u202f%") > widthOf("43\u202f%"));
});

test("axes hold every network, the paper's numbers and the live ones", () => {
  const [low, high] = errorEnds(toys, data.activations, []);
  assert.ok(low < 16.38 && high > 51);
  assert.ok(errorEnds(digits, data.activations, [frame])[0] < 12);
  assert.deepEqual(paperGains(toys, "tanh").map((gain) => gain?.toFixed(2) ?? null), ["2.88", null]);
  assert.deepEqual(paperGains(digits, "tanh"), []);
  const [least, most] = gainEnds(toys, data.activations, []);
  assert.ok(least < -12.7 && most > 12.7);
  assert.ok(gainEnds({ ...toys, gain: { rectifier: [estimate(-2, 1)], tanh: [estimate(-2, 1)] }, paper: {} }, data.activations, [])[1] > 0);
});

test("the address keeps the setting, and rubbish is ignored", () => {
  assert.deepEqual(parseShare(writeShare(data, 1, "mnist"), data), { stop_index: 1, shown: "mnist" });
  assert.deepEqual(parseShare("#labels=70&data=svhn", data), { stop_index: 2 });
  assert.deepEqual(parseShare("#labels=-3", data), {});
  assert.deepEqual(parseShare("#labels=many", data), {});
});
