import assert from "node:assert/strict";
import { test } from "node:test";
import { courseOf, effectiveUnits, networkOf, RESPONSES } from "../../src/relubook/widgets/path_network.mjs";
import { moved } from "../../src/relubook/widgets/path_picture.mjs";
import {
  ACROSS, backFlows, bundles, forwardFlows, HEIGHT, inkOf, placesOf, radiiOf, squaresOf, unitAt,
} from "../../src/relubook/widgets/path_shapes.mjs";
import { kindOf, offOn, parsePaths, pathWords, signed, switched, writePaths } from "../../src/relubook/widgets/path_words.mjs";

const KINDS = [{ activation: "rectifier", l1: 0 }, { activation: "tanh", l1: 0 }, { activation: "rectifier", l1: 0.01 }];
const DATA = { kinds: KINDS, labels: [0, 1, 1], depths: [1, 2, 3], steps: [0, 10, 1000], width: 4 };
const lines = (found) => found.reduce((sum, { d }) => sum + d.split("M").length - 1, 0);

/** A network of whole numbers: 4 pixels, two layers of 3 units, 2 classes. */
const SIZES = [4, 3, 3, 2];
const codes = Int8Array.from({ length: 15 + 12 + 8 }, (_, i) => ((i * 37) % 11) - 5);
const layers = networkOf({ weights: Buffer.from(codes.buffer).toString("base64"), scales: [0.1, 0.2, 0.3] }, SIZES);
const X = [1, 0.5, 0, 0.25];

test("the slope of every activation is that of its value", () => {
  for (const { value, slope } of Object.values(RESPONSES)) {
    for (const x of [-30, -2, -0.3, 0.4, 3, 30]) {
      const expected = (value(x + 1e-5) - value(x - 1e-5)) / 2e-5;
      assert.ok(Math.abs(slope(x, value(x)) - expected) < 1e-6, `${x}`);
    }
  }
});

test("weights are read row by row, then biases, times the layer's scale", () => {
  assert.equal(layers[0].weight[4], codes[4] * 0.1);
  assert.equal(layers[0].bias[2], codes[14] * 0.1);
  assert.equal(layers[2].weight[0], codes[27] * 0.3);
  assert.throws(() => networkOf({ weights: "AAAA", scales: [1, 1, 1] }, SIZES), /must be 35 bytes. Got 3/);
  assert.throws(() => networkOf({ weights: "?", scales: [1, 1, 1] }, SIZES), /must be base64/);
});

test("lines run between lit ends only, as many as there are weights between them", () => {
  const course = courseOf(layers, "rectifier", X, 1);
  const on = course.h.map((h) => h.filter((value) => value > 0).length);
  const flows = forwardFlows(layers, course, X);
  flows[1].forEach((value, at) => {
    if (value !== 0) assert.ok(course.h[0][Math.floor(at / 3)] > 0 && course.h[1][at % 3] > 0);
  });
  const carried = layers[1].weight.filter((w, at) => w !== 0 && course.h[0][Math.floor(at / 3)] && course.h[1][at % 3]).length;
  assert.equal(flows[1].filter((value) => value !== 0).length, carried);
  assert.ok(on[0] < 3 || on[1] < 3);
  const places = placesOf(SIZES);
  assert.ok(lines(bundles(flows, places)) <= flows.reduce((sum, flow) => sum + flow.filter(Boolean).length, 0));
  backFlows(layers, course)[1].forEach((value, at) => {
    if (value !== 0) assert.ok(course.byInput[0][Math.floor(at / 3)] !== 0 && course.byInput[1][at % 3] !== 0);
  });
});

test("everything is drawn inside the picture, and each unit is found where it stands", () => {
  for (const depth of [1, 2, 3, 4]) {
    const places = placesOf([49, ...Array(depth).fill(10), 10]);
    assert.deepEqual(places.map((layer) => layer.length), [49, ...Array(depth + 1).fill(10)]);
    for (const [x, y] of places.flat()) assert.ok(x > 0 && x < ACROSS - 30 && y > 10 && y < HEIGHT - 10);
    places.slice(1, -1).forEach((layer, l) => layer.forEach(([x, y], unit) =>
      assert.deepEqual(unitAt(places, x + 3, y - 3), { layer: l, unit })));
    assert.equal(unitAt(places, 40, 40), null);
  }
});

test("sizes tell sizes: areas of units and squares, shades of ink", () => {
  const [silent, small, large] = radiiOf([0, -0.04, 1]);
  assert.ok(silent > small && large > small);
  assert.deepEqual(squaresOf([0, 0, 0, 0], 2), { more: "", less: "" });
  const { more, less } = squaresOf([1, -1, 0.001, 0], 2);
  assert.equal([more, less].map((d) => d.split("M").length - 1).join(), "1,1");
  assert.equal(inkOf([0, 1, 0.5, 0.01], 2).length, 3);
  assert.equal(effectiveUnits([0, 0]), 0);
  assert.ok(Math.abs(effectiveUnits([2, -2, 0, 2]) - 3) < 1e-12);
});

test("the arrow keys stay inside the network", () => {
  const places = placesOf(SIZES);
  assert.deepEqual(moved(null, [1, 0], places), { layer: 0, unit: 0 });
  assert.deepEqual(moved({ layer: 1, unit: 2 }, [1, 0], places), { layer: 1, unit: 2 });
  assert.deepEqual(moved({ layer: 1, unit: 2 }, [0, 1], places), { layer: 1, unit: 2 });
  assert.deepEqual(moved({ layer: 1, unit: 0 }, [-1, 0], places), { layer: 0, unit: 0 });
});

test("a setting goes into the address and back, and rubbish does not", () => {
  const setting = { picture: 2, depth: 3, step_index: 1, beside: "tanh", penalized: true, direction: "back", off: ["left.2.3"] };
  assert.deepEqual(parsePaths(writePaths(DATA, setting), DATA), setting);
  assert.deepEqual(parsePaths("#picture=3&depth=9&beside=toString&l1=maybe&way=constructor&off=left.2.9,up.0.0", DATA), { off: [] });
  assert.equal(kindOf(DATA, setting, "left"), 2);
  assert.equal(kindOf(DATA, { ...setting, penalized: false }, "left"), 0);
  assert.equal(kindOf(DATA, setting, "right"), 1);
});

test("units are switched off by side, and on again", () => {
  const off = switched(switched([], "left", { layer: 0, unit: 3 }), "right", { layer: 1, unit: 2 });
  assert.deepEqual([...offOn(off, "left")], ["0.3"]);
  assert.deepEqual(switched(off, "left", { layer: 0, unit: 3 }), ["right.1.2"]);
});

test("numbers read well at every size", () => {
  assert.deepEqual([0, 1.234, -0.0567, 12.3, 0.00468, -1.2e-7].map(signed), ["0", "1.23", "−0.057", "12.30", "0.0047", "−1.2 × 10⁻⁷"]);
  assert.equal(pathWords({ paths: 18, ways: 1000 }), "18 of 1,000 paths (1.8 %)");
  assert.equal(pathWords({ paths: 1000, ways: 1000 }), "all 1,000 paths");
});
