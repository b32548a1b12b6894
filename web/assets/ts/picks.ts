// Rows picked in a list: one by one, a stretch with Shift, the page, or all that match the list's filter.
let last: HTMLInputElement | null = null;
let everything = 0;

export function picks() {
  document.addEventListener("click", (event) => {
    const at = event.target as Element;
    const box = at.closest<HTMLInputElement>("input[data-pick]");
    if (box) {
      if (event.shiftKey && last) stretch(last, box);
      last = box;
      everything = 0;
      show();
    }
    const page = at.closest<HTMLInputElement>("input[data-pick-page]");
    if (page) pick(page.checked, 0);
    const all = at.closest<HTMLElement>("[data-pick-all]");
    if (all) pick(true, Number(all.dataset.pickAll));
    if (at.closest("[data-pick-none]")) pick(false, 0);
  });
  // The forms of the bar carry what is picked when they are sent.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      if (!form.matches("form[data-bulk]")) return;
      for (const old of form.querySelectorAll("[data-carried]")) old.remove();
      if (everything > 0) return carry(form, "all", "1");
      for (const box of boxes()) if (box.checked) carry(form, "id", box.value);
    },
    true,
  );
  document.addEventListener("htmx:after:swap", () => {
    everything = 0;
    show();
  });
  window.addEventListener("pageshow", show);
}

export function pickCursor(): boolean {
  const box = document.querySelector<HTMLInputElement>("[data-rows] .cursor input[data-pick]");
  box?.click();
  return box !== null;
}

function boxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("input[data-pick]")];
}

function pick(on: boolean, all: number) {
  for (const box of boxes()) box.checked = on;
  everything = all;
  show();
}

function stretch(from: HTMLInputElement, to: HTMLInputElement) {
  const all = boxes();
  const [first, end] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
  if (first < 0) return;
  for (const box of all.slice(first, end + 1)) box.checked = to.checked;
}

function carry(form: HTMLFormElement, name: string, value: string) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  input.dataset.carried = "";
  form.append(input);
}

function show() {
  const bar = document.querySelector<HTMLElement>("#bulk");
  if (!bar) return;
  const all = boxes();
  const picked = all.filter((box) => box.checked).length;
  bar.hidden = picked === 0;
  for (const box of all) box.closest("tr")?.setAttribute("aria-selected", String(box.checked));
  for (const place of document.querySelectorAll("[data-picked]")) place.textContent = String(everything || picked);
  const page = document.querySelector<HTMLInputElement>("input[data-pick-page]");
  if (page) {
    page.checked = picked > 0 && picked === all.length;
    page.classList.toggle("mixed", picked > 0 && picked < all.length);
  }
  const ask = bar.querySelector<HTMLElement>("#bulk-all");
  if (ask) {
    ask.hidden = everything > 0 || picked < all.length;
    if (!ask.hidden) ask.dispatchEvent(new CustomEvent("picked"));
  }
}
