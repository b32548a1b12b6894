//! Tables we hand out as files, written row by row to disk. In xlsx text is a text cell, which no program runs; in csv
//! [`safe`](super::csv_out::safe) sees to it.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};

use chrono::NaiveDateTime;
use rust_xlsxwriter::{Format as Style, Workbook, XlsxError};
use workflows::exports::table::{Cell, Format, Separator, Table};

use super::csv_out::CsvOut;

/// Rows of one sheet; Excel ends at 1,048,576.
const SHEET: u32 = 1_000_000;
/// Excel's own end of a cell.
const LONGEST: usize = 32_000;
const WIDTH: f64 = 20.0;
const COLUMNS: u16 = 40;

pub fn begin(format: Format) -> io::Result<Box<dyn Table>> {
    Ok(match format {
        Format::Xlsx => Box::new(Xlsx::new()?),
        Format::Csv(separator) => Box::new(Csv::new(separator)?),
    })
}

struct Xlsx {
    book: Workbook,
    /// Of the open sheet.
    row: u32,
    sheets: usize,
    heading: Vec<Cell>,
    bold: Style,
    moment: Style,
}

impl Xlsx {
    fn new() -> io::Result<Self> {
        let mut xlsx = Xlsx {
            book: Workbook::new(),
            row: 0,
            sheets: 0,
            heading: Vec::new(),
            bold: Style::new().set_bold(),
            moment: Style::new().set_num_format("yyyy-mm-dd hh:mm"),
        };
        xlsx.open_sheet().map_err(failed)?;
        Ok(xlsx)
    }

    fn open_sheet(&mut self) -> Result<(), XlsxError> {
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_freeze_panes(1, 0)?;
        for column in 0..COLUMNS {
            sheet.set_column_width(column, WIDTH)?;
        }
        self.sheets += 1;
        self.row = 0;
        Ok(())
    }

    fn write(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        let heads = self.row == 0;
        let sheet = self.book.worksheet_from_index(self.sheets - 1)?;
        for (cell, column) in cells.iter().zip(0u16..) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) if heads => {
                    sheet.write_string_with_format(self.row, column, cut(text), &self.bold)?;
                }
                Cell::Text(text) => {
                    sheet.write_string(self.row, column, cut(text))?;
                }
                Cell::Number(number) => {
                    sheet.write_number(self.row, column, *number)?;
                }
                Cell::Moment(at) => {
                    sheet.write_datetime_with_format(self.row, column, at, &self.moment)?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }
}

impl Table for Xlsx {
    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        if self.heading.is_empty() {
            self.heading = cells.to_vec();
        }
        if self.row == SHEET {
            self.open_sheet().map_err(failed)?;
            let heading = self.heading.clone();
            self.write(&heading).map_err(failed)?;
        }
        self.write(cells).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> io::Result<File> {
        let mut file = tempfile::tempfile()?;
        self.book.save_to_writer(&mut file).map_err(failed)?;
        file.rewind()?;
        Ok(file)
    }
}

struct Csv(CsvOut<BufWriter<File>>);

impl Csv {
    fn new(separator: Separator) -> io::Result<Self> {
        let file = BufWriter::new(tempfile::tempfile()?);
        Ok(Csv(CsvOut::with(file, separator.byte())?))
    }
}

impl Table for Csv {
    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        let texts: Vec<String> = cells.iter().map(said).collect();
        self.0.row(texts.iter().map(String::as_str))
    }

    fn finish(self: Box<Self>) -> io::Result<File> {
        let mut out = self.0.finish()?;
        out.flush()?;
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(file)
    }
}

fn said(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Moment(at) => moment(*at),
    }
}

/// One that spreadsheet programs of every language read as a time.
fn moment(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

fn cut(text: &str) -> &str {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

fn failed(error: XlsxError) -> io::Error {
    io::Error::other(error)
}
