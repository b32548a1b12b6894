// The script editor. Loaded only where a page has one; the textarea under it stays the form's field.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type CompletionContext } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { rhai } from "./rhai";

interface Fault {
  line: number | null;
  column: number | null;
  message: string;
  severity: "error" | "warning";
}

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
    const faults: Fault[] = JSON.parse(area.dataset.faults || "[]");
    const words: string[] = JSON.parse(area.dataset.words || "[]");
    const readOnly = area.readOnly;
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
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
        syntaxHighlighting(style),
        look,
        lintGutter(),
        EditorView.cspNonce.of(document.querySelector<HTMLMetaElement>("meta[name=style-nonce]")?.content ?? ""),
        EditorView.contentAttributes.of({ "aria-label": area.getAttribute("aria-label") ?? "" }),
        EditorState.readOnly.of(readOnly),
        EditorView.editable.of(!readOnly),
        autocompletion({ override: [completer(words)] }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          area.value = update.state.doc.toString();
          area.dispatchEvent(new Event("input", { bubbles: true }));
        }),
      ],
    });
    area.hidden = true;
    area.after(view.dom);
    view.dispatch(setDiagnostics(view.state, faults.map((fault) => place(view, fault))));
    const first = faults.find((fault) => fault.line);
    if (first?.line) view.dispatch({ effects: EditorView.scrollIntoView(view.state.doc.line(Math.min(first.line, view.state.doc.lines)).from, { y: "center" }) });
  }
}

function place(view: EditorView, fault: Fault): Diagnostic {
  const line = view.state.doc.line(Math.min(Math.max(fault.line ?? 1, 1), view.state.doc.lines));
  const from = Math.min(line.from + Math.max((fault.column ?? 1) - 1, 0), line.to);
  return { from, to: line.to, severity: fault.severity, message: fault.message };
}

function completer(words: string[]) {
  return (context: CompletionContext) => {
    const word = context.matchBefore(/[\w.:]+/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    return { from: word.from, options: words.map((label) => ({ label, type: label.endsWith("(") ? "function" : "property" })) };
  };
}
