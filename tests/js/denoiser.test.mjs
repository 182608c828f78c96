import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addOf, coderOf, flipped, lotsOf, OUTPUTS, readOf, restore, squaredError, stroked, strongestUnits, stuckOf, withNoise,
} from "../../src/relubook/widgets/denoiser_network.mjs";
import { penMoved } from "../../src/relubook/widgets/denoiser_pad.mjs";
import { shadesOf, unitGrid, weightInk } from "../../src/relubook/widgets/denoiser_pictures.mjs";
import { NOISES, noiseSentence, parseDenoiser, penWords, seenBy, writeDenoiser } from "../../src/relubook/widgets/denoiser_words.mjs";

const base64 = (codes) => Buffer.from(Int8Array.from(codes).buffer).toString("base64");
/** Two pixels, three units: the first two copy a pixel each, the third is silent. */
const NETWORK = {
  encoder_codes: base64([100, 0, -50, 0, 100, -50]), encoder_scales: [0.01, 0.01, 0.02], encoder_bias: [0, 0, -0.5],
  decoder_codes: base64([100, 0, 0, 50, 7, 9]), decoder_scales: [0.01, 0.02], decoder_bias: [0, -0.25],
};
const coder = (output = "linear") => coderOf(NETWORK, output, 2, 3);
const DATA = {
  labels: [0, 1, 2], side: 2,
  strategies: [{ name: "3 linear", output: "linear" }, { name: "4 rectifier", output: "rectifier" }],
};

test("a network is read row by row, each unit with its scale", () => {
  assert.deepEqual([...coder().encoder], [1, 0, -1, 0, 1, -1]);
  assert.deepEqual([...readOf(coder(), 2)], [-1, -1]);
  assert.deepEqual([...addOf(coder(), 1)], [0, 1]);
  assert.throws(() => coderOf({ ...NETWORK, encoder_codes: "AAAA" }, "linear", 2, 3), /must be 6 bytes. Got 3/);
});

test("what is given back is the decoder's sum over active units, through the output", () => {
  const { h, out } = restore(coder(), [1, 0.5]);
  assert.deepEqual([[...h], [...out]], [[1, 0.5, 0], [1, 0.25]]);
  assert.deepEqual([...restore(coder(), [0, 0]).out], [0, -0.25]);
  assert.deepEqual([...restore(coder("rectifier"), [0, 0]).out], [0, 0]);
  assert.equal(OUTPUTS.softplus(1000), 1000);
  assert.ok(OUTPUTS.softplus(-1000) === 0 && Math.abs(OUTPUTS.softplus(0) - Math.LN2) < 1e-15);
  assert.deepEqual([-1000, 0, 1000].map(OUTPUTS.logistic), [0, 0.5, 1]);
  assert.deepEqual(stuckOf([0, 0, 0.1], [0.5, 0, 0.5]), [0]);
  assert.equal(squaredError([1, 2], [0, 4]), 5);
  assert.deepEqual(strongestUnits(coder(), [1, 2, 0], 6), [1, 0]);
});

test("more noise masks the same pixels and others besides, about as many as it says", () => {
  const lots = lotsOf(3, 196);
  assert.deepEqual(lots, lotsOf(3, 196));
  assert.notDeepEqual(lots, lotsOf(4, 196));
  let before = new Set();
  for (const noise of NOISES) {
    const { masked, received } = withNoise(new Float64Array(196).fill(1), lots, noise / 100);
    assert.ok([...before].every((i) => masked.includes(i)));
    assert.ok(masked.every((i) => received[i] === 0) && received.filter(Boolean).length === 196 - masked.length);
    before = new Set(masked);
  }
  const share = Array.from({ length: 200 }, (_, mask) => lotsOf(mask + 1, 196).filter((lot) => lot < 0.25).length).reduce((a, b) => a + b) / (200 * 196);
  assert.ok(Math.abs(share - 0.25) < 0.01, `${share}`);
});

test("a stroke has no gaps and stays on the pad, and the eraser takes it away", () => {
  const drawn = stroked(new Float64Array(196), 14, [-3, 0.5], [20, 13.5], false);
  const full = [...drawn.keys()].filter((i) => drawn[i] === 1);
  for (let x = 0; x < 14; x += 1) assert.ok(full.some((i) => i % 14 === x), `column ${x}`);
  assert.deepEqual(new Set(drawn), new Set([0, 0.5, 1]));
  assert.equal(stroked(drawn, 14, [-3, 0.5], [20, 13.5], true).filter(Boolean).length, 0);
  assert.equal(stroked(new Float64Array(196), 14, [7.5, 7.5], [7.5, 7.5], false).filter(Boolean).length, 5);
  assert.deepEqual([...flipped(flipped([0.3, 0], 0), 1)], [0, 1]);
});

test("the pen stays on the pad", () => {
  assert.equal(penMoved(0, [-1, 0], 14), 0);
  assert.equal(penMoved(13, [1, 0], 14), 13);
  assert.equal(penMoved(13, [0, 1], 14), 27);
  assert.equal(penMoved(195, [0, 1], 14), 195);
  assert.equal(penWords(Float64Array.from({ length: 196 }, () => 0.5), 14, 27), "Row 2, column 14: 50\u00a0% ink");
});

test("darkness is drawn in pieces, cut at 0 and 1", () => {
  const paths = shadesOf([2, 2, -1, 0.5], 2);
  assert.deepEqual(paths.filter(Boolean), ["M1 1h1v1h-1z", "M0 0h2v1h-2z"]);
  assert.equal(paths.indexOf("M0 0h2v1h-2z"), paths.length - 1);
  assert.deepEqual([...weightInk([-2, 0, 1])], [0, 0.5, 0.75]);
  assert.deepEqual([...weightInk([0, 0])], [0.5, 0.5]);
  const grid = unitGrid([0, 1, 0, 4]);
  assert.deepEqual([grid.active, grid.silent].map((d) => d.split("M").length - 1), [2, 2]);
  assert.deepEqual([unitGrid(new Float64Array(128)).columns, unitGrid(new Float64Array(128)).rows], [16, 8]);
});

test("the sentence counts what is masked and says who comes closest", () => {
  const coders = DATA.strategies.map(({ output }) => coder(output));
  const digit = Float64Array.of(1, 0.5);
  const seen = seenBy(coders, digit, Float64Array.of(0.9, 0.1), 25);
  assert.deepEqual([seen.masked, seen.nothing, seen.restored.map(({ error }) => error)], [[1], 0.25, [0.5625, 0.25]]);
  assert.equal(noiseSentence(DATA, seen, digit, "A “1”"),
    "A “1”: 1 of 2 pixels masked, 1 of them inked, squared error 0.25. Given back: 3 linear 0.56, 4 rectifier 0.25; "
    + "nothing comes closer than what is received. 1 rectifier output is 0 where the digit has ink (×): no gradient would reach it.");
  const clean = seenBy(coders, digit, Float64Array.of(0.9, 0.1), 0);
  assert.match(noiseSentence(DATA, clean, digit, "Your drawing"), /^Your drawing: nothing masked, squared error 0.00\./);
});

test("a setting goes into the address and back, and rubbish does not", () => {
  const setting = { digit: 2, noise: 50, mask: 3, strategy: 1 };
  assert.deepEqual(parseDenoiser(writeDenoiser(setting), DATA), setting);
  assert.deepEqual(parseDenoiser("#digit=3&noise=51&mask=0&strategy=0", DATA), {});
  assert.deepEqual(parseDenoiser("#digit=-1&noise=<b>&mask=1.5&strategy=__proto__&x=%E0%A4%A", DATA), {});
});
