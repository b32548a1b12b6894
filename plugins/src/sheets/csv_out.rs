//! Tables we hand out as csv. A cell that a spreadsheet program would run as a formula gets an
//! apostrophe in front, and Excel is told by a mark that the text is UTF-8.

use std::io::{self, Write};

use workflows::imports::sheet::{CsvTable, SheetWriter};

use super::Sheets;

pub struct CsvOut<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvOut<W> {
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        Ok(Self {
            writer: csv::WriterBuilder::new()
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
    if formula && !is_phone(&text) {
        format!("'{text}")
    } else {
        text
    }
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
