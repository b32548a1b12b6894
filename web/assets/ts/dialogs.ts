// Dialogs: opened by a press, closed by their button, by Esc or by a press beside them. The browser keeps the focus in.

/// Whether there is such a dialog, and it is open now.
export function openDialog(selector: string): boolean {
  const dialog = document.querySelector<HTMLDialogElement>(selector);
  if (!dialog) return false;
  if (!dialog.open) {
    for (const other of document.querySelectorAll<HTMLDialogElement>("dialog.middle[open]")) other.close();
    dialog.showModal();
    dialog.querySelector<HTMLElement>("[autofocus]")?.focus();
    dialog.dispatchEvent(new CustomEvent("markaz:open", { bubbles: true }));
  }
  return true;
}

export function dialogs() {
  document.addEventListener("click", (event) => {
    const at = event.target as Element;
    const opener = at.closest<HTMLElement>("[data-open]");
    if (opener && openDialog(opener.dataset.open!)) event.preventDefault();
    const closer = at.closest("[data-close]");
    if (closer) {
      event.preventDefault();
      closer.closest("dialog")?.close();
    }
    if (at instanceof HTMLDialogElement) at.close();
  });
  // A dialog belongs to the page as it was: it goes with it, and comes back if its form was refused.
  document.addEventListener("htmx:before:swap", () => {
    for (const dialog of document.querySelectorAll<HTMLDialogElement>("#main dialog[open]")) dialog.close();
  });
}
