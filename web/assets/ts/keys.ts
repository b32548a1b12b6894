import { pickCursor } from "./picks";

// Keys: J/K walk rows, Enter opens, X picks, 1–9 press what is labelled with them, N notes, / and Ctrl K search, ? lists all.
export function keys() {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open("#palette");
      return;
    }
    if (typing(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const done = press(event.key);
    if (done) event.preventDefault();
  });

  // Arrows walk the palette's answers.
  document.addEventListener("keydown", (event) => {
    const palette = (event.target as Element).closest("#palette");
    if (!palette || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const stops = [...palette.querySelectorAll<HTMLElement>("input, a")];
    const next = stops[stops.indexOf(document.activeElement as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
}

function press(key: string): boolean {
  if (key === "/") return open("#palette");
  if (key === "?") return open("#keys");
  if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
  if (key === "x" && pickCursor()) return true;
  const row = document.querySelector<HTMLElement>("[data-rows] .cursor");
  if (key === "Enter" && row && document.activeElement === document.body) {
    row.querySelector("a")?.click();
    return true;
  }
  const labelled = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
  if (!labelled) return false;
  if (labelled.matches("input, textarea, select")) labelled.focus();
  else labelled.click();
  return true;
}

function walk(step: number): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-rows] > *")].filter((row) => row.querySelector("a"));
  if (rows.length === 0) return false;
  const at = rows.findIndex((row) => row.classList.contains("cursor"));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  rows[at]?.classList.remove("cursor");
  next.classList.add("cursor");
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function open(selector: string): boolean {
  const dialog = document.querySelector<HTMLDialogElement>(selector);
  if (!dialog) return false;
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input")?.select();
  return true;
}

function typing(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement;
  return at.isContentEditable || (at.matches("input, textarea, select") && !at.matches("input[type=checkbox], input[type=radio]"));
}
