//! What a row says, in the centre's own words: its sources and courses are recognized by key, label or name. What
//! is not recognized is kept in the notes under its column's title; no text a person typed is dropped.

use std::collections::HashMap;

use platform::fold::name_key;
use platform::phone::{self, Country};
use platform::{Actor, Error, Id, Result, Tx};
use serde_json::{Map, Value};
use wire::pack::CustomField;

use super::import::Import;
use super::own;
use super::sheet::{Cell, Columns, Field, Mapping, Row};
use crate::courses;
use crate::leads::{NewLead, Registry, custom};

/// What rows are read by.
pub(crate) struct Given {
    pub header: Vec<String>,
    pub mapping: Mapping,
    /// xlsx, csv, google_sheets, …
    pub format: String,
    pub owner_id: Option<Id>,
    /// Of rows that name no course.
    pub course_id: Option<Id>,
}

impl From<&Import> for Given {
    fn from(import: &Import) -> Self {
        Given {
            header: import.header(),
            mapping: import.mapping(),
            format: import.format.clone(),
            owner_id: import.owner_id,
            course_id: None,
        }
    }
}

pub(crate) struct Recognizer {
    columns: Columns,
    header: Vec<String>,
    country: Country,
    sources: HashMap<String, String>,
    /// What the file itself says of where its leads come from.
    fallback: String,
    courses: Vec<(Vec<String>, Id)>,
    own: Vec<CustomField>,
    owner: Option<Id>,
    course: Option<Id>,
}

impl Recognizer {
    pub async fn new(tx: &Tx, actor: &Actor, registry: &Registry, given: Given) -> Result<Self> {
        let header = given.header;
        let courses = courses::list_in(tx).await?;
        let words = |name: &str| name_key(name).split(' ').map(str::to_owned).collect();
        Ok(Recognizer {
            columns: given.mapping.resolve(&header)?,
            header,
            country: phone::country(&actor.tenant.country),
            sources: sources(registry),
            fallback: fallback(registry, &given.format)?,
            courses: courses
                .into_iter()
                .filter(|course| course.active)
                .map(|course| (words(&course.name), course.id))
                .collect(),
            own: registry.custom_fields.clone(),
            owner: given.owner_id,
            course: given.course_id,
        })
    }

    pub fn lead(&self, row: &Row) -> Result<NewLead> {
        let cell = |field: &Field| self.columns.cell(row, field);
        let text = |field: &Field| cell(field).map_or("", |cell| cell.text.as_str());
        let missing = Cell::default();
        let phone = cell(&Field::Phone).unwrap_or(&missing).phone(self.country);
        let phone = phone.map_err(|e| Error::field("phone", e.code()))?;
        let mut notes = vec![text(&Field::Notes).to_owned()];
        let mut keep = |field: &Field| {
            let title = self.columns.place(field).and_then(|place| self.header.get(place));
            notes.push(format!("{}: {}", title.map_or("", String::as_str), text(field)));
        };
        // A slip in the second phone must not cost the lead.
        let secondary_phone = cell(&Field::SecondaryPhone).and_then(|cell| {
            let second = cell.phone(self.country).ok();
            if second.is_none() {
                keep(&Field::SecondaryPhone);
            }
            second
        });
        let source = cell(&Field::Source).and_then(|cell| {
            let known = self.sources.get(&name_key(&cell.text)).cloned();
            if known.is_none() {
                keep(&Field::Source);
            }
            known
        });
        let course_id = cell(&Field::Course).and_then(|cell| {
            let known = self.course(&cell.text);
            if known.is_none() {
                keep(&Field::Course);
            }
            known
        });
        // Every imported lead begins as new: only its history could say otherwise.
        if cell(&Field::Status).is_some() {
            keep(&Field::Status);
        }
        let custom = self.own(row, &mut keep)?;
        // A bare list of numbers has no names to ask for.
        let name = match self.columns.place(&Field::Name) {
            Some(_) => text(&Field::Name).to_owned(),
            None => phone::format_national(&phone),
        };
        notes.retain(|line| !line.is_empty());
        Ok(NewLead {
            name,
            phone,
            secondary_phone,
            course_id: course_id.or(self.course),
            source: Some(source.unwrap_or_else(|| self.fallback.clone())),
            notes: notes.join("\n"),
            custom,
            owner_id: self.owner,
            ..NewLead::default()
        })
    }

    /// The centre's own fields; a value that does not fit its field costs the row, which says so. A field out of use by
    /// now is a note.
    fn own(&self, row: &Row, keep: &mut impl FnMut(&Field)) -> Result<Map<String, Value>> {
        let (mut values, mut bad) = (Map::new(), Vec::new());
        for (field, key) in self.columns.own() {
            let Some(cell) = self.columns.cell(row, field) else {
                continue;
            };
            match self.own.iter().find(|own| own.key == key) {
                None => keep(field),
                Some(own) => match own::value(own, cell) {
                    Ok(value) => {
                        values.insert(own.key.clone(), value);
                    }
                    Err(code) => bad.push(custom::refusal(own, code)),
                },
            }
        }
        if bad.is_empty() {
            Ok(values)
        } else {
            Err(Error::Invalid(bad))
        }
    }

    /// By its name; else by whole words, if only one course holds them all or is held by them.
    fn course(&self, text: &str) -> Option<Id> {
        let key = name_key(text);
        let words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            return None;
        }
        if let Some((_, id)) = self.courses.iter().find(|(name, _)| *name == words) {
            return Some(*id);
        }
        let mut close = self
            .courses
            .iter()
            .filter(|(name, _)| holds(name, &words) || holds(&words, name));
        match (close.next(), close.next()) {
            (Some((_, id)), None) => Some(*id),
            _ => None,
        }
    }
}

/// Whether `part` stands in `whole`, word by word in a row.
fn holds<A: PartialEq<B>, B>(whole: &[A], part: &[B]) -> bool {
    !part.is_empty() && whole.windows(part.len()).any(|run| run.iter().eq(part))
}

/// Every spelling of every source: its key and its label in each language.
fn sources(registry: &Registry) -> HashMap<String, String> {
    let spelled = |text: &str| name_key(&text.replace('_', " "));
    let mut sources = HashMap::new();
    for source in &registry.sources {
        for spelling in std::iter::once(&source.key).chain(source.labels.values()) {
            sources.entry(spelled(spelling)).or_insert_with(|| source.key.clone());
        }
    }
    sources
}

fn fallback(registry: &Registry, format: &str) -> Result<String> {
    let wanted = match format {
        "csv" | "google_sheets" => format,
        _ => "excel",
    };
    let found = [wanted, "other", "manual"]
        .into_iter()
        .find(|key| registry.has_source(key));
    let found = found.or_else(|| registry.sources.first().map(|source| source.key.as_str()));
    found
        .map(str::to_owned)
        .ok_or_else(|| Error::internal("the tenant has no sources"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::sheet::Column;
    use crate::leads::Named;
    use platform::ids::new_id;

    fn recognizer(header: &[&str], fields: &[Field], courses: &[&str]) -> Recognizer {
        let header: Vec<String> = header.iter().map(|title| (*title).to_owned()).collect();
        let mapping = fields
            .iter()
            .enumerate()
            .map(|(at, field)| (field.clone(), Column::At(at)));
        let label = |lang: &str, text: &str| (lang.to_owned(), text.to_owned());
        let registry = Registry {
            sources: vec![
                Named {
                    key: "instagram".into(),
                    labels: [label("uz", "Instagram"), label("ru", "Инстаграм")].into(),
                    retired: false,
                },
                Named {
                    key: "landing_page".into(),
                    labels: [label("uz", "Sayt"), label("en", "Landing page")].into(),
                    retired: false,
                },
                Named {
                    key: "excel".into(),
                    labels: [label("uz", "Excel")].into(),
                    retired: false,
                },
            ],
            ..Registry::default()
        };
        Recognizer {
            columns: Mapping(mapping.collect()).resolve(&header).unwrap(),
            header,
            country: Country::UZ,
            sources: sources(&registry),
            fallback: fallback(&registry, "xlsx").unwrap(),
            courses: courses
                .iter()
                .map(|name| (name_key(name).split(' ').map(str::to_owned).collect(), new_id()))
                .collect(),
            own: Vec::new(),
            owner: None,
            course: None,
        }
    }

    fn row(cells: &[&str]) -> Row {
        Row {
            number: 2,
            cells: cells.iter().map(|text| Cell::text(*text)).collect(),
        }
    }

    #[test]
    fn courses_are_known_by_whole_words() {
        let r = recognizer(
            &["Tel"],
            &[Field::Phone],
            &["Python", "IELTS Preparation", "General English", "Business English"],
        );
        let at = |text: &str| {
            r.course(text)
                .and_then(|id| r.courses.iter().position(|(_, known)| *known == id))
        };
        assert_eq!(at("python"), Some(0));
        assert_eq!(at("Python kursi"), Some(0));
        assert_eq!(at("Питон"), None);
        assert_eq!(at("th"), None);
        assert_eq!(at("IELTS"), Some(1));
        assert_eq!(at("ielts preparation"), Some(1));
        assert_eq!(at("English"), None, "two courses hold it");
        assert_eq!(at("general english"), Some(2));
        assert_eq!(at("!!!"), None);
    }

    #[test]
    fn sources_are_known_by_key_and_by_any_label() {
        let r = recognizer(&["Tel", "Manba"], &[Field::Phone, Field::Source], &[]);
        for (text, expected) in [
            ("INSTAGRAM", "instagram"),
            ("инстаграм", "instagram"),
            ("Landing Page", "landing_page"),
            ("landing_page", "landing_page"),
            ("", "excel"),
        ] {
            let lead = r.lead(&row(&["901234567", text])).unwrap();
            assert_eq!(
                (lead.source.as_deref(), lead.notes.as_str()),
                (Some(expected), ""),
                "{text}"
            );
        }
        let lead = r.lead(&row(&["901234567", "Radio"])).unwrap();
        assert_eq!(
            (lead.source.as_deref(), lead.notes.as_str()),
            (Some("excel"), "Manba: Radio")
        );
    }

    #[test]
    fn nothing_typed_is_dropped() {
        let fields = [
            Field::Phone,
            Field::Name,
            Field::SecondaryPhone,
            Field::Course,
            Field::Notes,
            Field::Status,
        ];
        let r = recognizer(&["Tel", "Ism", "Tel 2", "Kurs", "Izoh", "Holat"], &fields, &["Python"]);
        let lead = r
            .lead(&row(&["901234567", "Ali", "12", "Robot", "Kechqurun", "Oʻyladi"]))
            .unwrap();
        assert_eq!(lead.notes, "Kechqurun\nTel 2: 12\nKurs: Robot\nHolat: Oʻyladi");
        assert_eq!((lead.secondary_phone, lead.course_id), (None, None));
    }

    #[test]
    fn a_list_of_numbers_is_enough() {
        let r = recognizer(&["Tel"], &[Field::Phone], &[]);
        assert_eq!(
            r.lead(&row(&["901234567"])).unwrap().name,
            "+998\u{a0}90\u{a0}123\u{a0}45\u{a0}67"
        );
        let number = Row {
            number: 2,
            cells: vec![Cell::number(901_234_567.0)],
        };
        assert_eq!(r.lead(&number).unwrap().phone, "+998901234567");
        assert!(r.lead(&row(&[""])).is_err());
    }
}
