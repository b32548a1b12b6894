//! Messages are written in Telegram's HTML: what a person typed is shown in it, never obeyed.

/// Escapes a foreign string for the text of a message.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_name_cannot_become_markup() {
        assert_eq!(
            escape("<b>Ali</b> & \"Co\""),
            "&lt;b&gt;Ali&lt;/b&gt; &amp; &quot;Co&quot;"
        );
        assert_eq!(escape("Gʻulom oʻgʻli"), "Gʻulom oʻgʻli");
    }
}
