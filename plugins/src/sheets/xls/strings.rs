//! Texts in records: counted, one or two bytes a character. The shared table runs over several
//! records, and a text cut by their border says its width again.

use workflows::imports::sheet::SheetError;

use super::compound::u16_at;
use crate::sheets::limits;

/// Counted in one byte.
pub fn short(data: &[u8], at: usize) -> Result<String, SheetError> {
    let count = *data.get(at).ok_or(SheetError::Unreadable)?;
    counted(data, at + 1, usize::from(count))
}

/// Counted in two bytes.
pub fn long(data: &[u8], at: usize) -> Result<String, SheetError> {
    counted(data, at + 2, usize::from(u16_at(data, at)?))
}

pub fn table(parts: Vec<&[u8]>) -> Result<Vec<Box<str>>, SheetError> {
    let mut reader = Reader { parts, part: 0, at: 8 };
    let mut strings = Vec::new();
    while !reader.is_done() {
        if strings.len() == limits::STRINGS {
            return Err(SheetError::TooLarge);
        }
        strings.push(reader.text()?.into_boxed_str());
    }
    Ok(strings)
}

fn counted(data: &[u8], at: usize, count: usize) -> Result<String, SheetError> {
    let wide = data.get(at).ok_or(SheetError::Unreadable)? & 1 == 1;
    let body = data.get(at + 1..).unwrap_or_default();
    let mut units = Vec::new();
    push_units(&mut units, body, wide, count);
    Ok(String::from_utf16_lossy(&units))
}

fn push_units(units: &mut Vec<u16>, body: &[u8], wide: bool, count: usize) {
    if wide {
        units.extend(
            body.chunks_exact(2)
                .take(count)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]])),
        );
    } else {
        units.extend(body.iter().take(count).map(|byte| u16::from(*byte)));
    }
}

struct Reader<'a> {
    parts: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

impl Reader<'_> {
    fn is_done(&mut self) -> bool {
        while self.part < self.parts.len() && self.at >= self.parts[self.part].len() {
            self.part += 1;
            self.at = 0;
        }
        self.part >= self.parts.len()
    }

    fn text(&mut self) -> Result<String, SheetError> {
        let count = usize::from(self.u16()?);
        let flags = self.byte()?;
        let runs = if flags & 8 == 8 { usize::from(self.u16()?) } else { 0 };
        let extra = if flags & 4 == 4 {
            usize::from(self.u16()?) | usize::from(self.u16()?) << 16
        } else {
            0
        };
        let mut units = Vec::with_capacity(count.min(limits::CELL));
        let mut wide = flags & 1 == 1;
        let mut left = count;
        while left > 0 {
            if self.part < self.parts.len() && self.at >= self.parts[self.part].len() {
                self.part += 1;
                self.at = 0;
                wide = self.byte()? & 1 == 1;
            }
            let rest = self
                .parts
                .get(self.part)
                .and_then(|part| part.get(self.at..))
                .ok_or(SheetError::Unreadable)?;
            let size = if wide { 2 } else { 1 };
            let taken = left.min(rest.len() / size);
            if taken == 0 {
                return Err(SheetError::Unreadable);
            }
            push_units(&mut units, rest, wide, taken);
            self.at += taken * size;
            left -= taken;
        }
        self.skip(runs * 4 + extra);
        units.truncate(2 * limits::CELL);
        Ok(String::from_utf16_lossy(&units))
    }

    fn skip(&mut self, mut bytes: usize) {
        while bytes > 0 && !self.is_done() {
            let step = bytes.min(self.parts[self.part].len() - self.at);
            self.at += step;
            bytes -= step;
        }
    }

    fn u16(&mut self) -> Result<u16, SheetError> {
        Ok(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn byte(&mut self) -> Result<u8, SheetError> {
        if self.is_done() {
            return Err(SheetError::Unreadable);
        }
        self.at += 1;
        Ok(self.parts[self.part][self.at - 1])
    }
}
