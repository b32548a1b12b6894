//! What a zip holds, and whether it is safe to hand on. The xlsx library trusts counts it reads and
//! keeps what it meets, so every entry is inflated once, counted and looked through beforehand.

use std::io::Read;

use workflows::imports::sheet::{SheetError, SheetFile};
use zip::ZipArchive;
use zip::result::ZipError;

use super::limits;

pub enum Kind {
    Xlsx,
    Ods,
}

pub fn kind(file: &mut Box<dyn SheetFile>) -> Result<Kind, SheetError> {
    let mut archive = ZipArchive::new(&mut *file).map_err(refused)?;
    if archive.len() > limits::ENTRIES {
        return Err(SheetError::TooLarge);
    }
    let has = |name: &str| {
        archive
            .file_names()
            .flatten()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let kind = if has("content.xml") && has("mimetype") {
        Kind::Ods
    } else if has("[Content_Types].xml") && !has("xl/workbook.bin") {
        inspect(&mut archive)?;
        Kind::Xlsx
    } else {
        return Err(SheetError::UnknownFormat);
    };
    file.rewind().map_err(super::unreadable)?;
    Ok(kind)
}

pub fn refused(error: ZipError) -> SheetError {
    match error {
        ZipError::UnsupportedArchive(reason) if reason.to_lowercase().contains("password") => {
            SheetError::PasswordProtected
        }
        _ => SheetError::Unreadable,
    }
}

/// Ends a stream with an error once it has given more than `left` bytes.
pub struct Metered<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Metered<R> {
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            left: limits::BYTES,
        }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| std::io::Error::other("too much"))?;
        Ok(read)
    }
}

fn inspect(archive: &mut ZipArchive<&mut Box<dyn SheetFile>>) -> Result<(), SheetError> {
    let mut look = Look::default();
    let mut chunk = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(refused)?;
        look.begin();
        loop {
            let read = entry.read(&mut chunk).map_err(super::unreadable)?;
            if read == 0 {
                break;
            }
            look.at(&chunk[..read])?;
        }
        look.end()?;
    }
    Ok(())
}

/// The longest name with its attribute's value that is looked at whole.
const WINDOW: usize = 64;
/// No honest text or tag is longer; the library buffers each as a whole.
const LONGEST_RUN: usize = 1 << 20;

/// Looks for tags by raw `<name`, so neither comments nor broken quotes can hide one: it may count
/// too many, never too few.
#[derive(Default)]
struct Look {
    total: u64,
    strings: usize,
    styles: usize,
    parts: usize,
    odd: usize,
    run: usize,
    buffer: Vec<u8>,
}

impl Look {
    fn begin(&mut self) {
        self.buffer.clear();
        self.run = 0;
    }

    fn at(&mut self, bytes: &[u8]) -> Result<(), SheetError> {
        self.total += bytes.len() as u64;
        if self.total > limits::BYTES {
            return Err(SheetError::TooLarge);
        }
        self.buffer.extend_from_slice(bytes);
        let whole = self.buffer.len().saturating_sub(WINDOW);
        self.scan(whole)?;
        self.buffer.drain(..whole);
        Ok(())
    }

    fn end(&mut self) -> Result<(), SheetError> {
        self.scan(self.buffer.len())
    }

    fn scan(&mut self, end: usize) -> Result<(), SheetError> {
        for at in 0..end {
            match self.buffer[at] {
                b'<' => {
                    self.run = 0;
                    self.tag(at)?;
                }
                b'u' => self.claim(at)?,
                _ => self.run += 1,
            }
            if self.run > LONGEST_RUN {
                return Err(SheetError::TooLarge);
            }
        }
        Ok(())
    }

    fn tag(&mut self, at: usize) -> Result<(), SheetError> {
        let window = &self.buffer[at + 1..self.buffer.len().min(at + WINDOW)];
        let Some(length) = window
            .iter()
            .position(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>'))
        else {
            self.odd += 1;
            return over(self.odd, 10_000);
        };
        let name = window[..length].rsplit(|byte| *byte == b':').next().unwrap_or_default();
        match name {
            b"si" => {
                self.strings += 1;
                over(self.strings, limits::STRINGS)
            }
            b"xf" | b"font" | b"fill" | b"border" | b"numFmt" | b"dxf" | b"cellStyle" => {
                self.styles += 1;
                over(self.styles, 100_000)
            }
            b"sheet" | b"definedName" | b"Relationship" => {
                self.parts += 1;
                over(self.parts, 20_000)
            }
            _ => Ok(()),
        }
    }

    /// `uniqueCount="…"`: the library reserves that many strings before it has seen one.
    fn claim(&mut self, at: usize) -> Result<(), SheetError> {
        let window = &self.buffer[at..self.buffer.len().min(at + WINDOW)];
        let Some(value) = window.strip_prefix(b"uniqueCount") else {
            self.run += 1;
            return Ok(());
        };
        let start = value.iter().position(|byte| matches!(byte, b'1'..=b'9'));
        let digits = start.map_or(0, |start| {
            value[start..].iter().take_while(|byte| byte.is_ascii_digit()).count()
        });
        let closed = value.iter().filter(|byte| matches!(byte, b'"' | b'\'')).count() >= 2;
        if digits > 7 || !closed {
            Err(SheetError::Unreadable)
        } else {
            Ok(())
        }
    }
}

fn over(count: usize, limit: usize) -> Result<(), SheetError> {
    if count > limit {
        Err(SheetError::TooLarge)
    } else {
        Ok(())
    }
}
