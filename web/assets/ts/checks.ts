// Checks a rule while it is typed, and keeps it as a draft: one request for both, no new page.
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";

export interface Fault {
  line: number | null;
  column: number | null;
  place: string | null;
  message: string;
  fix: string | null;
  severity: "error" | "warning";
}

interface Report {
  saved: string | null;
  draft: boolean;
  faults: Fault[] | null;
  summary: string;
  blocked: boolean;
}

const PAUSE = 500;
const AGAIN = 5000;

export class Checks {
  private timer = 0;
  private asked = 0;
  private kept: string;

  constructor(
    private view: EditorView,
    private area: HTMLTextAreaElement,
  ) {
    this.kept = area.value;
    addEventListener("pagehide", () => void (this.area.value !== this.kept && this.ask(true)));
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.run(), PAUSE);
    this.say("#saved", this.area.dataset.typing ?? "");
  }

  async run() {
    clearTimeout(this.timer);
    const mine = ++this.asked;
    const text = this.area.value;
    try {
      const answer = await this.ask(false);
      if (!answer.ok) throw new Error(String(answer.status));
      const report = (await answer.json()) as Report;
      this.kept = text;
      if (mine === this.asked && text === this.area.value) this.show(report);
    } catch {
      if (mine !== this.asked) return;
      this.say("#saved", this.area.dataset.unsaved ?? "");
      this.timer = window.setTimeout(() => void this.run(), AGAIN);
    }
  }

  mark(faults: Fault[]) {
    this.view.dispatch(setDiagnostics(this.view.state, faults.map((fault) => this.place(fault))));
  }

  private ask(leaving: boolean) {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.area.form!)) if (typeof value === "string") body.append(name, value);
    return fetch(this.area.dataset.check!, { method: "POST", body, keepalive: leaving });
  }

  private show(report: Report) {
    this.say("#saved", report.saved ?? "");
    for (const tag of document.querySelectorAll<HTMLElement>("[data-draft]")) tag.hidden = tag.dataset.draft !== String(report.draft);
    if (report.faults) this.mark(report.faults);
    this.list(report);
    const publish = document.querySelector<HTMLButtonElement>('[data-open="#publish"]');
    if (publish) publish.disabled = report.blocked;
  }

  private list(report: Report) {
    const list = document.querySelector<HTMLElement>("#faults");
    const faults = report.faults ?? [];
    const state = document.querySelector<HTMLElement>("#fault-state");
    if (state) {
      state.textContent = report.summary;
      state.className = report.blocked ? "t-danger" : faults.length || !report.faults ? "t-warning" : "t-success";
    }
    if (!list) return;
    list.classList.toggle("mild", !report.blocked);
    list.replaceChildren(...faults.map((fault) => this.item(fault)));
    list.hidden = faults.length === 0;
  }

  private item(fault: Fault) {
    const item = document.createElement("li");
    const jump = Object.assign(document.createElement("button"), { type: "button", className: "fault" });
    if (fault.place) jump.append(Object.assign(document.createElement("b"), { className: "strong num", textContent: fault.place }), " ");
    jump.append(fault.message);
    jump.addEventListener("click", () => {
      const { from } = this.place(fault);
      this.view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      this.view.focus();
    });
    item.append(jump);
    if (fault.fix) {
      const mend = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: this.area.dataset.mend ?? "" });
      mend.addEventListener("click", () => this.mend(fault));
      item.append(mend);
    }
    return item;
  }

  private mend(fault: Fault) {
    const { from, to } = this.place(fault);
    this.view.dispatch({ changes: { from, to, insert: fault.fix! }, selection: { anchor: from + fault.fix!.length }, userEvent: "input" });
    this.view.focus();
  }

  // From the place of a fault to the end of the word that stands there.
  private place(fault: Fault): Diagnostic {
    const doc = this.view.state.doc;
    const line = doc.line(Math.min(Math.max(fault.line ?? 1, 1), doc.lines));
    let from = Math.min(line.from + Math.max((fault.column ?? 1) - 1, 0), line.to);
    if (/["`]/.test(doc.sliceString(from, from + 1)) && fault.fix) from++;
    const word = /^\w+/.exec(doc.sliceString(from, line.to));
    const to = fault.column && word ? from + word[0].length : Math.max(line.to, from);
    const actions = fault.fix ? [{ name: this.area.dataset.mend ?? "", apply: () => this.mend(fault) }] : undefined;
    return { from, to, severity: fault.severity, message: fault.message, actions };
  }

  private say(where: string, text: string) {
    const place = document.querySelector<HTMLElement>(where);
    if (place) place.textContent = text;
  }
}
