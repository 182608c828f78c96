/** What a reader sets in Denoiser: the digit, the pen, the noise, and the strategy that is looked into. */

import { h } from "./dom.mjs";
import { grayPicture } from "./denoiser_pictures.mjs";
import { activeWords, errorText, NOISES } from "./denoiser_words.mjs";
import { slider } from "./slider.mjs";

/**
 * The strip of digits. None is chosen once a digit has been changed by hand.
 * @returns {{node: HTMLElement, update: (digit: number | null) => void}}
 */
export function digitStrip({ side, labels }, digits, choose) {
  const inputs = labels.map((label, value) => h("input", {
    type: "radio", name: "digit", value, "aria-label": `a ${label}`, onchange: () => choose({ digit: value }),
  }));
  const boxes = inputs.map((input, i) => {
    const picture = grayPicture(side);
    picture.update(digits[i]);
    return h("label", { class: "thumb" }, input, picture.node);
  });
  return {
    node: h("form", {}, h("fieldset", {}, h("legend", {}, "Choose a digit, or draw"), h("div", { class: "thumbs" }, ...boxes))),
    update: (digit) => inputs.forEach((input, i) => (input.checked = i === digit)),
  };
}

/**
 * The noise, and what the pen does.
 * @param {Object} data
 * @param {{choose: (state: Object) => void, erase: (on: boolean) => void, clear: () => void, other: () => void}} acts
 * @returns {{node: HTMLElement, update: (noise: number, erasing: boolean) => void}}
 */
export function noiseControls({ masked }, { choose, erase, clear, other }) {
  const trained = NOISES.indexOf(masked);
  const mark = trained < 0 ? null : { at: trained, text: `${masked} %` };
  const noise = slider("Masked pixels", [0, NOISES.length - 1], NOISES.map((share) => `${share} %`), mark, (i) => choose({ noise: NOISES[i] }));
  const pens = [["draws", false], ["erases", true]].map(([name, on]) => {
    const input = h("input", { type: "radio", name: "pen", value: name, onchange: () => erase(on) });
    return { input, on, label: h("label", { class: "choice" }, input, name) };
  });
  const pen = h("form", {}, h("fieldset", {}, h("legend", {}, "The pen"), ...pens.map(({ label }) => label)));
  const act = (text, onclick) => h("button", { type: "button", onclick }, text);
  return {
    node: h("div", { class: "controls" }, noise.node, act("Another noise", other), pen, act("Clear the pad", clear)),
    update(share, erasing) {
      noise.update(NOISES.indexOf(share), `${share} %`, share === masked ? "as in training" : "", `${share} % of the pixels`);
      pens.forEach(({ input, on }) => (input.checked = on === erasing));
    },
  };
}

/**
 * What each strategy gives back; one of them is chosen to be looked into.
 * @returns {{node: HTMLElement, update: (restored: Object[], chosen: number, best: number) => void}}
 */
export function strategyCards({ side, width, strategies }, choose) {
  const cards = strategies.map(({ name, cost }, value) => {
    const input = h("input", { type: "radio", name: "strategy", value, onchange: () => choose({ strategy: value }) });
    const [picture, error, rest] = [grayPicture(side), h("b", { class: "number" }), h("span", { class: "rest" })];
    return {
      input, picture, error, rest,
      node: h("label", { class: "strategy" }, input, h("b", {}, name), h("span", { class: "unit" }, cost), picture.node,
        h("span", {}, "error ", error), rest),
    };
  });
  return {
    node: h("form", {}, h("fieldset", {}, h("legend", {}, "Given back; choose one to look into"),
      h("div", { class: "strategies" }, ...cards.map(({ node }) => node)))),
    update(restored, chosen) {
      cards.forEach(({ input, picture, error, rest }, i) => {
        const { out, stuck, active } = restored[i];
        input.checked = i === chosen;
        picture.update(out, stuck);
        error.textContent = errorText(restored[i].error);
        rest.textContent = `${activeWords(active, width)}${stuck.length ? `, ${stuck.length} outputs stuck ×` : ""}`;
      });
    },
  };
}
