// Loaded before first paint: settles "auto" so that the page never flashes in the wrong theme.
const root = document.documentElement;
if (root.dataset.theme === "auto") {
  root.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
