// Toasts say what happened and leave by themselves; errors stay until closed.
const STAY = 6000;

export function toasts(scope: ParentNode) {
  for (const toast of scope.querySelectorAll<HTMLElement>(".toasts .toast:not([data-seen])")) {
    toast.dataset.seen = "";
    if (!toast.classList.contains("bad")) setTimeout(() => toast.remove(), STAY);
  }
}

export function toast(kind: string) {
  const template = document.querySelector<HTMLTemplateElement>(`#toast-${kind}`);
  const stack = document.querySelector(".toasts");
  if (!template || !stack || stack.querySelector(`[data-kind="${kind}"]`)) return;
  stack.append(template.content.cloneNode(true));
  toasts(document);
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
