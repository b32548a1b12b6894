// Finds what a person would point at: by the words on it or beside it, and only where it can be seen.
const [kind, name, beside] = arguments;
const tidy = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const seen = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0;
const dialogs = [...document.querySelectorAll("dialog[open]")];
const scope = dialogs.at(-1) ?? document.body;

const own = (node) => {
  const text = tidy(node.innerText);
  const keys = tidy([...node.querySelectorAll("kbd, .kbd")].map((key) => key.innerText).join(" "));
  return keys && text.endsWith(keys) ? tidy(text.slice(0, -keys.length)) : text;
};
const told = (node) => {
  const by = node.getAttribute("aria-labelledby");
  return tidy(node.getAttribute("aria-label") || (by && document.getElementById(by)?.innerText) || own(node) || node.title || node.value);
};
const labelled = (node) => tidy(node.labels?.[0]?.innerText) || tidy(node.getAttribute("aria-label") || node.placeholder);

const kinds = {
  press: ["a[href], button, summary, [role=button], [role=tab]", told],
  field: ["input:not([type=hidden], [type=radio], [type=checkbox], [type=file]), textarea, select", labelled],
  tick: ["input[type=radio], input[type=checkbox]", (node) => labelled(node) || told(node)],
  nav: ["nav a[href]", told],
};
const [css, words] = kinds[kind];
const usable = (node) => seen(node) && !node.disabled;
const among = (root) => {
  const offered = [...root.querySelectorAll(css)].filter(usable).map((node) => [node, words(node)]);
  const by = [(text) => text === name, (text) => text.startsWith(name), (text) => name.length > 3 && text.includes(name)];
  for (const fits of by) {
    const hit = offered.find(([, text]) => fits(text));
    if (hit) return hit[0];
  }
  return null;
};

let hit = null;
if (beside) {
  const around = "tr, li, fieldset, form, section, article, details, dd, label, .card, .alert, .told, .tile, .row, nav";
  const rows = [...scope.querySelectorAll(around)].filter((row) => seen(row) && tidy(row.innerText).includes(beside));
  rows.sort((a, b) => a.innerText.length - b.innerText.length);
  for (const row of rows) if ((hit = among(row))) break;
} else {
  hit = among(scope);
}
return hit;
