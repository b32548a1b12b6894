//! Tables we hand out as csv. A cell that a spreadsheet program would run as a formula gets an
//! apostrophe in front, and Excel is told by a mark that the text is UTF-8.

use std::io::{self, Write};

use workflows::exports::table::{Format, Table};
use workflows::imports::sheet::{CsvTable, SheetWriter};

use super::Sheets;

pub struct CsvOut<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvOut<W> {
    pub fn new(out: W) -> io::Result<Self> {
        Self::with(out, b',')
    }

    pub fn with(mut out: W, separator: u8) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        Ok(Self {
            writer: csv::WriterBuilder::new()
                .delimiter(separator)
                .terminator(csv::Terminator::CRLF)
                .flexible(true)
                .from_writer(out),
        })
    }

    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
        for cell in cells {
            self.writer.write_field(safe(cell))?;
        }
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

impl SheetWriter for Sheets {
    fn csv(&self) -> io::Result<Box<dyn CsvTable>> {
        Ok(Box::new(CsvOut::new(Vec::new())?))
    }

    fn table(&self, format: Format) -> io::Result<Box<dyn Table>> {
        super::table_out::begin(format)
    }
}

impl CsvTable for CsvOut<Vec<u8>> {
    fn row(&mut self, cells: &[&str]) -> io::Result<()> {
        CsvOut::row(self, cells.iter().copied())
    }

    fn finish(self: Box<Self>) -> io::Result<Vec<u8>> {
        CsvOut::finish(*self)
    }
}

/// Phones keep their plus: digits and separators alone cannot be a harmful formula, and a rep must
/// be able to import the file again as it is.
pub fn safe(cell: &str) -> String {
    let text: String = cell.chars().filter(|c| *c != '\0').collect();
    let begins = text
        .trim_start_matches([' ', '\u{a0}', '\u{feff}', '\u{200b}'])
        .chars()
        .next();
    let formula = matches!(
        begins,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    ) || cell.starts_with('\0');
    let text = split_elsewhere(&text);
    if formula && !is_phone(&text) {
        format!("'{text}")
    } else {
        text
    }
}

/// A program told to split at another character than ours reads on in the middle of a cell: what it would find there
/// gets its apostrophe too. Figures alone compute to a figure and stay.
fn split_elsewhere(text: &str) -> String {
    let divides = |c: char| matches!(c, ',' | ';' | '\t' | '\n' | '\r');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(divides) {
        let begins = at + 1;
        let after = &rest[begins..];
        let blank = after.len() - after.trim_start_matches([' ', '\u{a0}', '"']).len();
        let cell = &after[blank..];
        let cell = &cell[..cell.find(divides).unwrap_or(cell.len())];
        let starts = cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
        out.push_str(&rest[..begins + blank]);
        let sums = |c: char| c.is_ascii_digit() || " \u{a0}.()-+".contains(c);
        let figures = cell.starts_with(['+', '-']) && cell.chars().all(sums);
        if starts && !figures {
            out.push('\'');
        }
        rest = &after[blank..];
    }
    out.push_str(rest);
    out
}

fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed() {
        for harmful in [
            "=cmd|'/C calc'!A0",
            "+1+cmd",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "\0=1",
            "＝1",
            "+998-1",
            "--1",
        ] {
            assert!(safe(harmful).starts_with('\''), "{harmful:?}");
        }
    }

    #[test]
    fn a_formula_behind_another_separator_is_disarmed() {
        for (cell, safe_cell) in [
            ("x;=1+1", "x;'=1+1"),
            ("x, \"=HYPERLINK(1)", "x, \"'=HYPERLINK(1)"),
            ("bir\n@SUM(A1)", "bir\n'@SUM(A1)"),
            ("a;;=b;+c", "a;;'=b;'+c"),
            ("Ota: 90, +998 90 123-45-67; 2-5", "Ota: 90, +998 90 123-45-67; 2-5"),
            ("a;", "a;"),
        ] {
            assert_eq!(safe(cell), safe_cell, "{cell:?}");
        }
    }

    #[test]
    fn plain_text_stays() {
        for plain in [
            "Ali",
            "",
            "+998901234567",
            "+998 90 123 45 67",
            "a=b",
            "90-12",
            "0.5",
            "ʼ",
        ] {
            assert_eq!(safe(plain), plain);
        }
    }

    #[test]
    fn rows_are_quoted_and_marked() {
        let mut out = CsvOut::new(Vec::new()).unwrap();
        out.row(["Ism", "Izoh"]).unwrap();
        out.row(["Ali, \"katta\"", "=1+1"]).unwrap();
        let text = String::from_utf8(out.finish().unwrap()).unwrap();
        assert_eq!(text, "\u{feff}Ism,Izoh\r\n\"Ali, \"\"katta\"\"\",'=1+1\r\n");
    }
}
