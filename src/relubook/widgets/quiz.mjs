/** Quiz: choose, read why, choose again. Answers stay in this browser. */

import { h, memory, rich } from "./dom.mjs";

/**
 * @typedef {{text: string, feedback: string, right: boolean}} Choice
 * @typedef {{text: string, choices: Choice[]}} Question
 */

/**
 * The choice taken in each question, -1 for none, out of whatever the storage held. Answers are
 * kept as texts, so that one whose text has since been changed is forgotten, not misread.
 * @param {any} kept
 * @param {Question[]} questions
 * @returns {number[]}
 */
export function restore(kept, questions) {
  const texts = Array.isArray(kept) ? kept : [];
  return questions.map(({ choices }, i) => choices.findIndex((choice) => choice.text === texts[i]));
}

/**
 * What is kept of the choices taken: their texts, `null` where there is none.
 * @param {number[]} taken
 * @param {Question[]} questions
 * @returns {(string|null)[]}
 */
export function keep(taken, questions) {
  return questions.map(({ choices }, i) => choices[taken[i]]?.text ?? null);
}

/**
 * "2 of 3 right"
 * @param {number[]} taken
 * @param {Question[]} questions
 */
export function score(taken, questions) {
  const right = questions.filter(({ choices }, i) => choices[taken[i]]?.right).length;
  return `${right} of ${questions.length} right`;
}

/**
 * The sign and the words that meet a choice.
 * @param {Choice} choice
 * @returns {{sign: string, verdict: string}}
 */
export function verdict(choice) {
  return choice.right ? { sign: "✓", verdict: "Right." } : { sign: "✗", verdict: "Not yet." };
}

/**
 * Draw the widget into `el` and return what takes it down again.
 * @param {{model: Object, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const { name, questions } = model.get("data");
  const storage = memory(`relubook:quiz:${name}`);
  let taken = restore(storage.read(), questions);
  const asked = questions.map((question, i) => ask(question, i, (k) => take(i, k)));
  const right = h("p", { class: "badge", role: "status" });

  function take(i, k) {
    taken[i] = k;
    storage.write(keep(taken, questions));
    draw();
  }
  function clear() {
    taken = questions.map(() => -1);
    storage.clear();
    draw();
  }
  function draw() {
    asked.forEach((view, i) => view.update(taken[i]));
    say(right, score(taken, questions));
  }
  el.classList.add("relubook-view");
  el.replaceChildren(layout(asked.map((view) => view.node), right, clear));
  draw();
  return () => el.replaceChildren();
}

/** A form of its own keeps the radio groups of two quizzes on one page apart, without ids. */
function layout(asked, right, clear) {
  const button = h("button", { type: "button", onclick: clear }, "Clear my answers");
  return h("form", { class: "card quiz", autocomplete: "off", onsubmit: (event) => event.preventDefault() },
    h("div", { class: "heading" },
      h("div", {}, h("div", { class: "title" }, "Check yourself"),
        h("div", { class: "unit" }, "Your answers stay in this browser.")),
      right),
    ...asked, h("div", {}, button));
}

function ask(question, i, take) {
  const feedback = h("p", { class: "feedback", role: "status" });
  const inputs = question.choices.map((_, k) =>
    h("input", { type: "radio", name: `question-${i}`, onchange: () => take(k) }));
  const labels = question.choices.map((choice, k) =>
    h("label", {}, inputs[k], h("span", {}, ...rich(choice.text))));
  return {
    node: h("fieldset", {}, h("legend", {}, `${i + 1}. `, ...rich(question.text)), ...labels, feedback),
    update(taken) {
      inputs.forEach((input, k) => (input.checked = k === taken));
      answer(feedback, question.choices[taken]);
    },
  };
}

/** Fill the live region only when it has something new to say, so that it is read out once. */
function answer(region, choice) {
  const words = choice ? verdict(choice) : null;
  const text = choice ? `${words.sign}${words.verdict} ${choice.feedback.replaceAll("`", "")}` : "";
  if (region.textContent === text) return;
  region.classList.toggle("right", Boolean(choice?.right));
  region.replaceChildren(...(choice ? [
    h("span", { class: "sign", "aria-hidden": "true" }, words.sign),
    h("span", {}, h("strong", {}, words.verdict), " ", ...rich(choice.feedback))] : []));
}

function say(region, text) {
  if (region.textContent !== text) region.textContent = text;
}

export default { render };
