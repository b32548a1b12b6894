//! Tables people upload: xlsx, xls, ods and csv, recognized by their bytes and read row by row.
//! The files are hostile until proven otherwise: every reader here works within `limits`.

pub mod csv_out;
pub mod mapping;

mod csv;
pub(crate) mod header;
pub(crate) mod limits;
mod ods;
mod table_out;
mod xls;
mod xlsx;
mod zipped;

use std::io::{Read, SeekFrom};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use workflows::imports::sheet::{Format, Preview, Row, SheetError, SheetFile, SheetReader};

use header::Header;

/// The port's implementation.
pub struct Sheets;

impl SheetReader for Sheets {
    fn preview(&self, file: Box<dyn SheetFile>, sheet: Option<&str>) -> Result<Preview, SheetError> {
        open(file)?.preview(sheet)
    }

    fn read(
        &self,
        file: Box<dyn SheetFile>,
        sheet: Option<&str>,
        each: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), SheetError> {
        let mut workbook = open(file)?;
        let first = workbook.header(sheet)?.row;
        for row in workbook.rows(sheet)? {
            let row = row?;
            if row.number > first && each(row).is_break() {
                break;
            }
        }
        Ok(())
    }
}

pub fn open(file: Box<dyn SheetFile>) -> Result<Workbook, SheetError> {
    sound(|| Workbook::open(file))
}

pub struct Workbook {
    kind: Kind,
    sheet_names: Vec<String>,
}

enum Kind {
    Xlsx(Box<xlsx::Xlsx>),
    Xls(xls::Xls),
    Ods(ods::Ods),
    Csv(csv::Csv),
}

impl Workbook {
    fn open(mut file: Box<dyn SheetFile>) -> Result<Self, SheetError> {
        let kind = match magic(&mut file)? {
            Magic::Zip => match zipped::kind(&mut file)? {
                zipped::Kind::Xlsx => Kind::Xlsx(Box::new(xlsx::Xlsx::open(file)?)),
                zipped::Kind::Ods => Kind::Ods(ods::Ods::open(file)?),
            },
            Magic::Compound => Kind::Xls(xls::Xls::open(file)?),
            Magic::Text => Kind::Csv(csv::Csv::open(file)?),
        };
        let sheet_names = match &kind {
            Kind::Xlsx(book) => book.sheet_names(),
            Kind::Xls(book) => book.sheet_names(),
            Kind::Ods(book) => book.sheet_names(),
            Kind::Csv(_) => vec![String::new()],
        };
        if sheet_names.is_empty() {
            return Err(SheetError::Empty);
        }
        Ok(Self { kind, sheet_names })
    }

    pub fn format(&self) -> Format {
        match self.kind {
            Kind::Xlsx(_) => Format::Xlsx,
            Kind::Xls(_) => Format::Xls,
            Kind::Ods(_) => Format::Ods,
            Kind::Csv(_) => Format::Csv,
        }
    }

    /// A csv file has one sheet without a name.
    pub fn sheet_names(&self) -> &[String] {
        &self.sheet_names
    }

    pub fn preview(&mut self, sheet: Option<&str>) -> Result<Preview, SheetError> {
        let header = self.header(sheet)?;
        let sheet = self.sheet(sheet)?;
        let guess = mapping::guess(&header.titles, &header.sample);
        Ok(Preview {
            format: self.format(),
            sheets: self.sheet_names.clone(),
            sheet,
            header: header.titles,
            sample: header.sample,
            guess,
        })
    }

    /// Every row that is not blank, the header among them. No sheet named: the first.
    pub fn rows(&mut self, sheet: Option<&str>) -> Result<Rows<'_>, SheetError> {
        let sheet = self.sheet(sheet)?;
        let kind = &mut self.kind;
        let source = sound(move || {
            Ok(match kind {
                Kind::Xlsx(book) => Box::new(book.rows(&sheet)?) as Source<'_>,
                Kind::Xls(book) => Box::new(book.rows(&sheet)?),
                Kind::Ods(book) => Box::new(book.rows(&sheet)?),
                Kind::Csv(file) => Box::new(file.rows()?),
            })
        })?;
        Ok(Rows {
            source,
            count: 0,
            over: false,
        })
    }

    fn header(&mut self, sheet: Option<&str>) -> Result<Header, SheetError> {
        let rows = self
            .rows(sheet)?
            .take(header::SEARCHED + header::SAMPLED)
            .collect::<Result<Vec<_>, _>>()?;
        Header::find(rows)
    }

    fn sheet(&self, wanted: Option<&str>) -> Result<String, SheetError> {
        match wanted {
            Some(name) => self
                .sheet_names
                .iter()
                .find(|known| *known == name)
                .cloned()
                .ok_or(SheetError::SheetNotFound),
            None => Ok(self.sheet_names[0].clone()),
        }
    }
}

type Source<'a> = Box<dyn Iterator<Item = Result<Row, SheetError>> + 'a>;

/// Blank rows are left out; after an error there is nothing more.
pub struct Rows<'a> {
    source: Source<'a>,
    count: usize,
    over: bool,
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            let row = match sound(|| self.source.next().transpose()) {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            };
            if let Some(row) = trimmed(row) {
                self.count += 1;
                self.over = self.count > limits::ROWS;
                return Some(if self.over {
                    Err(SheetError::TooManyRows)
                } else {
                    Ok(row)
                });
            }
        }
        self.over = true;
        None
    }
}

fn trimmed(mut row: Row) -> Option<Row> {
    let width = row.cells.iter().rposition(|cell| !cell.is_blank())? + 1;
    row.cells.truncate(width);
    Some(row)
}

enum Magic {
    Zip,
    Compound,
    Text,
}

fn magic(file: &mut Box<dyn SheetFile>) -> Result<Magic, SheetError> {
    let size = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
    if size > limits::BYTES {
        return Err(SheetError::TooLarge);
    }
    file.rewind().map_err(unreadable)?;
    let mut start = Vec::with_capacity(8);
    file.by_ref().take(8).read_to_end(&mut start).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    match start.as_slice() {
        [] => Err(SheetError::Empty),
        [b'P', b'K', 3, 4, ..] => Ok(Magic::Zip),
        [b'P', b'K', ..] if start.len() > 3 && start[2] < 9 => Err(SheetError::Unreadable),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] => Ok(Magic::Compound),
        // PDF, RTF, HTML and XML are text too, but no tables.
        [b'%', b'P', b'D', b'F', ..] | [b'{', b'\\', b'r', b't', ..] | [b'<', ..] => Err(SheetError::UnknownFormat),
        _ => Ok(Magic::Text),
    }
}

/// The libraries below are not ours; a panic of theirs over a broken file is a broken file.
fn sound<T>(read: impl FnOnce() -> Result<T, SheetError>) -> Result<T, SheetError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(SheetError::Unreadable))
}

fn unreadable(_: std::io::Error) -> SheetError {
    SheetError::Unreadable
}
