// The script editor. Loaded only where a page has one; the textarea under it stays the form's field.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { Checks, type Fault } from "./checks";
import { rhai } from "./rhai";
import { completer, help, type Literals, type Words } from "./words";

const style = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--syn-keyword)" },
  { tag: tags.string, color: "var(--syn-string)" },
  { tag: [tags.function(tags.variableName), tags.namespace], color: "var(--syn-fn)" },
  { tag: tags.number, color: "var(--syn-number)" },
  { tag: tags.comment, color: "var(--syn-comment)" },
  { tag: tags.propertyName, color: "var(--syn-prop)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--surface)", color: "var(--ink-1)", fontSize: "12.5px" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "21px", fontVariantLigatures: "none" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-3)", border: "0" },
  ".cm-content": { caretColor: "var(--ink-1)", padding: "8px 0" },
  "&.cm-focused": { outline: "none" },
  ".cm-cursor": { borderLeftColor: "var(--ink-1)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--hover) 70%, transparent)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection": { backgroundColor: "var(--brand-soft)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", border: "1px solid var(--line)", borderRadius: "7px", color: "var(--ink-1)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--brand-soft)", color: "var(--ink-1)" },
  ".cm-diagnostic": { fontFamily: "var(--font-ui)", fontSize: "12px" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--danger-fill)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink-1)", borderColor: "var(--line)" },
});

export function mount(scope: ParentNode) {
  for (const area of scope.querySelectorAll<HTMLTextAreaElement>("textarea[data-editor]:not([data-mounted])")) {
    area.dataset.mounted = "";
    let words: Words | null = null;
    if (area.dataset.words) void fetch(area.dataset.words).then(async (answer) => void (words = answer.ok ? await answer.json() : null));
    const literals: Literals = JSON.parse(area.dataset.literals || "{}");
    const readOnly = area.readOnly;
    let checks: Checks | undefined;
    const check = () => {
      void checks?.run();
      return true;
    };
    const view = new EditorView({
      doc: area.value,
      extensions: [
        lineNumbers(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        rhai,
        indentUnit.of("    "),
        indentOnInput(),
        keymap.of([
          { key: "Mod-s", run: check, preventDefault: true },
          { key: "Mod-Enter", run: check, preventDefault: true },
          ...lintKeymap,
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...historyKeymap,
          ...defaultKeymap,
          indentWithTab,
        ]),
        syntaxHighlighting(style),
        look,
        lintGutter(),
        EditorView.cspNonce.of(document.querySelector<HTMLMetaElement>("meta[name=style-nonce]")?.content ?? ""),
        EditorView.contentAttributes.of({ "aria-label": area.getAttribute("aria-label") ?? "", "aria-describedby": "fault-state" }),
        EditorState.readOnly.of(readOnly),
        EditorView.editable.of(!readOnly),
        autocompletion({ override: [completer(() => words, literals)], icons: false }),
        help(() => words),
        EditorView.updateListener.of((update) => {
          if (update.selectionSet || update.docChanged) where(update.view, area);
          if (!update.docChanged) return;
          area.value = update.state.doc.toString();
          area.dispatchEvent(new Event("input", { bubbles: true }));
          checks?.typed();
        }),
      ],
    });
    area.hidden = true;
    area.after(view.dom);
    const faults: Fault[] = JSON.parse(area.dataset.faults || "[]");
    checks = area.dataset.check ? new Checks(view, area) : undefined;
    checks?.mark(faults);
    const first = faults.find((fault) => fault.line);
    if (first?.line) view.dispatch({ effects: EditorView.scrollIntoView(view.state.doc.line(Math.min(first.line, view.state.doc.lines)).from, { y: "center" }) });
    if (checks && !faults.length && area.dataset.unchecked !== undefined) void checks.run();
    area.form?.addEventListener("submit", (event) => {
      if ((event.submitter as HTMLButtonElement | null)?.value !== "check" || !checks) return;
      event.preventDefault();
      void checks.run();
    });
    // Ctrl+Enter checks wherever one is on the page, Ctrl+S never saves the page itself.
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || !["s", "Enter"].includes(event.key) || event.defaultPrevented) return;
      if ((event.target as Element).closest("dialog, .cm-editor")) return;
      event.preventDefault();
      check();
    });
  }
}

function where(view: EditorView, area: HTMLTextAreaElement) {
  const place = document.querySelector<HTMLElement>("#caret");
  const head = view.state.selection.main.head;
  const line = view.state.doc.lineAt(head);
  if (place && area.dataset.caret) place.textContent = area.dataset.caret.replace("%l", String(line.number)).replace("%c", String(head - line.from + 1));
}
