// What a rule may say: completion and help, from the engine's own description of its words and the center's own keys.
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { type EditorView, hoverTooltip } from "@codemirror/view";

interface Word {
  name: string;
  params: string[];
  returns?: string;
  help: string;
}

export interface Words {
  words: Word[];
  fields: Record<string, string[]>;
  types: Record<string, Record<string, string>>;
}

// [key, label] by what a text must be one of.
export type Literals = Record<string, [string, string][]>;

// Which texts stand after which field.
const FIELDS: Record<string, string> = { to: "status", from: "status", status: "status", to_kind: "kind", from_kind: "kind", source: "source", lost_reason: "lost_reason" };
const PARTS = ["event", "tenant", "lead", "trial", "followup", "settings", "owner", "activity", "day", "group", "room"];

export function completer(known: () => Words | null, literals: Literals) {
  return (context: CompletionContext): CompletionResult | null => {
    const words = known();
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const text = openText(before);
    if (text !== null) {
      const kind = kindOfText(before.slice(0, before.length - text.length - 1), context.state.doc.sliceString(0, line.from));
      const options = kind ? literals[kind] : undefined;
      return options ? { from: context.pos - text.length, options: options.map(([label, detail]) => ({ label, detail, type: "enum" })), validFor: /^[\w./-]*$/ } : null;
    }
    if (!words || /\/\/.*$/.test(before)) return null;
    const member = /([\w.]+)\.(\w*)$/.exec(before);
    if (member) {
      const of = thing(member[1]!, context.state.doc.sliceString(0, context.pos));
      return { from: context.pos - member[2]!.length, options: members(of, words, literals), validFor: /^\w*$/ };
    }
    const base = /base::(\w*)$/.exec(before);
    const word = base ?? /(\w+)$/.exec(before);
    if (!word && !context.explicit) return null;
    if (!base && word && /^\d/.test(word[1]!)) return null;
    const options = base ? [] : [...unique(words.words).map((w) => call(w, w.params)), ...names(context.state.doc.sliceString(0, context.pos))];
    return { from: context.pos - (word?.[1]?.length ?? 0), options, validFor: /^\w*$/ };
  };
}

export function help(known: () => Words | null) {
  return hoverTooltip((view, pos) => {
    const words = known();
    const line = view.state.doc.lineAt(pos);
    let from = pos - line.from;
    let to = from;
    while (from > 0 && /\w/.test(line.text[from - 1]!)) from--;
    while (to < line.text.length && /\w/.test(line.text[to]!)) to++;
    const name = line.text.slice(from, to);
    if (!words || !name) return null;
    const found = words.words.filter((word) => word.name === name);
    const member = /([\w.]+)\.$/.exec(line.text.slice(0, from));
    const of = member && thing(member[1]!, view.state.doc.sliceString(0, line.from + from));
    const field = of && line.text[to] !== "(" && words.fields[of]?.includes(name) ? `${member![1]}.${name}: ${words.types[of]?.[name] ?? ""}` : null;
    if (!found.length && !field) return null;
    return { pos: line.from + from, end: line.from + to, above: true, create: () => ({ dom: card(field ? [] : found, field) }) };
  });
}

// The text being typed between quotation marks, or null outside of one.
function openText(before: string): string | null {
  const quote = /^(?:[^"`]|"(?:[^"\\]|\\.)*"|`[^`]*`)*["`]((?:[^"`\\]|\\.)*)$/.exec(before);
  return quote ? quote[1]! : null;
}

// Which of the center's keys belongs into a text, by what stands before its quotation mark.
function kindOfText(before: string, above: string): string | null {
  const compared = /\.(\w+)\s*(?:==|!=|(?:!\s*)?in\s*\[[^\]]*)\s*$/.exec(before);
  if (compared) return FIELDS[compared[1]!] ?? null;
  if (/\.text\(\s*$/.test(before)) return "template";
  if (/\bbefore\(\s*$/.test(before)) return "anchor";
  if (/\bnotify\(\s*$/.test(before)) return "role";
  if (/\bnotify\([^,()]*,\s*$/.test(before)) return "template";
  if (!/^\s*(?:(?:"[^"]*"\s*\|\s*)*)$/.test(before) && !/[{,]\s*(?:"[^"]*"\s*\|\s*)*$/.test(before)) return null;
  return FIELDS[openSwitch(above + before) ?? ""] ?? null;
}

// The field the innermost open `switch` looks at.
function openSwitch(text: string): string | null {
  const open: (string | null)[] = [];
  for (const found of text.matchAll(/switch\s+[\w.]*?\.?(\w+)\s*\{|[{}]/g)) {
    if (found[0] === "}") open.pop();
    else open.push(found[1] ?? null);
  }
  return open.at(-1) ?? null;
}

// What a name or a chain holds: `lead` for `ctx.lead`, `candidate` for a variable run over the candidates.
function thing(chain: string, before: string): string | null {
  const parts = chain.split(".");
  const first = parts.shift()!;
  let of: string | null = first === "ctx" ? "ctx" : null;
  for (const found of before.matchAll(new RegExp(`\\blet\\s+${first}\\s*=\\s*ctx\\.(\\w+)\\s*;|\\bfor\\s+${first}\\s+in\\s+ctx\\.(candidates)\\b`, "g"))) {
    of = found[2] ? "candidate" : found[1]!;
  }
  for (const part of parts) {
    if (of === "ctx" && PARTS.includes(part)) of = part;
    else if (of === "event" && part === "actor") of = "actor";
    else return null;
  }
  return of;
}

function members(of: string | null, words: Words, literals: Literals): Completion[] {
  if (of === "settings") return (literals.setting ?? []).map(([label, detail]) => ({ label, detail, type: "property" }));
  const fields = (words.fields[of ?? ""] ?? []).map((label) => ({ label, detail: words.types[of!]?.[label], type: "property", boost: 1 }));
  const methods = unique(words.words.filter((word) => word.params.length > 0)).map((word) => call(word, word.params.slice(1)));
  const own = of === "candidate" ? methods.filter((method) => method.label === "teaches") : methods;
  return of && of !== "candidate" ? fields : [...fields, ...own];
}

function call(word: Word, params: string[]): Completion {
  return {
    label: word.name,
    detail: `(${params.map((param) => param.split(":")[0]).join(", ")})`,
    type: "function",
    info: () => card([word], null),
    apply: (view: EditorView, _: Completion, from: number, to: number) => {
      const closed = view.state.sliceDoc(to, to + 1) === "(";
      const insert = closed ? word.name : `${word.name}()`;
      const caret = from + word.name.length + (params.length && !closed ? 1 : closed ? 1 : 2);
      view.dispatch({ changes: { from, to, insert }, selection: { anchor: caret }, userEvent: "input.complete" });
    },
  };
}

// Variables and functions of the text so far.
function names(text: string): Completion[] {
  const found = new Map<string, string>();
  for (const [, name] of text.matchAll(/\b(?:let|const|for)\s+(\w+)/g)) found.set(name!, "variable");
  for (const [, name, params] of text.matchAll(/\bfn\s+(\w+)\s*\(([^)]*)\)/g)) {
    found.set(name!, "function");
    for (const param of params!.split(",")) if (param.trim()) found.set(param.trim(), "variable");
  }
  return [...found].map(([label, type]) => ({ label, type }));
}

function unique(words: Word[]): Word[] {
  return [...new Map(words.map((word) => [`${word.name}/${word.params.length}`, word])).values()];
}

function card(words: Word[], field: string | null): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "word-help";
  const add = (tag: string, text: string) => dom.appendChild(Object.assign(document.createElement(tag), { textContent: text }));
  if (field) add("code", field);
  for (const word of words) {
    add("code", `${word.name}(${word.params.join(", ")})${word.returns ? ` → ${word.returns}` : ""}`);
    if (word.help) add("p", word.help);
  }
  return dom;
}
