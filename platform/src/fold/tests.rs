use super::*;

fn finds(typed: &str, name: &str) -> bool {
    let tokens = tokens(name, ["+998901234567"]);
    query(typed, Some(998)).iter().all(|wanted| {
        wanted
            .iter()
            .any(|start| tokens.iter().any(|token| token.starts_with(start.as_str())))
    })
}

#[test]
fn spellings_of_one_name_find_each_other() {
    for same in [
        &["Oʻtkir", "O'tkir", "O`tkir", "O’tkir", "Otkir", "Ўткир", "ÓTKIR"][..],
        &["Хасан", "Xasan", "Hasan", "Khasan", "Ҳасан", "Hassan"],
        &["Жасур", "Jasur", "Zhasur"],
        &["Ёқуб", "Yoqub", "Yokub"],
        &["Дмитрий", "Dmitriy", "Dmitry", "Dmitri"],
        &["Алёна", "Алена", "Alyona", "Alena"],
        &["Улуғбек", "Ulugʻbek", "Ulug'bek", "Ulughbek"],
        &["Юлдуз", "Yulduz", "ЮЛДУЗ", "Ｙｕｌｄｕｚ"],
        &["Әлия", "Aliya"],
        &["Қодиров", "Qodirov", "Kodirov"],
        &["Елена", "Yelena", "Elena"],
    ] {
        for stored in same {
            for typed in same {
                assert!(
                    finds(typed, stored),
                    "{typed} for {stored}: {:?} in {:?}",
                    query(typed, None),
                    tokens(stored, [])
                );
            }
        }
    }
}

#[test]
fn every_beginning_of_a_word_finds_it() {
    for name in [
        "Bekhzod Yoqubov",
        "Aysel",
        "Diyora",
        "Шахзода Ғуломова",
        "Shoxruh Oʻrinboyev",
        "Muhammadali",
    ] {
        for (end, _) in name.char_indices().skip(1) {
            assert!(finds(&name[..end], name), "{} for {name}", &name[..end]);
        }
    }
    assert!(finds("yoq bek", "Bekhzod Yoqubov"));
    assert!(!finds("yoq ali", "Bekhzod Yoqubov"));
}

#[test]
fn phones_are_found_as_people_type_them() {
    for typed in [
        "+998 90 123 45 67",
        "90 123 45 67",
        "901234567",
        "998901",
        "4567",
        "(90) 123",
        "Aysel 4567",
        "90",
    ] {
        assert!(finds(typed, "Aysel"), "{typed}");
    }
    assert!(!finds("5678", "Aysel"));
}

#[test]
fn an_empty_query_asks_for_nothing() {
    for typed in ["", "  ", "\u{202e}", "...", "'"] {
        assert!(query(typed, Some(998)).is_empty(), "{typed:?}");
    }
}

#[test]
fn names_sort_by_their_folded_words() {
    assert_eq!(name_key("  Ғуломова   Шахзода\u{200b} "), "gulomova shaxzoda");
    assert_eq!(name_key("Oʻrinboyev-Ali"), "orinboyev ali");
    assert_eq!(name_key("Й"), name_key("И\u{306}"));
}

#[test]
fn cleaning_removes_what_hides_or_reorders() {
    assert_eq!(
        clean_line(" Ali\u{202e}\u{0}\t\r\n Valiyev\u{200b} ", 50),
        "Ali Valiyev"
    );
    assert_eq!(clean_line("Ali Valiyev", 4), "Ali");
    assert_eq!(clean_text("a\r\nb\u{7}\u{2066}c\rd", 50), "a\nbc\nd");
    assert_eq!(clean_text("👨‍👩‍👧 oila", 50), "👨‍👩‍👧 oila");
    assert_eq!(clean_text(&"ж".repeat(10), 3), "жжж");
}

#[test]
fn hostile_text_stays_small() {
    let tokens = tokens(&"ab ".repeat(100_000), [&*"1".repeat(100_000)]);
    assert!(tokens.len() < 60);
    let long = self::tokens(&"ﷺ".repeat(10_000), []);
    assert!(long.iter().all(|token| token.chars().count() <= 40));
}
