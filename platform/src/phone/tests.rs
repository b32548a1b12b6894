use super::*;
use Country::{KZ, RU, UZ};

use crate::locale::Lang;

#[derive(serde::Deserialize)]
struct Vectors {
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    raw: Option<String>,
    cell: Option<(String, Option<f64>)>,
    e164: Option<String>,
}

#[test]
fn every_case_of_the_contract_holds() {
    let vectors: Vectors = serde_json::from_str(include_str!("../../../tests/data/phone.json")).unwrap();
    assert_eq!(vectors.cases.len(), 22);
    for case in vectors.cases {
        let got = match (&case.raw, case.cell.as_ref().and_then(|cell| cell.1)) {
            (Some(raw), _) => normalize(raw, UZ),
            (None, Some(float)) => normalize_float(float, UZ),
            (None, None) => normalize("", UZ),
        };
        assert_eq!(got.ok(), case.e164, "{:?} {:?}", case.raw, case.cell);
    }
}

#[test]
fn every_uzbek_code_survives_in_every_spelling() {
    for code in [
        "20", "33", "50", "55", "71", "77", "87", "88", "90", "91", "93", "94", "95", "97", "98", "99",
    ] {
        let expected = format!("+998{code}8686346");
        for typed in [
            format!("({code}) 868 63 46"),
            format!("{code}8686346"),
            format!("998{code}8686346"),
            format!("+998 ({code}) 868-63-46"),
            format!("\u{202d}+998\u{a0}{code}\u{2011}868\u{2011}63\u{2011}46\u{202c}"),
            format!("8~10 998 {code} 868 63 46").replace('~', ""),
        ] {
            assert_eq!(normalize(&typed, UZ).as_deref(), Ok(expected.as_str()), "{typed}");
        }
    }
}

#[test]
fn neighbors_and_trunk_digits() {
    for (typed, country, expected) in [
        ("8 701 123 45 67", KZ, "+77011234567"),
        ("7011234567", KZ, "+77011234567"),
        ("77011234567", KZ, "+77011234567"),
        ("8 (912) 345-67-89", RU, "+79123456789"),
        ("79123456789", UZ, "+79123456789"),
        ("998901234567", KZ, "+998901234567"),
        ("+49 (0) 30 123456", UZ, "+4930123456"),
        ("0555 123 456", Country::KG, "+996555123456"),
        ("٩٩٨٩٠١٢٣٤٥٦٧", UZ, "+998901234567"),
        ("90 123 45 67 доб. 12", UZ, "+998901234567"),
        ("9.98901234567E+11", UZ, "+998901234567"),
        ("tel:+998901234567", UZ, "+998901234567"),
    ] {
        assert_eq!(normalize(typed, country).as_deref(), Ok(expected), "{typed}");
    }
}

#[test]
fn refusals_say_what_is_wrong() {
    for (typed, expected) in [
        ("", PhoneError::Missing),
        ("--", PhoneError::Missing),
        ("90 123 45", PhoneError::TooShort),
        ("998 90 123 45 6", PhoneError::TooShort),
        ("90 123 45 67 8", PhoneError::TooLong),
        ("998901234567998901234567", PhoneError::TooLong),
        ("90 123 45 67, 91 123 45 67", PhoneError::NotANumber),
        ("00 123 45 67", PhoneError::Unknown),
        ("+999 123 456 789", PhoneError::Unknown),
        ("9.98901E+11", PhoneError::DigitsLost),
        ("9,98901E+11", PhoneError::DigitsLost),
        ("onasi", PhoneError::NotANumber),
    ] {
        assert_eq!(normalize(typed, UZ), Err(expected), "{typed}");
    }
}

#[test]
fn every_refusal_has_words() {
    for error in PhoneError::ALL {
        let id = format!("error-{}", error.code().replace('_', "-"));
        assert!(
            Lang::ALL
                .iter()
                .all(|lang| crate::locale::find(*lang, &id, &[]).is_some()),
            "{id}"
        );
    }
}

#[test]
fn floats_keep_their_digits_or_are_refused() {
    assert_eq!(normalize_float(998_901_234_567.0, UZ).as_deref(), Ok("+998901234567"));
    assert_eq!(normalize_float(998_901_000_000.0, UZ), Err(PhoneError::DigitsLost));
    for value in [0.0, -901_234_567.0, 0.5, 1e300, f64::NAN, f64::INFINITY] {
        assert_eq!(normalize_float(value, UZ), Err(PhoneError::NotANumber), "{value}");
    }
}

#[test]
fn shown_with_no_break_spaces() {
    assert_eq!(
        format_national("+998901234567"),
        "+998\u{a0}90\u{a0}123\u{a0}45\u{a0}67"
    );
    assert_eq!(format_national("+77011234567"), "+7\u{a0}701\u{a0}123\u{a0}45\u{a0}67");
    assert_eq!(format_national("+4930123456"), "+49\u{a0}30\u{a0}123456");
    for odd in ["", "+", "abc", "+999123", "998901234567"] {
        assert_eq!(format_national(odd), odd);
    }
}

#[test]
fn hostile_text_is_answered() {
    for text in [
        "\0",
        "+",
        "++",
        "E",
        "1E5",
        "🤙",
        "0000000000000",
        &"9".repeat(100_000),
        &"x5 ".repeat(1000),
    ] {
        assert!(normalize(text, UZ).is_err(), "{:.20}", text);
    }
}
