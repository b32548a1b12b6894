//! ChaCha8 written down a second time, from its description: what a script draws is what this draws.

use sha2::{Digest, Sha256};

/// The draws of one call, in order.
pub struct Chance {
    key: [u32; 8],
    block: u64,
    words: Vec<u32>,
    at: usize,
}

impl Chance {
    /// Seeded as a call is: by the SHA-256 of its seed.
    pub fn of(seed: &str) -> Self {
        let digest = Sha256::digest(seed.as_bytes());
        let mut key = [0u32; 8];
        for (word, bytes) in key.iter_mut().zip(digest.chunks(4)) {
            *word = u32::from_le_bytes(bytes.try_into().expect("four bytes"));
        }
        Chance {
            key,
            block: 0,
            words: Vec::new(),
            at: 0,
        }
    }

    /// A whole number between two, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = (high - low + 1) as u128;
        let drawn = (u128::from(self.next()) * span) >> 64;
        low + drawn as i64
    }

    fn next(&mut self) -> u64 {
        let (low, high) = (self.word(), self.word());
        u64::from(low) | u64::from(high) << 32
    }

    fn word(&mut self) -> u32 {
        if self.at == self.words.len() {
            self.words = block(&self.key, self.block).to_vec();
            self.block += 1;
            self.at = 0;
        }
        self.at += 1;
        self.words[self.at - 1]
    }
}

fn block(key: &[u32; 8], counter: u64) -> [u32; 16] {
    // "expand 32-byte k", the key, a 64-bit counter, a stream that is always 0.
    let mut start = [
        0x6170_7865,
        0x3320_646e,
        0x7962_2d32,
        0x6b20_6574,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ];
    start[4..12].copy_from_slice(key);
    start[12] = counter as u32;
    start[13] = (counter >> 32) as u32;
    let mut state = start;
    for _ in 0..4 {
        for [a, b, c, d] in [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15]] {
            quarter(&mut state, a, b, c, d);
        }
        for [a, b, c, d] in [[0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]] {
            quarter(&mut state, a, b, c, d);
        }
    }
    for (word, first) in state.iter_mut().zip(start) {
        *word = word.wrapping_add(first);
    }
    state
}

fn quarter(state: &mut [u32; 16], a: usize, b: usize, c: usize, d: usize) {
    for (left, right) in [(16, 12), (8, 7)] {
        state[a] = state[a].wrapping_add(state[b]);
        state[d] = (state[d] ^ state[a]).rotate_left(left);
        state[c] = state[c].wrapping_add(state[d]);
        state[b] = (state[b] ^ state[c]).rotate_left(right);
    }
}
