// The file field says what was chosen, refuses a file over the limit before it travels, and takes a drop.
export function uploads(scope: ParentNode) {
  for (const zone of scope.querySelectorAll<HTMLElement>("[data-upload]:not([data-ready])")) {
    zone.dataset.ready = "";
    const input = zone.querySelector<HTMLInputElement>("input[type=file]");
    if (!input) continue;
    input.addEventListener("change", () => show(zone, input));
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      if (event.dataTransfer?.files.length) {
        input.files = event.dataTransfer.files;
        show(zone, input);
      }
    });
  }
}

function show(zone: HTMLElement, input: HTMLInputElement) {
  const file = input.files?.[0];
  const tooBig = !!file && file.size > Number(zone.dataset.limit ?? Infinity);
  const name = zone.querySelector<HTMLElement>("[data-name]");
  if (name && file) name.textContent = `${file.name}, ${size(file.size)}`;
  const error = zone.querySelector<HTMLElement>("[data-too-big]");
  if (error) error.hidden = !tooBig;
  zone.classList.toggle("chosen", !!file);
  const button = input.form?.querySelector<HTMLButtonElement>("button[type=submit], button:not([type])");
  if (button) button.disabled = !file || tooBig;
}

function size(bytes: number): string {
  const [amount, unit] = bytes < 1_000_000 ? [bytes / 1000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: amount < 10 ? 1 : 0 }).format(amount);
}
