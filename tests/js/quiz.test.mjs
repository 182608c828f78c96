import assert from "node:assert/strict";
import { test } from "node:test";
import { memory } from "../../src/relubook/widgets/dom.mjs";
import { feedback, keepQuiz, restoreQuiz, score } from "../../src/relubook/widgets/quiz_state.mjs";

const question = {
  choices: [
    { text: "a", feedback: "Because.", right: false },
    { text: "b", feedback: "Indeed.", right: true },
  ],
};
const questions = [question, question];
const unanswered = { chosen: -1, checked: false };

test("every answer has its own feedback, and none before it is checked", () => {
  assert.equal(feedback({ chosen: 0, checked: true }, question), "✗ Not quite. Because.");
  assert.equal(feedback({ chosen: 1, checked: true }, question), "✓ Right. Indeed.");
  assert.equal(feedback({ chosen: 1, checked: false }, question), "");
});

test("the score counts checked answers only", () => {
  assert.equal(score([unanswered, { chosen: 1, checked: false }], questions), "0 of 2 right.");
  assert.equal(score([{ chosen: 1, checked: true }, unanswered], questions), "1 of 2 right, 1 not checked yet.");
  const both = [{ chosen: 1, checked: true }, { chosen: 0, checked: true }];
  assert.equal(score(both, questions), "1 of 2 right.");
});

test("answers survive being kept", () => {
  const answers = [{ chosen: 1, checked: true }, unanswered];
  assert.deepEqual(restoreQuiz(keepQuiz(answers, questions), questions), answers);
});

test("what a browser kept is used only where it fits", () => {
  for (const kept of [null, 3, {}, [], [{ text: "c", checked: true }], [{ text: 1 }], [null, 7], ["a"]]) {
    assert.deepEqual(restoreQuiz(kept, questions), [unanswered, unanswered], JSON.stringify(kept));
  }
});

test("a choice that changed its place is still the one chosen", () => {
  const turned = [{ choices: question.choices.toReversed() }];
  assert.deepEqual(restoreQuiz([{ text: "a", checked: true }], turned), [{ chosen: 1, checked: true }]);
});

test("memory works when the browser refuses storage", () => {
  const refused = memory("k", () => {
    throw new Error("SecurityError");
  });
  assert.equal(refused.read(), null);
  refused.write([1]);
  assert.deepEqual(refused.read(), [1]);
  refused.clear();
  assert.equal(refused.read(), null);
});

test("memory reads back what it wrote, and rubbish as nothing", () => {
  const shelf = new Map();
  const storage = {
    getItem: (k) => shelf.get(k) ?? null, setItem: (k, v) => shelf.set(k, v), removeItem: (k) => shelf.delete(k),
  };
  memory("k", () => storage).write({ a: 1 });
  assert.deepEqual(memory("k", () => storage).read(), { a: 1 });
  shelf.set("k", "{broken");
  assert.equal(memory("k", () => storage).read(), null);
});
