/** Quiz: multiple-choice questions with feedback for every answer, right or wrong. */

import { h, memory, rich } from "./dom.mjs";
import { feedback, keepQuiz, restoreQuiz, score } from "./quiz_state.mjs";

/**
 * Draw the widget into `el` and return what takes it down again.
 * @param {{model: Object, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const { name, questions } = model.get("data");
  const kept = memory(`relubook:quiz:${name}`);
  let answers = restoreQuiz(kept.read(), questions);

  const forms = questions.map((question, i) => form(question, i, (change) => {
    answers = answers.map((a, k) => (k === i ? { ...a, ...change } : a));
    kept.write(keepQuiz(answers, questions));
    draw();
  }));
  const total = h("p", { role: "status", class: "score" });
  const reset = h("button", { type: "button", onclick: again }, "Start over");
  function again() {
    kept.clear();
    answers = restoreQuiz(null, questions);
    draw();
    forms[0].focus();
  }
  function draw() {
    forms.forEach((f, i) => f.update(answers[i]));
    say(total, score(answers, questions));
    reset.hidden = answers.every((a) => a.chosen < 0);
  }
  el.classList.add("relubook-view", "quiz");
  el.replaceChildren(h("div", { class: "card" }, ...forms.map((f) => f.node),
    h("div", { class: "foot" }, total, reset, h("span", { class: "unit" }, "Your answers stay in this browser."))));
  draw();
  return () => el.replaceChildren();
}

// A form of its own keeps each group of radio buttons apart from all others on the page.
function form(question, i, change) {
  const inputs = question.choices.map((_, k) =>
    h("input", { type: "radio", name: "choice", onchange: () => change({ chosen: k, checked: false }) }));
  const labels = question.choices.map((choice, k) =>
    h("label", {}, inputs[k], h("span", {}, ...rich(choice.text))));
  const check = h("button", { type: "submit" }, "Check");
  const words = h("p", { role: "status", class: "feedback" });
  const submit = (event) => {
    event.preventDefault();
    change({ checked: true });
  };
  const node = h("form", { autocomplete: "off", onsubmit: submit },
    h("fieldset", {}, h("legend", {}, `${i + 1}. `, ...rich(question.text)), ...labels),
    h("div", { class: "foot" }, check), words);
  return {
    node,
    focus: () => inputs[0].focus(),
    update(answer) {
      inputs.forEach((input, k) => (input.checked = k === answer.chosen));
      check.disabled = answer.chosen < 0;
      labels.forEach((label, k) => label.classList.toggle("told", answer.checked && k === answer.chosen));
      say(words, feedback(answer, question));
    },
  };
}

/** Fill a live region only when it has something new to say, so that it is read out once. */
function say(region, text) {
  if (region.textContent !== text.replaceAll("`", "")) region.replaceChildren(...rich(text));
}

export default { render };
