//! Chance that replays: the same call draws the same numbers, on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rhai::{Array, Dynamic, EvalAltResult, ImmutableString, Module};
use sha2::{Digest, Sha256};

use super::{with, word};
use crate::fault::{raise, raise_with};

type Answer<T> = Result<T, Box<EvalAltResult>>;

pub fn register(module: &mut Module) {
    word(
        module,
        "rand_int",
        &["low: int", "high: int", "int"],
        "A whole number between two, both included.",
        rand_int,
    );
    word(
        module,
        "pick",
        &["items: Array", "Any"],
        "One of the items; () when there are none.",
        pick,
    );
    word(
        module,
        "weighted_pick",
        &["items: Array", "weights: Array", "Any"],
        "One of the items, by weight; () when no weight is above 0.",
        weighted_pick,
    );
    word(
        module,
        "bucket",
        &["key: String", "n: int", "int"],
        "Always the same number from 0 to n-1 for the same key.",
        bucket,
    );
}

fn rand_int(low: i64, high: i64) -> Answer<i64> {
    if low > high {
        return raise("empty_range", format!("there is no number from {low} to {high}"));
    }
    let span = (i128::from(high) - i128::from(low) + 1) as u128;
    let drawn = (u128::from(draw()) * span) >> 64;
    Ok((i128::from(low) + drawn as i128) as i64)
}

fn pick(mut items: Array) -> Dynamic {
    if items.is_empty() {
        return Dynamic::UNIT;
    }
    let place = (u128::from(draw()) * items.len() as u128) >> 64;
    items.swap_remove(place as usize)
}

fn weighted_pick(mut items: Array, weights: Array) -> Answer<Dynamic> {
    if items.len() != weights.len() {
        return raise_with(
            "empty_range",
            &[("what", &"weights")],
            format!("{} items but {} weights", items.len(), weights.len()),
        );
    }
    let mut numbers = Vec::with_capacity(weights.len());
    for weight in &weights {
        match weight.as_float().or_else(|_| weight.as_int().map(|n| n as f64)) {
            Ok(number) if number.is_finite() && number >= 0.0 => numbers.push(number),
            _ => return raise_with("empty_range", &[("what", &"weights")], "a weight is a number from 0 up"),
        }
    }
    let total: f64 = numbers.iter().sum();
    if total <= 0.0 || !total.is_finite() {
        return Ok(Dynamic::UNIT);
    }
    let mut left = (draw() >> 11) as f64 / (1u64 << 53) as f64 * total;
    let place = numbers.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    // Rounding may run past the end: then the last with any weight is meant.
    let place = place
        .or_else(|| numbers.iter().rposition(|weight| *weight > 0.0))
        .unwrap_or(0);
    Ok(items.swap_remove(place))
}

fn bucket(key: ImmutableString, n: i64) -> Answer<i64> {
    if n < 1 {
        return raise_with(
            "empty_range",
            &[("what", &"bucket")],
            "a bucket needs a count of at least 1",
        );
    }
    let digest = Sha256::digest(key.as_bytes());
    let head = digest
        .iter()
        .take(8)
        .fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    Ok((head % n as u64) as i64)
}

fn draw() -> u64 {
    with(|running| {
        let seed = &running.call.seed;
        running
            .chance
            .get_or_insert_with(|| ChaCha8Rng::from_seed(Sha256::digest(seed.as_bytes()).into()))
            .next_u64()
    })
    .unwrap_or_default()
}
