//! The workbook stream: records of a kind, a length and at most 8 KB, continued in the next.

use workflows::imports::sheet::SheetError;

use super::compound::u16_at;

pub mod kind {
    pub const FORMULA: u16 = 0x0006;
    pub const EOF: u16 = 0x000a;
    pub const DATE_MODE: u16 = 0x0022;
    pub const FILE_PASS: u16 = 0x002f;
    pub const CONTINUE: u16 = 0x003c;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const MUL_RK: u16 = 0x00bd;
    pub const RICH_LABEL: u16 = 0x00d6;
    pub const XF: u16 = 0x00e0;
    pub const STRINGS: u16 = 0x00fc;
    pub const LABEL_SST: u16 = 0x00fd;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const BOOL_OR_ERROR: u16 = 0x0205;
    pub const STRING: u16 = 0x0207;
    pub const RK: u16 = 0x027e;
    pub const FORMAT: u16 = 0x041e;
    pub const BOF: u16 = 0x0809;
}

pub struct Record<'a> {
    pub kind: u16,
    pub data: &'a [u8],
}

pub struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    pub fn new(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at }
    }

    pub fn next(&mut self) -> Result<Option<Record<'a>>, SheetError> {
        if self.at.saturating_add(4) > self.stream.len() {
            return Ok(None);
        }
        let kind = u16_at(self.stream, self.at)?;
        let start = self.at + 4;
        let end = start + usize::from(u16_at(self.stream, self.at + 2)?);
        let data = self.stream.get(start..end).ok_or(SheetError::Unreadable)?;
        self.at = end;
        Ok(Some(Record { kind, data }))
    }

    /// The record's data and that of the records continuing it, which are thereby read.
    pub fn continued(&mut self, first: &Record<'a>) -> Vec<&'a [u8]> {
        let mut parts = vec![first.data];
        loop {
            let here = self.at;
            match self.next() {
                Ok(Some(more)) if more.kind == kind::CONTINUE => parts.push(more.data),
                _ => {
                    self.at = here;
                    return parts;
                }
            }
        }
    }
}
