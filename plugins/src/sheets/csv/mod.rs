//! Comma, semicolon, tab or bar separated text as spreadsheet programs save it. Read character by
//! character, so that a missing quote costs one bounded cell and not the whole file.

mod decode;
mod separator;

use workflows::imports::sheet::{Cell, Row, SheetError, SheetFile};

use super::limits;
use decode::{Chars, Encoding};

/// A quoted text longer than this has lost its closing quote.
const LONGEST_QUOTED: usize = 100_000;

pub struct Csv {
    file: Box<dyn SheetFile>,
    encoding: Encoding,
    separator: char,
    /// Excel's own `sep=;` line, which is no row of the table.
    announced: bool,
}

impl Csv {
    pub fn open(mut file: Box<dyn SheetFile>) -> Result<Self, SheetError> {
        let encoding = Encoding::detect(&mut file)?;
        let sample = encoding.sample(&mut file)?;
        let (separator, announced) = separator::detect(&sample);
        Ok(Self {
            file,
            encoding,
            separator,
            announced,
        })
    }

    pub fn rows(&mut self) -> Result<CsvRows<'_>, SheetError> {
        let chars = self.encoding.chars(&mut self.file)?;
        let mut rows = CsvRows {
            chars,
            separator: self.separator,
            number: 0,
            held: None,
        };
        if self.announced {
            rows.next().transpose()?;
        }
        Ok(rows)
    }
}

pub struct CsvRows<'a> {
    chars: Chars<'a>,
    separator: char,
    number: u32,
    held: Option<char>,
}

impl Iterator for CsvRows<'_> {
    type Item = Result<Row, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.number = self.number.saturating_add(1);
        self.row().transpose()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum At {
    Start,
    Plain,
    Quoted,
    QuoteInQuoted,
}

impl CsvRows<'_> {
    fn row(&mut self) -> Result<Option<Row>, SheetError> {
        let mut cells = Vec::with_capacity(8);
        let mut field = Field::default();
        let mut at = At::Start;
        let mut begun = false;
        loop {
            let Some(c) = self
                .held
                .take()
                .map_or_else(|| self.chars.next(), |held| Ok(Some(held)))?
            else {
                if at == At::Quoted {
                    return Err(SheetError::UnclosedQuote { row: self.number });
                }
                field.close(&mut cells);
                return Ok(begun.then_some(Row {
                    number: self.number,
                    cells,
                }));
            };
            begun = true;
            at = match (at, c) {
                (At::Quoted, '"') => At::QuoteInQuoted,
                (At::Quoted, _) => {
                    field.push(c);
                    if field.length > LONGEST_QUOTED {
                        return Err(SheetError::UnclosedQuote { row: self.number });
                    }
                    At::Quoted
                }
                (At::QuoteInQuoted, '"') => {
                    field.push(c);
                    At::Quoted
                }
                (_, '\n' | '\r') => {
                    if c == '\r' {
                        self.held = self.chars.next()?.filter(|next| *next != '\n');
                    }
                    field.close(&mut cells);
                    return Ok(Some(Row {
                        number: self.number,
                        cells,
                    }));
                }
                (_, c) if c == self.separator => {
                    field.close(&mut cells);
                    At::Start
                }
                (At::Start, '"') => At::Quoted,
                (At::Start, ' ') => At::Start,
                // Text after a closing quote, or a quote within plain text: kept as it stands.
                (_, c) => {
                    field.push(c);
                    At::Plain
                }
            };
        }
    }
}

#[derive(Default)]
struct Field {
    text: String,
    length: usize,
    number: usize,
}

impl Field {
    fn push(&mut self, c: char) {
        self.length += 1;
        // White space at the ends is trimmed later, so a little more than a cell is kept.
        if self.length <= limits::CELL + 200 {
            self.text.push(c);
        }
    }

    fn close(&mut self, cells: &mut Vec<Cell>) {
        if self.number < limits::COLUMNS {
            let mut cell = limits::text(&self.text);
            cell.cut |= self.length > limits::CELL + 200;
            cells.push(cell);
        }
        self.number += 1;
        self.text.clear();
        self.length = 0;
    }
}
