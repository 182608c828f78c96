/** What a quiz remembers and says; no page needed. */

/**
 * @typedef {Object} Answered
 * @property {number|null} chosen place of the option, or null
 * @property {boolean} checked whether the reader asked for feedback on it
 */

/**
 * Read what this browser kept; an answer that does not fit its question is forgotten.
 * @param {any} kept
 * @param {{choices: Object[]}[]} questions
 * @returns {Answered[]}
 */
export function restoreQuiz(kept, questions) {
  return questions.map(({ choices }, i) => {
    const { chosen = null, checked = false } = (Array.isArray(kept) && kept[i]) || {};
    const good = Number.isInteger(chosen) && chosen >= 0 && chosen < choices.length;
    return good ? { chosen, checked: checked === true } : { chosen: null, checked: false };
  });
}

/** The feedback on a question, or what is missing. */
export function feedback({ chosen, checked }, { choices }) {
  if (!checked) return "";
  const { right, feedback: words } = choices[chosen];
  return `${right ? "Right." : "Not quite."} ${words}`;
}

/** How many are right, in one sentence. */
export function score(answers, questions) {
  const right = answers.filter((a, i) => a.checked && questions[i].choices[a.chosen].right).length;
  const checked = answers.filter((a) => a.checked).length;
  if (checked === 0) return `${questions.length} questions; your answers stay in this browser.`;
  const rest = questions.length - checked;
  return `${right} of ${questions.length} right${rest ? `, ${rest} not checked yet` : ""}.`;
}
