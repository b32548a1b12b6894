//! Words as a centre types them, and the keys made of them.

use platform::fold::{clean_line, name_key};
use platform::locale::Lang;
use platform::{Error, Result};
use wire::pack::FieldOption;

use super::list::Entry;
use crate::leads::Label;
use crate::typed;

const LONGEST: usize = 60;
const MOST_OPTIONS: usize = 100;

/// The words by language, each one line. One is enough: it stands in for the others.
pub(super) fn checked(field: &str, typed: &Label) -> Result<Label> {
    let mut labels = Label::new();
    for (lang, text) in typed {
        if !Lang::ALL.iter().any(|known| known.code() == lang) {
            return Err(Error::field(field, "unknown_language"));
        }
        let text = typed::line(field, text, LONGEST)?;
        if !text.is_empty() {
            labels.insert(lang.clone(), text);
        }
    }
    if labels.is_empty() {
        return Err(Error::field(field, "required"));
    }
    Ok(labels)
}

/// Two entries that read alike would be chosen by chance.
pub(super) fn is_new(labels: &Label, others: &[Entry], except: Option<&str>) -> Result<()> {
    let alike = |entry: &Entry| {
        labels.iter().any(|(lang, text)| {
            let theirs = entry.labels.get(lang);
            theirs.is_some_and(|theirs| name_key(theirs) == name_key(text))
        })
    };
    let twin = others
        .iter()
        .find(|entry| Some(entry.key.as_str()) != except && alike(entry));
    match twin {
        Some(_) => Err(Error::field("labels", "name_taken")),
        None => Ok(()),
    }
}

/// The choices, each with a value: a new one gets it from its words.
pub(super) fn options(typed: Vec<FieldOption>) -> Result<Vec<FieldOption>> {
    if typed.len() > MOST_OPTIONS {
        return Err(Error::field("options", "too_many").with("max", MOST_OPTIONS as u64));
    }
    let mut options: Vec<FieldOption> = Vec::with_capacity(typed.len());
    for option in typed {
        let labels = checked("options", &option.labels)?;
        let value = match clean_line(&option.value, LONGEST) {
            value if value.is_empty() => key(&labels, |key| options.iter().any(|option| option.value == key)),
            value => value,
        };
        if options.iter().any(|other| other.value == value) {
            return Err(Error::field("options", "already_exists"));
        }
        options.push(FieldOption { value, labels });
    }
    Ok(options)
}

/// A key of the first words there are: Latin letters, digits and `_`, taken by nobody.
pub(super) fn key(labels: &Label, taken: impl Fn(&str) -> bool) -> String {
    let first = Lang::ALL.into_iter().find_map(|lang| labels.get(lang.code()));
    let text = first.map(|text| name_key(text)).unwrap_or_default();
    let word: String = text
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == ' ')
        .take(40)
        .collect();
    let word = word
        .split(' ')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("_");
    let starts_well = word.starts_with(|c: char| c.is_ascii_alphabetic());
    let word = if starts_well { word } else { format!("own_{word}") };
    (1..)
        .map(|n| if n == 1 { word.clone() } else { format!("{word}_{n}") })
        .find(|key| !taken(key))
        .unwrap_or(word)
}

/// As a script may name it: `preferred_day`.
pub(super) fn is_key(key: &str) -> bool {
    key.len() <= 60
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str) -> Label {
        Label::from([("uz".to_owned(), text.to_owned())])
    }

    #[test]
    fn a_key_is_made_of_the_words_and_taken_by_nobody() {
        assert_eq!(key(&label("Oʻquv  Maqsadi!"), |_| false), "oquv_maqsadi");
        assert_eq!(
            key(&label("Цель обучения"), |_| false),
            key(&label("Цель обучения"), |_| false)
        );
        assert!(is_key(&key(&label("Цель обучения"), |_| false)));
        assert_eq!(key(&label("VIP"), |key| key == "vip"), "vip_2");
        assert_eq!(key(&label("3 oy"), |_| false), "own_3_oy");
        assert!(is_key(&key(&label("你好"), |_| false)));
    }
}
