//! OpenDocument tables, streamed. The library's reader builds every sheet in memory, repeats
//! included; ours hands a repeated row over as often as it is asked.

use std::io::{BufReader, Read};

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use workflows::imports::sheet::{Cell, Row, SheetError, SheetFile};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::limits;
use super::zipped::{Metered, refused};

pub struct Ods {
    archive: ZipArchive<Box<dyn SheetFile>>,
    tables: Vec<String>,
}

type Xml<'a> = quick_xml::Reader<BufReader<Metered<ZipFile<'a, Box<dyn SheetFile>>>>>;

impl Ods {
    pub fn open(file: Box<dyn SheetFile>) -> Result<Self, SheetError> {
        let mut archive = ZipArchive::new(file).map_err(refused)?;
        let mut manifest = String::new();
        if let Ok(entry) = archive.by_name("META-INF/manifest.xml") {
            // A manifest that is not text is found out by its content below.
            let _ = entry.take(1 << 20).read_to_string(&mut manifest);
        }
        if manifest.contains("encryption-data") {
            return Err(SheetError::PasswordProtected);
        }
        let tables = tables(content(&mut archive)?)?;
        Ok(Self { archive, tables })
    }

    pub fn sheet_names(&self) -> Vec<String> {
        self.tables.clone()
    }

    pub fn rows(&mut self, sheet: &str) -> Result<OdsRows<'_>, SheetError> {
        let xml = content(&mut self.archive)?;
        let mut rows = OdsRows {
            xml,
            buffer: Vec::new(),
            number: 1,
            again: None,
        };
        rows.seek(sheet)?;
        Ok(rows)
    }
}

fn content(archive: &mut ZipArchive<Box<dyn SheetFile>>) -> Result<Xml<'_>, SheetError> {
    let entry = archive.by_name("content.xml").map_err(refused)?;
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(Metered::new(entry)));
    xml.config_mut().expand_empty_elements = true;
    Ok(xml)
}

fn tables(mut xml: Xml<'_>) -> Result<Vec<String>, SheetError> {
    let mut names = Vec::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(tag) if tag.name().as_ref() == "table:table" && names.len() < limits::ENTRIES => {
                names.extend(attribute(&tag, "table:name")?);
            }
            Event::Eof => return Ok(names),
            _ => {}
        }
    }
}

pub struct OdsRows<'a> {
    xml: Xml<'a>,
    buffer: Vec<u8>,
    number: u32,
    again: Option<(Vec<Cell>, u32)>,
}

impl Iterator for OdsRows<'_> {
    type Item = Result<Row, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((cells, times)) = self.again.take().filter(|(_, times)| *times > 0) {
                let row = Row {
                    number: self.number,
                    cells: cells.clone(),
                };
                self.number = self.number.saturating_add(1);
                self.again = Some((cells, times - 1));
                return Some(Ok(row));
            }
            match self.read() {
                Ok(Some((cells, times))) if cells.iter().all(Cell::is_blank) => {
                    self.number = self.number.saturating_add(times);
                }
                Ok(Some(next)) => self.again = Some(next),
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl OdsRows<'_> {
    fn seek(&mut self, sheet: &str) -> Result<(), SheetError> {
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer).map_err(broken)? {
                Event::Start(tag)
                    if tag.name().as_ref() == "table:table"
                        && attribute(&tag, "table:name")?.as_deref() == Some(sheet) =>
                {
                    return Ok(());
                }
                Event::Eof => return Err(SheetError::SheetNotFound),
                _ => {}
            }
        }
    }

    fn read(&mut self) -> Result<Option<(Vec<Cell>, u32)>, SheetError> {
        let mut times = 1;
        let mut cells = Vec::new();
        let mut column = 0_usize;
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer).map_err(broken)? {
                Event::Start(tag) => match tag.name().as_ref() {
                    "table:table-row" => times = repeated(&tag, "table:number-rows-repeated")?,
                    "table:table-cell" | "table:covered-table-cell" => {
                        let wide = repeated(&tag, "table:number-columns-repeated")? as usize;
                        let typed = typed(&tag)?;
                        let text = self.text()?;
                        let cell = typed.unwrap_or_else(|| limits::text(&text));
                        let end = column.saturating_add(wide).min(limits::COLUMNS);
                        if !cell.is_blank() {
                            (column..end).for_each(|column| limits::place(&mut cells, column, cell.clone()));
                        }
                        column = end;
                    }
                    _ => {}
                },
                Event::End(tag) => match tag.name().as_ref() {
                    "table:table-row" => return Ok(Some((cells, times))),
                    "table:table" => return Ok(None),
                    _ => {}
                },
                Event::Eof => return Err(SheetError::Unreadable),
                _ => {}
            }
        }
    }

    /// The paragraphs of the open cell, up to its end; comments on the cell are not its text.
    fn text(&mut self) -> Result<String, SheetError> {
        let mut text = String::new();
        let mut paragraphs = 0;
        let mut inside: Vec<bool> = Vec::new();
        loop {
            self.buffer.clear();
            let kept = inside.last().copied().unwrap_or(false) && text.len() <= 4 * limits::CELL;
            match self.xml.read_event_into(&mut self.buffer).map_err(broken)? {
                Event::Start(tag) => {
                    let name = tag.name();
                    let commented = inside.last() == Some(&false);
                    match name.as_ref() {
                        "text:p" if inside.is_empty() => {
                            if paragraphs > 0 {
                                text.push('\n');
                            }
                            paragraphs += 1;
                        }
                        "text:s" | "text:tab" if kept => text.push(' '),
                        "text:line-break" if kept => text.push('\n'),
                        _ => {}
                    }
                    if inside.len() > 100 {
                        return Err(SheetError::Unreadable);
                    }
                    inside.push(!commented && (name.as_ref() == "text:p" || inside.last() == Some(&true)));
                }
                Event::End(_) => match inside.pop() {
                    Some(_) => {}
                    None => return Ok(text),
                },
                Event::Text(part) if kept => text.push_str(&part.xml10_content()),
                Event::CData(part) if kept => text.push_str(&part.xml10_content()),
                Event::GeneralRef(entity) if kept => {
                    let character = entity.resolve_char_ref().map_err(broken)?;
                    text.extend(character);
                    text.push_str(resolve_predefined_entity(&entity.xml10_content()).unwrap_or_default());
                }
                Event::Eof => return Err(SheetError::Unreadable),
                _ => {}
            }
        }
    }
}

/// The value an attribute holds; the shown text may be rounded or formatted.
fn typed(tag: &BytesStart<'_>) -> Result<Option<Cell>, SheetError> {
    let value = |name| attribute(tag, name);
    Ok(match value("office:value-type")?.as_deref() {
        Some("float" | "percentage" | "currency") => value("office:value")?
            .and_then(|value| value.parse().ok())
            .map(Cell::number),
        Some("date") => {
            value("office:date-value")?.map(|value| limits::text(value.strip_suffix("T00:00:00").unwrap_or(&value)))
        }
        Some("string") => value("office:string-value")?.map(|value| limits::text(&value)),
        _ => None,
    })
}

fn repeated(tag: &BytesStart<'_>, name: &str) -> Result<u32, SheetError> {
    Ok(attribute(tag, name)?
        .and_then(|value| value.parse().ok())
        .unwrap_or(1)
        .max(1))
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, SheetError> {
    let Some(found) = tag.try_get_attribute(name).map_err(|_| SheetError::Unreadable)? else {
        return Ok(None);
    };
    found
        .normalized_value(XmlVersion::Implicit1_0)
        .map(|value| Some(value.into_owned()))
        .map_err(broken)
}

fn broken(_: impl std::fmt::Debug) -> SheetError {
    SheetError::Unreadable
}
