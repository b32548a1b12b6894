// The palette: people, pages and actions found while one types. The field keeps the focus; arrows choose, Enter goes.
import { token } from "./ask";

const PAUSE = 120;

const field = () => document.querySelector<HTMLInputElement>("#palette [role=combobox]");
const options = () => [...document.querySelectorAll<HTMLElement>("#found [role=option]")];

let timer = 0;
let asked: AbortController | null = null;
/// Enter was pressed before the answer came.
let hurried = false;

export function palette() {
  document.addEventListener("markaz:open", (event) => {
    if ((event.target as Element).id !== "palette") return;
    field()!.select();
    void look();
  });
  document.addEventListener("input", (event) => {
    if (event.target !== field()) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(look, PAUSE);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target !== field() || event.isComposing) return;
    if (event.key === "ArrowDown") choose(1);
    else if (event.key === "ArrowUp") choose(-1);
    else if (event.key === "Enter") go();
    else return;
    event.preventDefault();
  });
  document.addEventListener("pointermove", (event) => {
    const option = (event.target as Element).closest?.<HTMLElement>("#found [role=option]");
    if (option && option.getAttribute("aria-selected") !== "true") point(option);
  });
}

async function look() {
  timer = 0;
  asked?.abort();
  const mine = (asked = new AbortController());
  try {
    const query = new URLSearchParams({ q: field()!.value });
    const response = await fetch(`/search?${query}`, { headers: token(), signal: mine.signal });
    const elsewhere = response.headers.get("hx-redirect");
    if (elsewhere) return location.assign(elsewhere);
    if (!response.ok) throw new Error(String(response.status));
    const found = document.createRange().createContextualFragment(await response.text());
    if (asked !== mine) return;
    document.querySelector("#found")!.replaceChildren(found);
    asked = null;
    point(field()!.value.trim() ? options()[0] : undefined);
    document.querySelector("#found-said")!.textContent = document.querySelector<HTMLElement>("#found [data-said]")?.dataset.said ?? "";
    if (hurried) go();
  } catch (error) {
    if ((error as Error).name === "AbortError") return;
    asked = null;
    // A toast would stand behind the dialog.
    const none = Object.assign(document.createElement("p"), { className: "sm muted found-none" });
    none.textContent = document.querySelector<HTMLTemplateElement>("#toast-offline")!.content.textContent!.trim();
    document.querySelector("#found")!.replaceChildren(none);
  } finally {
    if (!asked) hurried = false;
  }
}

function choose(step: number) {
  const all = options();
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  point(all[at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length]);
}

function point(option: HTMLElement | undefined) {
  for (const old of options()) old.setAttribute("aria-selected", String(old === option));
  const input = field()!;
  if (!option) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function go() {
  hurried = timer > 0 || asked !== null;
  if (hurried) return;
  document.querySelector<HTMLElement>('#found [aria-selected="true"]')?.click();
}
