// Toasts say what was done, what was not, and how to take it back. They stay as long as it takes to read them, and
// while somebody points at them or is elsewhere; errors stay until closed.
const STAY = 5_000;
const A_LETTER = 60;
const TO_DECIDE = 5_000;
const AT_LEAST = 2_000;

export function toasts(scope: ParentNode) {
  const fresh = [...scope.querySelectorAll<HTMLElement>(".toasts .toast:not([data-seen])")];
  for (const toast of fresh) {
    const stack = toast.parentElement!;
    toast.dataset.seen = "";
    // A screen reader reads what is put into a live region, not what a page comes with.
    toast.remove();
    setTimeout(() => {
      stack.append(toast);
      window.htmx.process(toast);
      if (!toast.classList.contains("bad")) leave(toast);
    }, 60);
  }
}

/// A toast in the place of those before it; errors stay beside it.
export function showToast(toast: HTMLElement) {
  const stack = document.querySelector(".toasts");
  if (!stack) return;
  for (const old of stack.querySelectorAll(".toast:not(.bad)")) old.remove();
  toast.dataset.seen = "";
  stack.append(toast);
  if (!toast.classList.contains("bad")) leave(toast);
}

/// One of those that the page keeps ready; an error that is shown already is not said twice.
export function toast(kind: string) {
  const template = document.querySelector<HTMLTemplateElement>(`#toast-${kind}`);
  const copy = template?.content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement) || document.querySelector(`.toasts .bad[data-kind="${kind}"]`)) return;
  showToast(copy);
}

function leave(toast: HTMLElement) {
  let left = STAY + (toast.textContent?.trim().length ?? 0) * A_LETTER + (toast.querySelector("form") ? TO_DECIDE : 0);
  let since = 0;
  let timer = 0;
  toast.style.setProperty("--stay", `${left}ms`);
  const run = () => {
    if (timer || document.hidden || toast.matches(":hover, :focus-within")) return;
    since = Date.now();
    timer = window.setTimeout(() => toast.remove(), left);
    toast.classList.remove("held");
  };
  const hold = () => {
    if (!timer) return;
    window.clearTimeout(timer);
    timer = 0;
    left = Math.max(left - (Date.now() - since), AT_LEAST);
    toast.classList.add("held");
  };
  for (const away of ["pointerleave", "focusout"]) toast.addEventListener(away, () => setTimeout(run));
  for (const here of ["pointerenter", "focusin"]) toast.addEventListener(here, hold);
  const looked = () => {
    if (!toast.isConnected) document.removeEventListener("visibilitychange", looked);
    else if (document.hidden) hold();
    else run();
  };
  document.addEventListener("visibilitychange", looked);
  run();
}

document.addEventListener("click", (event) => {
  const close = (event.target as Element).closest("[data-dismiss]");
  if (close) close.closest(".toast")?.remove();
});
document.addEventListener("htmx:error", () => toast("offline"));
document.addEventListener("htmx:response:error", (event) => {
  const status = (event as CustomEvent).detail?.ctx?.response?.status ?? 0;
  if (status >= 500) toast("failed");
});
