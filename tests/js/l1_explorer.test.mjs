import assert from "node:assert/strict";
import { test } from "node:test";
import { groups } from "../../src/relubook/widgets/l1_layers.mjs";
import {
  liveFrame, paperSetting, parseFragment, planeLimits, reading, sentence, spread, writeFragment,
} from "../../src/relubook/widgets/l1_numbers.mjs";
import { color, decode, layersOf } from "../../src/relubook/widgets/l1_raster.mjs";

const l1 = [0, 1e-5, 1e-4, 1e-3, 1e-2];
const every = (value) => [1, 2, 3].map(() => l1.map(() => value));
const data = {
  l1, depths: [1, 2, 3], seeds: 5, collapsed: every(false), raster: every(""),
  error: every([1.8, 1.9, 1.9, 2.0, 2.1]), zeros: every([83, 84, 84, 84, 85]),
  zeros_by_layer: [1, 2, 3].map((d) => l1.map(() => Array(d).fill(84))),
  dead_by_layer: [1, 2, 3].map((d) => l1.map(() => Array(d).fill(2))),
  paper: { zeros: [73, 99], error: [1.3, 2.4] }, live_band: null,
};

test("the sentence says setting, zeros, error with its seeds, and dead units", () => {
  assert.equal(
    sentence(reading(data, 3, 3)),
    "L1 = 0.001, depth 3: 84 % of the activations are exact zeros, " +
      "test error 1.9 % (5 seeds, 1.8–2.1); 2.0 % of the units are dead.",
  );
});

test("a collapsed network is called so", () => {
  const collapsed = { ...reading(data, 4, 2), collapsed: true, error: [88.7, 88.7] };
  assert.match(sentence(collapsed), /collapsed\..*88\.7 % \(2 seeds, all 88\.7\): no better than guessing/);
});

test("a live frame takes the place of the recorded setting and says so", () => {
  const frame = {
    l1_index: 3, depth: 2, error: [6, 7, 8], zeros: [80, 81, 82], zeros_by_layer: [80, 82],
    dead_by_layer: [0, 0], raster: "AA==",
  };
  const newer = { ...frame, error: [9] };
  assert.equal(liveFrame([frame, newer], 3, 2), newer);
  assert.equal(liveFrame([frame], 3, 1), null);
  assert.equal(liveFrame(undefined, 3, 2), null);
  const r = reading(data, 3, 2, frame);
  assert.equal(r.live, true);
  assert.match(sentence(r), /trained here: 81 % .* test error 7\.0 % \(3 seeds, 6\.2–7\.8\)/);
});

test("one seed is called one seed", () => assert.equal(spread([2]), "1 seed"));

test("every setting survives its own fragment", () => {
  for (const i of l1.keys()) {
    for (const depth of data.depths) {
      assert.deepEqual(parseFragment(writeFragment(data, i, depth), data), { l1_index: i, depth });
    }
  }
});

test("rubbish in a fragment is ignored, part by part", () => {
  const rubbish = [
    "", "#", "#section-2", "#l1=&depth=", "#l1=NaN&depth=9", "#l1=-1&depth=2.5", "#l1=Infinity",
    "#depth=__proto__", "#l1=0x10&depth=0", "#%E0%A4%A", "#l1=<script>", null, undefined,
  ];
  for (const hash of rubbish) assert.deepEqual(parseFragment(hash, data), {}, String(hash));
  assert.deepEqual(parseFragment("#l1=rubbish&depth=2", data), { depth: 2 });
  assert.deepEqual(parseFragment("#depth=7&l1=1e-4&x=1", data), { l1_index: 2 });
});

test("a strength between recorded ones goes to the nearer on the log axis", () => {
  assert.deepEqual(parseFragment("#l1=0.0004", data), { l1_index: 3 });
  assert.deepEqual(parseFragment("#l1=0.0002", data), { l1_index: 2 });
  assert.deepEqual(parseFragment("#l1=5", data), { l1_index: 4 });
  assert.deepEqual(parseFragment("#l1=0", data), { l1_index: 0 });
});

test("the paper's setting is L1 0.001 at depth 3", () => {
  assert.deepEqual(paperSetting(data), { l1_index: 3, depth: 3 });
});

test("a collapse does not stretch the plane, live errors do", () => {
  const collapsed = every(false).map((row) => row.with(4, true));
  const error = data.error.map((row) => row.with(4, Array(5).fill(88.7)));
  assert.deepEqual(planeLimits({ ...data, collapsed, error }, []), { zeros: [70, 100], error: [0, 3] });
  const live = planeLimits(data, [{ error: Array(9).fill(7), zeros: [61] }]);
  assert.deepEqual(live.zeros, [60, 100]);
  assert.ok(live.error[1] >= 7);
});

test("bytes are cut into layers in their order", () => {
  const layers = layersOf(decode(btoa("\x00\x01\x02\x03\x04\xff")), 2, 3, 1);
  assert.deepEqual(layers.map((l) => [...l]), [[0, 1, 2], [3, 4, 255]]);
});

test("only an exact zero is black, and larger activations are lighter", () => {
  assert.deepEqual(color(0), [0, 0, 0]);
  const light = Array.from({ length: 255 }, (_, i) => color(i + 1)).map(([r, g, b]) => 0.3 * r + 0.6 * g + 0.1 * b);
  assert.ok(light[0] > 70);
  assert.ok(light.every((v, i) => i === 0 || v > light[i - 1] - 1));
  assert.ok(light[254] > light[0] + 100);
});

test("neighbors with the same label share it", () => {
  assert.deepEqual(groups([0, 0, 1, 7, 7, 7]), [[0, 2], [1, 1], [7, 3]]);
});
