/* Buttons of the page's head: the theme writes their scripts into them, which the pages' policy
   does not allow. */

(() => {
  "use strict";

  function fillTheScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  }

  const acts = { print: () => window.print(), "fill-the-screen": fillTheScreen };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-does]");
    if (button) acts[button.dataset.does]?.();
  });
})();
