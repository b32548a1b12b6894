//! Excel 97 to 2003. Our own reader of the few records a table needs: the library reserves what the
//! file declares and loops where its chains do.

mod compound;
mod records;
mod strings;

use std::collections::VecDeque;
use std::io::{Read, SeekFrom};

use chrono::{Days, NaiveDate};
use workflows::imports::sheet::{Cell, Row, SheetError, SheetFile};

use super::limits;
use compound::{Compound, u16_at, u32_at};
use records::{Record, Records, kind};

pub struct Xls {
    stream: Vec<u8>,
    sheets: Vec<(String, usize)>,
    strings: Vec<Box<str>>,
    dated: Vec<bool>,
    since_1904: bool,
}

impl Xls {
    pub fn open(mut file: Box<dyn SheetFile>) -> Result<Self, SheetError> {
        if file.seek(SeekFrom::End(0)).map_err(super::unreadable)? > limits::XLS_BYTES {
            return Err(SheetError::TooLarge);
        }
        file.rewind().map_err(super::unreadable)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(super::unreadable)?;
        let compound = Compound::open(&bytes)?;
        if compound.has("EncryptedPackage") {
            return Err(SheetError::PasswordProtected);
        }
        let stream = compound.stream("Workbook")?.ok_or(SheetError::UnknownFormat)?;
        drop(compound);
        let mut book = Self {
            stream,
            sheets: Vec::new(),
            strings: Vec::new(),
            dated: Vec::new(),
            since_1904: false,
        };
        book.read_globals()?;
        Ok(book)
    }

    pub fn sheet_names(&self) -> Vec<String> {
        self.sheets.iter().map(|(name, _)| name.clone()).collect()
    }

    pub fn rows(&self, sheet: &str) -> Result<XlsRows<'_>, SheetError> {
        let (_, start) = self
            .sheets
            .iter()
            .find(|(name, _)| name == sheet)
            .ok_or(SheetError::SheetNotFound)?;
        Ok(XlsRows {
            book: self,
            records: Records::new(&self.stream, *start),
            depth: 0,
            formula: None,
            ready: VecDeque::new(),
        })
    }

    fn read_globals(&mut self) -> Result<(), SheetError> {
        let mut formats = Vec::new();
        let mut styles = Vec::new();
        let mut hidden = Vec::new();
        let stream = std::mem::take(&mut self.stream);
        let mut records = Records::new(&stream, 0);
        while let Some(record) = records.next()? {
            let data = record.data;
            match record.kind {
                kind::BOF if u16_at(data, 0)? != 0x0600 => return Err(SheetError::UnknownFormat),
                kind::FILE_PASS => return Err(SheetError::PasswordProtected),
                kind::DATE_MODE => self.since_1904 = u16_at(data, 0)? == 1,
                kind::FORMAT => formats.push((u16_at(data, 0)?, strings::long(data, 2)?)),
                kind::XF => styles.push(u16_at(data, 2)?),
                kind::BOUND_SHEET if data.get(5) == Some(&0) => {
                    let sheet = (strings::short(data, 6)?, u32_at(data, 0)? as usize);
                    if data.get(4).is_some_and(|state| state & 3 == 0) {
                        self.sheets.push(sheet)
                    } else {
                        hidden.push(sheet)
                    }
                }
                kind::STRINGS => self.strings = strings::table(records.continued(&record))?,
                kind::EOF => break,
                _ => {}
            }
        }
        if self.sheets.is_empty() {
            self.sheets = hidden;
        }
        self.dated = styles.into_iter().map(|id| is_date(id, &formats)).collect();
        self.stream = stream;
        Ok(())
    }

    fn number(&self, style: u16, value: f64) -> Cell {
        let dated = self.dated.get(usize::from(style)).copied().unwrap_or(false);
        let base = if self.since_1904 {
            NaiveDate::from_ymd_opt(1904, 1, 1)
        } else {
            NaiveDate::from_ymd_opt(1899, 12, 30)
        };
        let day = base.filter(|_| dated && (1.0..2_958_466.0).contains(&value));
        match day.and_then(|base| base.checked_add_days(Days::new(value as u64))) {
            Some(day) => Cell::text(day.to_string()),
            None => Cell::number(value),
        }
    }
}

pub struct XlsRows<'a> {
    book: &'a Xls,
    records: Records<'a>,
    depth: usize,
    formula: Option<(u32, usize)>,
    ready: VecDeque<(u32, usize, Cell)>,
}

impl Iterator for XlsRows<'_> {
    type Item = Result<Row, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut row: Option<Row> = None;
        loop {
            while let Some((number, column, cell)) = self.ready.pop_front() {
                let open = row.get_or_insert_with(|| Row {
                    number,
                    cells: Vec::with_capacity(8),
                });
                if open.number != number {
                    self.ready.push_front((number, column, cell));
                    return row.map(Ok);
                }
                limits::place(&mut open.cells, column, cell);
            }
            match self.records.next() {
                Ok(Some(record)) => match self.read(&record) {
                    Ok(true) => {}
                    Ok(false) => return row.map(Ok),
                    Err(error) => return Some(Err(error)),
                },
                Ok(None) => return row.map(Ok),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl XlsRows<'_> {
    /// False at the sheet's end. Charts inside a sheet carry records of their own.
    fn read(&mut self, record: &Record<'_>) -> Result<bool, SheetError> {
        let data = record.data;
        match record.kind {
            kind::BOF => self.depth += 1,
            kind::EOF if self.depth <= 1 => return Ok(false),
            kind::EOF => self.depth -= 1,
            _ if self.depth > 1 => {}
            kind::NUMBER => {
                let value = f64::from_bits(u64::from(u32_at(data, 6)?) | u64::from(u32_at(data, 10)?) << 32);
                self.push(data, self.book.number(u16_at(data, 4)?, value))?;
            }
            kind::RK => self.push(data, self.book.number(u16_at(data, 4)?, packed(u32_at(data, 6)?)))?,
            kind::MUL_RK => {
                let first = u16_at(data, 2)?;
                let count = data.len().saturating_sub(6) / 6;
                for index in 0..count.min(limits::COLUMNS) {
                    let at = 4 + 6 * index;
                    let cell = self.book.number(u16_at(data, at)?, packed(u32_at(data, at + 2)?));
                    self.ready.push_back((row(data)?, usize::from(first) + index, cell));
                }
            }
            kind::LABEL_SST => {
                let text = self
                    .book
                    .strings
                    .get(u32_at(data, 6)? as usize)
                    .ok_or(SheetError::Unreadable)?;
                self.push(data, limits::text(text))?;
            }
            kind::LABEL | kind::RICH_LABEL => self.push(data, limits::text(&strings::long(data, 6)?))?,
            kind::BOOL_OR_ERROR if data.get(7) == Some(&0) => {
                self.push(data, Cell::text(if data[6] == 1 { "TRUE" } else { "FALSE" }))?;
            }
            kind::FORMULA => self.formula(data)?,
            kind::STRING => {
                if let Some((row, column)) = self.formula.take() {
                    self.ready
                        .push_back((row, column, limits::text(&strings::long(data, 0)?)));
                }
            }
            _ => {}
        }
        Ok(true)
    }

    /// The value Excel last computed; a text follows in a record of its own.
    fn formula(&mut self, data: &[u8]) -> Result<(), SheetError> {
        self.formula = Some((row(data)?, usize::from(u16_at(data, 2)?)));
        if u16_at(data, 12)? == 0xffff {
            return match data[6] {
                1 => self.push(data, Cell::text(if data[8] == 1 { "TRUE" } else { "FALSE" })),
                _ => Ok(()),
            };
        }
        let value = f64::from_bits(u64::from(u32_at(data, 6)?) | u64::from(u32_at(data, 10)?) << 32);
        self.push(data, self.book.number(u16_at(data, 4)?, value))
    }

    fn push(&mut self, data: &[u8], cell: Cell) -> Result<(), SheetError> {
        self.ready.push_back((row(data)?, usize::from(u16_at(data, 2)?), cell));
        Ok(())
    }
}

fn row(data: &[u8]) -> Result<u32, SheetError> {
    Ok(u32::from(u16_at(data, 0)?) + 1)
}

/// A number in four bytes: 30 bits of an integer or of a float, perhaps times a hundred.
fn packed(bits: u32) -> f64 {
    let value = if bits & 2 == 2 {
        f64::from(bits.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 == 1 { value / 100.0 } else { value }
}

fn is_date(id: u16, formats: &[(u16, String)]) -> bool {
    if (14..=17).contains(&id) || id == 22 {
        return true;
    }
    let own = formats.iter().find(|(known, _)| *known == id);
    own.is_some_and(|(_, format)| format.contains('y') || format.contains('д') || format.contains('г'))
}
