//! Writes old Office containers, well formed or not.

pub struct Stream<'a> {
    pub name: &'a str,
    pub bytes: Vec<u8>,
}

/// Sector 0 is the allocation table, 1 the directory, the streams follow.
pub fn compound(streams: &[Stream<'_>]) -> Vec<u8> {
    let mut table = vec![0xffff_fffd_u32, 0xffff_fffe];
    let mut entries = vec![entry("Root Entry", 5, 0xffff_fffe, 0)];
    let mut body = Vec::new();
    for stream in streams {
        // Below 4,096 bytes a stream would live among the small sectors.
        let mut bytes = stream.bytes.clone();
        bytes.resize(bytes.len().max(4096).next_multiple_of(512), 0);
        let start = table.len() as u32;
        let count = bytes.len() / 512;
        entries.push(entry(stream.name, 2, start, bytes.len() as u32));
        table.extend((1..count as u32).map(|next| start + next).chain([0xffff_fffe]));
        body.extend(bytes);
    }
    assert!(table.len() <= 128 && entries.len() <= 4);
    table.resize(128, 0xffff_ffff);
    entries.resize(4, vec![0; 128]);
    let mut file = header();
    file.extend(table.iter().flat_map(|id| id.to_le_bytes()));
    file.extend(entries.concat());
    file.extend(body);
    file
}

/// A BIFF record.
pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

fn header() -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(26, &3_u16.to_le_bytes());
    put(30, &9_u16.to_le_bytes());
    put(32, &6_u16.to_le_bytes());
    put(44, &1_u32.to_le_bytes());
    put(48, &1_u32.to_le_bytes());
    put(56, &4096_u32.to_le_bytes());
    put(60, &0xffff_fffe_u32.to_le_bytes());
    put(68, &0xffff_fffe_u32.to_le_bytes());
    put(76, &[0xff; 436]);
    put(76, &0_u32.to_le_bytes());
    header
}

fn entry(name: &str, kind: u8, start: u32, size: u32) -> Vec<u8> {
    let mut entry = vec![0; 128];
    let units: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    entry[..units.len()].copy_from_slice(&units);
    entry[64] = units.len() as u8;
    entry[66] = kind;
    entry[116..120].copy_from_slice(&start.to_le_bytes());
    entry[120..124].copy_from_slice(&size.to_le_bytes());
    entry
}
