import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf } from "../../src/relubook/widgets/relatives_curves.mjs";
import {
  inWords, limitsOf, liveValues, noteOf, parseRelative, QUANTITIES, relativeSentence, signed, slug, writeRelative,
} from "../../src/relubook/widgets/relatives_numbers.mjs";

const row = (values, mean, low, high) => ({ values, mean, low, high });
const same = (value) => row([value, value, value], value, value, value);
const lost = row([null, null, null], null, null, null);
const set = {
  name: "mnist", title: "Digits", seeds: 3, rate: [0.1, 0.05, 0.2, 0.01], slopes: [0.134, -0.2],
  quantities: {
    error: [row([4, 4.1, 4.2], 4.1, 3.85, 4.35), row([3.8, 3.9, 4.0], 3.9, 3.65, 4.15), row([90, null, 5], 47.5, -492, 587), lost],
    saved: [same(0), row([0.2, 0.2, 0.2], 0.2, 0.1, 0.3), row([-86, null, -0.8], -43.4, -584, 498), lost],
    zeros: [same(60), same(0), same(0), lost], dead: [same(3), same(0), same(0), lost],
    shift: [same(1), same(0.4), same(0.02), lost], time: [same(1), same(1.2), same(1), same(2)],
  },
};
const data = { kinds: ["rectifier", "ELU", "CReLU, half the units", "tanh"].map((name) => ({ name })), sets: [set, { ...set, name: "mnist-5k" }] };
const frame = (unit, error) => ({ unit, error, rate: 0.1, zeros: [50, 50, 50], dead: [0, 0, 0], shift: [1, 1, 1] });

test("a sentence says the error, what is saved and the zeros", () => {
  assert.equal(relativeSentence(data, set, "ELU", []),
    "ELU, learning rate 0.05: test error 3.90 % (95 % interval 3.65 to 4.15; three seeds). Saved against the rectifier: 0.20 points (0.10 to 0.30): it errs less. 0 % of the outputs are exact zeros.");
  assert.match(relativeSentence(data, set, "rectifier", []), /^Rectifier, learning rate 0\.1: .* The others are measured against it\. 60 %/);
});

test("an interval with 0 in it is said to tell nothing apart, by as many seeds as there are", () => {
  assert.match(relativeSentence(data, set, "CReLU, half the units", []),
    /\(95 % interval −492\.00 to 587\.00; two seeds, one more diverged and is left out\)\. .* −43\.40 points .*: two seeds cannot tell them apart\./);
  const worse = { ...set, quantities: { ...set.quantities, saved: set.quantities.saved.with(1, row([-1, -1, -1], -1, -1.2, -0.8)) } };
  assert.match(relativeSentence(data, worse, "ELU", []), /−1\.00 points \(−1\.20 to −0\.80\): it errs more\./);
  assert.equal(inWords(13), "13");
});

test("where all networks diverged no number is made up", () => {
  assert.equal(relativeSentence(data, set, "tanh", []), "Tanh, learning rate 0.01: test error unknown, all three networks diverged.");
});

test("live networks are paired with live rectifiers by seed, the newest of each", () => {
  const frames = [frame("ELU", [9, 9, 9]), frame("ELU", [4, 5, null])];
  assert.deepEqual(liveValues(frames, "ELU", "error"), [4, 5]);
  assert.deepEqual(liveValues(frames, "ELU", "saved"), []);
  assert.match(relativeSentence(data, set, "ELU", frames), /Trained here: test error 4\.50 % \(two seeds, 4\.00 to 5\.00, one more diverged\); train the rectifier, too/);
  frames.push(frame("rectifier", [5, 5.5, 6]));
  assert.deepEqual(liveValues(frames, "ELU", "saved"), [1, 0.5]);
  assert.match(relativeSentence(data, set, "ELU", frames), /; 0\.75 points saved against rectifiers trained here\.$/);
  assert.deepEqual(liveValues(frames, "ELU", "time"), []);
  assert.deepEqual(liveValues(undefined, "ELU", "error"), []);
});

test("an axis holds every network that is not far worse than the rectifier", () => {
  const [low, high] = limitsOf(set, "error", 0, [6]);
  assert.ok(low < 3.8 && high >= 6 && high < 7);
  assert.ok(limitsOf(set, "saved", 0, [])[0] > -3);
  assert.deepEqual(limitsOf(set, "zeros", 0, []), [0, 100]);
  assert.deepEqual(limitsOf(set, "shift", 0, []), [0, 1]);
  assert.equal(limitsOf(set, "time", 0, [])[0], 0);
  const none = { ...set, quantities: { ...set.quantities, error: [lost, lost] } };
  assert.deepEqual(limitsOf(none, "error", 0, []), [0, 1]);
  assert.ok(limitsOf({ ...set, quantities: { ...set.quantities, error: [lost, set.quantities.error[2]] } }, "error", 0, [])[1] > 90);
});

test("learned slopes make a line a layer, two outputs make two, and halves meet at 0", () => {
  const curve = { response: [-1, 0, 0, 1], slope: [0.5, 0.5, 1, 1], slope_at_zero: 0.5 };
  const learned = linesOf({ learned: true, curves: [curve] }, set.slopes, "response", 3);
  assert.deepEqual(learned.map(({ text }) => text), ["layer 1: 0.13", "layer 2: −0.20"]);
  assert.deepEqual(learned[1].left[0], [-3, 0.2 * 3]);
  assert.deepEqual(learned[1].right, [[0, 0], [3, 1]]);
  assert.deepEqual(linesOf({ learned: true, curves: [curve] }, set.slopes, "slope", 3)[0].left, [[-3, 0.134], [0, 0.134]]);
  assert.deepEqual(linesOf({ learned: true, curves: [curve] }, [], "slope", 3)[0].left, [[-3, 0.5], [0, 0.5]]);
  assert.equal(linesOf({ curves: [curve, curve] }, [], "slope", 3)[1].text, "second output");
  assert.equal(noteOf({ note: "Learned: {learned}." }, set), "Learned: 0.13, −0.20.");
  assert.equal(noteOf({ note: "Learned: {learned}." }, { slopes: [] }), "Learned: unknown.");
});

test("a fragment is read as it was written, and rubbish is ignored", () => {
  for (const { name: unit } of data.kinds) {
    for (const quantity of Object.keys(QUANTITIES)) {
      assert.deepEqual(parseRelative(writeRelative(unit, quantity, "mnist-5k"), data), { unit, quantity, shown: "mnist-5k" });
    }
  }
  assert.equal(slug("CReLU, half the units"), "crelu-half-the-units");
  for (const hash of ["", "#unit=x&quantity=__proto__&data=norb", "#quantity=toString", "#%E0%A4%A"]) assert.deepEqual(parseRelative(hash, data), {});
});

test("a number has a real minus, and none before a zero", () => {
  assert.deepEqual([-0.001, -1.5, 2].map((value) => signed(value, 2)), ["0.00", "−1.50", "2.00"]);
});
