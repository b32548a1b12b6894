// node contrast.mjs: WCAG 2.2 contrast of every pair that the style sheets use, both themes. Exits 1 below AA.
import { readFileSync } from "node:fs";

const css = readFileSync(new URL("assets/css/tokens.css", import.meta.url), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
const theme = (selector) => {
  const start = css.indexOf(selector);
  const body = css.slice(css.indexOf("{", start) + 1, css.indexOf("}", start));
  return Object.fromEntries([...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\s*;/gi)].map((m) => [m[1], m[2]]));
};
const luminance = (hex) => {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (a, b) => {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
};

const grounds = ["canvas", "surface", "raised", "sunken", "hover", "selected"];
const kinds = ["new", "working", "trial-booked", "trial-attended", "no-show", "offered", "won", "lost", "reactivating"];
const semantic = ["success", "warning", "danger", "info"];
const text = [
  ...["ink-1", "ink-2", "ink-3", "brand", ...semantic].flatMap((ink) => grounds.map((ground) => [ink, ground])),
  ...["ink-1", "ink-2", "ink-3", "brand"].map((ink) => [ink, "brand-soft"]),
  ...semantic.flatMap((s) => [[s, `${s}-soft`], ["ink-1", `${s}-soft`], ["ink-2", `${s}-soft`]]),
  ...kinds.flatMap((k) => [[`kind-${k}`, `kind-${k}-soft`], [`kind-${k}`, "surface"], [`kind-${k}`, "hover"], [`kind-${k}`, "selected"]]),
  ["danger", "brand-soft"], ["warning", "brand-soft"], ["surface", "danger"],
  ...semantic.flatMap((s) => [["ink-3", `${s}-soft`], ["brand", `${s}-soft`]]),
  ["on-brand", "brand-fill"], ["on-brand", "brand-fill-hover"], ["on-inverse", "inverse"], ["inverse-accent", "inverse"],
  ...[1, 2, 3, 4, 5, 6].map((n) => ["ink-1", `av-${n}`]),
  ...["keyword", "string", "fn", "number", "comment", "prop"].flatMap((s) => [[`syn-${s}`, "surface"], [`syn-${s}`, "sunken"], [`syn-${s}`, "warning-soft"], [`syn-${s}`, "success-soft"]]),
  ...["chat-in", "chat-out", "chat-key"].flatMap((c) => [["ink-1", c], ["ink-3", c]]), ["ink-2", "chat-ground"], ["brand", "chat-key"],
];
const shapes = [
  ...["surface", "sunken", "raised"].map((g) => ["line-field", g]),
  ...grounds.map((g) => ["focus", g]), ["focus", "brand-soft"],
  ...["danger-fill", "success-fill"].map((f) => [f, "surface"]),
  ...["brand", "kind-won"].map((f) => [f, "line"]), ["brand-fill", "surface"],
];

let failed = false;
for (const [name, selector] of [["light", ':root, [data-theme="light"]'], ["dark", '[data-theme="dark"] {']]) {
  const t = theme(selector);
  for (const [what, pairs, need] of [["text", text, 4.5], ["shapes", shapes, 3]]) {
    const rows = pairs.map(([a, b]) => {
      if (!t[a] || !t[b]) throw new Error(`${name}: no token ${t[a] ? b : a}`);
      return { pair: `${a} on ${b}`, value: ratio(t[a], t[b]) };
    }).sort((x, y) => x.value - y.value);
    const low = rows.filter((r) => r.value < need);
    failed ||= low.length > 0;
    console.log(`${name} ${what}: ${rows.length} pairs, minimum ${rows[0].value.toFixed(2)} (${rows[0].pair}), needed ${need}`);
    for (const r of low) console.log(`  FAIL ${r.pair}: ${r.value.toFixed(2)}`);
  }
}
process.exit(failed ? 1 : 0);
