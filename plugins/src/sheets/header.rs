//! Finding the header: tables begin with titles, blank lines or, now and then, with no header at all.

use workflows::imports::sheet::{Cell, Row, SheetError};

use super::limits;
use super::mapping;

pub const SEARCHED: usize = 10;
pub const SAMPLED: usize = 20;

pub struct Header {
    /// The number of the header's row; 0 where the data starts at once.
    pub row: u32,
    pub titles: Vec<String>,
    pub sample: Vec<Row>,
}

impl Header {
    /// From the first rows of a table: the one most of whose cells are known titles.
    pub fn find(rows: Vec<Row>) -> Result<Self, SheetError> {
        let known = |row: &Row| row.cells.iter().filter(|cell| mapping::is_title(&cell.text)).count();
        let best = rows
            .iter()
            .take(SEARCHED)
            .rev()
            .max_by_key(|row| known(row))
            .ok_or(SheetError::Empty)?;
        let header = if known(best) > 0 { best } else { &rows[0] };
        let is_data = known(header) == 0 && header.cells.iter().any(mapping::looks_like_phone);
        let number = if is_data { 0 } else { header.number };
        let titles = if is_data {
            letters(header.cells.len())
        } else {
            titles(&header.cells)
        };
        let sample = rows
            .iter()
            .filter(|row| row.number > number)
            .take(SAMPLED)
            .cloned()
            .collect::<Vec<_>>();
        let width = sample.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        Ok(Self {
            row: number,
            titles: filled(titles, width),
            sample,
        })
    }
}

fn titles(cells: &[Cell]) -> Vec<String> {
    cells
        .iter()
        .map(|cell| platform::fold::clean_line(&cell.text, 200))
        .collect()
}

/// A column without a title is called as spreadsheet programs call it.
fn filled(mut titles: Vec<String>, width: usize) -> Vec<String> {
    let letters = letters(width.max(titles.len()).min(limits::COLUMNS));
    titles.resize(letters.len(), String::new());
    titles
        .into_iter()
        .zip(letters)
        .map(|(title, letter)| if title.is_empty() { letter } else { title })
        .collect()
}

fn letters(count: usize) -> Vec<String> {
    let letter = |index: usize| char::from(b'A' + (index % 26) as u8);
    (0..count)
        .map(|at| {
            if at < 26 {
                letter(at).to_string()
            } else {
                format!("{}{}", letter(at / 26 - 1), letter(at))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_a_title_get_letters() {
        let letters = letters(64);
        assert_eq!(
            (
                letters[0].as_str(),
                letters[25].as_str(),
                letters[26].as_str(),
                letters[63].as_str()
            ),
            ("A", "Z", "AA", "BL")
        );
        assert_eq!(filled(vec!["Ism".into(), String::new()], 3), ["Ism", "B", "C"]);
    }
}
