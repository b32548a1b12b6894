// rhai for CodeMirror: enough of the language to colour a follow-up script.
import { StreamLanguage, type StreamParser } from "@codemirror/language";

const KEYWORDS = new Set(
  "fn let const if else for in while loop do until break continue return switch true false this is import export as private throw try catch global".split(" "),
);

interface State {
  comment: number;
  template: boolean;
  /** Brackets open so far. */
  depth: number;
}

const parser: StreamParser<State> = {
  name: "rhai",
  startState: () => ({ comment: 0, template: false, depth: 0 }),
  token(stream, state) {
    if (state.comment > 0) return block(stream, state);
    if (state.template) return backtick(stream, state);
    if (stream.eatSpace()) return null;
    if (stream.match("//")) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match("/*")) {
      state.comment = 1;
      return block(stream, state);
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^'\\]|\\.)*'?/)) return "string";
    if (stream.eat("`")) {
      state.template = true;
      return backtick(stream, state);
    }
    if (stream.match(/^(?:#\{|[({[])/)) {
      state.depth++;
      return "bracket";
    }
    if (stream.match(/^[)}\]]/)) {
      state.depth = Math.max(state.depth - 1, 0);
      return "bracket";
    }
    if (stream.match(/^(?:0x[\da-f_]+|0b[01_]+|0o[0-7_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?)/i)) return "number";
    if (stream.match(/^\.(?=[a-z_])/i)) {
      const name = stream.match(/^\w+/);
      return name && stream.peek() === "(" ? "variableName.function" : "propertyName";
    }
    const word = stream.match(/^[a-z_]\w*/i) as RegExpMatchArray | null;
    if (word) {
      if (KEYWORDS.has(word[0])) return "keyword";
      if (stream.match("::", false)) return "namespace";
      return stream.peek() === "(" ? "variableName.function" : "variableName";
    }
    stream.next();
    return "operator";
  },
  indent: (state, textAfter, context) => Math.max(state.depth - (/^\s*[)}\]]/.test(textAfter) ? 1 : 0), 0) * context.unit,
  languageData: { commentTokens: { line: "//", block: { open: "/*", close: "*/" } }, closeBrackets: { brackets: ["(", "[", "{", '"', "`"] }, indentOnInput: /^\s*[)}\]]$/ },
  tokenTable: {},
};

function block(stream: Parameters<typeof parser.token>[0], state: State) {
  while (!stream.eol() && state.comment > 0) {
    if (stream.match("/*")) state.comment++;
    else if (stream.match("*/")) state.comment--;
    else stream.next();
  }
  return "comment";
}

function backtick(stream: Parameters<typeof parser.token>[0], state: State) {
  while (!stream.eol()) {
    if (stream.next() === "`") {
      state.template = false;
      break;
    }
  }
  return "string";
}

export const rhai = StreamLanguage.define(parser);
