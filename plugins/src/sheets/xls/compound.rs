//! The container old Office files live in: a small file system of chained sectors. Chains are
//! followed with a count, for a crafted file may bite its own tail.

use workflows::imports::sheet::SheetError;

const END_OF_CHAIN: u32 = 0xffff_fffe;
const NO_SECTOR: u32 = 0xffff_fffa;
const SMALL_SECTOR: usize = 64;

pub struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    table: Vec<u32>,
    small_table: Vec<u32>,
    small: Vec<u8>,
    small_below: u64,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    size: u64,
}

impl<'a> Compound<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, SheetError> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return Err(SheetError::Unreadable),
        };
        let mut file = Self {
            bytes,
            sector,
            table: Vec::new(),
            small_table: Vec::new(),
            small: Vec::new(),
            small_below: u64::from(u32_at(bytes, 56)?),
            entries: Vec::new(),
        };
        file.table = file.allocation()?;
        let directory = file.follow(u32_at(bytes, 48)?, u64::MAX)?;
        file.entries = directory
            .chunks_exact(128)
            .filter_map(|entry| Entry::read(entry, sector))
            .collect();
        let root = file
            .entries
            .first()
            .map(|root| (root.start, root.size))
            .ok_or(SheetError::Unreadable)?;
        let small_table = file.follow(u32_at(bytes, 60)?, u64::MAX)?;
        file.small_table = numbers(&small_table).collect();
        file.small = file.follow(root.0, root.1)?;
        Ok(file)
    }

    pub fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    pub fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, SheetError> {
        let Some(entry) = self.entry(name) else {
            return Ok(None);
        };
        if entry.size >= self.small_below {
            return self.follow(entry.start, entry.size).map(Some);
        }
        let parts = chain(entry.start, &self.small_table)?;
        let sectors = parts
            .iter()
            .filter_map(|id| self.small.chunks(SMALL_SECTOR).nth(*id as usize));
        Ok(Some(cut(sectors.flatten().copied().collect(), entry.size)))
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .skip(1)
            .find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn follow(&self, start: u32, size: u64) -> Result<Vec<u8>, SheetError> {
        let ids = chain(start, &self.table)?;
        let mut stream = Vec::with_capacity(ids.len() * self.sector);
        for id in ids {
            stream.extend_from_slice(self.sector(id).ok_or(SheetError::Unreadable)?);
        }
        Ok(cut(stream, size))
    }

    /// The last sector may be cut short by a careless writer.
    fn sector(&self, id: u32) -> Option<&'a [u8]> {
        let start = (id as usize + 1).checked_mul(self.sector)?;
        self.bytes
            .get(start..self.bytes.len().min(start + self.sector))
            .filter(|sector| !sector.is_empty())
    }

    fn allocation(&self) -> Result<Vec<u32>, SheetError> {
        let mut places: Vec<u32> = numbers(self.bytes.get(76..512).ok_or(SheetError::Unreadable)?).collect();
        let mut next = u32_at(self.bytes, 68)?;
        let most = self.bytes.len() / self.sector;
        for _ in 0..most {
            if next >= NO_SECTOR {
                break;
            }
            let mut more: Vec<u32> = numbers(self.sector(next).ok_or(SheetError::Unreadable)?).collect();
            next = more.pop().ok_or(SheetError::Unreadable)?;
            places.extend(more);
        }
        let mut table = Vec::new();
        for id in places.into_iter().filter(|id| *id < NO_SECTOR).take(most) {
            table.extend(numbers(self.sector(id).ok_or(SheetError::Unreadable)?));
        }
        Ok(table)
    }
}

impl Entry {
    fn read(bytes: &[u8], sector: usize) -> Option<Self> {
        let length = usize::from(u16_at(bytes, 64).ok()?).clamp(2, 64) - 2;
        let units: Vec<u16> = bytes[..length]
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        let low = u64::from(u32_at(bytes, 120).ok()?);
        // Version 3 leaves rubbish in the upper half.
        let high = if sector == 512 {
            0
        } else {
            u64::from(u32_at(bytes, 124).ok()?)
        };
        Some(Self {
            name: String::from_utf16_lossy(&units),
            start: u32_at(bytes, 116).ok()?,
            size: low | high << 32,
        })
    }
}

fn chain(start: u32, table: &[u32]) -> Result<Vec<u32>, SheetError> {
    let mut ids = Vec::new();
    let mut id = start;
    while id < NO_SECTOR {
        if ids.len() > table.len() {
            return Err(SheetError::Unreadable);
        }
        ids.push(id);
        id = *table.get(id as usize).ok_or(SheetError::Unreadable)?;
    }
    if id == END_OF_CHAIN || ids.is_empty() {
        Ok(ids)
    } else {
        Err(SheetError::Unreadable)
    }
}

fn cut(mut stream: Vec<u8>, size: u64) -> Vec<u8> {
    stream.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    stream
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes
        .chunks_exact(4)
        .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

pub fn u16_at(bytes: &[u8], at: usize) -> Result<u16, SheetError> {
    bytes
        .get(at..at + 2)
        .map(|two| u16::from_le_bytes([two[0], two[1]]))
        .ok_or(SheetError::Unreadable)
}

pub fn u32_at(bytes: &[u8], at: usize) -> Result<u32, SheetError> {
    bytes
        .get(at..at + 4)
        .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
        .ok_or(SheetError::Unreadable)
}
