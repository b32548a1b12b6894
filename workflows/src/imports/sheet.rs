//! A table somebody uploads, as the import sees it: a header, rows of cells, and which column means
//! what. Reading real files is a port; the readers live with the other plugins.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read, Seek};
use std::ops::ControlFlow;

use platform::error::Error;
use platform::phone::{self, PhoneError};
use serde::{Deserialize, Serialize};

use crate::exports::table;

/// Reading blocks and may take a core for seconds: call it on the blocking pool, one or two at once.
pub trait SheetReader: Send + Sync {
    /// The header, the first rows and a guess at the columns, for a person to confirm.
    fn preview(&self, file: Box<dyn SheetFile>, sheet: Option<&str>) -> Result<Preview, SheetError>;

    /// Hands over the rows below the header one by one; the whole table is never in memory.
    fn read(
        &self,
        file: Box<dyn SheetFile>,
        sheet: Option<&str>,
        each: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), SheetError>;
}

/// Tables handed out, safe to open in a spreadsheet program.
pub trait SheetWriter: Send + Sync {
    fn csv(&self) -> io::Result<Box<dyn CsvTable>>;

    /// One that grows on disk, however long it gets.
    fn table(&self, _: table::Format) -> io::Result<Box<dyn table::Table>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

pub trait CsvTable: Send {
    fn row(&mut self, cells: &[&str]) -> io::Result<()>;
    fn finish(self: Box<Self>) -> io::Result<Vec<u8>>;
}

/// Both directions: what the desk is given.
pub trait Sheets: SheetReader + SheetWriter {}

impl<T: SheetReader + SheetWriter> Sheets for T {}

pub trait SheetFile: Read + Seek + Send {}

impl<F: Read + Seek + Send> SheetFile for F {}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preview {
    pub format: Format,
    pub sheets: Vec<String>,
    /// The sheet the rest is about.
    pub sheet: String,
    pub header: Vec<String>,
    pub sample: Vec<Row>,
    pub guess: Guess,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Xlsx,
    Xls,
    Ods,
    Csv,
    GoogleSheets,
}

impl Format {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Csv => "csv",
            Self::GoogleSheets => "google_sheets",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Csv => "text/csv",
            Self::GoogleSheets => "application/vnd.google-apps.spreadsheet",
        }
    }
}

/// `number` is what the person sees beside the row in a spreadsheet program, from 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    pub number: u32,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cell {
    pub text: String,
    /// Set where the file holds a number, not text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub float: Option<f64>,
    /// The text was longer than we keep.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A whole number is written out in full, never as 9.98901E+11.
    pub fn number(value: f64) -> Self {
        let text = if value.fract() == 0.0 && value.abs() < 1e15 {
            format!("{value:.0}")
        } else {
            value.to_string()
        };
        Self {
            text,
            float: Some(value),
            cut: false,
        }
    }

    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    pub fn phone(&self, country: phone::Country) -> Result<String, PhoneError> {
        match self.float {
            Some(value) => phone::normalize_float(value, country),
            None => phone::normalize(&self.text, country),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Field {
    Name,
    Phone,
    SecondaryPhone,
    Source,
    Course,
    Notes,
    Status,
    /// One of the centre's own, by its key.
    Custom(String),
}

impl Field {
    /// Those every centre has.
    pub const ALL: [Field; 7] = [
        Self::Name,
        Self::Phone,
        Self::SecondaryPhone,
        Self::Source,
        Self::Course,
        Self::Notes,
        Self::Status,
    ];

    /// As mappings and forms write it.
    pub fn name(&self) -> String {
        match self {
            Self::Name => "name".into(),
            Self::Phone => "phone".into(),
            Self::SecondaryPhone => "secondary_phone".into(),
            Self::Source => "source".into(),
            Self::Course => "course".into(),
            Self::Notes => "notes".into(),
            Self::Status => "status".into(),
            Self::Custom(key) => format!("{CUSTOM}{key}"),
        }
    }

    pub fn read(name: &str) -> Option<Self> {
        match name.strip_prefix(CUSTOM) {
            Some(key) => Some(Self::Custom(key.to_owned())),
            None => Self::ALL.into_iter().find(|field| field.name() == name),
        }
    }
}

const CUSTOM: &str = "custom.";

impl From<Field> for String {
    fn from(field: Field) -> Self {
        field.name()
    }
}

impl TryFrom<String> for Field {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Field::read(&name).ok_or("no such field")
    }
}

/// Which column holds which field; in JSON `{"phone": "Telefon raqami", "name": 0, "custom.level": 3}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(pub BTreeMap<Field, Column>);

/// A column by its place from 0, or by its exact header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Column {
    At(usize),
    Named(String),
}

/// What the headers seem to mean, each with a confidence up to 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Guess {
    pub mapping: Mapping,
    pub confidence: BTreeMap<Field, f32>,
    pub unknown: Vec<String>,
}

impl Mapping {
    /// Settles the columns on a real header. A lead cannot do without a phone column.
    pub fn resolve(&self, header: &[String]) -> Result<Columns, SheetError> {
        let mut places = BTreeMap::new();
        for (field, column) in &self.0 {
            let place = match column {
                Column::At(place) => Some(*place).filter(|place| *place < header.len()),
                Column::Named(name) => header.iter().position(|title| title.trim() == name.trim()),
            };
            places.insert(field.clone(), place.ok_or(SheetError::ColumnNotFound)?);
        }
        if !places.contains_key(&Field::Phone) {
            return Err(SheetError::HeaderNotFound);
        }
        Ok(Columns(places))
    }
}

pub struct Columns(BTreeMap<Field, usize>);

impl Columns {
    pub fn place(&self, field: &Field) -> Option<usize> {
        self.0.get(field).copied()
    }

    pub fn cell<'r>(&self, row: &'r Row, field: &Field) -> Option<&'r Cell> {
        row.cells.get(*self.0.get(field)?).filter(|cell| !cell.is_blank())
    }

    /// The centre's own fields among them, by their keys.
    pub fn own(&self) -> impl Iterator<Item = (&Field, &str)> {
        self.0.keys().filter_map(|field| match field {
            Field::Custom(key) => Some((field, key.as_str())),
            _ => None,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetError {
    TooLarge,
    TooManyRows,
    Unreadable,
    PasswordProtected,
    Empty,
    UnknownFormat,
    UnclosedQuote { row: u32 },
    SheetNotFound,
    HeaderNotFound,
    ColumnNotFound,
}

impl SheetError {
    pub const ALL: [Self; 10] = [
        Self::TooLarge,
        Self::TooManyRows,
        Self::Unreadable,
        Self::PasswordProtected,
        Self::Empty,
        Self::UnknownFormat,
        Self::UnclosedQuote { row: 0 },
        Self::SheetNotFound,
        Self::HeaderNotFound,
        Self::ColumnNotFound,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "file_too_large",
            Self::TooManyRows => "file_too_many_rows",
            Self::Unreadable => "file_unreadable",
            Self::PasswordProtected => "file_password_protected",
            Self::Empty => "file_empty",
            Self::UnknownFormat => "file_unknown_format",
            Self::UnclosedQuote { .. } => "file_unclosed_quote",
            Self::SheetNotFound => "sheet_not_found",
            Self::HeaderNotFound => "header_not_found",
            Self::ColumnNotFound => "column_not_found",
        }
    }
}

impl From<SheetError> for Error {
    fn from(error: SheetError) -> Self {
        match error {
            SheetError::UnclosedQuote { row } => Error::refused(error.code()).with("line", row),
            _ => Error::refused(error.code()),
        }
    }
}

impl fmt::Display for SheetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnclosedQuote { row } => write!(f, "{} in row {row}", self.code()),
            _ => f.write_str(self.code()),
        }
    }
}

impl std::error::Error for SheetError {}

#[cfg(test)]
mod tests {
    use super::*;
    use phone::Country::UZ;
    use platform::locale::{self, Lang};

    #[test]
    fn a_column_is_named_or_numbered() {
        let header = ["Ism".to_owned(), "Telefon".to_owned()];
        let mapping: Mapping = serde_json::from_str(r#"{"phone": "Telefon", "name": 0}"#).unwrap();
        let columns = mapping.resolve(&header).unwrap();
        let row = Row {
            number: 2,
            cells: vec![Cell::text("Ali"), Cell::number(901_234_567.0)],
        };
        assert_eq!(columns.cell(&row, &Field::Name).unwrap().text, "Ali");
        assert_eq!(
            columns.cell(&row, &Field::Phone).unwrap().phone(UZ).as_deref(),
            Ok("+998901234567")
        );
        assert_eq!(columns.cell(&row, &Field::Notes), None);
    }

    #[test]
    fn a_mapping_that_does_not_fit_is_refused() {
        let header = ["Ism".to_owned()];
        for (json, expected) in [
            (r#"{"name": 0}"#, SheetError::HeaderNotFound),
            (r#"{"phone": 1}"#, SheetError::ColumnNotFound),
            (r#"{"phone": "Telefon"}"#, SheetError::ColumnNotFound),
        ] {
            let mapping: Mapping = serde_json::from_str(json).unwrap();
            assert_eq!(mapping.resolve(&header).err(), Some(expected), "{json}");
        }
    }

    #[test]
    fn every_refusal_and_every_field_has_words() {
        let refusals = SheetError::ALL.iter().map(|error| format!("error-{}", error.code()));
        let fields = Field::ALL
            .iter()
            .map(|field| format!("imports-field-{}", serde_json::json!(field).as_str().unwrap()));
        for id in refusals.chain(fields).map(|id| id.replace('_', "-")) {
            assert!(
                Lang::ALL
                    .iter()
                    .all(|lang| locale::find(*lang, &id, &[("line", 3.into())]).is_some()),
                "{id}"
            );
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        assert_eq!(Cell::number(998_901_234_567.0).text, "998901234567");
        assert_eq!(Cell::number(9.989_01e11).phone(UZ), Err(PhoneError::DigitsLost));
        assert_eq!(Cell::number(0.5).text, "0.5");
        assert_eq!(Cell::default().phone(UZ), Err(PhoneError::Missing));
    }
}
