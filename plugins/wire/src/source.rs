//! A script as text: its code without comments and strings, and its functions, each with its words. Enough to
//! compare two versions of a script function by function; what it means is the script process's business.

/// A function of a script, with the comment above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub arity: usize,
    pub text: String,
    /// The line its text begins at.
    pub line: u32,
}

/// The top-level functions, in their order.
pub fn functions(source: &str) -> Vec<Function> {
    let code = code(source);
    let bytes = code.as_bytes();
    let (mut found, mut depth, mut at) = (Vec::new(), 0usize, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'f' if depth == 0 && is_word(bytes, at, b"fn") => {
                if let Some((function, end)) = function(source, &code, at) {
                    found.push(function);
                    at = end;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Whether the code calls a function or a method of this name.
pub fn calls(source: &str, name: &str) -> bool {
    let code = code(source);
    let bytes = code.as_bytes();
    code.match_indices(name)
        .any(|(at, _)| is_word(bytes, at, name.as_bytes()) && code[at + name.len()..].trim_start().starts_with('('))
}

/// Whether the code calls the function of this name that lies below it, as `base::name(…)`.
pub fn calls_base(source: &str, name: &str) -> bool {
    let code = code(source);
    let bytes = code.as_bytes();
    code.match_indices(name).any(|(at, _)| {
        is_word(bytes, at, name.as_bytes())
            && code[..at].trim_end().ends_with("base::")
            && code[at + name.len()..].trim_start().starts_with('(')
    })
}

/// The source with comments and the text of strings blanked, byte for byte as long.
pub fn code(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut out = bytes.to_vec();
    // What an interpolated string stands in: the depth of its code's braces.
    let mut outside: Vec<usize> = Vec::new();
    let (mut depth, mut at, mut in_tick) = (0usize, 0, false);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let skip = if in_tick {
            match rest {
                [b'`', ..] => {
                    in_tick = false;
                    1
                }
                [b'$', b'{', ..] => {
                    out[at] = b' ';
                    outside.push(depth);
                    (depth, in_tick) = (0, false);
                    at += 2;
                    continue;
                }
                _ => 1,
            }
        } else {
            match rest {
                [b'/', b'/', ..] => rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
                [b'/', b'*', ..] => comment(rest),
                [b'"', ..] => quoted(rest, b'"'),
                [b'\'', ..] => quoted(rest, b'\''),
                [b'`', ..] => {
                    in_tick = true;
                    1
                }
                [b'}', ..] if depth == 0 && !outside.is_empty() => {
                    depth = outside.pop().unwrap_or(0);
                    in_tick = true;
                    at += 1;
                    continue;
                }
                [first, ..] => {
                    match first {
                        b'{' => depth += 1,
                        b'}' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    at += 1;
                    continue;
                }
                [] => break,
            }
        };
        for byte in &mut out[at..at + skip] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at += skip;
    }
    String::from_utf8(out).unwrap_or_default()
}

fn function(source: &str, code: &str, at: usize) -> Option<(Function, usize)> {
    let after = code[at + 2..].trim_start();
    let open = at + 2 + code[at + 2..].find('(')?;
    let name = after.split('(').next()?.trim();
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return None;
    }
    let close = open + code[open..].find(')')?;
    let params = code[open + 1..close]
        .split(',')
        .filter(|p| !p.trim().is_empty())
        .count();
    let body = close + code[close..].find('{')?;
    let mut depth = 0usize;
    let end = code[body..].bytes().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    let (begins, end) = (with_comment(source, at), body + end + 1);
    let line = 1 + source[..begins].matches('\n').count();
    let function = Function {
        name: name.to_owned(),
        arity: params,
        text: source[begins..end].to_owned(),
        line: line.try_into().unwrap_or(u32::MAX),
    };
    Some((function, end))
}

/// Where the comment right above a place begins, or its own line.
fn with_comment(source: &str, at: usize) -> usize {
    let mut begins = source[..at].rfind('\n').map_or(0, |line| line + 1);
    while begins > 0 {
        let above = source[..begins - 1].rfind('\n').map_or(0, |line| line + 1);
        if !source[above..begins].trim_start().starts_with("//") {
            break;
        }
        begins = above;
    }
    begins
}

fn is_word(bytes: &[u8], at: usize, word: &[u8]) -> bool {
    let part = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    bytes[at..].starts_with(word) && !part(bytes.get(at + word.len())) && !(at > 0 && part(bytes.get(at - 1)))
}

/// The length of a block comment; they nest.
fn comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The length of a string up to its closing quote, or of what is left of it.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"// Shared tools.

// Adds one
// more.
fn add(p, text) {
    let brace = "}"; // } not an end
    p.push(`n ${if text == "}" { "{" } else { text }} }`);
    /* fn hidden(a) { /* nested */ } */
}
fn none() { 'x' }
"#;

    #[test]
    fn functions_are_found_with_the_comment_above_them() {
        let found = functions(SOURCE);
        let shape: Vec<(&str, usize, u32)> = found.iter().map(|f| (f.name.as_str(), f.arity, f.line)).collect();
        assert_eq!(shape, [("add", 2, 3), ("none", 0, 10)]);
        assert!(found[0].text.starts_with("// Adds one\n") && found[0].text.ends_with("*/\n}"));
        assert_eq!(found[1].text, "fn none() { 'x' }");
    }

    #[test]
    fn words_in_comments_and_strings_call_nothing() {
        let source = "fn f(p) { // notify(p)\n p.tag(\"assign(x)\"); `queue(1) ${followup(\"k\")}` }";
        for (name, called) in [
            ("notify", false),
            ("assign", false),
            ("queue", false),
            ("tag", true),
            ("followup", true),
        ] {
            assert_eq!(calls(source, name), called, "{name}");
        }
        assert!(!calls("retag(1)", "tag") && !calls("tags(1)", "tag"));
        assert!(calls_base("base::tag(1)", "tag") && calls_base("base:: tag (1)", "tag"));
        assert!(!calls_base("fn tag(x) { base::other(x) }", "tag") && !calls_base("// base::tag(1)", "tag"));
    }

    #[test]
    fn broken_sources_end() {
        for source in [
            "fn",
            "fn x",
            "fn x(",
            "fn x() {",
            "\"",
            "`${",
            "/*",
            "'\\",
            "fn x() { `${ } }",
            "}}}",
            "oʻ `gʻ",
        ] {
            let _ = functions(source);
            assert_eq!(code(source).len(), source.len(), "{source}");
        }
    }
}
