// What others do, as it happens. A page that is looked at holds one line to its node; a hidden one holds none and asks
// for what it missed when it is looked at again. A page without a line says so, works, and tries again by itself.
const SILENT = 25_000;
const PATIENCE = 4_000;

let line: EventSource | null = null;
let since = "";
let heard = 0;
let linked = true;
let said = 0;

const mark = () => document.querySelector<HTMLElement>("[data-live]");

export function live() {
  document.addEventListener("visibilitychange", settle);
  window.addEventListener("pagehide", close);
  document.addEventListener("htmx:after:swap", settle);
  window.setInterval(watch, 2_000);
  settle();
}

function settle() {
  const here = mark();
  if (!here || document.hidden) return close();
  if (here.dataset.since && here.dataset.since > since) since = here.dataset.since;
  if (!line) open();
}

function open() {
  heard = Date.now();
  line = new EventSource(since ? `/events?since=${encodeURIComponent(since)}` : "/events");
  line.addEventListener("live", (event) => {
    linked = event.data === "on";
    alive(event);
  });
  line.addEventListener("beat", alive);
  line.addEventListener("leads", (event) => {
    alive(event);
    const { leads, others } = JSON.parse(event.data) as { leads: string[]; others: boolean };
    document.dispatchEvent(new CustomEvent("markaz:leads", { detail: leads }));
    if (others) notice(leads);
  });
  line.addEventListener("reset", (event) => {
    alive(event);
    document.dispatchEvent(new CustomEvent("markaz:reset"));
  });
}

function alive(event: MessageEvent) {
  heard = Date.now();
  said = 0;
  if (event.lastEventId) since = event.lastEventId;
  show();
}

function close() {
  line?.close();
  line = null;
}

function watch() {
  if (!line) return;
  const closed = line.readyState === EventSource.CLOSED;
  if (line.readyState !== EventSource.OPEN && said === 0) said = Date.now();
  if (closed || Date.now() - heard > SILENT) {
    close();
    if (said === 0) said = Date.now();
    // One that was refused is not asked for again at once.
    if (Date.now() - heard > 8_000) settle();
    else window.setTimeout(settle, 8_000);
  }
  show();
}

function show() {
  const away = !linked || (said > 0 && Date.now() - said > PATIENCE);
  const here = mark();
  if (!here) return;
  here.hidden = !away;
  if (away || line?.readyState === EventSource.OPEN) here.dataset.state = away ? "off" : "on";
}

// A page that shows one lead, or a list, only says that there is something new.
function notice(leads: string[]) {
  for (const note of document.querySelectorAll<HTMLElement>("[data-fresh]")) {
    const of = note.dataset.fresh!;
    if (of === "list" || leads.includes(of)) note.hidden = false;
  }
}
