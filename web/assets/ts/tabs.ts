// Tabs that switch without a new page; each is a link, so they work without this too.
export function tabs() {
  document.addEventListener("click", (event) => {
    const tab = (event.target as Element).closest<HTMLAnchorElement>("a[role=tab][aria-controls]");
    if (!tab) return;
    event.preventDefault();
    show(tab);
  });
  document.addEventListener("keydown", (event) => {
    const tab = (event.target as Element).closest<HTMLAnchorElement>("a[role=tab][aria-controls]");
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!tab || !step) return;
    const all = siblings(tab);
    const next = all[(all.indexOf(tab) + step + all.length) % all.length];
    next?.focus();
    if (next) show(next);
  });
}

function show(tab: HTMLAnchorElement) {
  for (const other of siblings(tab)) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    const panel = document.getElementById(other.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = !chosen;
  }
  history.replaceState(history.state, "", tab.href);
}

function siblings(tab: HTMLAnchorElement): HTMLAnchorElement[] {
  return [...(tab.parentElement?.querySelectorAll<HTMLAnchorElement>("a[role=tab]") ?? [])];
}
