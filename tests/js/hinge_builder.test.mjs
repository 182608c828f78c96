import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addPoint, drawnTarget, DRAWN, GAP, heightAt, hingesOf, LIMITS, MOST, movePoint, removePoint, rootMeanSquare, spreadPoints,
  START, stroke, TOP, valueAt,
} from "../../src/relubook/widgets/hinge_numbers.mjs";
import { bendsOf, fresh, outputs, parametersOf, seeded, step } from "../../src/relubook/widgets/hinge_training.mjs";
import {
  formulaOf, goodPoints, networkFormula, parseHinges, recordedAt, rounded, sentenceOf, settingOf, signed, writeHinges,
} from "../../src/relubook/widgets/hinge_words.mjs";

const close = (a, b, far = 1e-12) => assert.ok(Math.abs(a - b) <= far, `${a} is not ${b}`);
const x = Array.from({ length: 201 }, (_, i) => -1 + i / 100);
const sine = x.map((v) => Math.sin(Math.PI * v));
const none = DRAWN.map(() => null);
const data = {
  counts: [1, 3], steps: 100,
  error: { sine: { even: [0.7, 0.3], best: [0.5, 0.2], trained: [[0.4, 0.6], [0.25, 0.25]] } },
};

test("hinges make the very line through the points", () => {
  const points = [[-1, 0.5], [-0.4, -1], [0.1, 0.2], [0.12, -0.3], [1, 1]];
  const f = hingesOf(points);
  assert.equal(f.places.length, points.length - 1);
  x.forEach((v) => close(valueAt(f, v), heightAt(points, v)));
});

test("the error is the root of the mean square", () => {
  close(rootMeanSquare([3, 0], [0, 4]), Math.sqrt(12.5));
});

test("a bend moves both ways, snaps to hundredths and leaves the others alone", () => {
  const { points, limit } = movePoint(START, 1, -0.501, 0.277);
  assert.deepEqual(points, [START[0], [-0.5, 0.28], ...START.slice(2)]);
  assert.equal(limit, "");
});

test("each limit holds, and says which it is", () => {
  const at = (i, place, height) => {
    const { points, limit } = movePoint(START, i, place, height);
    return [points[i], limit];
  };
  assert.deepEqual(at(1, 0.9, 0), [[0.31, 0], LIMITS.same]);
  assert.deepEqual(at(1, -3, 0), [[-0.98, 0], LIMITS.same]);
  assert.deepEqual(at(2, 3, 0), [[0.98, 0], LIMITS.outside]);
  assert.deepEqual(at(2, 0, 7), [[0, TOP], LIMITS.outside]);
  assert.deepEqual(at(2, 0, -TOP), [[0, -TOP], ""]);
  assert.deepEqual(at(0, -0.5, 1), [[-1, 1], LIMITS.end]);
  assert.deepEqual(at(3, 1.3, 1), [[1, 1], LIMITS.end]);
});

test("a hand may stray a little while it moves an end", () => {
  assert.equal(movePoint(START, 0, -0.95, 0, 0.08).limit, "");
  assert.equal(movePoint(START, 0, -0.9, 0, 0.08).limit, LIMITS.end);
});

test("wherever points are dragged, they stay a function that can be drawn and linked", () => {
  const random = seeded(7);
  let points = START;
  for (let k = 0; k < 3000; k += 1) {
    const kind = random();
    if (kind < 0.03) points = addPoint(points, x, kind < 0.02 ? sine : null).points;
    else if (kind < 0.05) points = removePoint(points, Math.floor(random() * points.length)).points;
    else points = movePoint(points, Math.floor(random() * points.length), 3 * random() - 1.5, 4 * random() - 2).points;
    assert.ok(goodPoints(points), JSON.stringify(points));
    assert.deepEqual(parseHinges(writeHinges({ target: "sine", points, drawing: none })).points, points);
  }
});

test("a hinge is added where the target is farthest", () => {
  const { points, added } = addPoint([[-1, 0], [1, 0]], x, x.map((v) => (Math.abs(v - 0.3) < 1e-9 ? 0.9 : 0)));
  assert.deepEqual([points, added], [[[-1, 0], [0.3, 0.9], [1, 0]], 1]);
});

test("a hinge is never added on another, and without a target in the widest gap", () => {
  const far = x.map((v) => (Math.abs(v) < 0.015 ? 1 : 0.01));
  const { points, added } = addPoint([[-1, 0], [0, 0], [1, 0]], x, far);
  assert.ok(Math.abs(points[added][0]) >= GAP);
  assert.deepEqual(addPoint([[-1, 0], [0.2, 1], [1, 0]], x, null).points[1], [-0.4, 0.5]);
});

test("twelve hinges are the most, one is the least", () => {
  let points = START;
  for (let n = 4; n <= MOST; n += 1) points = addPoint(points, x, sine).points;
  assert.equal(points.length, MOST + 1);
  assert.deepEqual(addPoint(points, x, sine), { points, added: -1, limit: LIMITS.most });
  const line = [[-1, 0], [1, 0]];
  assert.deepEqual(removePoint(line, 0), { points: line, removed: -1, limit: LIMITS.least });
});

test("the chosen hinge is removed, or where an end is chosen, the one that bends least", () => {
  const points = [[-1, 0], [-0.5, 0.1], [0, 0], [0.5, 1], [1, 0]];
  assert.equal(removePoint(points, 3).removed, 3);
  assert.equal(removePoint(points, 0).removed, 1);
  assert.equal(removePoint(points, 4).removed, 1);
});

test("points spread evenly lie on the target", () => {
  assert.deepEqual(spreadPoints(START, x, sine).map(([place]) => place), [-1, -0.33, 0.33, 1]);
  spreadPoints(START, x, sine).forEach(([place, height]) => close(height, Math.sin(Math.PI * place), 0.0051));
});

test("no drawing, or one place of it, is no target", () => {
  assert.equal(drawnTarget(none, x), null);
  assert.equal(drawnTarget(none.with(3, 1), x), null);
});

test("two places are joined by a straight line and level beyond it", () => {
  const target = drawnTarget(none.with(4, -1).with(12, 1), x);
  x.forEach((v, i) => close(target[i], Math.min(1, Math.max(-1, 2 * v)), 1e-9));
});

test("a stroke sets every place it passes, in either direction, and a tap the nearest", () => {
  assert.deepEqual(stroke(none, [0.02, 0.5], [0.02, 0.5]), none.with(8, 0.5));
  const there = stroke(none, [-0.25, -1], [0.25, 1]);
  assert.deepEqual(there, none.with(6, -1).with(7, -0.5).with(8, 0).with(9, 0.5).with(10, 1));
  assert.deepEqual(stroke(none, [0.25, 1], [-0.25, -1]), there);
  assert.deepEqual(stroke(none, [0.02, 9], [0.02, 9]), none.with(8, TOP));
});

test("errors have two digits and nothing looks like nothing", () => {
  assert.deepEqual([0.4871, 0.0123, 0.00049, 0, 0.00002, 1.234, 0.998].map(rounded),
    ["0.49", "0.012", "0.0005", "0", "0", "1.2", "1.0"]);
  assert.deepEqual([-0.5, -0.001, 2].map((v) => signed(v)), ["−0.50", "0.00", "2.00"]);
});

test("formulas say what is drawn", () => {
  assert.equal(formulaOf([[-1, 0.5], [0, -0.5], [1, 0]]), "f(x) = 0.50 − 1.00·max(0, x + 1.00) + 1.50·max(0, x + 0.00)");
  assert.equal(networkFormula({ weights: [-1], biases: [0.25], outputs: [-2], offset: 0.1 }),
    "f(x) = 0.10 − 2.00·max(0, −1.00 x + 0.25)");
});

test("one sentence compares the reader with the record and with the page's network", () => {
  const now = { data, target: "sine", n: 3, error: 0.4, drawn: 0, run: null, limit: "" };
  assert.equal(sentenceOf(now),
    "With 3 hinges, your root mean square error to the sine is 0.40. Recorded: evenly spaced 0.30, best placed 0.20, trained networks 0.25.");
  const run = { count: 3, seed: 4, steps: 100, error: 0.25, bends: [{ place: 0.1 }, { place: -1.5 }, { place: 3 }] };
  assert.match(sentenceOf({ ...now, run }), /The network of 3 rectifiers from seed 4 has 0\.25: closer than yours\. 2 of its hinges stand outside/);
  const part = { ...run, steps: 40, bends: [{ place: NaN }] };
  assert.match(sentenceOf({ ...now, error: 0.1, run: part }),
    /seed 4, stopped after 40 steps, has 0\.25: not as close as yours\. 1 of its hinges stands outside the frame\./);
  assert.match(sentenceOf({ ...now, error: 0.251, run }), /as good as yours/);
  assert.match(sentenceOf({ ...now, error: 0.19 }), /You are below the best: its points all lie on the target, yours need not\.$/);
  assert.match(sentenceOf({ ...now, n: 2 }), /With 2 hinges.* Recorded are 1, 3 hinges\.$/);
  assert.match(sentenceOf({ ...now, n: 1, error: 0.6, limit: "Stop." }), /^Stop\. With 1 hinge, .*trained networks 0\.50 \(0\.40–0\.60\)\.$/);
});

test("without a target the sentence says what is missing", () => {
  const now = { data, target: "own", n: 3, error: null, run: null, limit: "" };
  assert.match(sentenceOf({ ...now, drawn: 0 }), /^Nothing is drawn yet: draw your target .* at least two of its 17 places\.$/);
  assert.match(sentenceOf({ ...now, drawn: 1 }), /^One place is drawn: /);
  assert.equal(sentenceOf({ ...now, error: 0.2, drawn: 5 }), "With 3 hinges, your root mean square error to your drawing is 0.20.");
});

test("a record has numbers for its own counts and targets only", () => {
  assert.deepEqual(recordedAt(data, "sine", 3), { even: 0.3, best: 0.2, trained: [0.25, 0.25] });
  assert.equal(recordedAt(data, "sine", 2), null);
  assert.equal(recordedAt(data, "own", 3), null);
});

test("an address is read part by part and rubbish left", () => {
  const drawing = none.with(0, 0.5).with(16, -1);
  const all = { target: "own", points: START, drawing };
  assert.deepEqual(parseHinges(writeHinges(all)), all);
  assert.deepEqual(parseHinges("#target=step&points=1,2"), { target: "step" });
  const bad = ["", "#", "#target=constructor", "#points=-1,0;1,0;2,0", "#points=-1,0;x,0;1,0", "#points=-1,0,3;1,0",
    "#points=-1,0;0.5,0;0.5,1;1,0", "#points=-1,1e9;1,0", `#drawing=${",".repeat(16)}9`];
  for (const hash of bad) assert.deepEqual(Object.keys(parseHinges(hash)).filter((key) => key !== "drawing" || hash.includes("9")), [], hash);
});

test("a model that holds nothing, or nonsense, begins at the beginning", () => {
  const model = (state) => ({ get: (name) => state[name] });
  const start = { target: "sine", points: START, drawing: none };
  assert.deepEqual(settingOf(model({ points: [], drawing: [] })), start);
  assert.deepEqual(settingOf(model({ target: "x", points: [[0, 0]], drawing: [1] })), start);
});

test("a fresh network has weights of one, hinges in the frame and small outputs, by its seed alone", () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const { weights, outputs: v, offset } = parametersOf(fresh(6, seed));
    assert.ok(weights.every((w) => Math.abs(w) === 1));
    assert.ok(v.every((value) => Math.abs(value) <= 1 / 6));
    assert.equal(offset, 0);
    assert.ok(bendsOf(fresh(6, seed)).every(({ place, side }, i) => Math.abs(place) <= 1 && side === weights[i]));
    assert.deepEqual(fresh(6, seed), fresh(6, seed));
  }
  assert.notDeepEqual(fresh(6, 1).parameters, fresh(6, 2).parameters);
});

test("a seed's numbers are spread over 0 to 1", () => {
  const random = seeded(3);
  const drawn = Array.from({ length: 10000 }, random);
  close(drawn.reduce((sum, v) => sum + v) / 10000, 0.5, 0.01);
  close(drawn.filter((v) => v < 0.1).length / 10000, 0.1, 0.01);
});

test("training six rectifiers brings them close to a sine", () => {
  const state = fresh(6, 1);
  const before = rootMeanSquare(outputs(state, x), sine);
  const loss = step(state, x, sine, 0.01);
  close(Math.sqrt(loss), before);
  for (let k = 1; k < 4000; k += 1) step(state, x, sine, 0.01);
  assert.equal(state.steps, 4000);
  assert.ok(rootMeanSquare(outputs(state, x), sine) < 0.08);
});
