// Keys, as the list under `?` names them: that list is the table, so nothing works that it does not show.
import { openDialog } from "./dialogs";
import { pickCursor } from "./picks";

let table: Map<string, string> | null = null;

/// What the pressed key does in a place, or nothing there.
export function does(event: KeyboardEvent, place: string): string | undefined {
  if (event.altKey || event.isComposing) return undefined;
  table ??= read();
  const ctrl = event.ctrlKey || event.metaKey ? "ctrl+" : "";
  return table.get(`${place} ${ctrl}${printed(event)}`);
}

function read(): Map<string, string> {
  const found = new Map<string, string>();
  for (const key of document.querySelectorAll<HTMLElement>("#keys [data-press]")) {
    const place = key.closest<HTMLElement>("[data-place]")!.dataset.place;
    found.set(`${place} ${key.dataset.press}`, key.dataset.does!);
  }
  return found;
}

/// What a Latin keyboard prints on the key that was pressed: under a Cyrillic layout, or with figures behind Shift, the
/// key is known by where it is.
function printed(event: KeyboardEvent): string {
  const { key, code, shiftKey } = event;
  if (key.length > 1 || /^[a-z0-9/? ]$/i.test(key)) return key.length > 1 ? key : key.toLowerCase();
  const figure = /^Digit(\d)$/.exec(code);
  if (figure && !shiftKey) return figure[1]!;
  if (code === "Slash" && ".,№".includes(key)) return shiftKey ? "?" : "/";
  const letter = /^Key([A-Z])$/.exec(code);
  return letter && /\p{L}/u.test(key) ? letter[1]!.toLowerCase() : key;
}

export function keys() {
  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    for (const ctrl of document.querySelectorAll("[data-ctrl]")) ctrl.textContent = "⌘";
  }
  document.addEventListener("keydown", (event) => {
    const what = does(event, "anywhere");
    if (what === "close") closeMenus();
    else if (what === "palette" && (event.ctrlKey || event.metaKey)) {
      if (openDialog("#palette")) event.preventDefault();
    } else if (free(event) && PLACES.some((place) => press(does(event, place), printed(event)))) event.preventDefault();
  });
}

const PLACES = ["anywhere", "lists", "lead"];

/// Whether there was something to do.
function press(what: string | undefined, key: string): boolean {
  // Enter belongs to the link or button that has the focus, if one has it.
  if (key === "Enter" && document.activeElement !== document.body) return false;
  if (what === "palette") return openDialog("#palette");
  if (what === "list") return openDialog("#keys");
  if (what === "down") return walk(1);
  if (what === "up") return walk(-1);
  if (what === "pick") return pickCursor();
  if (what === "open") return openRow();
  return what === "press" && pressLabelled(key);
}

/// Nobody is typing, and no dialog is open: a letter is a command.
function free(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement;
  const typing = at.isContentEditable || (at.matches("input, textarea, select") && !at.matches("input[type=checkbox], input[type=radio]"));
  return !typing && !event.ctrlKey && !event.metaKey && !document.querySelector("dialog[open]");
}

function pressLabelled(key: string): boolean {
  const labelled = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  if (!labelled) return false;
  if (labelled.matches("input, textarea, select")) labelled.focus();
  else labelled.click();
  return true;
}

function openRow(): boolean {
  const row = document.querySelector<HTMLElement>("[data-rows] .cursor");
  if (!row) return false;
  row.querySelector("a")?.click();
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

function closeMenus() {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
    menu.open = false;
  }
}
