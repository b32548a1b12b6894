// A line named somewhere on the page is shown in the editor beside it.
import { EditorView } from "@codemirror/view";

export function goTo(number: number) {
  const box = document.querySelector<HTMLElement>(".code-box .cm-editor");
  const view = box && EditorView.findFromDOM(box);
  if (!view) return;
  const line = view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines));
  view.dispatch({ selection: { anchor: line.from, head: line.to }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
  view.focus();
}
