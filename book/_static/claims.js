/* Filters the page of claims by words, by chapter and by verdict, and keeps the choice in the
   address, as in `#words=dead+units&chapter=sparsity&verdict=not-here`. Without it every claim is
   shown. An address that names a claim, as in `#plateau-to-85`, shows that claim, whatever was
   chosen before. */

(() => {
  "use strict";
  const LONGEST = 200; // signs that are looked for; more come from no reader
  const index = document.querySelector("table.claims-index");
  if (!index) return;

  const rows = new Map(
    [...index.querySelectorAll("tbody tr")].map((row) => [row.querySelector("a").hash, row]),
  );
  const sections = [...document.querySelectorAll("section.claims-of")];
  const claims = sections.flatMap((section) =>
    [...section.querySelectorAll(".claim")].map((box) => ({
      parts: [box, rows.get(`#${box.id}`)],
      chapter: section.id.slice("in-".length),
      verdict: verdictOf(box),
      text: plain([...rows.get(`#${box.id}`).cells, ...box.querySelectorAll("p, dt")]
        .map((part) => part.textContent).join("\n")),
    })),
  );

  /** What follows `verdict-` in the element's classes. */
  function verdictOf(element) {
    const name = [...element.classList].find((one) => one.startsWith("verdict-"));
    return name.slice("verdict-".length);
  }

  /** Text as a keyboard has it: small letters, and one sign for each kind of dash and quote. */
  function plain(text) {
    return text.normalize("NFKC").toLowerCase()
      .replace(/[\u2010-\u2015\u2212]/g, "-").replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
  }

  /** The words that are looked for, each once. */
  function wanted() {
    return [...new Set(plain(search.value).split(/\s+/).filter(Boolean))];
  }

  /** The text of a section's heading without the theme's link to it. */
  function headingOf(section) {
    const heading = section.querySelector("h2, h3, h4").cloneNode(true);
    heading.querySelector(".headerlink")?.remove();
    return heading.textContent;
  }

  const choices = {
    chapter: select("Chapter", "all chapters", sections.map((section) => [
      headingOf(section), section.id.slice("in-".length),
    ])),
    verdict: select("Verdict", "all verdicts", [
      ...document.querySelectorAll(".claims-tally li"),
    ].map((item) => [item.querySelector(".verdict-word").textContent, verdictOf(item)])),
  };
  const search = made("input", {
    type: "search", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    maxlength: LONGEST,
  });
  const sentence = made("p", { role: "status", "aria-live": "polite" });
  const reset = made("button", { type: "button" }, "Show all");
  const controls = made("div", {
    class: "claims-filter", role: "search", "aria-label": "Filter the claims",
  });

  function made(tag, attributes, ...content) {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...content);
    return element;
  }

  function select(name, all, options) {
    const element = made("select", { autocomplete: "off" }, new Option(all, ""));
    options.forEach(([text, value]) => element.add(new Option(text, value)));
    element.addEventListener("change", () => { show(); keep(); });
    made("label", {}, name, element);
    return element;
  }

  /** Sets each choice to what is asked for; what is not on offer means all. */
  function choose(asked) {
    search.value = (asked.get("words") ?? "").slice(0, LONGEST);
    for (const [name, element] of Object.entries(choices)) {
      const offered = [...element.options].map((option) => option.value);
      element.value = offered.includes(asked.get(name)) ? asked.get(name) : "";
    }
    show();
  }

  function show() {
    const chosen = Object.entries(choices).filter(([, element]) => element.value);
    const words = wanted();
    let shown = 0;
    for (const claim of claims) {
      const fits = chosen.every(([name, element]) => claim[name] === element.value)
        && words.every((word) => claim.text.includes(word));
      claim.parts.forEach((part) => { part.hidden = !fits; });
      shown += Number(fits);
    }
    sections.forEach((one) => { one.hidden = !one.querySelector(".claim:not([hidden])"); });
    index.hidden = shown === 0;
    // From now on only what is near the window is laid out, or showing all would take too long.
    if (shown < claims.length) sections.forEach((one) => one.classList.add("narrowed"));
    const none = shown === 0 ? ". No claim fits this choice." : "";
    const said = `${shown} of ${claims.length} claims${none}`;
    if (sentence.textContent !== said) sentence.textContent = said; // or it is read out again
  }

  /** Writes the choice into the address, without a step of the history. */
  function keep() {
    const all = Object.entries(choices).map(([name, element]) => [name, element.value]);
    const chosen = [["words", search.value.trim()], ...all].filter(([, value]) => value);
    const fragment = new URLSearchParams(chosen);
    const place = location.href.split("#")[0];
    try {
      history.replaceState(history.state, "", chosen.length ? `${place}#${fragment}` : place);
    } catch {
      // A sandboxed frame refuses, and Safari when it is asked too often; the filter works without.
    }
  }

  /** The element that the address names, or null. */
  function named() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null; // no address that a browser writes
    }
  }

  /** Does what the address says. */
  function follow() {
    const target = named();
    if (target === null) {
      choose(new URLSearchParams(location.hash.slice(1)));
    } else if (target.closest(".claims-of[hidden], .claim[hidden]")) {
      choose(new URLSearchParams());
      target.setAttribute("tabindex", "-1"); // so that the keyboard goes on from here
      target.focus();
      target.scrollIntoView();
    }
  }

  reset.addEventListener("click", () => { choose(new URLSearchParams()); keep(); });
  search.addEventListener("input", () => { show(); keep(); });
  search.addEventListener("change", keep);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || search.value === "") return;
    event.preventDefault();
    search.value = "";
    show();
    keep();
  });
  made("label", {}, "Search the claims", search);
  const labels = [search, ...Object.values(choices)].map((element) => element.parentElement);
  controls.append(...labels, reset, sentence);
  (index.closest(".pst-scrollable-table-container") ?? index).before(controls);
  show();
  follow();
  addEventListener("hashchange", follow);
  const chosen = [search, ...Object.values(choices)].some((element) => element.value);
  if (chosen) controls.closest("section").scrollIntoView();
})();
