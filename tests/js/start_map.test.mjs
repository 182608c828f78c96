import assert from "node:assert/strict";
import { test } from "node:test";
import {
  counted, fate, learns, liveNetworks, networksAt, openMap, parsePlace, presets, printed, shortly, statesAround, stateOf,
  troubleWith, viewSentence, writePlace,
} from "../../src/relubook/widgets/start_words.mjs";

const DIVERGED = 0xffff;
const packed = (parts) => Buffer.from(Uint16Array.from(parts).buffer).toString("base64");
const size = 2 * 2 * 3 * 2; // activations, depths, starts, rates

/** Errors [10,000ths] by network, all at 90 % but where `say` tells otherwise. */
function made(say = () => null) {
  const axes = {
    activations: ["rectifier", "logistic"], depths: [1, 5], starts: ["torch's default", "He", "Glorot x 4"], rates: [0.1, 1],
    steps: [30, 1000], seeds: [0, 1, 2],
  };
  const error = [];
  const dead = [];
  for (let cell = 0; cell < size; cell += 1) {
    axes.steps.forEach((_, t) => axes.seeds.forEach((_, k) => error.push(say(cell, t, k) ?? 9000)));
    axes.seeds.forEach((_, k) => dead.push(cell === 8 && k < 2 ? 10000 : 0));
  }
  return {
    data: "MADE-UP digits", network: "drawn", success: 20, passport: {}, ...axes, error: packed(error), dead: packed(dead),
  };
}
const PLACE = { activation: "logistic", depth: 5, start_index: 0, rate_index: 0, step_index: 1 };
const FLIP = 22; // logistic, 5 layers, Glorot x 4, rate 0.1
const mixed = made((cell, t, k) => (cell === FLIP && t === 1 ? [900, 1200, DIVERGED][k] : null));

test("each network of a cell is found at its place", () => {
  const each = made((cell, t, k) => 100 * cell + 10 * t + k);
  const map = openMap(each);
  let cell = 0;
  for (const activation of each.activations) for (const depth of each.depths) {
    each.starts.forEach((_, start_index) => each.rates.forEach((_, rate_index) => {
      const found = networksAt(map, { ...PLACE, activation, depth, start_index, rate_index });
      assert.deepEqual(found.map(({ error }) => error), [0, 1, 2].map((k) => [cell + k / 100, cell + 0.1 + k / 100].map((v) => Number(v.toFixed(2)))));
      cell += 1;
    }));
  }
  assert.equal(cell, size);
});

test("a state counts who learned, who diverged and who has a dead layer at the end", () => {
  const networks = networksAt(openMap(mixed), { ...PLACE, start_index: 2 });
  assert.deepEqual(stateOf(networks, 1, 20, true), { all: 3, learned: 2, diverged: 1, dead: 0, median: 12 });
  assert.deepEqual(stateOf(networks, 0, 20, false), { all: 3, learned: 0, diverged: 0, dead: 0, median: 90 });
  const killed = networksAt(openMap(mixed), { ...PLACE, activation: "rectifier", start_index: 1 });
  assert.equal(stateOf(killed, 1, 20, true).dead, 2);
  assert.equal(stateOf(killed, 0, 20, false).dead, 0);
});

test("an error of exactly the limit has not learned", () => {
  const state = stateOf([{ error: [20], dead: 0 }], 0, 20, false);
  assert.equal(state.learned, 0);
  assert.equal(learns(state, 20), false);
  assert.equal(learns({ ...state, median: 19.99 }, 20), true);
});

test("what becomes of a cell is said in words", () => {
  const state = { all: 5, learned: 0, diverged: 0, dead: 0, median: 90 };
  assert.equal(fate(state), "fails in 5 of 5, median error 90 %");
  assert.equal(fate({ ...state, learned: 5, median: 8.7 }), "learns in 5 of 5, median error 8.7 %");
  assert.equal(fate({ ...state, learned: 3, dead: 1, median: 15 }), "fails in 2 of 5, median error 15 %, a whole layer dead in 1");
  assert.equal(fate({ ...state, diverged: 5 }), "fails in 5 of 5, all of them diverged");
  assert.equal(fate({ ...state, learned: 1, diverged: 4 }), "fails in 4 of 5, 4 diverged");
  assert.equal(fate({ ...state, learned: 3, diverged: 2, median: 15 }), "fails in 2 of 5, median error 15 %, 2 diverged");
});

test("the sentence says place, fate, whether the claim is true, and how much of the map learns", () => {
  const map = openMap(mixed);
  const said = (place, live = null) => {
    const networks = networksAt(map, place);
    return viewSentence(map.data, place, stateOf(networks, place.step_index, 20, true), statesAround(map, place), live).replace(/\u00a0/g, " ");
  };
  assert.equal(said(PLACE), "5 logistic layers, start: torch’s default, learning rate 0.1, 1,000 steps: fails in 3 of 3, median error 90 %. "
    + "“5 logistic layers fail” is true here. At this depth and step, 1 of 6 starts and learning rates learn.");
  assert.match(said({ ...PLACE, start_index: 2 }), /fails in 1 of 3, median error 12 %, 1 diverged\. .* is true of 1 of 3 networks here\./);
  assert.match(said({ ...PLACE, depth: 1 }), /^1 logistic layer, .*“1 logistic layer fails” is true here\./);
  assert.match(said(PLACE, { all: 3, learned: 3, diverged: 0, dead: 0, median: 10 }), /\. Trained here: learns in 3 of 3, median error 10 %\. .* is true of 3 of 6 networks here\./);
  const won = openMap(made((cell, t) => (cell === FLIP && t === 1 ? 900 : null)));
  const state = stateOf(networksAt(won, { ...PLACE, start_index: 2 }), 1, 20, true);
  assert.match(viewSentence(won.data, PLACE, state, statesAround(won, PLACE), null), /is false here\./);
});

test("the presets are places of the data", () => {
  const { slogan, flip, kill } = presets(openMap(mixed));
  assert.deepEqual(slogan, PLACE);
  assert.deepEqual(flip, { ...PLACE, start_index: 2 });
  assert.deepEqual(kill, { ...PLACE, activation: "rectifier", start_index: 1 });
  assert.deepEqual(presets(openMap({ ...mixed, dead: packed(Array(3 * size).fill(0)) })).kill, null);
});

test("a place can be written and read; rubbish is left out, part by part", () => {
  const data = mixed;
  for (const start_index of [0, 1, 2]) for (const rate_index of [0, 1]) for (const step_index of [0, 1]) {
    const place = { ...PLACE, start_index, rate_index, step_index };
    assert.deepEqual(parsePlace(writePlace(data, place), data), place);
  }
  assert.equal(writePlace(data, { ...PLACE, start_index: 2 }), "#activation=logistic&depth=5&start=glorot-x-4&rate=0.1&steps=1000");
  assert.deepEqual(parsePlace("#rate=0.9&steps=500&depth=3&start=xavier&activation=__proto__", data), { rate_index: 1, step_index: 1 });
  for (const hash of ["", "#", "#%E0%A4%A", "#rate=0&steps=-1&depth=<b>"]) assert.deepEqual(parsePlace(hash, data), {});
});

test("networks trained here belong to their cell", () => {
  const frame = { activation: "logistic", depth: 5, start_index: 0, rate_index: 0, error: [[80, 10], [70, null]], dead: [0, null] };
  const frames = [frame, { ...frame, depth: 1 }, frame];
  assert.equal(liveNetworks(frames, PLACE).length, 4);
  assert.deepEqual(liveNetworks(frames, PLACE)[1], { error: [70, null], dead: null });
  assert.deepEqual(liveNetworks(undefined, PLACE), []);
});

test("names are printed as names are", () => {
  assert.equal(printed("torch's default"), "torch’s default");
  assert.deepEqual(["torch's default", "He", "Glorot x 4"].map(shortly), ["torch", "He", "× 4"]);
  assert.equal(counted(1000), "1,000");
});

test("what is missing from the data is named", () => {
  assert.equal(troubleWith(mixed), "");
  const { rates, ...rest } = mixed;
  assert.equal(troubleWith(rest), "This map cannot be drawn: its data must hold rates.");
});
