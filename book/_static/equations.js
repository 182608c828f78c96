/* An equation wider than the screen scrolls; whoever has no mouse must be able to go there first. */

(() => {
  "use strict";

  function reach() {
    for (const equation of document.querySelectorAll('mjx-container[display="true"]')) {
      const wide = equation.scrollWidth > equation.clientWidth;
      if (wide) equation.setAttribute("tabindex", "0");
      else equation.removeAttribute("tabindex");
    }
  }

  addEventListener("load", async () => {
    await window.MathJax?.startup?.promise;
    new ResizeObserver(reach).observe(document.documentElement);
  });
})();
