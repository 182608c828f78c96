import assert from "node:assert/strict";
import { test } from "node:test";
import { countsPicture } from "../../src/relubook/widgets/region_counts.mjs";
import {
  areaOf, cut, halfFloat, leadOf, linearOutputs, networkOf, partsByClass, regionAt, scoresAt, TOO_MANY, winnerOf,
} from "../../src/relubook/widgets/region_cutting.mjs";
import { fillsOf, frameOf, linesOf, mark, marksOf, spanOf } from "../../src/relubook/widgets/region_shapes.mjs";
import {
  bandWords, clamped, COLORINGS, counted, expectedRegions, mostRegions, parseRegions, readingOf, regionWords, signed,
  troubleWith, viewSentence, writeRegions,
} from "../../src/relubook/widgets/region_words.mjs";

const WINDOW = [-1.2, 1.2, -1, 1];
const AREA = 2.4 * 2;
const close = (a, b, far = 1e-9) => assert.ok(Math.abs(a - b) <= far, `${a} is not ${b}`);

function seeded(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A layer out of weights by row and biases. */
const layer = (rows, bias) => ({
  inputs: rows.length, outputs: bias.length, weight: Float64Array.from(rows.flat()), bias: Float64Array.from(bias),
});

function drawn(sizes, seed, spread = 0.3) {
  const random = seeded(seed);
  const about = (by) => by * (random() + random() + random() - 1.5);
  return sizes.slice(1).map((outputs, i) => layer(
    Array.from({ length: sizes[i] }, () => Array.from({ length: outputs }, () => about(2 / Math.sqrt(sizes[i])))),
    Array.from({ length: outputs }, () => about(spread)),
  ));
}

function forward(layers, x) {
  const active = [];
  layers.forEach(({ outputs, weight, bias }, i) => {
    x = Array.from({ length: outputs }, (_, k) => x.reduce((sum, value, j) => sum + value * weight[j * outputs + k], bias[k]));
    if (i < layers.length - 1) x = x.map((value) => (active.push(value > 0 ? 1 : 0), Math.max(value, 0)));
  });
  return { outputs: x, active };
}

const someNetworks = [[2, 4, 3], [2, 16, 3], [2, 8, 8, 2], [2, 16, 16, 16, 3], [2, 1, 5, 4], [2, 3]]
  .flatMap((sizes) => [1, 2, 3].map((seed) => drawn(sizes, seed)));

test("the regions fill the window and no two have the same active units", () => {
  for (const layers of someNetworks) {
    const regions = cut(layers, WINDOW);
    close(regions.reduce((sum, { corners }) => sum + areaOf(corners), 0), AREA);
    assert.ok(regions.every(({ corners }) => areaOf(corners) > 0));
    assert.equal(new Set(regions.map(({ active }) => active.join(""))).size, regions.length);
  }
});

test("in each region the network has its active units and its linear model", () => {
  const random = seeded(9);
  for (const layers of someNetworks) {
    const regions = cut(layers, WINDOW);
    for (let k = 0; k < 60; k += 1) {
      const [x, y] = [-1.2 + 2.4 * random(), -1 + 2 * random()];
      const { outputs, active } = forward(layers, [x, y]);
      const region = regions[regionAt(regions, x, y)];
      assert.deepEqual([...region.active], active);
      scoresAt(linearOutputs(layers, region.active), x, y).forEach((score, i) => close(score, outputs[i]));
    }
  }
});

test("a region's outputs at its corners are the network's", () => {
  for (const layers of someNetworks) {
    for (const { corners, outputs } of cut(layers, WINDOW)) {
      outputs.forEach((values, i) =>
        forward(layers, [corners[2 * i], corners[2 * i + 1]]).outputs.forEach((value, k) => close(value, values[k])));
    }
  }
});

test("lines that all cross inside make as many pieces as there can be", () => {
  const angles = Array.from({ length: 7 }, (_, i) => (Math.PI * (i + 0.37)) / 7);
  const lines = layer([angles.map(Math.cos), angles.map(Math.sin)], angles.map((_, i) => 0.01 * i * i + 0.003 * i));
  const last = layer(angles.map(() => [1, -1]), [0, 0]);
  assert.equal(cut([lines, last], [-9, 9, -9, 9]).length, mostRegions([2, 7, 2]));
});

test("lines through one point, twin units and units that never switch are no trouble", () => {
  const last = layer([[1, 0], [0, 1], [1, 1], [1, -1]], [0, 0]);
  const count = (rows, bias) => cut([layer(rows, bias), last], WINDOW).length;
  assert.equal(count([[1, 0, 1, 1], [0, 1, 1, -1]], [0, 0, 0, 0]), 8);
  assert.equal(count([[1, 1, 2, -1], [1, 1, 2, -1]], [0.1, 0.1, 0.2, -0.1]), 2);
  assert.equal(count([[0, 0, 0, 0], [0, 0, 0, 0]], [1, -1, 0, 2]), 1);
  assert.equal(count([[1, 1, 0, 0], [0, 0, 0, 0]], [1.2, -1.2, 0, 0]), 1);
  const dead = cut([layer([[0, 0, 0, 0], [0, 0, 0, 0]], [0, 0, 0, 0]), last], WINDOW)[0];
  assert.deepEqual([...dead.active], [0, 0, 0, 0]);
});

test("without biases the regions are cones, however deep the network", () => {
  for (const seed of [1, 2, 3]) {
    const layers = drawn([2, 16, 16, 16, 3], seed, 0);
    const regions = cut(layers, WINDOW);
    assert.ok(regions.length <= 2 * 48 + 4, String(regions.length));
    assert.ok(regions.every(({ corners }) => areaOf(corners) > 1e-9));
  }
});

test("no count is above the bound", () => {
  [[2, 4, 3], [2, 8, 8, 3], [2, 1, 9, 3], [2, 16, 16, 3]].forEach((sizes) => {
    for (let seed = 0; seed < 5; seed += 1) assert.ok(cut(drawn(sizes, seed), [-9, 9, -9, 9]).length <= mostRegions(sizes));
  });
  assert.deepEqual([[2, 4, 3], [2, 16, 16, 16, 3], [2, 1, 9, 3], [2, 3]].map(mostRegions), [11, 137 ** 3, 20, 1]);
  assert.equal(expectedRegions(3, 32), 4608);
});

test("too many regions are refused with a sentence", () => {
  assert.throws(() => cut(drawn([2, 16, 16, 3], 1), WINDOW, 20), { name: "RangeError", message: "it has more than 20 regions." });
  assert.equal(TOO_MANY, 5000);
});

test("float16 bits are the numbers that they are", () => {
  const cases = { 0x3c00: 1, 0xbc00: -1, 0x0001: 2 ** -24, 0x03ff: 1023 * 2 ** -24, 0x0400: 2 ** -14, 0x7bff: 65504, 0x3555: 0.333251953125, 0x7c00: Infinity };
  for (const [bits, value] of Object.entries(cases)) assert.equal(halfFloat(Number(bits)), value);
  assert.ok(Number.isNaN(halfFloat(0x7e00)));
});

const packed = (bits) => btoa(String.fromCharCode(...new Uint8Array(Uint16Array.from(bits).buffer)));

test("weights are read row by row, and what cannot be read is refused with a sentence", () => {
  const [one, two, half] = [0x3c00, 0x4000, 0x3800];
  const layers = networkOf(packed([one, two, half, 0, one, two, half]), [2, 1, 2]);
  assert.deepEqual(layers.map(({ weight, bias }) => [[...weight], [...bias]]), [[[1, 2], [0.5]], [[0, 1], [2, 0.5]]]);
  const refused = (text, message) => assert.throws(() => networkOf(text, [2, 1, 2]), { name: "RangeError", message });
  refused(packed([one, two]), "its weights must be 14 bytes. Got 4.");
  refused("no base64!", "its numbers must be base64.");
  refused(packed([one, two, half, 0, one, 0x7e00, half]), "its weights must be finite.");
});

test("the classes' parts of a region fill it, each where its score is highest", () => {
  const random = seeded(4);
  for (const layers of someNetworks) {
    for (const region of cut(layers, WINDOW)) {
      const parts = partsByClass(region);
      close(parts.reduce((sum, { corners }) => sum + areaOf(corners), 0), areaOf(region.corners));
      for (const { corners, winner, lead } of parts) {
        assert.ok(lead >= 0 && lead <= 1);
        const [a, b, i] = [random(), random(), 2 * Math.floor(random() * (corners.length / 2))];
        const inside = [0, 1].map((c) => (corners[c] + a * corners[i + c] + b * corners[c + 2]) / (1 + a + b));
        const { outputs } = forward(layers, inside);
        close(outputs[winner], Math.max(...outputs));
      }
    }
  }
});

test("equal scores belong to the first class, and a lead is in probability", () => {
  const corners = [0, 0, 1, 0, 0, 1];
  const [part, ...others] = partsByClass({ corners, outputs: [[1, 1], [2, 2], [0, 0]] });
  assert.deepEqual([part.winner, part.lead, others], [0, 0, []]);
  assert.deepEqual([winnerOf([0, 2, 2]), winnerOf([-1])], [1, 0]);
  close(leadOf([0, Math.log(3)]), 0.5);
});

/** Every edge by its ends. */
const edgesOf = (regions) => new Set(regions.flatMap(({ points }) =>
  points.map((i, place) => [i, points[(place + 1) % points.length]].sort((a, b) => a - b).join())));

test("regions that meet share their points, so that each boundary has two sides", () => {
  for (const layers of someNetworks) {
    const regions = cut(layers, WINDOW);
    const outside = regions.flatMap(({ corners }) => corners.filter((_, i) => i % 2 === 0).map((x, i, xs) => {
      const [y, nextX, nextY] = [corners[2 * i + 1], xs[(i + 1) % xs.length], corners[(2 * i + 3) % corners.length]];
      return (x === nextX && Math.abs(x) === 1.2) || (y === nextY && Math.abs(y) === 1);
    })).filter(Boolean).length;
    const sides = regions.reduce((sum, { points }) => sum + points.length, 0);
    assert.equal(edgesOf(regions).size, (sides + outside) / 2);
  }
});

test("fills hold every region once, and few paths are drawn", () => {
  const layers = drawn([2, 16, 16, 16, 3], 5);
  const [regions, frame] = [cut(layers, WINDOW), frameOf(WINDOW)];
  const [byUnits, byClass] = Object.keys(COLORINGS).reverse().map((coloring) => fillsOf(regions, coloring, frame));
  const polygons = (fills) => fills.reduce((sum, { d }) => sum + d.split("Z").length - 1, 0);
  assert.equal(polygons(byUnits), regions.length);
  assert.ok(polygons(byClass) >= regions.length);
  assert.ok(byUnits.length <= 49 && byClass.length <= 33);
  assert.equal(linesOf(regions, frame).split("M").length - 1, edgesOf(regions).size);
  [...byUnits, ...byClass].forEach(({ opacity }) => assert.ok(opacity >= 0.04 && opacity <= 0.9));
});

test("the palest region has the fewest active units, the fullest the most", () => {
  const regions = cut(drawn([2, 8, 8, 3], 2), WINDOW);
  const [fewest, most] = spanOf(regions);
  const tones = fillsOf(regions, "active", frameOf(WINDOW)).map(({ opacity }) => opacity);
  assert.deepEqual([Math.min(...tones), Math.max(...tones)], [0.04, 0.9]);
  assert.ok(fewest < most && most <= 16);
  assert.deepEqual(fillsOf([regions[0]], "active", frameOf(WINDOW)).map(({ opacity }) => opacity), [0.47]);
});

test("examples and marks stand where they are", () => {
  const x = btoa(String.fromCharCode(127, 0, 129, 64));
  const [first, second] = marksOf({ x, scale: 1.2, y: [1, 0] }, 2, frameOf(WINDOW));
  assert.equal(second, mark(1, 4000, 1667));
  assert.equal(first, mark(0, 0, 659));
  assert.ok([0, 1, 2, 3, 4, 5].every((kind) => /^M[-\d alLhvMZz]+$/.test(mark(kind, 10, 10))));
});

const counts = (add) => [[[[12 + add, 40 + add]]]];
const data = {
  data: "arms", network: "small", window: WINDOW, examples: {}, classes: ["a", "b"], depths: [2], widths: [4], l1: [0],
  steps: [0, 1500], networks: [{ depth: 2, width: 4, l1_index: 0, frames: [{ error: 40, active: 50 }, { error: 2.34, active: 37.5 }] }],
  counts: { median: counts(0.5), low: counts(-4), high: counts(9) }, passport: { seeds: [0, 1, 2] },
};
const setting = { depth: 2, width: 4, l1_index: 0, step_index: 1, coloring: "active", place: [-0.25, 0.5] };

test("the sentence says the setting, the count, the record and the bounds", () => {
  const r = readingOf(data, setting);
  assert.equal(viewSentence(data, r, 1).replace(/\u00a0/g, " "),
    "Depth 2, width 4, L1 = 0, step 1,500: 1 linear region in this window. Recorded with 3 seeds: 36–49 (median 40.5). "
    + "The estimate N²/2 for N = 8 units is 32; no network of these sizes can have more than 121. Test error 2.3 %; 38 % of the units are active.");
  const live = { ...data.networks[0], seed: 10 };
  assert.match(viewSentence(data, readingOf(data, setting, live), 31), /step 1,500, trained here from seed 10: 31 linear regions/);
  assert.equal(bandWords({ median: 3, low: 3, high: 3 }), "all 3");
});

test("the words at a point say its units layer by layer, its area and its class", () => {
  const region = { active: Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 1) };
  const words = regionWords(data, readingOf(data, setting), region, { place: [-0.25, 0.5], area: 0.048, winner: 1 });
  assert.equal(words.replace(/\u00a0/g, " "), "At −0.25, 0.50, 3 of 8 units are active (layer by layer 2 of 4, 1 of 4). "
    + "They stay so in a region of area 0.048, 1.0 % of the window. The network says “b” here.");
  assert.deepEqual([signed(-0.001), signed(-1.5, 1), counted(1234567)], ["0.00", "−1.5", "1,234,567"]);
});

test("a setting goes into the address and comes back", () => {
  assert.equal(writeRegions(data, setting), "#depth=2&width=4&l1=0&step=1500&color=active&at=-0.25,0.5");
  assert.deepEqual(parseRegions(writeRegions(data, setting), data), setting);
  assert.deepEqual(parseRegions("#step=900&at=0.1,-0.2", data), { step_index: 1, place: [0.1, -0.2] });
});

test("rubbish in the address is left out, part by part", () => {
  ["#depth=9&width=x", "#color=__proto__", "#at=3,0", "#at=0", "#at=NaN,0", "#at=1e1,0", "#step=-1", "#%E0%A4%A", ""].forEach((hash) =>
    assert.deepEqual(parseRegions(hash, data), {}, hash));
  assert.deepEqual(clamped(WINDOW, [7, -7]), [1.2, -1]);
});

test("a network that was not recorded and data that lack a part are said in a sentence", () => {
  assert.throws(() => readingOf(data, { ...setting, width: 5 }), { name: "RangeError", message: "it was not recorded." });
  assert.throws(() => readingOf(data, { ...setting, step_index: 7 }), { name: "RangeError" });
  assert.equal(troubleWith(data), "");
  const { counts: _, window: __, ...rest } = data;
  assert.equal(troubleWith(rest), "This picture cannot be drawn: its data must hold window, counts.");
  assert.match(troubleWith(undefined), /must hold data, network/);
});

test("what is drawn is within its picture", () => {
  const made = [];
  const element = (tag) => ({ tag, all: {}, setAttribute(name, value) { this.all[name] = value; }, append() {} });
  globalThis.document = { createElementNS: (_, tag) => (made.push(element(tag)), made[made.length - 1]) };
  countsPicture(data, readingOf(data, setting), new Map([[0, 12], [1, 121]]), 320);
  delete globalThis.document;
  for (const { all } of made) {
    for (const name of ["x", "x1", "x2", "cx"]) assert.ok(!(name in all) || (all[name] >= 0 && all[name] <= 320), `${name} ${all[name]}`);
    for (const name of ["y", "y1", "y2", "cy"]) assert.ok(!(name in all) || (all[name] >= 0 && all[name] <= 216), `${name} ${all[name]}`);
    assert.ok(!Object.values(all).some((value) => String(value).includes("NaN")));
  }
});
