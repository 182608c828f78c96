import assert from "node:assert/strict";
import { test } from "node:test";
import { howFar, reason, restore, snap, stroke, withUnit } from "../../src/relubook/widgets/prediction_numbers.mjs";

const number = {
  kind: "number", low: 0, high: 100, step: 1, unit: "%",
  recorded: { value: 50, band: [49, 51], source: "" },
};
const curve = {
  kind: "curve", low: 0, high: 10, step: 0.5, unit: "s", x: ["a", "b", "c"],
  recorded: { value: [1, 2, 3], band: null, source: "" },
};
const plainly = (text) => text.replaceAll("\u00a0", " ");

test("one sentence says how far off a number is", () => {
  assert.equal(plainly(howFar([40], number)), "You said 40 %; recorded is 50 %. Yours is 10 points too low.");
  assert.equal(plainly(howFar([90], number)), "You said 90 %; recorded is 50 %. Yours is 40 points too high.");
  assert.match(howFar([51], number), /inside the recorded range/);
  const bare = { ...number, recorded: { value: 50, band: null } };
  assert.match(howFar([50], bare), /Exactly right/);
});

test("one sentence says how far off a curve is and where most", () => {
  assert.equal(
    plainly(howFar([1, 5, 3], curve)),
    "On average your curve is 1.0 s away; farthest at b: you said 5.0 s, recorded is 2.0 s.",
  );
});

test("a value is written at the resolution of its question", () => {
  assert.equal(withUnit(0.126, { step: 0.01, unit: "" }), "0.13");
  assert.equal(plainly(withUnit(40, { step: 10, unit: "Hz" })), "40 Hz");
});

test("an answer snaps to an allowed one", () => {
  assert.deepEqual([-5, 3.2, 3.3, 99].map((v) => snap(v, curve)), [0, 3, 3.5, 10]);
});

test("a stroke fills every position between its ends, in either direction", () => {
  const empty = [null, null, null];
  const [left, right] = [{ i: 0, value: 2 }, { i: 2, value: 6 }];
  assert.deepEqual(stroke(empty, left, right, curve), [2, 4, 6]);
  assert.deepEqual(stroke(empty, right, left, curve), [2, 4, 6]);
  assert.deepEqual(stroke([1, null, null], right, { i: 2, value: 9 }, curve), [1, null, 9]);
});

test("what a browser kept is used only if it answers this question", () => {
  const fresh = { answer: [null, null, null], locked: false, revealed: false };
  const bad = [
    null, 7, "x", {}, { answer: [1, 2] }, { answer: [1, 2, 99] }, { answer: [1, "2", 3] }, { answer: { length: 3 } },
  ];
  for (const kept of bad) assert.deepEqual(restore(kept, curve), fresh);
  const good = { answer: [1, 2, 3], locked: true, revealed: true };
  assert.deepEqual(restore(good, curve), good);
});

test("nothing is revealed before it is locked, nor locked before it is whole", () => {
  assert.equal(restore({ answer: [1, null, 3], locked: true, revealed: true }, curve).locked, false);
  assert.equal(restore({ answer: [1, 2, 3], locked: false, revealed: true }, curve).revealed, false);
});

test("the reason names what is missing", () => {
  assert.match(reason({ answer: [null], locked: false }, number), /Give an answer first/);
  assert.match(reason({ answer: [1, null, 2], locked: false }, curve), /2 of 3 drawn/);
  assert.match(reason({ answer: [1], locked: false }, number), /Lock in/);
  assert.equal(reason({ answer: [1], locked: true }, number), "");
});
