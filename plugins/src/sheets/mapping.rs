//! What a column's title means, in the languages of the region. Whole titles and whole words are
//! compared, never parts of words: `secondary_phone` is no phone, `Python` holds no `th`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use platform::fold;
use workflows::imports::sheet::{Cell, Column, Field, Guess, Mapping, Row};

/// Titles are certain, words within a title likely, contents alone a guess.
const BY_TITLE: f32 = 1.0;
const BY_WORD: f32 = 0.8;
const BY_CONTENT: f32 = 0.6;

pub fn guess(header: &[String], sample: &[Row]) -> Guess {
    let mut claims: Vec<(Field, f32, usize)> = header
        .iter()
        .enumerate()
        .filter_map(|(at, title)| meaning(title).map(|(field, confidence)| (field, confidence, at)))
        .filter(|(field, _, at)| !is_phone(*field) || !contradicted(sample, *at))
        .collect();
    claims.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.cmp(&b.2)));
    let mut taken = Taken::default();
    for (field, confidence, at) in claims {
        // A second column called "phone" is the second phone.
        if !taken.claim(field, at, confidence) && field == Field::Phone {
            taken.claim(Field::SecondaryPhone, at, BY_CONTENT);
        }
    }
    if !taken.has(Field::Phone) {
        let phones = (0..header.len())
            .find(|at| !taken.is_used(*at) && meaning(&header[*at]).is_none() && holds_phones(sample, *at));
        if let Some(at) = phones {
            taken.claim(Field::Phone, at, BY_CONTENT);
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
    fn claim(&mut self, field: Field, at: usize, confidence: f32) -> bool {
        let free = !self.has(field) && !self.is_used(at);
        if free {
            self.0.insert(field, (at, confidence));
        }
        free
    }

    fn has(&self, field: Field) -> bool {
        self.0.contains_key(&field)
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
                    .map(|(field, (at, _))| (*field, Column::At(*at)))
                    .collect(),
            ),
            confidence: self
                .0
                .iter()
                .map(|(field, (_, confidence))| (*field, *confidence))
                .collect(),
            unknown,
        }
    }
}

fn is_phone(field: Field) -> bool {
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
        .map(|(field, _)| *field)
        .collect();
    match fields.as_slice() {
        [Field::Phone] if any(&SECOND) => Some((Field::SecondaryPhone, BY_WORD)),
        [one] if words.len() <= 4 => Some((*one, BY_WORD)),
        _ => None,
    }
}

fn titled(squeezed: &str) -> Option<Field> {
    TITLES
        .iter()
        .find(|(_, list)| list.iter().any(|known| known == squeezed))
        .map(|(field, _)| *field)
}

/// `Phone number`, `phone_number` and `PhoneNumber` are one title.
fn squeezed(title: &str) -> String {
    fold::name_key(title).replace(' ', "")
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

type Known = Vec<(Field, Vec<String>)>;

static TITLES: LazyLock<Known> = LazyLock::new(|| {
    let list = |field, text: &str| {
        (
            field,
            text.split('|')
                .map(squeezed)
                .filter(|title| !title.is_empty())
                .collect(),
        )
    };
    vec![
        list(
            Field::Name,
            "name|full name|lead|lead name|client|client name|customer|customer name|student|student name|contact|contact name\
             |first name|person\
             |ism|ismi|ism familiya|ismi familiyasi|familiya ism|ism sharif|ism-sharifi|F.I.Sh.|FISH|FIO|toʻliq ism|toʻliq ismi\
             |mijoz|mijoz ismi|oʻquvchi|oʻquvchi ismi|talaba|lid|исм|исми|исм фамилия\
             |имя|фио|ф.и.о.|имя фамилия|имя и фамилия|фамилия имя|фамилия и имя|полное имя|имя клиента|клиент|контакт|лид\
             |ученик|студент|имя ученика\
             |аты|есімі|аты-жөні|толық аты|тегі аты|аты тегі|тұтынушы|оқушы|оқушының аты",
        ),
        list(
            Field::Phone,
            "phone|phone number|phone no|telephone|tel|tel no|mobile|mobile phone|mobile number|cell|cell phone|contact number\
             |contact phone|main phone|primary phone|phone 1|number|whatsapp|whatsapp number\
             |telefon|telefoni|telefon raqami|telefon raqam|tel raqami|tel raqam|raqam|raqami|nomer|nomeri|telefon nomer\
             |telefon nomeri|mobil|mobil raqam|asosiy telefon|asosiy raqam|aloqa raqami|telefon 1|телефон рақами|рақам\
             |телефон|телефоны|номер|номер телефона|тел|тел номер|мобильный|мобильный телефон|моб|моб телефон|сотовый\
             |сотовый телефон|контактный телефон|контактный номер|основной телефон|телефон 1|телефон клиента\
             |телефон нөмірі|нөмір|нөмірі|ұялы|ұялы телефон|байланыс нөмірі|негізгі телефон",
        ),
        list(
            Field::SecondaryPhone,
            "secondary phone|second phone|phone 2|additional phone|other phone|alternative phone|alternate phone|extra phone\
             |parent phone|parents phone|home phone|work phone|backup phone\
             |qoʻshimcha telefon|qoʻshimcha raqam|qoʻshimcha telefon raqami|ikkinchi telefon|ikkinchi raqam|telefon 2\
             |2-telefon|ota-onasi raqami|ota-ona telefoni|ota-onasining raqami|uy telefoni\
             |дополнительный телефон|дополнительный номер|доп телефон|доп номер|второй телефон|второй номер|телефон 2\
             |запасной телефон|запасной номер|другой телефон|телефон родителей|телефон родителя|домашний телефон\
             |қосымша телефон|қосымша нөмір|екінші телефон|екінші нөмір|ата-ана телефоны|ата-анасының телефоны",
        ),
        list(
            Field::Source,
            "source|lead source|channel|utm source|traffic source|referrer|where from|came from\
             |manba|manbai|manbasi|lid manbai|kanal|qayerdan|qayerdan keldi|қаердан|манба\
             |источник|источник лида|источник трафика|канал|рекламный канал|откуда|откуда узнали|откуда узнал\
             |дереккөз|дереккөзі|көзі|арна|қайдан|қайдан білді",
        ),
        list(
            Field::Course,
            "course|course name|interested course|course of interest|subject|program|programme|direction\
             |kurs|kursi|kurs nomi|qiziqqan kurs|qiziqqan kursi|yoʻnalish|yoʻnalishi|fan|fani|йўналиш\
             |курс|название курса|интересующий курс|направление|предмет|программа\
             |курсы|бағыт|бағыты|пән|қызыққан курс|курс атауы",
        ),
        list(
            Field::Notes,
            "notes|note|comment|comments|remark|remarks|description|message|details\
             |izoh|izohi|izohlar|eslatma|eslatmalar|qoʻshimcha maʼlumot|xabar|tavsif|изоҳ\
             |комментарий|комментарии|комент|коммент|примечание|примечания|заметка|заметки|описание|сообщение|дополнительно\
             |ескертпе|ескертпелер|түсініктеме|пікір|қосымша ақпарат",
        ),
        list(
            Field::Status,
            "status|lead status|stage|state|status of lead\
             |holat|holati|bosqich|bosqichi|status|lid holati\
             |статус|статус лида|этап|стадия|состояние\
             |мәртебе|мәртебесі|күйі|кезең|кезеңі",
        ),
    ]
});

/// Words that decide a title we have not seen as a whole.
static WORDS: LazyLock<Known> = LazyLock::new(|| {
    let list = |field, text: &str| (field, folded(text));
    vec![
        list(
            Field::Phone,
            "phone telephone mobile telefon telefoni telefonlari телефон телефоны телефона мобильный сотовый ұялы whatsapp",
        ),
        list(Field::Source, "source manba manbai источник дереккөз дереккөзі"),
        list(Field::Course, "course kurs kursi курс курса бағыт направление"),
        list(
            Field::Notes,
            "comment comments notes izoh izohi комментарий комментарии примечание ескертпе",
        ),
        list(Field::Status, "status holati статус мәртебесі"),
    ]
});

static SECOND: LazyLock<Vec<String>> = LazyLock::new(|| {
    folded(
        "2 secondary second additional other alternative alternate extra parent parents mother father home work backup \
         qoʻshimcha ikkinchi boshqa ota ona onasi otasi onasining otasining uy zaxira \
         доп дополнительный второй запасной другой родителей родителя мамы папы домашний рабочий \
         қосымша екінші басқа ата ана анасы әкесі үй",
    )
});

fn folded(words: &str) -> Vec<String> {
    words.split_whitespace().map(fold::name_key).collect()
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
            .map(|(field, column)| (*field, place(column)))
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
