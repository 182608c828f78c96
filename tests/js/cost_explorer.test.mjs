import assert from "node:assert/strict";
import { test } from "node:test";
import {
  costSentence, crossover, crossovers, fromWords, liveAt, micro, paperPlace, parseCostFragment, share, times, whoPays,
  writeCostFragment,
} from "../../src/relubook/widgets/cost_numbers.mjs";
import {
  apart, doublings, finely, logScale, logTicks, speedLimits, stretch, timeLimits, zerosAxis,
} from "../../src/relubook/widgets/cost_scales.mjs";

const close = (a, b, far = 1e-9) => assert.ok(Math.abs(a - b) <= far, `${a} is not ${b}`);
const column = (...values) => values.map((value) => [value, 8 * value]);
// Gathering halves with every step; at a batch of 8, dense is as much faster as it is slower alone.
const data = {
  zeros: [0, 0.5, 0.85, 0.925], batch: [1, 8], methods: ["dense", "gathered", "csr"], paper_zeros: 83.4,
  layer: {
    dense: [0, 1, 2, 3].map(() => [1e-4, 1e-4]), gathered: column(2e-4, 1e-4, 5e-5, 2.5e-5),
    csr: [0, 1, 2, 3].map(() => [5e-5, 5e-4]),
  },
  networks: [{ l1: 0, zeros: 0.4, time: { dense: [4, 4], gathered: [2, 8], csr: [1, 16] } }],
};
data.low = data.high = data.layer;

test("a crossover lies where the ratio of times is one, between recorded shares", () => {
  close(crossover([0, 1], [1, 1], [2, 0.5]), 0.5);
  close(crossover([0.2, 0.4, 0.6], [1, 1, 1], [4, 2, 0.25]), 0.4 + 0.2 / 3);
});

test("the last crossover counts, since only from there on skipping pays for good", () => {
  close(crossover([0, 0.2, 0.4, 0.6], [1, 1, 1, 1], [2, 0.5, 2, 0.5]), 0.5);
});

test("always is the first share, and never is null", () => {
  assert.equal(crossover([0.2, 0.5], [1, 1], [0.9, 0.1]), 0.2);
  assert.equal(crossover([0, 0.5], [1, 1], [0.5, 1]), null);
});

test("twice the speed of everything moves no crossover", () => {
  const half = (list) => list.map((t) => t / 2);
  const [zeros, dense, other] = [[0, 0.3, 0.9], [1, 1.1, 1.2], [3, 1.5, 0.7]];
  close(crossover(zeros, half(dense), half(other)), crossover(zeros, dense, other));
});

test("the words say never, always and from where", () => {
  const found = crossovers(data);
  assert.deepEqual(found.csr, [0, null]);
  assert.deepEqual(found.gathered.map((from) => fromWords(data.zeros, from)), ["50 %", "not up to 92.5 %"]);
  assert.equal(whoPays(data, found, 0), "Gathering pays from 50 %; CSR always pays.");
  assert.equal(whoPays(data, found, 1), "Gathering does not pay up to 92.5 %; CSR does not pay up to 92.5 %.");
});

test("the sentence says setting, speed and from where it pays", () => {
  assert.equal(costSentence(data, 2, 0),
    "With 85 % zeros and 1 example at a time, gathering is 2.0 times as fast as dense; it pays from 50 % zeros.");
  assert.equal(costSentence(data, 0, 0),
    "With 0 % zeros and 1 example at a time, gathering is 2.0 times as slow as dense; it would pay from 50 %.");
  assert.match(costSentence(data, 1, 0), /gathering is about as fast as dense; it pays from 50 %/);
  assert.match(costSentence(data, 3, 1), /92\.5 % zeros and 8 examples .* 2\.0 times as slow .* nowhere up to 92\.5 %\./);
});

test("a speed that does not last is called so", () => {
  const shaky = (gathered) => ({ ...data, layer: { ...data.layer, gathered: column(...gathered) } });
  assert.match(costSentence(shaky([2e-4, 5e-5, 2e-4, 5e-5]), 1, 0), /as fast as dense; but it pays throughout only from 89 %/);
  assert.match(costSentence(shaky([5e-5, 5e-5, 5e-5, 2e-4]), 1, 0), /as fast as dense; but not at 92\.5 %/);
  assert.match(costSentence(shaky([5e-5, 5e-5, 5e-5, 5e-5]), 1, 0), /it pays at every recorded share/);
});

test("what was measured here is said after what was recorded", () => {
  const frame = { time: { dense: 3e-4, gathered: 2e-5, csr: 1e-4 } };
  assert.match(costSentence(data, 2, 0, frame), /from 50 % zeros\. Measured here: 15 times as fast as dense\.$/);
});

test("the newest live frame of each share counts, at its own batch size only", () => {
  const frame = (zeros_index, batch_index, seconds) => ({ zeros_index, batch_index, seconds });
  const frames = [frame(1, 0, 1), frame(2, 0, 2), frame(1, 1, 3), frame(1, 0, 4)];
  assert.deepEqual(liveAt(frames, 0).map((f) => f.seconds), [4, 2]);
  assert.deepEqual(liveAt(undefined, 0), []);
});

test("every setting survives its own fragment", () => {
  for (const i of data.zeros.keys()) {
    for (const j of data.batch.keys()) {
      assert.deepEqual(parseCostFragment(writeCostFragment(data, i, j), data), { zeros_index: i, batch_index: j });
    }
  }
});

test("rubbish in a fragment is ignored, part by part", () => {
  const rubbish = [
    "", "#", "#section-2", "#zeros=&batch=", "#zeros=NaN&batch=0", "#zeros=-1&batch=-8", "#zeros=101", "#batch=Infinity",
    "#batch=1e999", "#zeros=__proto__", "#zeros=0x10", "#%E0%A4%A", "#zeros=<script>", null, undefined,
  ];
  for (const hash of rubbish) assert.deepEqual(parseCostFragment(hash, data), {}, String(hash));
  assert.deepEqual(parseCostFragment("#zeros=rubbish&batch=8", data), { batch_index: 1 });
  assert.deepEqual(parseCostFragment("#zeros=60&batch=2.9&x=1", data), { zeros_index: 1, batch_index: 1 });
  assert.deepEqual(parseCostFragment("#zeros=100&batch=2", data), { zeros_index: 3, batch_index: 0 });
});

test("the paper's zeros are the nearest recorded ones, one example at a time", () => {
  assert.deepEqual(paperPlace(data), { zeros_index: 2, batch_index: 0 });
});

test("numbers are short and keep what tells them apart", () => {
  assert.deepEqual([0, 0.5, 0.925, 0.975].map(share), ["0", "50", "92.5", "97.5"]);
  assert.deepEqual([1.06, 9.94, 9.96, 21.4].map(times), ["1.1", "9.9", "10", "21"]);
  assert.deepEqual([4.2e-7, 4.8e-6, 1.36e-4].map(micro), ["0.42", "4.8", "136"]);
});

test("a logarithmic scale maps its ends to its ends and ratios to distances", () => {
  const y = logScale(1, 100, 200, 0);
  [[1, 200], [10, 100], [100, 0]].forEach(([value, place]) => close(y(value), place));
});

test("logarithmic ticks are round, inside the limits, and few", () => {
  assert.deepEqual(logTicks(0.9, 120), [1, 2, 5, 10, 20, 50, 100]);
  assert.deepEqual(logTicks(0.15, 0.6), [0.2, 0.5]);
  assert.deepEqual(logTicks(0.5, 20000), [1, 10, 100, 1000, 10000]);
  assert.deepEqual(doublings(0.2, 9), [0.25, 0.5, 1, 2, 4, 8]);
});

test("on the axis of zeros, each halving of the active units is one step", () => {
  close(stretch(0.75) - stretch(0.5), stretch(0.5) - stretch(0));
  assert.ok(Number.isFinite(stretch(1)));
  const { place, marks } = zerosAxis(data, 0, 100);
  [[0, 0], [0.925, 100]].forEach(([zeros, at]) => close(place(zeros), at));
  assert.deepEqual(marks.map(([, text]) => text), ["0", "50", "80", "90"]);
  const sparser = { ...data, networks: [{ zeros: 0.995 }] };
  assert.deepEqual(zerosAxis(sparser, 0, 100).marks.at(-1), [100, "99.5"]);
});

test("lines that are drawn finely cross where their crossover is", () => {
  const [zeros, dense, other] = [[0, 0.9], [1, 2], [8, 0.25]];
  const from = crossover(zeros, dense, other);
  const at = finely(zeros, dense).findIndex(([z], k) => z <= from && finely(zeros, dense)[k + 1][0] >= from);
  const [left, right] = [at, at + 1].map((k) => Math.log(finely(zeros, other)[k][1] / finely(zeros, dense)[k][1]));
  assert.ok(left >= -1e-9 && right <= 1e-9);
  assert.deepEqual(finely(zeros, dense).filter(([z]) => zeros.includes(z)), [[0, 1], [0.9, 2]]);
});

test("limits hold every recorded and every live number", () => {
  const [low, high] = timeLimits(data, [{ time: { dense: 1e-2 }, low: { dense: 1e-7 } }]);
  assert.ok(low < 1e-7 && high > 1e-2);
  const [slow, fast] = speedLimits(data);
  assert.ok(slow < 0.25 && fast > 4);
});

test("labels keep their distance, their order and their room", () => {
  assert.deepEqual(apart([10, 50, 90], 15, 0, 100), [10, 50, 90]);
  assert.deepEqual(apart([52, 50, 51], 15, 0, 100), [80, 50, 65]);
  assert.deepEqual(apart([98, 99, 97], 15, 0, 100), [85, 100, 70]);
  assert.deepEqual(apart([3, 2, 1], 15, 0, 100), [31, 16, 1]);
});
