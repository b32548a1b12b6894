//! What a column's title means, in the languages of the region. Whole titles and whole words are
//! compared, never parts of words: `secondary_phone` is no phone, `Python` holds no `th`.

mod titles;

use std::collections::BTreeMap;

use platform::fold;
use workflows::imports::sheet::{Cell, Column, Field, Guess, Mapping, Row};

use titles::{SECOND, TITLES, WORDS, squeezed};

/// Titles are certain, words within a title likely, contents alone a guess.
const BY_TITLE: f32 = 1.0;
const BY_WORD: f32 = 0.8;
const BY_CONTENT: f32 = 0.6;

pub fn guess(header: &[String], sample: &[Row]) -> Guess {
    let mut claims: Vec<(Field, f32, usize)> = header
        .iter()
        .enumerate()
        .filter_map(|(at, title)| meaning(title).map(|(field, confidence)| (field, confidence, at)))
        .filter(|(field, _, at)| !is_phone(field) || !contradicted(sample, *at))
        .collect();
    claims.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.cmp(&b.2)));
    let mut taken = Taken::default();
    for (field, confidence, at) in claims {
        // A second column called "phone" is the second phone.
        if !taken.claim(&field, at, confidence) && field == Field::Phone {
            taken.claim(&Field::SecondaryPhone, at, BY_CONTENT);
        }
    }
    if !taken.has(&Field::Phone) {
        let phones = (0..header.len())
            .find(|at| !taken.is_used(*at) && meaning(&header[*at]).is_none() && holds_phones(sample, *at));
        if let Some(at) = phones {
            taken.claim(&Field::Phone, at, BY_CONTENT);
        }
    }
    taken.guess(header)
}

/// Is this, as a whole, the title of a column we know?
pub fn is_title(text: &str) -> bool {
    text.chars().count() <= 60 && titled(&squeezed(text)).is_some()
}

pub fn looks_like_phone(cell: &Cell) -> bool {
    let digits = cell.text.chars().filter(char::is_ascii_digit).count();
    let letters = cell.text.chars().filter(|c| c.is_alphabetic()).count();
    (7..=16).contains(&digits) && letters == 0
}

#[derive(Default)]
struct Taken(BTreeMap<Field, (usize, f32)>);

impl Taken {
    fn claim(&mut self, field: &Field, at: usize, confidence: f32) -> bool {
        let free = !self.has(field) && !self.is_used(at);
        if free {
            self.0.insert(field.clone(), (at, confidence));
        }
        free
    }

    fn has(&self, field: &Field) -> bool {
        self.0.contains_key(field)
    }

    fn is_used(&self, at: usize) -> bool {
        self.0.values().any(|(used, _)| *used == at)
    }

    fn guess(self, header: &[String]) -> Guess {
        let unknown = header
            .iter()
            .enumerate()
            .filter(|(at, _)| !self.is_used(*at))
            .map(|(_, title)| title.clone())
            .collect();
        Guess {
            mapping: Mapping(
                self.0
                    .iter()
                    .map(|(field, (at, _))| (field.clone(), Column::At(*at)))
                    .collect(),
            ),
            confidence: self
                .0
                .iter()
                .map(|(field, (_, confidence))| (field.clone(), *confidence))
                .collect(),
            unknown,
        }
    }
}

fn is_phone(field: &Field) -> bool {
    matches!(field, Field::Phone | Field::SecondaryPhone)
}

fn meaning(title: &str) -> Option<(Field, f32)> {
    if let Some(field) = titled(&squeezed(title)) {
        return Some((field, BY_TITLE));
    }
    let folded = fold::name_key(title);
    let words: Vec<&str> = folded.split(' ').collect();
    let any = |list: &[String]| words.iter().any(|word| list.iter().any(|known| known == word));
    let fields: Vec<Field> = WORDS
        .iter()
        .filter(|(_, list)| any(list))
        .map(|(field, _)| field.clone())
        .collect();
    match fields.as_slice() {
        [Field::Phone] if any(&SECOND) => Some((Field::SecondaryPhone, BY_WORD)),
        [one] if words.len() <= 4 => Some((one.clone(), BY_WORD)),
        _ => None,
    }
}

fn titled(squeezed: &str) -> Option<Field> {
    TITLES
        .iter()
        .find(|(_, list)| list.iter().any(|known| known == squeezed))
        .map(|(field, _)| field.clone())
}

/// A title such as "number" that stands over values no phone looks like.
fn contradicted(sample: &[Row], at: usize) -> bool {
    let (phones, filled) = counts(sample, at);
    filled > 0 && phones * 4 < filled
}

fn holds_phones(sample: &[Row], at: usize) -> bool {
    let (phones, filled) = counts(sample, at);
    phones > 0 && phones * 5 >= filled * 4
}

fn counts(sample: &[Row], at: usize) -> (usize, usize) {
    let cells = || {
        sample
            .iter()
            .filter_map(|row| row.cells.get(at))
            .filter(|cell| !cell.is_blank())
    };
    (cells().filter(|cell| looks_like_phone(cell)).count(), cells().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(header: &[&str]) -> BTreeMap<Field, usize> {
        places(&guess(
            &header.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>(),
            &[],
        ))
    }

    fn places(guess: &Guess) -> BTreeMap<Field, usize> {
        let place = |column: &Column| if let Column::At(at) = column { *at } else { usize::MAX };
        guess
            .mapping
            .0
            .iter()
            .map(|(field, column)| (field.clone(), place(column)))
            .collect()
    }

    #[test]
    fn the_second_phone_is_never_the_phone() {
        for header in [
            ["secondary_phone", "phone"],
            ["Secondary Phone", "Phone Number"],
            ["Qoʻshimcha telefon", "Telefon raqami"],
            ["qo'shimcha raqam", "raqam"],
            ["Доп. телефон", "Телефон"],
            ["Телефон родителей", "Номер телефона"],
            ["Телефон мамы", "Телефон"],
            ["Қосымша телефон", "Телефон нөмірі"],
            ["phone2", "phone"],
            ["Telefon", "Telefon (asosiy)"],
        ] {
            let places = guessed(&header);
            if header[0] == "Telefon" {
                assert_eq!(
                    (places[&Field::Phone], places[&Field::SecondaryPhone]),
                    (0, 1),
                    "{header:?}"
                );
            } else {
                assert_eq!(
                    (places[&Field::Phone], places[&Field::SecondaryPhone]),
                    (1, 0),
                    "{header:?}"
                );
            }
        }
        assert!(!guessed(&["name", "secondary_phone"]).contains_key(&Field::Phone));
    }

    #[test]
    fn every_language_names_every_field() {
        for header in [
            [
                "Name",
                "Phone",
                "Secondary phone",
                "Source",
                "Course",
                "Notes",
                "Status",
            ],
            [
                "Ism",
                "Telefon",
                "Qo‘shimcha telefon",
                "Manba",
                "Kurs",
                "Izoh",
                "Holati",
            ],
            [
                "Исм",
                "Телефон рақами",
                "Telefon 2",
                "Манба",
                "Йўналиш",
                "Изоҳ",
                "Status",
            ],
            [
                "ФИО",
                "Номер телефона",
                "Второй телефон",
                "Источник",
                "Направление",
                "Комментарий",
                "Этап",
            ],
            [
                "Аты-жөні",
                "Ұялы телефон",
                "Екінші телефон",
                "Дереккөз",
                "Бағыт",
                "Ескертпе",
                "Мәртебе",
            ],
            [
                "FULL_NAME",
                "PhoneNumber",
                "phone-2",
                "utm_source",
                "interested_course",
                "comments",
                "lead_status",
            ],
        ] {
            let expected: BTreeMap<Field, usize> = Field::ALL.into_iter().zip(0..).collect();
            assert_eq!(guessed(&header), expected, "{header:?}");
        }
    }

    #[test]
    fn parts_of_words_mean_nothing() {
        assert!(
            guessed(&[
                "Phonetics",
                "Namespace",
                "Kursiv",
                "Resource",
                "Python",
                "Sotuvchi ismi",
                "Group name"
            ])
            .is_empty()
        );
    }

    #[test]
    fn likely_titles_are_less_sure_and_unknown_ones_are_listed() {
        let header = ["Mijozning telefoni".to_owned(), "Ism".to_owned(), "Filial".to_owned()];
        let guess = guess(&header, &[]);
        assert_eq!(
            (guess.confidence[&Field::Phone], guess.confidence[&Field::Name]),
            (BY_WORD, BY_TITLE)
        );
        assert_eq!(guess.unknown, ["Filial"]);
    }

    #[test]
    fn contents_confirm_or_refute() {
        let header = ["Номер".to_owned(), "Ism".to_owned(), "Aloqa".to_owned()];
        let row = |number: u32| Row {
            number,
            cells: vec![
                Cell::number(f64::from(number)),
                Cell::text("Ali"),
                Cell::text("90 123 45 67"),
            ],
        };
        let guess = guess(&header, &[row(1), row(2), row(3)]);
        assert_eq!(places(&guess), BTreeMap::from([(Field::Name, 1), (Field::Phone, 2)]));
        assert_eq!(guess.confidence[&Field::Phone], BY_CONTENT);
    }
}
