/* Before the first paint: the colours that this person chose, or those of their system. */
(() => {
  const chosen = localStorage.getItem("concord-theme");
  if (chosen === "light" || chosen === "dark") {
    document.documentElement.dataset.bsTheme = chosen;
  }
})();
