/** The words of a text, as bags of words have them. No page needed. */

// What [^\W_] of Python matches: letters and numbers of every kind, and no marks.
const WORDS = /[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu;

/**
 * @typedef {Object} Token
 * @property {string} word in lower case
 * @property {number} start where it begins in the text as written
 * @property {number} end
 */

/**
 * The words of a text in their order.
 * @param {string} text
 * @returns {Token[]}
 */
export function wordsIn(text) {
  const lower = text.toLowerCase();
  const back = lower.length === text.length ? null : placesBack(text); // a capital I with a dot becomes two letters
  return Array.from(lower.matchAll(WORDS), ({ 0: word, index }) => {
    const last = index + word.length - 1;
    return back ? { word, start: back[index][0], end: back[last][1] } : { word, start: index, end: last + 1 };
  });
}

/** For each place in the text in lower case, where its letter begins and ends in the text. */
function placesBack(text) {
  const places = [];
  let at = 0;
  for (const letter of text) {
    for (let i = letter.toLowerCase().length; i > 0; i -= 1) places.push([at, at + letter.length]);
    at += letter.length;
  }
  return places;
}

// Control characters but line breaks and tabs, halves of characters, and what turns the direction of reading.
const UNSEEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A text to be drawn: what could hide or turn round other text is a white question mark on black. */
export const seenText = (text) => text.replace(UNSEEN, "\ufffd");

const [MOST_WORDS, MOST_LETTERS, LONGEST] = [400, 8000, 300]; // that are drawn; letters of one piece

/**
 * The beginning of a text in pieces, words and what stands between.
 * @param {string} text
 * @param {Token[]} tokens
 * @returns {{pieces: {text: string, word: string | null}[], drawn: number}} how many words it has
 */
export function piecesOf(text, tokens) {
  const pieces = [];
  let [at, drawn, letters] = [0, 0, 0];
  const put = (end, word) => {
    if (end <= at) return;
    const piece = text.slice(at, Math.min(end, at + LONGEST));
    pieces.push({ text: seenText(piece) + (end > at + LONGEST ? "…" : ""), word });
    letters += piece.length;
    at = end;
  };
  for (const { word, start, end } of tokens) {
    if (drawn === MOST_WORDS || letters > MOST_LETTERS) return { pieces, drawn };
    put(start, null);
    put(end, word);
    drawn += 1;
  }
  put(text.length, null);
  return { pieces, drawn };
}
