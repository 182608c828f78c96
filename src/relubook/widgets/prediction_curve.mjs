/** The curve question: a pad to draw on, and one native slider a position beside it. */

import { h, svg } from "./dom.mjs";
import { scale, ticks } from "./numbers.mjs";
import { snap, stroke, withUnit } from "./prediction_numbers.mjs";

const [HEIGHT, EDGE] = [240, { left: 40, right: 16, top: 26, bottom: 44 }];

/**
 * @param {import("./prediction_numbers.mjs").Asked} asked
 * @param {(answer: (number|null)[]) => void} answer
 */
export function curveInput(asked, answer) {
  const pad = h("div", { class: "pad" });
  const sliders = asked.x.map((name, i) => pointSlider(asked, name, (v) => answer(with_(i, v))));
  let state = { answer: [], locked: false, revealed: false };
  let last = null;
  const with_ = (i, v) => state.answer.map((old, k) => (k === i ? v : old));

  function draw() {
    pad.replaceChildren(picture(asked, state, Math.max(pad.clientWidth, 220)));
  }
  function point(event) {
    const box = pad.getBoundingClientRect();
    const x = scale(EDGE.left, box.width - EDGE.right, 0, asked.x.length - 1);
    const y = scale(HEIGHT - EDGE.bottom, EDGE.top, asked.low, asked.high);
    const i = Math.round(Math.min(asked.x.length - 1, Math.max(0, x(event.clientX - box.left))));
    return { i, value: snap(y(event.clientY - box.top), asked) };
  }
  function move(event) {
    if (last === null || state.locked) return;
    const here = point(event);
    answer(stroke(state.answer, last, here, asked));
    last = here;
  }
  function begin(event) {
    pad.setPointerCapture(event.pointerId);
    last = point(event);
    move(event);
  }
  pad.addEventListener("pointerdown", begin);
  pad.addEventListener("pointermove", move);
  ["pointerup", "pointercancel"].forEach((name) => pad.addEventListener(name, () => (last = null)));
  const sized = new ResizeObserver(draw);
  sized.observe(pad);
  return {
    node: h("div", { class: "curve" }, h("p", { class: "unit" }, "Draw with mouse or finger, or set each point with its slider below."),
      pad, h("details", {}, h("summary", {}, "Set each point with a slider"),
        h("div", { class: "points" }, ...sliders.map((s) => s.node)))),
    update(now) {
      state = now;
      pad.classList.toggle("locked", now.locked);
      sliders.forEach((s, i) => s.update(now.answer[i], now.locked));
      draw();
    },
    close: () => sized.disconnect(),
  };
}

function pointSlider(asked, name, set) {
  const { low, high, step } = asked;
  const input = h("input", { type: "range", min: low, max: high, step, oninput: () => set(Number(input.value)) });
  const value = h("b");
  return {
    node: h("label", { class: "control" }, h("span", { class: "name" }, `${asked.x_label} ${name}`),
      h("span", { "aria-hidden": "true" }, value), input),
    update(given, locked) {
      input.disabled = locked;
      input.value = given ?? (low + high) / 2;
      value.textContent = given === null ? "not set" : withUnit(given, asked);
      input.setAttribute("aria-valuetext", value.textContent);
    },
  };
}

function picture(asked, { answer, revealed }, width) {
  const x = scale(0, asked.x.length - 1, EDGE.left, width - EDGE.right);
  const y = scale(asked.low, asked.high, HEIGHT - EDGE.bottom, EDGE.top);
  const at = (values) => values.map((v, i) => (v === null ? null : `${x(i).toFixed(1)},${y(v).toFixed(1)}`));
  const drawn = at(answer);
  return svg("svg", { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true" },
    ...frame(asked, width, x, y),
    ...(revealed ? record(asked.recorded, answer, at, x, y) : []),
    svg("polyline", { points: drawn.filter(Boolean).join(" "), class: "yours" }),
    ...answer.flatMap((v, i) => (v === null ? [] : [svg("circle", { cx: x(i), cy: y(v), r: 4.5, class: "yours" })])));
}

function frame(asked, width, x, y) {
  const bottom = HEIGHT - EDGE.bottom;
  const every = Math.ceil((asked.x.length * 44) / (width - EDGE.left - EDGE.right));
  const rows = ticks(asked.low, asked.high, 5).flatMap((t) => [
    svg("line", { x1: EDGE.left, x2: width - EDGE.right, y1: y(t), y2: y(t), class: t === asked.low ? "axis" : "grid" }),
    svg("text", { x: EDGE.left - 8, y: y(t) + 4, "text-anchor": "end" }, String(t))]);
  const columns = asked.x.flatMap((name, i) => [
    svg("line", { x1: x(i), x2: x(i), y1: EDGE.top, y2: bottom, class: "grid" }),
    ...(i % every ? [] : [svg("text", { x: x(i), y: bottom + 17, "text-anchor": "middle" }, name)])]);
  const unit = asked.unit ? ` (${asked.unit})` : "";
  return [...rows, ...columns,
    svg("text", { x: 4, y: 12 }, `${asked.y_label}${unit}`),
    svg("text", { x: width - EDGE.right, y: HEIGHT - 8, "text-anchor": "end" }, asked.x_label)];
}

function record({ value, band }, answer, at, x, y) {
  const around = band ? [...at(band[0]), ...at(band[1]).reverse()].join(" ") : null;
  const away = value.map((v, i) => v - answer[i]);
  const i = away.reduce((best, d, k) => (Math.abs(d) > Math.abs(away[best]) ? k : best), 0);
  const anchor = i === 0 ? "start" : i === value.length - 1 ? "end" : "middle";
  const place = { x: x(i), y: y(value[i]) + (away[i] > 0 ? -10 : 20), "text-anchor": anchor };
  return [
    ...(around ? [svg("polygon", { points: around, class: "band" })] : []),
    svg("polyline", { points: at(value).join(" "), class: "recorded" }),
    svg("text", { ...place, class: "note" }, "recorded")];
}
