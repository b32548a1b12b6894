// The portal's behaviour on every page. Forms and links work without it; this makes them quick and keyboard-friendly.
import htmx from "htmx.org";
import { dialogs } from "./dialogs";
import { keys } from "./keys";
import { live } from "./live";
import { palette } from "./palette";
import { picks } from "./picks";
import { tabs } from "./tabs";
import { toast, toasts } from "./toasts";
import { uploads } from "./uploads";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;

const root = document.documentElement;

document.addEventListener("click", (event) => {
  const at = event.target as Element;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (!menu.contains(at)) menu.open = false;
  }
  const named = at.closest<HTMLElement>("[data-line]");
  if (named) {
    event.preventDefault();
    void import("./lines").then((lines) => lines.goTo(Number(named.dataset.line)));
  }
  const copier = at.closest<HTMLElement>("[data-copy]");
  if (copier) {
    const source = document.querySelector(copier.dataset.copy!);
    copy(source?.textContent?.trim() ?? "");
  }
  if (at.closest("[data-print]")) window.print();
  if (at.closest("[data-theme-toggle]")) {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    document.cookie = `markaz_theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
  }
  const adder = at.closest<HTMLElement>("[data-add]");
  if (adder) {
    const template = document.querySelector<HTMLTemplateElement>(adder.dataset.add!);
    if (template) adder.before(template.content.cloneNode(true));
    fillDay(adder);
  }
  if (at.closest("[data-week-copy]")) copyMonday();
  const filler = at.closest<HTMLElement>("[data-fill]");
  const filled = filler && document.querySelector<HTMLInputElement>(filler.dataset.fill!);
  if (filled) {
    if (filled.type === "checkbox") filled.checked = filler.dataset.value === "1";
    else filled.value = filler.dataset.value ?? "";
    filled.focus();
  }
  const remover = at.closest("[data-remove]");
  if (remover) remover.parentElement?.remove();
});

// Only a page the browser calls secure may write to the clipboard; elsewhere it is said that it was not copied.
function copy(text: string) {
  const written = navigator.clipboard?.writeText(text) ?? Promise.reject();
  written.then(
    () => toast("copied"),
    () => toast("not-copied"),
  );
}

// Monday's hours on every working day after it.
function copyMonday() {
  const days = [...document.querySelectorAll<HTMLElement>("[data-weekday]")];
  const monday = days.find((day) => day.dataset.weekday === "0");
  for (const day of days.filter((day) => "1234".includes(day.dataset.weekday!))) {
    for (const old of day.querySelectorAll(".window")) old.remove();
    const adder = day.querySelector("[data-add]");
    for (const window of monday?.querySelectorAll(".window") ?? []) {
      const copy = window.cloneNode(true) as HTMLElement;
      const from = [...window.querySelectorAll("input")];
      for (const [at, input] of [...copy.querySelectorAll("input")].entries()) {
        input.name = input.name.replace("_0", `_${day.dataset.weekday}`);
        input.value = from[at].value;
      }
      adder?.before(copy);
    }
  }
}

// A window added to a day carries that day's field name.
function fillDay(adder: HTMLElement) {
  for (const input of adder.previousElementSibling?.querySelectorAll("input") ?? []) {
    input.name = input.name.replace("{day}", adder.dataset.day ?? "");
  }
}

// A select can show the fields that its choice needs (a lost reason, a reset time).
document.addEventListener("change", reveal);
function reveal(event: Event) {
  const choice = event.target;
  if (!(choice instanceof HTMLSelectElement || choice instanceof HTMLInputElement) || !choice.form) return;
  const option = choice instanceof HTMLSelectElement ? choice.selectedOptions[0] : choice;
  const kind = option?.dataset.kind;
  if (!kind) return;
  for (const part of choice.form.querySelectorAll<HTMLElement>("[data-when]")) {
    part.hidden = part.dataset.when !== kind;
    for (const field of part.querySelectorAll<HTMLInputElement>("input, select, textarea")) field.disabled = part.hidden;
  }
}

// Esc leaves a field as it was.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  (event.target as Element).closest("[data-edit]")?.querySelector<HTMLElement>("[data-cancel]")?.click();
});

// One submit is one request: the button shows that it works and refuses a second click.
document.addEventListener("submit", (event) => {
  const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
  if (!button || event.defaultPrevented) return;
  setTimeout(() => button.setAttribute("aria-busy", "true"));
});
window.addEventListener("pageshow", () => {
  for (const busy of document.querySelectorAll("button[aria-busy]")) busy.removeAttribute("aria-busy");
});
document.addEventListener("htmx:finally:request", () => {
  for (const busy of document.querySelectorAll("button[aria-busy]")) busy.removeAttribute("aria-busy");
});

// A form that was accepted starts anew; a refused one keeps what was typed.
document.addEventListener("htmx:before:swap", (event) => {
  const ctx = (event as CustomEvent).detail?.ctx;
  const source = ctx?.sourceElement as Element | undefined;
  if (source instanceof HTMLFormElement && (ctx?.response?.status ?? 500) < 400) source.reset();
});

// Filters left open stay out of the address.
document.addEventListener("htmx:config:request", (event) => {
  const request = (event as CustomEvent).detail?.ctx?.request;
  if (request?.method?.toUpperCase() !== "GET" || !(request.body instanceof FormData)) return;
  for (const [name, value] of [...request.body.entries()]) if (value === "") request.body.delete(name);
});

// A chat shows its newest message; it moves only when there is one more.
function newest() {
  for (const chat of document.querySelectorAll<HTMLElement>("[data-newest]")) {
    const count = String(chat.querySelectorAll(".msg").length);
    if (chat.dataset.shown === count) continue;
    chat.dataset.shown = count;
    chat.scrollTop = chat.scrollHeight;
  }
}

function settle(scope: ParentNode) {
  for (const dialog of document.querySelectorAll<HTMLDialogElement>("dialog[data-reopen]")) {
    dialog.removeAttribute("data-reopen");
    dialog.showModal();
  }
  const field = document.querySelector<HTMLInputElement>("[data-focus]");
  if (field) {
    field.removeAttribute("data-focus");
    field.focus();
    if (field.select) field.select();
  }
  newest();
  toasts(scope);
  uploads(scope);
  if (document.querySelector("[data-board]")) void import("./board").then((board) => board.mount());
  if (scope.querySelector("[data-editor]")) void import("./editor").then((editor) => editor.mount(document));
}
document.addEventListener("htmx:after:process", (event) => {
  const scope = (event.target as Element | null) ?? document;
  settle(scope instanceof Element ? scope : document);
});
dialogs();
keys();
palette();
picks();
tabs();
live();
settle(document);
