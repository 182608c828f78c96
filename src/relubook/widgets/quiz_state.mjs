/** What a quiz remembers and says; no page needed. */

/**
 * @typedef {{text: string, feedback: string, right: boolean}} Choice
 * @typedef {Object} Answered
 * @property {number} chosen place of the choice, -1 for none
 * @property {boolean} checked whether the reader asked for feedback on it
 */

/**
 * Read what this browser kept. Choices are kept as texts, so that one whose text has changed since
 * is forgotten, not misread.
 * @param {any} kept
 * @param {{choices: Choice[]}[]} questions
 * @returns {Answered[]}
 */
export function restoreQuiz(kept, questions) {
  return questions.map(({ choices }, i) => {
    const { text = null, checked = false } = (Array.isArray(kept) && kept[i]) || {};
    const chosen = choices.findIndex((choice) => choice.text === text);
    return { chosen, checked: chosen >= 0 && checked === true };
  });
}

/** What is kept of the answers. */
export function keepQuiz(answers, questions) {
  return answers.map(({ chosen, checked }, i) => ({ text: questions[i].choices[chosen]?.text ?? null, checked }));
}

/** The feedback on a question: a sign, a verdict, and why; nothing before it is checked. */
export function feedback({ chosen, checked }, { choices }) {
  if (!checked) return "";
  return `${choices[chosen].right ? "✓ Right." : "✗ Not quite."} ${choices[chosen].feedback}`;
}

/** How many are right, in one sentence. */
export function score(answers, questions) {
  const checked = answers.filter((a) => a.checked).length;
  const right = answers.filter((a, i) => a.checked && questions[i].choices[a.chosen].right).length;
  const rest = questions.length - checked;
  return `${right} of ${questions.length} right${checked && rest ? `, ${rest} not checked yet` : ""}.`;
}
