// The board: a card moves by mouse, by keyboard or by its button. It moves at once and slides back when it is refused;
// what a move needs is asked before it is made; what colleagues move arrives by itself.
import { sent, token } from "./ask";
import { does } from "./keys";
import { showToast } from "./toasts";

type Needs = "none" | "reason" | "manager";
const ARROWS = ["board-left", "board-up", "board-down", "board-right"];

const board = () => document.querySelector<HTMLElement>("[data-board]");
const lanes = () => [...document.querySelectorAll<HTMLElement>("[data-lane]")];
const lane = (key: string) => document.querySelector<HTMLElement>(`[data-lane="${CSS.escape(key)}"]`);
const laneOf = (tile: Element) => tile.closest<HTMLElement>("[data-lane]");
const tileOf = (id: string) => document.querySelector<HTMLElement>(`.tile[data-lead="${CSS.escape(id)}"]`);
const named = (tile: Element) => tile.querySelector("a")?.textContent?.trim() ?? "";

let moves: { text: string; table: Record<string, Record<string, Needs>> } = { text: "", table: {} };
function needs(from: string, to: string): Needs | undefined {
  const text = board()?.dataset.moves ?? "{}";
  if (moves.text !== text) moves = { text, table: JSON.parse(text) };
  return moves.table[from]?.[to];
}

/// Cards whose move is on its way: news of them wait.
const going = new Set<string>();
let held: HTMLElement | null = null;
let over: HTMLElement | null = null;

let mounted = false;
export function mount() {
  if (mounted) return;
  mounted = true;
  document.addEventListener("dragstart", (event) => {
    const tile = (event.target as Element).closest?.<HTMLElement>(".tile");
    if (!tile || !board()) return;
    event.dataTransfer?.setData("text/plain", tile.dataset.lead!);
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
    setTimeout(() => hold(tile, "lifted"));
  });
  document.addEventListener("dragover", (event) => {
    const at = held && (event.target as Element).closest?.<HTMLElement>("[data-lane]");
    if (!held) return;
    const open = at && isOpen(held.dataset.status!, at.dataset.lane!);
    point(open ? at : null);
    if (open) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const at = (event.target as Element).closest?.<HTMLElement>("[data-lane]");
    if (!held || !at) return;
    event.preventDefault();
    const tile = held;
    letGo();
    if (isOpen(tile.dataset.status!, at.dataset.lane!)) go(tile, at.dataset.lane!);
  });
  document.addEventListener("dragend", letGo);
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", pressed);
  document.addEventListener("submit", stepped);
  document.addEventListener("submit", undone, true);
  document.addEventListener("change", (event) => {
    const choice = (event.target as Element).closest<HTMLInputElement>("#board-step input[name=to]");
    if (choice) askReason(choice.value);
  });
  document.addEventListener("markaz:leads", (event) => heard((event as CustomEvent<string[]>).detail));
  document.addEventListener("markaz:reset", refreshSoon);
  new MutationObserver(dress).observe(document.body, { childList: true, subtree: true });
  dress();
}

/// Each card gets its button: without script there is none that would do nothing.
function dress() {
  const template = document.querySelector<HTMLTemplateElement>("#tile-move");
  if (!template) return;
  for (const tile of document.querySelectorAll<HTMLElement>("[data-board] .tile:not([data-dressed])")) {
    tile.dataset.dressed = "";
    const button = template.content.cloneNode(true) as DocumentFragment;
    const press = button.querySelector("button")!;
    press.setAttribute("aria-label", press.getAttribute("aria-label") + named(tile));
    tile.append(button);
  }
}

const isOpen = (from: string, to: string) => from !== to && ["none", "reason"].includes(needs(from, to) ?? "");

function hold(tile: HTMLElement, how: string) {
  held = tile;
  tile.classList.add(how);
  board()?.classList.add("holding");
  for (const one of lanes()) {
    const need = one.dataset.lane === tile.dataset.status ? "own" : (needs(tile.dataset.status!, one.dataset.lane!) ?? "never");
    one.classList.toggle("cannot", need === "never" || need === "manager");
    one.classList.toggle("manager", need === "manager");
    one.classList.toggle("reason", need === "reason");
  }
}

function letGo() {
  held?.classList.remove("lifted", "picked");
  held = null;
  point(null);
  board()?.classList.remove("holding");
  for (const one of lanes()) one.classList.remove("cannot", "manager", "reason");
}

function point(at: HTMLElement | null) {
  over?.classList.remove("over");
  over = at;
  over?.classList.add("over");
}

function clicked(event: Event) {
  const at = event.target as Element;
  const mover = at.closest("[data-move]");
  const tile = mover?.closest<HTMLElement>(".tile");
  if (tile) ask(tile, null);
}

// On the board an undo moves the card back where it stands.
function undone(event: Event) {
  const form = event.target as HTMLFormElement;
  if (!board() || !form.matches(".toast form")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.closest(".toast")?.remove();
  void answer(new URL(form.action).pathname, {}, null);
}

// Space takes the card that has the focus; arrows choose among the columns it may go to.
function pressed(event: KeyboardEvent) {
  const link = (event.target as Element).closest?.<HTMLElement>("[data-board] .tile > a");
  const tile = link?.parentElement;
  const what = tile && does(event, "board");
  if (!what) return;
  if (!held) {
    if (what === "board-take") pick(tile);
    else if (what === "board-move") ask(tile, null);
    else if (ARROWS.includes(what)) walk(tile, what);
    else return;
    event.preventDefault();
    return;
  }
  if (what === "board-drop") {
    letGo();
    say(board()?.dataset.sayDropped ?? "");
  } else if (what === "board-right" || what === "board-left") {
    choose(tile, what === "board-right" ? 1 : -1);
  } else if ((what === "board-take" || what === "board-put") && over) {
    const to = over.dataset.lane!;
    letGo();
    go(tile, to, true);
  } else if (what !== "board-take" && what !== "board-put") return;
  event.preventDefault();
  event.stopPropagation();
}

function pick(tile: HTMLElement) {
  const open = lanes().some((one) => isOpen(tile.dataset.status!, one.dataset.lane!));
  const words = board()!.dataset;
  if (open) hold(tile, "picked");
  say(((open ? words.sayPicked : words.sayNowhere) ?? "").replace("{name}", named(tile)));
}

function choose(tile: HTMLElement, step: number) {
  const all = lanes();
  let at = all.indexOf(over ?? laneOf(tile)!);
  for (let tried = 0; tried < all.length; tried++) {
    at = (at + step + all.length) % all.length;
    const next = all[at];
    if (next.dataset.lane === tile.dataset.status || !isOpen(tile.dataset.status!, next.dataset.lane!)) continue;
    point(next);
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
    const asks = needs(tile.dataset.status!, next.dataset.lane!) === "reason" ? `. ${next.querySelector(".lane-asks")?.textContent ?? ""}` : "";
    say((board()!.dataset.sayOver ?? "").replace("{to}", next.dataset.label ?? "") + asks);
    return;
  }
}

function walk(tile: HTMLElement, way: string) {
  const own = laneOf(tile)!;
  const cards = [...own.querySelectorAll<HTMLElement>(".tile")];
  const at = cards.indexOf(tile);
  if (way === "board-down" || way === "board-up") {
    focus(cards[at + (way === "board-down" ? 1 : -1)]);
    return;
  }
  const all = lanes();
  const step = way === "board-right" ? 1 : -1;
  for (let next = all.indexOf(own) + step; next >= 0 && next < all.length; next += step) {
    const others = [...all[next].querySelectorAll<HTMLElement>(".tile")];
    if (others.length > 0) return focus(others[Math.min(at, others.length - 1)]);
  }
}

function focus(tile: Element | undefined | null) {
  tile?.querySelector<HTMLElement>("a")?.focus();
  tile?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function say(words: string) {
  const line = document.querySelector("#board-say");
  if (line) line.textContent = words;
}

function go(tile: HTMLElement, to: string, byKey = false) {
  if (needs(tile.dataset.status!, to) === "reason") return ask(tile, to);
  void send(tile, to, {}, byKey);
}

async function send(tile: HTMLElement, to: string, more: Record<string, string>, byKey = false) {
  const [id, from] = [tile.dataset.lead!, tile.dataset.status!];
  const [home, after] = [tile.parentElement, tile.nextElementSibling];
  put(tile, to);
  if (byKey) focus(tile);
  const ok = await answer(`/leads/${id}/moves`, { to, from, ...more }, tile);
  if (ok || tile.dataset.status !== to || !tile.isConnected) return ok;
  // No answer at all: it is as it was.
  put(tile, from);
  if (home?.isConnected) home.insertBefore(tile, after?.parentElement === home ? after : null);
  return ok;
}

/// Sends, and shows what the server says: where the card stands now, and why.
async function answer(url: string, fields: Record<string, string>, tile: HTMLElement | null): Promise<boolean> {
  const id = url.split("/")[2];
  going.add(id);
  try {
    const response = await sent(url, fields);
    if (!response) return false;
    const parts = document.createRange().createContextualFragment(await response.text());
    const card = parts.querySelector<HTMLElement>(".tile");
    const toast = parts.querySelector<HTMLElement>(".toast");
    const known = tileOf(id) ?? tile;
    if (card) place(card, known, response.ok ? "came" : "stays");
    else if (response.status === 404 && known) drop(known);
    if (toast) showToast(toast);
    return response.ok || !!card || response.status === 404;
  } catch {
    document.dispatchEvent(new CustomEvent("htmx:error"));
    return false;
  } finally {
    going.delete(id);
    catchUp([id]);
  }
}

// ---------- where cards stand ----------

/// Moves a card that is there; the columns' counts follow.
function put(tile: HTMLElement, to: string) {
  const target = lane(to)?.querySelector(".lane-cards");
  if (!target) return;
  count(tile.dataset.status!, -1);
  count(to, 1);
  tile.dataset.status = to;
  target.prepend(tile);
}

/// Puts a card as the server draws it in the place of the one that is there, at the top where it changed its column.
function place(card: HTMLElement, known: HTMLElement | null, how: string | null) {
  const to = card.dataset.status!;
  const focused = known?.contains(document.activeElement);
  if (known?.isConnected && laneOf(known)?.dataset.lane === to) {
    known.replaceWith(card);
  } else {
    if (known) drop(known);
    const target = lane(to)?.querySelector(".lane-cards");
    if (!target) return;
    target.prepend(card);
    count(to, 1);
  }
  if (how) card.classList.add(how);
  window.htmx.process(card);
  dress();
  if (focused) card.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
}

function drop(tile: HTMLElement) {
  if (!tile.isConnected) return;
  count(tile.dataset.status!, -1);
  tile.remove();
}

function count(key: string, by: number) {
  const figure = lane(key)?.querySelector<HTMLElement>(".n");
  if (figure) show(figure, Number(figure.dataset.count) + by);
}

function show(figure: HTMLElement, n: number) {
  figure.dataset.count = String(Math.max(n, 0));
  figure.textContent = Math.max(n, 0).toString().replace(/\B(?=(\d{3})+$)/g, "\u00a0");
}

// ---------- what a move needs ----------

function ask(tile: HTMLElement, to: string | null) {
  const dialog = document.querySelector<HTMLDialogElement>("#board-step");
  const form = dialog?.querySelector("form");
  if (!dialog || !form) return;
  form.reset();
  form.dataset.lead = tile.dataset.lead;
  dialog.querySelector("[data-who]")!.textContent = named(tile);
  complain(null);
  let any = false;
  for (const choice of dialog.querySelectorAll<HTMLElement>("[data-choice]")) {
    const open = isOpen(tile.dataset.status!, choice.dataset.choice!);
    const radio = choice.querySelector("input")!;
    choice.hidden = !open;
    radio.disabled = !open;
    radio.checked = open && choice.dataset.choice === to;
    any ||= open;
  }
  if (!any) return say((board()!.dataset.sayNowhere ?? "").replace("{name}", named(tile)));
  askReason(to ?? "");
  dialog.showModal();
  const first = to ? dialog.querySelector<HTMLElement>("select:not(:disabled), textarea") : dialog.querySelector<HTMLElement>("input[name=to]:not(:disabled)");
  first?.focus();
}

function askReason(to: string) {
  const form = document.querySelector<HTMLFormElement>("#board-step form");
  const tile = form && tileOf(form.dataset.lead ?? "");
  const part = form?.querySelector<HTMLElement>("[data-reason]");
  if (!tile || !part) return;
  part.hidden = needs(tile.dataset.status!, to) !== "reason";
  for (const field of part.querySelectorAll("select")) field.disabled = part.hidden;
}

async function stepped(event: Event) {
  const form = event.target as HTMLFormElement;
  const dialog = form.closest<HTMLDialogElement>("#board-step");
  if (!dialog) return;
  event.preventDefault();
  const fields = new FormData(form);
  const tile = tileOf(form.dataset.lead ?? "");
  const to = String(fields.get("to") ?? "");
  if (!tile || !to) return;
  const from = tile.dataset.status!;
  const ok = await send(tile, to, { lost_reason: String(fields.get("lost_reason") ?? ""), note: String(fields.get("note") ?? "") });
  const now = tileOf(form.dataset.lead!);
  // Refused: what was typed stays to be sent again from where the card is now.
  if (ok && now?.dataset.status === to) return dialog.close();
  const why = document.querySelector(".toasts .toast.bad:last-child span")?.textContent;
  complain(why ?? from);
}

function complain(why: string | null) {
  const alert = document.querySelector<HTMLElement>("#board-step .alert");
  if (!alert) return;
  alert.hidden = !why;
  alert.querySelector("p")!.textContent = why;
}

// ---------- what colleagues do ----------

const waiting = new Set<string>();
let last = 0;
let timer = 0;

function heard(ids: string[]) {
  if (!board()) return;
  for (const id of ids) waiting.add(id);
  if (waiting.size > 40) return refreshSoon();
  // The first at once; a busy import not more than twice a second.
  window.clearTimeout(timer);
  timer = window.setTimeout(look, Math.max(0, 500 - (Date.now() - last)));
}

function catchUp(ids: string[]) {
  if (ids.some((id) => waiting.has(id))) heard([]);
}

async function look() {
  const ids = [...waiting].filter((id) => !going.has(id));
  if (ids.length === 0) return;
  for (const id of ids) waiting.delete(id);
  last = Date.now();
  const query = new URLSearchParams(location.search);
  query.delete("after");
  query.set("ids", ids.join(","));
  const response = await fetch(`/leads/board/cards?${query}`, { headers: token() }).catch(() => null);
  if (!response?.ok) return;
  const list = document.createRange().createContextualFragment(await response.text()).querySelector("ul");
  if (!list || !board()) return;
  const cards = new Map([...list.querySelectorAll<HTMLElement>(".tile")].map((card) => [card.dataset.lead!, card]));
  for (const id of ids) {
    if (going.has(id) || held?.dataset.lead === id) {
      waiting.add(id);
      continue;
    }
    const [card, known] = [cards.get(id), tileOf(id)];
    if (card) place(card, known, laneOf(known ?? document.body)?.dataset.lane === card.dataset.status ? null : "came");
    else if (known) drop(known);
  }
  for (const [key, n] of Object.entries(JSON.parse(list.dataset.counts ?? "{}") as Record<string, number>)) {
    const figure = lane(key)?.querySelector<HTMLElement>(".n");
    if (figure && going.size === 0) show(figure, n);
  }
}

/// Everything anew, where it may have changed more than was told; a long import says so many times a second.
const REST = 3_000;
let refreshed = 0;
let again = 0;

function refreshSoon() {
  window.clearTimeout(again);
  again = window.setTimeout(refresh, Math.max(0, REST - (Date.now() - refreshed)));
}

function refresh() {
  if (!board()) return;
  refreshed = Date.now();
  if (held || going.size > 0) return refreshSoon();
  waiting.clear();
  window.htmx.ajax("GET", location.pathname + location.search, { target: "#results", select: "#results", swap: "outerMorph" });
}
