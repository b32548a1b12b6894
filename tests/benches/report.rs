//! One line a row: what it is, ours, the limit, their ratio, the target and whether it is met.

/// What a row measures. More is better of the first, less of the others.
#[derive(Clone, Copy)]
pub enum Measure {
    PerSecond(f64),
    /// Seconds.
    Took(f64),
    Megabytes(f64),
}

pub enum Target {
    /// Of the limit's rate.
    AtLeast(f64),
    /// Times what the limit takes.
    AtMost(f64),
    Within(Measure),
    /// Measured for its own sake.
    None,
}

pub fn head(engine: &str) {
    println!("\n{engine}");
    println!(
        "{:<58} {:>12} {:>12} {:>7} {:>9}",
        "", "ours", "limit", "ratio", "target"
    );
}

pub fn row(name: &str, ours: Measure, limit: Option<Measure>, target: Target) {
    let ratio = limit.map(|limit| ours.number() / limit.number());
    let (asked, met) = match target {
        Target::AtLeast(share) => (format!(">= {share}"), ratio.map(|ratio| ratio >= share)),
        Target::AtMost(times) => (format!("<= {times}"), ratio.map(|ratio| ratio <= times)),
        Target::Within(most) => (format!("<= {most}"), Some(ours.number() <= most.number())),
        Target::None => (String::new(), None),
    };
    let limit = limit.map_or_else(String::new, |limit| limit.to_string());
    let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
    let verdict = met.map_or("", |met| if met { "pass" } else { "MISS" });
    println!(
        "{name:<58} {:>12} {limit:>12} {ratio:>7} {asked:>9} {verdict}",
        ours.to_string()
    );
}

pub fn note(text: &str) {
    println!("    {text}");
}

pub fn median<T: Copy + PartialOrd>(mut all: Vec<T>) -> T {
    all.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
    all[all.len() / 2]
}

impl Measure {
    fn number(self) -> f64 {
        match self {
            Measure::PerSecond(rate) => rate,
            Measure::Took(seconds) => seconds,
            Measure::Megabytes(size) => size,
        }
    }
}

impl std::fmt::Display for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Measure::PerSecond(rate) => write!(f, "{rate:.0}/s"),
            Measure::Took(s) if *s < 1e-6 => write!(f, "{:.2}ns", s * 1e9),
            Measure::Took(s) if *s < 1e-3 => write!(f, "{:.0}us", s * 1e6),
            Measure::Took(s) if *s < 1.0 => write!(f, "{:.1}ms", s * 1e3),
            Measure::Took(s) => write!(f, "{s:.2}s"),
            Measure::Megabytes(size) => write!(f, "{size:.0} MB"),
        }
    }
}
