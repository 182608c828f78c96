import assert from "node:assert/strict";
import { test } from "node:test";
import { keepApart } from "../../src/relubook/widgets/axes.mjs";
import { fit, fitAll, RESPONSES } from "../../src/relubook/widgets/neuron_fits.mjs";
import { firingRate, thresholdCurrent } from "../../src/relubook/widgets/neuron_model.mjs";
import {
  currentsOf, nextSeed, papers, parseNeuronFragment, settings, writeNeuronFragment,
} from "../../src/relubook/widgets/neuron_settings.mjs";
import { countedRate, normals, simulate, uniform } from "../../src/relubook/widgets/neuron_spikes.mjs";
import { benchSentence, hertz, short, traceWords, unbroken } from "../../src/relubook/widgets/neuron_words.mjs";

const close = (a, b, far = 1e-9) => assert.ok(Math.abs(a - b) <= far, `${a} is not ${b}`);
const figure1 = { membrane: 30, refractory: 4, threshold: 13.575, drop: 11.425, resistance: 90.5, noise: 0 };
const neuronWith = (changes) => ({ ...figure1, ...changes });
const working = currentsOf([-0.8, 1, 91]);
const whole = currentsOf([-1, 10, 111]);
const plainly = (text) => text.replaceAll("\u00a0", " ");

test("without noise the rate is the paper's formula, and exactly 0 up to the threshold current", () => {
  close(thresholdCurrent(figure1), 0.15, 1e-12);
  close(firingRate(figure1, 1), 1000 / (4 + 30 * Math.log((90.5 + 11.425) / (90.5 - 13.575))));
  assert.equal(firingRate(figure1, 0.15), 0);
  assert.equal(firingRate(figure1, -1), 0);
  assert.ok(firingRate(figure1, 0.1500001) > 0);
});

test("the refractory time caps the rate, and nothing does without it", () => {
  assert.ok(firingRate(figure1, 1e6) < 250);
  close(firingRate(figure1, 1e6), 250, 0.01);
  assert.ok(firingRate(neuronWith({ refractory: 0 }), 1e6) > 1e6);
});

test("as noise goes, the rate becomes the one without noise", () => {
  for (const current of [0, 0.3, 1, 10]) {
    close(firingRate(neuronWith({ noise: 1e-3 }), current), firingRate(figure1, current), 1e-3);
  }
});

test("a noisy rate rises with the current and is never silent near the threshold", () => {
  const rates = working.map((current) => firingRate(neuronWith({ noise: 5 }), current));
  assert.ok(rates.every((rate, i) => i === 0 || rate >= rates[i - 1]));
  assert.ok(firingRate(neuronWith({ noise: 5 }), 0.1) > 1);
});

test("intervals between spikes in time are those of the formula", () => {
  for (const changes of [{}, { membrane: 5 }, { refractory: 0 }, { threshold: 30 }]) {
    const neuron = neuronWith(changes);
    const { spikes } = simulate(neuron, 0.8, 1000, 0);
    assert.ok(spikes.length > 10);
    close(countedRate(spikes, 1000), firingRate(neuron, 0.8), 1e-8);
  }
});

test("spikes in noise come as often as Siegert's integral says", () => {
  for (const [noise, current, membrane] of [[5, 0.1, 30], [2, 1, 30], [10, 0.25, 5]]) {
    const neuron = neuronWith({ noise, membrane });
    const { spikes } = simulate(neuron, current, 200_000, 3);
    const expected = firingRate(neuron, current);
    const scatter = expected / Math.sqrt(spikes.length); // of a Poisson train; these are steadier
    close(countedRate(spikes, 200_000), expected, 4 * scatter);
    assert.ok(spikes.length > 1500);
  }
});

test("a voltage stays between its bounds, falls to the reset after a spike, and rests for the pause", () => {
  const { path, spikes } = simulate(neuronWith({ noise: 3 }), 0.5, 300, 1);
  assert.ok(path.every(([, voltage]) => voltage <= 13.575));
  assert.ok(path.every(([time], i) => i === 0 || time >= path[i - 1][0]));
  const fired = path.findIndex(([time]) => time === spikes[0]);
  assert.deepEqual(path[fired], [spikes[0], 13.575]);
  assert.deepEqual(path[fired + 1], [spikes[0], -11.425]);
  assert.deepEqual(path[fired + 2], [spikes[0] + 4, -11.425]);
});

test("a trace may be drawn for shorter than its spikes are counted", () => {
  const { path, spikes } = simulate(figure1, 1, 1000, 0, 250);
  assert.ok(spikes[spikes.length - 1] > 980);
  assert.ok(path.every(([time]) => time <= 250));
});

test("the same seed gives the same noise, another seed another", () => {
  const noisy = neuronWith({ noise: 4 });
  assert.deepEqual(simulate(noisy, 0.5, 100, 7), simulate(noisy, 0.5, 100, 7));
  assert.notDeepEqual(simulate(noisy, 0.5, 100, 7).path, simulate(noisy, 0.5, 100, 8).path);
  assert.equal(nextSeed(999), 0);
});

test("random numbers are uniform, and normal ones normal", () => {
  const random = uniform(5);
  const many = Array.from({ length: 40_000 }, random);
  const mean = (list) => list.reduce((sum, v) => sum + v, 0) / list.length;
  close(mean(many), 0.5, 0.006);
  close(mean(many.map((v) => (v - 0.5) ** 2)), 1 / 12, 0.002);
  close(mean(many.slice(1).map((v, i) => (v - 0.5) * (many[i] - 0.5))), 0, 0.002);
  const drawn = Array.from({ length: 40_000 }, normals(random));
  close(mean(drawn), 0, 0.02);
  close(mean(drawn.map((v) => v * v)), 1, 0.03);
  close(mean(drawn.map((v) => v ** 4)), 3, 0.25);
  close(mean(drawn.slice(1).map((v, i) => v * drawn[i])), 0, 0.02);
});

test("each response fits itself", () => {
  const own = {
    rectifier: (x) => 80 * Math.max(0, x - 0.13),
    softplus: (x) => (80 * Math.log1p(Math.exp(9 * (x - 0.2)))) / 9,
    logistic: (x) => 90 / (1 + Math.exp(-6 * (x - 0.4))),
    tanh: (x) => 90 * Math.tanh(1.5 * (x + 0.3)),
    lif: (x) => (x > 0.15 ? 250 / (7.5 * Math.log1p(0.05 / (0.181 * (x - 0.15))) + 1) : 0),
  };
  assert.deepEqual(RESPONSES, Object.keys(own));
  for (const [name, curve] of Object.entries(own)) {
    const found = fit(name, working, working.map(curve));
    assert.ok(found.off < 0.01, `${name} is off by ${found.off} %`);
    working.forEach((x) => close(found.at(x), curve(x), 0.1));
  }
});

test("a softplus is never worse than a rectifier, which is its limit", () => {
  for (const currents of [working, whole]) {
    for (const noise of [0, 2, 10]) {
      const { rectifier, softplus } = fitAll(currents, currents.map((x) => firingRate(neuronWith({ noise }), x)));
      assert.ok(softplus.off <= rectifier.off + 0.005);
    }
  }
});

test("no rectifier near the fitted one is nearer", () => {
  const rates = working.map((x) => firingRate(figure1, x));
  const { a, b, off } = fit("rectifier", working, rates);
  for (const [more, aside] of [[1.01, 0], [0.99, 0], [1, 0.01], [1, -0.01]]) {
    const squares = working.reduce((sum, x, i) => sum + (rates[i] - more * a * Math.max(0, x - b - aside)) ** 2, 0);
    assert.ok((100 * Math.sqrt(squares / 91)) / rates[90] > off);
  }
});

const knob = (key, places, per, paper) => ({ key, trait: `${key}_trait`, name: key, unit: "", per, places, paper });
const data = {
  knobs: [knob("membrane", [5, 30, 50], 1e3, 30), knob("noise", [0, 0.2, 10], 1e3, 0), knob("current", [-1, -0.5, 0.15, 10], 1e9, null)],
  ranges: { working: [-0.8, 1, 91], whole: [-1, 10, 111] },
};
const modelOf = (traits) => ({ get: (name) => ({ data, ...traits })[name] });

test("every setting survives its own fragment, below zero too", () => {
  for (const current of data.knobs[2].places) {
    for (const noise of [0, 0.2]) {
      const state = { membrane: 50, noise, current, seed: noise ? 5 : 0, fitted: "whole", shown: ["rectifier", "lif"] };
      const traits = { seed: 0, ...parseNeuronFragment(writeNeuronFragment(data, state), data) };
      assert.deepEqual(settings(modelOf(traits)), state);
    }
  }
});

test("no response shown survives, too", () => {
  const state = { membrane: 30, noise: 0, current: 10, seed: 0, fitted: "working", shown: [] };
  assert.deepEqual(parseNeuronFragment(writeNeuronFragment(data, state), data).shown, []);
});

test("rubbish in a fragment is left out, and numbers move to the nearest place", () => {
  for (const rubbish of ["", "#", "#membrane=NaN&noise=-1&current=&seed=1.5&seed=-2", "#membrane=51&current=-2&seed=1000", "#%E0%A4%A",
    "#fitted=toString&shown=rectifier+relu&shown=", "#membrane=<b>&section"]) {
    assert.deepEqual(parseNeuronFragment(rubbish, data), {});
  }
  assert.deepEqual(parseNeuronFragment("#membrane=33&current=-0.6", data), { membrane_trait: 0.03, current_trait: -0.5e-9 });
});

test("the paper's neuron leaves the current alone", () => {
  assert.deepEqual(papers(data), { membrane_trait: 0.03, noise_trait: 0 });
});

const offs = (...values) => Object.fromEntries(RESPONSES.map((name, i) => [name, { off: values[i] }]));
function now(changes = {}, state = {}) {
  const neuron = neuronWith(changes);
  const full = { current: 1, fitted: "working", ...state };
  const { spikes } = simulate(neuron, full.current, 1000, 0);
  return { neuron, state: full, spikes, drawn: 250, formula: firingRate(neuron, full.current), fits: offs(3.59, 3.59, 4, 14.5, 1e-7) };
}

test("the sentence says rate, nearest response and what the setting does", () => {
  assert.equal(plainly(benchSentence(now())),
    "At 1 nA: 80 spikes in a second; the formula says 80 Hz. Over the working range the rescaled LIF is nearest, off by less " +
    "than 0.1 % of the largest rate; the rectifier is off by 3.6 %. The threshold is sharp: the best softplus is the rectifier.");
  assert.match(plainly(benchSentence(now({}, { current: 0.1 }))), /^At 0\.1 nA it is silent; it needs 0\.15 nA\./);
  assert.match(plainly(benchSentence(now({ noise: 5 }, { current: 0.1 }))), /formula says 8\.4 Hz.*fire below its threshold of 0\.15 nA\.$/);
  assert.match(benchSentence(now({ refractory: 0 })), /the rate has no ceiling\.$/);
  assert.match(plainly(benchSentence(now({}, { fitted: "whole" }))), /Over the whole range .* caps the rate at 250 Hz/);
  assert.match(plainly(benchSentence({ ...now({ noise: 9 }), fits: offs(2, 1.5, 4, 14, 3) })), /softplus is nearest.*gains 0\.5 % on/);
  assert.match(benchSentence({ ...now({ noise: 1 }), fits: offs(2, 2, 4, 14, 1) }), /softplus gains nothing by it\.$/);
});

test("responses that are as near as each other are named together", () => {
  assert.match(plainly(benchSentence({ ...now(), fits: offs(1.2, 1.18, 4, 14, 3) })),
    /the softplus and rectifier are nearest, off by 1\.2 % of the largest rate; the rescaled LIF is off by 3\.0 %\./);
  assert.match(plainly(benchSentence({ ...now(), fits: offs(1, 1, 1, 1, 1) })), /tanh and rescaled LIF are nearest, off by 1\.0 % of the largest rate\. /);
});

test("the trace's words count what is drawn", () => {
  assert.equal(plainly(traceWords(now())), "The first 250 ms under this current: 20 spikes, the first after 4.88 ms. Shaded: the 4 ms of silence after each.");
  assert.equal(traceWords(now({}, { current: 0 })), "The first 250 ms under this current: no spikes.");
  assert.match(traceWords(now({ refractory: 0 })), /after 4\.88 ms\.$/);
});

test("numbers are short, with a true minus, and stay beside their units", () => {
  assert.deepEqual([13.575, -0.5, 30, 0].map(short), ["13.6", "−0.5", "30", "0"]);
  assert.deepEqual([0, 0.04, 8.43, 80.4, 11_059.2].map(hertz), ["0", "<0.1", "8.4", "80", "11,059"]);
  assert.equal(unbroken("4 ms, 5 mV 6 %, 7 Hz; 8 msec"), "4\u00a0ms, 5\u00a0mV 6\u00a0%, 7\u00a0Hz; 8 msec");
});

test("labels keep their distance inside the room, in their order", () => {
  const placed = keepApart([50, 48, 49, 99], 15, 10, 100);
  const sorted = [1, 2, 0, 3].map((i) => placed[i]);
  assert.ok(sorted.every((y, i) => i === 0 || y - sorted[i - 1] >= 15));
  assert.ok(sorted[0] >= 10 && sorted[3] <= 100);
  assert.deepEqual(keepApart([20, 60], 15, 0, 100), [20, 60]);
});
