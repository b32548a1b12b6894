//! Text as search sees it: one spelling for Cyrillic and Latin, for every apostrophe and accent.
//! Leads store the exact and the loose spelling of each word; a query asks with the loose one.

use std::borrow::Cow;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfkc_quick};

const LONGEST_TOKEN: usize = 40;
const MOST_WORDS: usize = 24;

/// Everything a lead is found by: its words, each full phone and each phone's last four digits.
pub fn tokens<'a>(name: &str, phones: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut tokens = Vec::new();
    for word in words(name) {
        tokens.push(loose(&word));
        tokens.push(word);
    }
    for phone in phones {
        let digits: String = phone.chars().filter_map(digit).take(LONGEST_TOKEN).collect();
        if digits.len() >= 4 {
            tokens.push(digits[digits.len() - 4..].to_owned());
            tokens.push(digits);
        }
    }
    tokens.retain(|token| !token.is_empty());
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

/// What to look for: a lead must have, for every entry, a token beginning with one of its
/// alternatives. A number may be typed with spaces and without the country code.
pub fn query(text: &str, calling_code: Option<u16>) -> Vec<Vec<String>> {
    let is_number = |c: char| digit(c).is_some() || c.is_whitespace() || "+-()./".contains(c);
    let text = clean_line(text, 200);
    let digits: String = text.chars().filter_map(digit).collect();
    if !digits.is_empty() && text.chars().all(is_number) {
        return vec![number(&digits, calling_code)];
    }
    let mut wanted: Vec<Vec<String>> = words(&text)
        .map(|word| {
            if word.bytes().all(|b| b.is_ascii_digit()) {
                number(&word, calling_code)
            } else {
                either(word)
            }
        })
        .collect();
    wanted.dedup();
    wanted
}

/// What names sort by.
pub fn name_key(name: &str) -> String {
    words(name).collect::<Vec<_>>().join(" ")
}

/// Text of several lines: control, invisible and direction-changing characters are gone.
pub fn clean_text(text: &str, max: usize) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let kept: String = composed(&text)
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| *c == '\n' || !is_invisible(*c))
        .take(max)
        .collect();
    kept.trim().to_owned()
}

/// One line: the same, and every run of white space is one space.
pub fn clean_line(text: &str, max: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for c in composed(text).chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        if is_invisible(c) || (c == ' ' && (line.is_empty() || line.ends_with(' '))) {
            continue;
        }
        if length == max {
            break;
        }
        line.push(c);
        length += 1;
    }
    line.truncate(line.trim_end().len());
    line
}

/// Characters with no shape of their own that control, hide or reorder others. Joiners stay:
/// emoji and Persian need them.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
        )
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The ASCII digit a decimal digit of any script stands for.
pub(crate) fn digit(c: char) -> Option<char> {
    // The first digit of each block of ten that people of the region type or paste.
    const ZEROS: [u32; 6] = [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xFF10];
    let value = ZEROS
        .iter()
        .map(|zero| u32::from(c).wrapping_sub(*zero))
        .find(|value| *value < 10)?;
    char::from_digit(value, 10)
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let mut plain = String::with_capacity(text.len());
    for c in compatible(text).chars().flat_map(char::to_lowercase) {
        push_plain(&mut plain, c);
    }
    let words: Vec<String> = plain
        .split(' ')
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(shortened)
        .collect();
    words.into_iter()
}

/// Nearly all text is normal already, and seeing so costs a fraction of doing it.
fn composed(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    }
}

fn compatible(text: &str) -> Cow<'_, str> {
    match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfkc().collect()),
    }
}

fn push_plain(out: &mut String, c: char) {
    if let Some(latin) = latin(c) {
        out.push_str(latin);
    } else if let Some(digit) = digit(c) {
        out.push(digit);
    } else if is_invisible(c) || is_apostrophe(c) || is_combining_mark(c) || matches!(c, '\u{200c}' | '\u{200d}') {
    } else if c.is_alphanumeric() {
        decompose_compatible(c, |part| {
            if !is_combining_mark(part) {
                out.push(part)
            }
        });
    } else {
        out.push(' ');
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`' | '´' | '‘' | '’' | '‛' | 'ʻ' | 'ʼ' | 'ʹ' | 'ʽ' | 'ʾ' | 'ʿ' | '′' | '＇' | 'ˈ' | '"'
    )
}

fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'а' | 'ә' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ғ' | 'ґ' => "g",
        'д' => "d",
        'е' | 'э' => "e",
        'ё' => "yo",
        'є' => "ye",
        'ж' | 'җ' | 'ҷ' => "j",
        'з' => "z",
        'и' | 'і' | 'ы' | 'ӣ' => "i",
        'ї' => "yi",
        'й' => "y",
        'к' => "k",
        'қ' => "q",
        'л' => "l",
        'м' => "m",
        'н' | 'ң' => "n",
        'о' | 'ө' | 'ў' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ұ' | 'ү' | 'ӯ' => "u",
        'ф' => "f",
        'х' => "x",
        'ҳ' | 'һ' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' | 'щ' => "sh",
        'ъ' | 'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        'ı' => "i",
        'ß' => "ss",
        'ø' => "o",
        'ł' => "l",
        'đ' => "d",
        'æ' => "ae",
        'œ' => "oe",
        _ => return None,
    })
}

/// Spellings of one sound made equal: Khasan, Xasan, Hasan; Yoqub, Yokub; Dmitriy, Dmitry.
fn loose(word: &str) -> String {
    const SOUNDS: [(&str, &str); 10] = [
        ("shch", "sh"),
        ("kh", "h"),
        ("gh", "g"),
        ("zh", "j"),
        ("yo", "e"),
        ("ye", "e"),
        ("y", "i"),
        ("x", "h"),
        ("q", "k"),
        ("w", "v"),
    ];
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let (sound, length) = match SOUNDS.iter().find(|(from, _)| rest.starts_with(from)) {
            Some((from, to)) => (*to, from.len()),
            None => (&rest[..first.len_utf8()], first.len_utf8()),
        };
        if !out.ends_with(sound) || first.is_ascii_digit() {
            out.push_str(sound);
        }
        rest = &rest[length..];
    }
    out
}

fn either(word: String) -> Vec<String> {
    let mut spellings = vec![loose(&word), word];
    spellings.dedup();
    spellings
}

fn number(digits: &str, calling_code: Option<u16>) -> Vec<String> {
    let typed = shortened(digits);
    let full = calling_code.map(|code| shortened(&format!("{code}{digits}")));
    std::iter::once(typed).chain(full).collect()
}

fn shortened(word: &str) -> String {
    word.chars().take(LONGEST_TOKEN).collect()
}

#[cfg(test)]
mod tests;
