//! The characters of a text file of unknown encoding: UTF-8 when it is valid, UTF-16 by its mark or
//! its zeros, else windows-1251, which Excel writes here.

use std::io::Read;

use encoding_rs::{CoderResult, Decoder, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};
use workflows::imports::sheet::{SheetError, SheetFile};

use crate::sheets::unreadable;

const CHUNK: usize = 64 << 10;

#[derive(Clone, Copy)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    pub fn detect(file: &mut Box<dyn SheetFile>) -> Result<Self, SheetError> {
        file.rewind().map_err(unreadable)?;
        let mut start = Vec::new();
        file.by_ref().take(4096).read_to_end(&mut start).map_err(unreadable)?;
        if let Some((marked, _)) = encoding_rs::Encoding::for_bom(&start) {
            return Ok(Self(marked));
        }
        let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
        let (even, odd, half) = (zeros(0), zeros(1), start.len() / 2);
        match (even, odd) {
            (0, 0) => {}
            (0, odd) if odd * 5 > half => return Ok(Self(UTF_16LE)),
            (even, 0) if even * 5 > half => return Ok(Self(UTF_16BE)),
            _ => return Err(SheetError::UnknownFormat),
        }
        let controls = start
            .iter()
            .filter(|byte| **byte < 32 && !matches!(byte, b'\t' | b'\r' | b'\n'))
            .count();
        if controls * 50 > start.len() {
            return Err(SheetError::UnknownFormat);
        }
        Ok(Self(if is_utf8(file)? { UTF_8 } else { WINDOWS_1251 }))
    }

    pub fn sample(self, file: &mut Box<dyn SheetFile>) -> Result<String, SheetError> {
        let mut chars = self.chars(file)?;
        chars.fill()?;
        Ok(chars.text)
    }

    pub fn chars(self, file: &mut Box<dyn SheetFile>) -> Result<Chars<'_>, SheetError> {
        file.rewind().map_err(unreadable)?;
        Ok(Chars {
            file,
            decoder: self.0.new_decoder_with_bom_removal(),
            chunk: vec![0; CHUNK],
            text: String::new(),
            at: 0,
            over: false,
        })
    }
}

pub struct Chars<'a> {
    file: &'a mut Box<dyn SheetFile>,
    decoder: Decoder,
    chunk: Vec<u8>,
    text: String,
    at: usize,
    over: bool,
}

impl Chars<'_> {
    /// Zeros are left out: they end texts for some readers and hide what follows.
    pub fn next(&mut self) -> Result<Option<char>, SheetError> {
        loop {
            if let Some(c) = self.text[self.at..].chars().next() {
                self.at += c.len_utf8();
                if c != '\0' {
                    return Ok(Some(c));
                }
            } else if self.over {
                return Ok(None);
            } else {
                self.fill()?;
            }
        }
    }

    fn fill(&mut self) -> Result<(), SheetError> {
        let read = self.file.read(&mut self.chunk).map_err(unreadable)?;
        self.over = read == 0;
        self.text.clear();
        self.at = 0;
        let needed = self.decoder.max_utf8_buffer_length(read).unwrap_or(4 * CHUNK);
        self.text.reserve(needed);
        let (result, ..) = self
            .decoder
            .decode_to_string(&self.chunk[..read], &mut self.text, self.over);
        if result == CoderResult::OutputFull {
            Err(SheetError::Unreadable)
        } else {
            Ok(())
        }
    }
}

fn is_utf8(file: &mut Box<dyn SheetFile>) -> Result<bool, SheetError> {
    file.rewind().map_err(unreadable)?;
    let mut chunk = vec![0; CHUNK];
    let mut kept = 0;
    loop {
        let read = file.read(&mut chunk[kept..]).map_err(unreadable)?;
        let end = kept + read;
        match std::str::from_utf8(&chunk[..end]) {
            Ok(_) => kept = 0,
            // A character cut by the end of the chunk is completed by the next.
            Err(error) if error.error_len().is_none() && read > 0 => {
                let valid = error.valid_up_to();
                chunk.copy_within(valid..end, 0);
                kept = end - valid;
            }
            Err(_) => return Ok(false),
        }
        if read == 0 {
            return Ok(true);
        }
    }
}
