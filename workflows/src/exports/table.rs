//! A table on its way out, as the domain sees it: headings, then rows of cells. Writing real files is a port; the
//! writers live with the other plugins.

use std::fs::File;
use std::io;

use chrono::NaiveDateTime;
use platform::locale::Lang;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Csv(Separator),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    Comma,
    Semicolon,
}

/// Never the whole table in memory.
pub trait Table: Send {
    fn row(&mut self, cells: &[Cell]) -> io::Result<()>;

    /// The finished file, at its beginning.
    fn finish(self: Box<Self>) -> io::Result<File>;
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    /// Never anything but text to whoever opens it.
    Text(String),
    Number(f64),
    /// In the centre's own time.
    Moment(NaiveDateTime),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        match text.into() {
            text if text.is_empty() => Self::Empty,
            text => Self::Text(text),
        }
    }
}

impl Format {
    pub const ALL: [Format; 3] = [Self::Xlsx, Self::Csv(Separator::Semicolon), Self::Csv(Separator::Comma)];

    pub fn key(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv(Separator::Semicolon) => "csv_semicolon",
            Self::Csv(Separator::Comma) => "csv_comma",
        }
    }

    /// Plain `csv` is what spreadsheet programs of the language expect.
    pub fn read(key: &str, lang: Lang) -> Option<Self> {
        if key == "csv" {
            return Some(Self::Csv(Separator::usual(lang)));
        }
        Self::ALL.into_iter().find(|format| format.key() == key)
    }

    pub fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv(_) => "csv",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv(_) => "text/csv; charset=utf-8",
        }
    }
}

impl Separator {
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
        }
    }

    /// Where the comma divides whole from part, the semicolon divides cells.
    pub fn usual(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::Comma,
            Lang::Uz | Lang::Ru | Lang::Kk => Self::Semicolon,
        }
    }
}
