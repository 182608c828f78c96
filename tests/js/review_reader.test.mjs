import assert from "node:assert/strict";
import { test } from "node:test";
import { carriedBy, lookAt, readReview, reviewNetwork, strikeOut } from "../../src/relubook/widgets/review_network.mjs";
import {
  accountSentence, carriedText, chanceText, missingStars, missingWords, parseReview, reviewSentence, slopeText, writeReview,
} from "../../src/relubook/widgets/review_sentences.mjs";
import { accountsOf, ranked } from "../../src/relubook/widgets/review_tables.mjs";
import { cellWords, unitWords } from "../../src/relubook/widgets/review_units.mjs";
import { piecesOf, seenText, wordsIn } from "../../src/relubook/widgets/review_words.mjs";

const base64 = (codes) => Buffer.from(Int8Array.from(codes).buffer).toString("base64");
/** Three words and two units a layer: "good" excites the first, "bad" the second, "not" silences the first. */
const DATA = {
  words: "good\nbad\nnot", stars: [1, 2, 4], width: 2, mean_stars: 2.5, examples: [{ name: "rave" }, { name: "pan" }],
  codes_1: base64([10, 0, 0, 10, -20, 0]), scales_1: [0.1, 0.1], bias_1: [0.5, -0.25],
  codes_2: base64([10, 0, 0, 10]), scales_2: [0.1, 0.1], bias_2: [0, 0],
  codes_3: base64([0, 0, 10, 10, 0, 0]), scales_3: [0.1, 0.1, 0.1], bias_3: [0, 0.5, 0],
};
const network = reviewNetwork(DATA);
const close = (one, other) => assert.ok(Math.abs(one - other) < 1e-12, `${one} is not ${other}`);
const wordsOf = (text) => wordsIn(text).map(({ word }) => word);

test("words are letters and digits in lower case, with apostrophes inside", () => {
  assert.deepEqual(wordsOf("Don't! 'tis a ROCK'N'ROLL_film, 10/10 — naïve Straße"), ["don't", "tis", "a", "rock'n'roll", "film", "10", "10", "naïve", "straße"]);
  assert.deepEqual(wordsOf("don’t <b>ок</b> ٣ Ⅷ ½ 木漏れ日 e\u0301 🦘"), ["don", "t", "b", "ок", "b", "٣", "ⅷ", "½", "木漏れ日", "e"]);
  assert.deepEqual(wordsOf("\0\ud800 ''_ "), []);
});

test("every word knows where it stands, behind letters that grow in lower case, too", () => {
  const text = "İİstanbul ΑΣ 𐐀b, c";
  assert.deepEqual(wordsIn(text).map(({ start, end }) => text.slice(start, end)), ["İ", "İ", "stanbul", "ΑΣ", "𐐀b", "c"]);
  assert.deepEqual(wordsOf(text), ["i", "i", "stanbul", "ας", "𐐨b", "c"]);
});

test("what is drawn is the text in pieces, cut where it is long, and nothing that hides or turns text", () => {
  const text = "So good,\nisn't it?";
  assert.equal(piecesOf(text, wordsIn(text)).pieces.map((piece) => piece.text).join(""), text);
  assert.deepEqual(piecesOf("a b", wordsIn("a b")), { pieces: [{ text: "a", word: "a" }, { text: " ", word: null }, { text: "b", word: "b" }], drawn: 2 });
  const many = "word ".repeat(1000);
  assert.equal(piecesOf(many, wordsIn(many)).drawn, 400);
  const long = "x".repeat(100_000);
  assert.deepEqual(piecesOf(long, wordsIn(long)).pieces.map((piece) => piece.text.length), [301]);
  assert.equal(piecesOf(`${"!".repeat(100_000)}a`, wordsIn("")).pieces[0].text.length, 301);
  assert.equal(seenText("a\u202eb\0c\ud800d\te\nf"), "a\ufffdb\ufffdc\ufffdd\te\nf");
});

test("the network says what its layers say, and words and biases add up", () => {
  const seen = lookAt(network, [0]);
  assert.deepEqual([[...seen.first], [...seen.second], [...seen.logits]], [[1.5, 0], [1.5, 0], [0, 0.5, 1.5]]);
  const odds = [1, Math.exp(0.5), Math.exp(1.5)];
  const all = odds[0] + odds[1] + odds[2];
  close(seen.expected, (odds[0] + 2 * odds[1] + 4 * odds[2]) / all);
  assert.equal(seen.likely, 2);
  assert.deepEqual(seen.active, [1, 1]);
  close(carriedBy(network, seen, 0) + seen.biases, seen.slope);
  assert.equal(carriedBy(network, seen, 1), 0); // its unit is silent
  for (const account of accountsOf({ seen, carried: new Map([["good", carriedBy(network, seen, 0)]]) })) {
    close([...account.shares, account.biases].reduce((sum, { value }) => sum + value, 0), seen.slope);
  }
});

test("a word counts once, and unknown ones not at all", () => {
  const reading = readReview(network, "Good, GOOD! good? unheard");
  assert.deepEqual([reading.tokens.length, reading.different, reading.found, reading.known], [4, 2, 3, [{ word: "good", place: 0 }]]);
  assert.deepEqual([...reading.seen.logits], [...lookAt(network, [0]).logits]);
  assert.deepEqual(readReview(network, "__proto__ constructor").known, []);
});

test("striking a word out is foretold exactly while no unit turns, and not otherwise", () => {
  const reading = readReview(network, "good bad not");
  const same = strikeOut(network, reading, new Set(["bad"]));
  assert.equal(same.flipped, 2); // one unit of each layer falls silent
  const whole = strikeOut(network, readReview(network, "good bad"), new Set(["good"]));
  assert.equal(whole.flipped, 0); // the bias keeps the first unit active
  close(whole.foretold, whole.seen.slope);
  const turned = strikeOut(network, reading, new Set(["not"]));
  assert.equal(turned.flipped, 2);
  assert.ok(Math.abs(turned.foretold - turned.seen.slope) > 0.01);
  assert.deepEqual([...turned.carried.keys()], ["good", "bad"]);
  const none = strikeOut(network, reading, new Set());
  assert.equal(none.seen, reading.seen);
  assert.equal(none.foretold, reading.seen.slope);
});

test("the largest shares come first, and the others are added", () => {
  const shares = [1, -3, 2, 0.5].map((value, i) => ({ name: `w${i}`, value }));
  assert.deepEqual(ranked(shares, 2, "words"), [shares[1], shares[2], { name: "2 other words", value: 1.5 }]);
  assert.equal(ranked(shares, 4, "words").length, 4);
});

test("sentences say what was read, and when there was nothing", () => {
  const say = (text, struck = 0) => { const reading = readReview(network, text); return reviewSentence(DATA, reading, reading.seen, struck); };
  assert.equal(say("good unheard"), "Expected 3.1 stars, most likely 4 (63\u00a0%). 1 of 2 words known, 1 different one; 1 and 1 of 2 units are active in its two layers.");
  assert.match(say("good", 1), /1 different one, 1 of them struck out;/);
  assert.match(say(""), /^No word to read\. To an empty review the network answers: expected .* The mean of the reviews that it learned from is 2\.5\.$/);
  assert.match(say("unheard"), /^The one word is not known: the network answers as to an empty review/);
  assert.match(say(`${"good ".repeat(100_000)}`), /^Expected .* 100,000 of 100,000 words known/);
});

test("the account says whether it was right", () => {
  const [reading, flat] = ["good bad not", "good bad"].map((text) => readReview(network, text));
  assert.equal(accountSentence(reading, strikeOut(network, reading, new Set()), []), "");
  assert.match(accountSentence(flat, strikeOut(network, flat, new Set(["good"])), ["good"]), /^Without “good”, the linear account foretells L = .* exactly so: no unit turned on or off; expected stars/);
  assert.match(accountSentence(reading, strikeOut(network, reading, new Set(["not"])), ["not"]), /2 units turned on or off, and another linear network answers/);
  assert.match(accountSentence(reading, strikeOut(network, reading, new Set(["not"])), ["a", "b", "c", "d"]), /^Without “a”, “b”, “c” and 1 more,/);
});

test("a unit says what it puts out, and which words move it", () => {
  const reading = readReview(network, "good not");
  assert.equal(cellWords(reading.seen, 0, 1), "layer 1, unit 2: exactly 0");
  const now = { reading: readReview(network, "good"), seen: lookAt(network, [0]), struck: new Set() };
  assert.match(unitWords(network, now, { layer: 0, unit: 0 }), /^Layer 1, unit 1: puts out 1\.50, carries \+0\.\d+\. The words that move its input most: good \+1\.00\.$/);
  assert.match(unitWords(network, now, { layer: 1, unit: 0 }), /^Layer 2, unit 1: puts out 1\.50, carries \+0\.\d+\.$/);
});

test("numbers have a real minus, and none before a zero", () => {
  assert.deepEqual([0.1234, -0.1234, -0.0001, 0.0001].map((value) => carriedText(value)), ["+0.123", "−0.123", "0.000", "0.000"]);
  assert.deepEqual([0.1234, -0.1234, -0.0001].map((value) => slopeText(value)), ["0.123", "−0.123", "0.000"]);
  assert.deepEqual([0, 0.001, 0.5, 1].map(chanceText), ["0\u00a0%", "<1\u00a0%", "50\u00a0%", "100\u00a0%"]);
  assert.deepEqual([missingStars([1, 2, 4]), missingStars([1, 2])], [[3], []]);
  assert.equal(missingWords([1, 2, 3, 4, 7, 8, 9, 10]), "No review that it learned from has 5 or 6 stars.");
  assert.equal(missingWords([1, 2, 3]), "");
});

test("an example goes into the address and back, rubbish and what is typed do not", () => {
  assert.deepEqual(parseReview(writeReview("pan"), DATA), { example: "pan" });
  assert.equal(writeReview(""), "#review=own");
  for (const hash of ["", "#review=own", "#review=__proto__", "#review=pan&x=1", "#review=%70an", "#review=<b>", "#review=PAN", "#x=1&review=pan", "#review=constructor"]) {
    assert.deepEqual(parseReview(hash, DATA), {}, hash);
  }
});
