//! Excel's zip of XML, through the cells reader alone: everything else in the library builds a
//! rectangle as large as the file says it is.

use calamine::{DataRef, Reader, SheetType, SheetVisible, XlsxCellReader, XlsxError};
use workflows::imports::sheet::{Cell, Row, SheetError, SheetFile};

use super::limits;

pub struct Xlsx {
    book: calamine::Xlsx<Box<dyn SheetFile>>,
}

impl Xlsx {
    /// The file has been looked through by `zipped`.
    pub fn open(file: Box<dyn SheetFile>) -> Result<Self, SheetError> {
        Ok(Self {
            book: calamine::Xlsx::new(file).map_err(refused)?,
        })
    }

    /// The visible sheets; where all are hidden, all.
    pub fn sheet_names(&self) -> Vec<String> {
        let sheets = || {
            self.book
                .sheets_metadata()
                .iter()
                .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        };
        let visible: Vec<String> = sheets()
            .filter(|sheet| sheet.visible == SheetVisible::Visible)
            .map(|sheet| sheet.name.clone())
            .collect();
        if visible.is_empty() {
            sheets().map(|sheet| sheet.name.clone()).collect()
        } else {
            visible
        }
    }

    pub fn rows(&mut self, sheet: &str) -> Result<XlsxRows<'_>, SheetError> {
        let cells = self.book.worksheet_cells_reader(sheet).map_err(refused)?;
        Ok(XlsxRows {
            cells,
            ahead: None,
            over: false,
        })
    }
}

pub struct XlsxRows<'a> {
    cells: XlsxCellReader<'a, Box<dyn SheetFile>>,
    ahead: Option<(u32, usize, Cell)>,
    over: bool,
}

impl Iterator for XlsxRows<'_> {
    type Item = Result<Row, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut row: Option<Row> = None;
        loop {
            let (number, column, cell) = match self.ahead.take().map(Some).map_or_else(|| self.read(), Ok) {
                Ok(Some(next)) => next,
                Ok(None) => return row.map(Ok),
                Err(error) => return Some(Err(error)),
            };
            match &mut row {
                Some(open) if open.number == number => limits::place(&mut open.cells, column, cell),
                Some(_) => {
                    self.ahead = Some((number, column, cell));
                    return row.map(Ok);
                }
                None => {
                    let mut cells = Vec::with_capacity(8);
                    limits::place(&mut cells, column, cell);
                    row = Some(Row { number, cells });
                }
            }
        }
    }
}

impl XlsxRows<'_> {
    fn read(&mut self) -> Result<Option<(u32, usize, Cell)>, SheetError> {
        while !self.over {
            let Some(cell) = self.cells.next_cell().map_err(refused)? else {
                // Asked again, the library complains that the file has ended.
                self.over = true;
                break;
            };
            let (row, column) = cell.get_position();
            let column = column as usize;
            if column < limits::COLUMNS && *cell.get_value() != DataRef::Empty {
                return Ok(Some((row.saturating_add(1), column, read(cell.get_value()))));
            }
        }
        Ok(None)
    }
}

fn read(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => limits::text(text),
        DataRef::SharedString(text) => limits::text(text),
        DataRef::Float(value) => Cell::number(*value),
        DataRef::Int(value) => Cell::number(*value as f64),
        DataRef::Bool(value) => Cell::text(if *value { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(moment) => match moment.as_datetime() {
            Some(at) => Cell::text(
                at.format(if at.time() == chrono::NaiveTime::MIN {
                    "%Y-%m-%d"
                } else {
                    "%Y-%m-%d %H:%M"
                })
                .to_string(),
            ),
            None => Cell::number(moment.as_f64()),
        },
        DataRef::Error(_) | DataRef::Empty => Cell::default(),
    }
}

fn refused(error: XlsxError) -> SheetError {
    match error {
        XlsxError::Password => SheetError::PasswordProtected,
        XlsxError::WorksheetNotFound(_) => SheetError::SheetNotFound,
        XlsxError::Zip(error) => super::zipped::refused(error),
        _ => SheetError::Unreadable,
    }
}
