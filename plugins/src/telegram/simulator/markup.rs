//! Telegram's HTML: a message with a stray `<` is refused, so unescaped text shows at once.
//! Stricter than Telegram with a bare `&`, which our messages always escape.

const TAGS: &[&str] = &[
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "a",
    "code",
    "pre",
    "blockquote",
    "tg-spoiler",
    "span",
];
const ENTITIES: &[&str] = &["lt", "gt", "amp", "quot"];

/// The fault Telegram would find in this text, in its own words.
pub(super) fn fault_in(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let tail = &rest[at + 1..];
        let end = if rest[at..].starts_with('<') { '>' } else { ';' };
        let Some(close) = tail.find(end) else {
            return Some("can't parse entities: unclosed start tag or entity".to_owned());
        };
        let inside = &tail[..close];
        if end == ';' {
            if !ENTITIES.contains(&inside) && !inside.starts_with('#') {
                return Some(format!("can't parse entities: unsupported entity \"{inside}\""));
            }
        } else if let Some(name) = inside.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Some(format!("can't parse entities: unmatched end tag \"{name}\""));
            }
        } else {
            let name = inside.split_whitespace().next().unwrap_or_default();
            if !TAGS.contains(&name) {
                return Some(format!("can't parse entities: unsupported start tag \"{name}\""));
            }
            open.push(name);
        }
        rest = &tail[close + 1..];
    }
    open.last()
        .map(|name| format!("can't parse entities: can't find end tag corresponding to start tag \"{name}\""))
}

#[cfg(test)]
mod tests {
    use super::fault_in;

    #[test]
    fn accepts_what_telegram_accepts_and_refuses_the_rest() {
        for fine in [
            "",
            "a",
            "<b>Ali</b> &amp; <i>Vali</i>",
            "<a href=\"https://t.me\">t</a>",
            "1 &lt; 2",
            "&#39;",
        ] {
            assert_eq!(fault_in(fine), None, "{fine}");
        }
        for wrong in [
            "1 < 2",
            "a & b",
            "<b>x",
            "<b>x</i>",
            "<script>x</script>",
            "</b>",
            "&nbsp;",
        ] {
            assert!(fault_in(wrong).is_some(), "{wrong}");
        }
    }
}
