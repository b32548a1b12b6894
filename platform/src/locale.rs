//! The words of the product in its four languages. Every sentence a person reads is a Fluent message in
//! `platform/locales/<lang>/<area>.ftl`, its id prefixed with the area or slice it belongs to.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

pub use fluent_bundle::FluentValue as Value;
use fluent_templates::{LanguageIdentifier, Loader, static_loader};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Uz,
    Ru,
    En,
    Kk,
}

impl Lang {
    pub const ALL: [Lang; 4] = [Lang::Uz, Lang::Ru, Lang::En, Lang::Kk];

    pub fn code(self) -> &'static str {
        match self {
            Lang::Uz => "uz",
            Lang::Ru => "ru",
            Lang::En => "en",
            Lang::Kk => "kk",
        }
    }

    /// The tag for `<html lang>`: Uzbek is written in Latin here, and a screen reader must know.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Uz => "uz-Latn",
            other => other.code(),
        }
    }

    /// The language's name in itself: what a speaker looks for in a list.
    pub fn endonym(self) -> &'static str {
        match self {
            Lang::Uz => "Oʻzbekcha",
            Lang::Ru => "Русский",
            Lang::En => "English",
            Lang::Kk => "Қазақша",
        }
    }

    /// The best of ours for an `Accept-Language` header.
    pub fn negotiate(header: &str) -> Option<Lang> {
        let mut wanted: Vec<(f32, Lang)> = header
            .split(',')
            .filter_map(|part| {
                let mut pieces = part.split(';');
                let lang = Lang::from_tag(pieces.next()?.trim())?;
                let weight = pieces
                    .find_map(|piece| piece.trim().strip_prefix("q="))
                    .map_or(Some(1.0), |q| q.parse().ok())?;
                (weight > 0.0).then_some((weight, lang))
            })
            .collect();
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        wanted.first().map(|(_, lang)| *lang)
    }

    fn from_tag(tag: &str) -> Option<Lang> {
        tag.split(['-', '_']).next()?.parse().ok()
    }

    fn identifier(self) -> &'static LanguageIdentifier {
        &IDENTIFIERS[self as usize]
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        let code = code.to_ascii_lowercase();
        Lang::ALL
            .into_iter()
            .find(|lang| lang.code() == code)
            .ok_or(UnknownLang)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("unknown language")]
pub struct UnknownLang;

/// The sentence for `id`; whole numbers among the arguments choose the plural form and are grouped by thousands.
pub fn t<'a>(lang: Lang, id: &str, args: &[(&'static str, Value<'a>)]) -> String {
    find(lang, id, args).unwrap_or_else(|| {
        tracing::error!(id, %lang, "no such message");
        id.to_owned()
    })
}

/// As [`t`], but `None` where no such message exists: for words chosen by a code that comes from data.
pub fn find<'a>(lang: Lang, id: &str, args: &[(&'static str, Value<'a>)]) -> Option<String> {
    if args.is_empty() {
        return LOCALES.try_lookup(lang.identifier(), id);
    }
    let args: HashMap<Cow<'static, str>, Value<'a>> = args
        .iter()
        .map(|(name, value)| (Cow::Borrowed(*name), value.clone()))
        .collect();
    LOCALES.try_lookup_with_args(lang.identifier(), id, &args)
}

/// `1240` as `1 240`, with no-break spaces.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    if number < 0 {
        out.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
}

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        customise: |bundle| {
            bundle.set_use_isolating(false);
            bundle.set_formatter(Some(format_number));
        },
    };
}

static IDENTIFIERS: LazyLock<[LanguageIdentifier; 4]> =
    LazyLock::new(|| Lang::ALL.map(|lang| lang.code().parse().unwrap_or_default()));

fn format_number<M>(value: &Value, _memoizer: &M) -> Option<String> {
    match value {
        Value::Number(number) if number.value.fract() == 0.0 => Some(grouped(number.value as i64)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;

    fn messages(lang: Lang) -> BTreeMap<String, String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(lang.code());
        let mut found = BTreeMap::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let area = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(
                fluent_bundle::FluentResource::try_new(text.clone()).is_ok(),
                "{} does not parse",
                path.display()
            );
            for line in text.lines() {
                if let Some((id, _)) = line.split_once('=')
                    && line.starts_with(|c: char| c.is_ascii_lowercase())
                {
                    let before = found.insert(id.trim().to_owned(), area.clone());
                    assert!(before.is_none(), "{lang}: {} is written twice", id.trim());
                }
            }
        }
        found
    }

    #[test]
    fn every_language_has_every_message() {
        let uzbek: BTreeSet<_> = messages(Lang::Uz).into_iter().collect();
        for lang in Lang::ALL {
            let other: BTreeSet<_> = messages(lang).into_iter().collect();
            let missing: Vec<_> = uzbek.symmetric_difference(&other).collect();
            assert!(missing.is_empty(), "{lang} and uz differ in {missing:?}");
        }
    }

    #[test]
    fn uzbek_is_written_with_its_own_letter() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/uz");
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            for (at, line) in text.lines().enumerate() {
                let words = line.split_once('=').map_or(line, |(_, words)| words).to_lowercase();
                for wrong in ["o'", "g'", "o‘", "g‘", "o’", "g’", "o`", "g`"] {
                    assert!(!words.contains(wrong), "{}:{}: {wrong}", path.display(), at + 1);
                }
            }
        }
    }

    #[test]
    fn a_browser_gets_the_language_it_asks_for() {
        assert_eq!(Lang::negotiate("fr-FR,ru;q=0.8,en;q=0.9"), Some(Lang::En));
        assert_eq!(Lang::negotiate("uz-Latn-UZ,uz;q=0.9"), Some(Lang::Uz));
        assert_eq!(Lang::negotiate("kk"), Some(Lang::Kk));
        assert_eq!(Lang::negotiate("de, fr"), None);
        assert_eq!(Lang::negotiate(""), None);
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(grouped(5), "5");
        assert_eq!(grouped(1240), "1\u{a0}240");
        assert_eq!(grouped(-1_000_000), "−1\u{a0}000\u{a0}000");
    }
}
