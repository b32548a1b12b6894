//! Which character separates: the one that cuts the first lines into equally many pieces.

const CANDIDATES: [char; 4] = [';', ',', '\t', '|'];
const LINES: usize = 20;

/// The separator, and whether the first line only announces it.
pub fn detect(sample: &str) -> (char, bool) {
    let first = sample.lines().next().unwrap_or_default().trim_matches(['"', ' ', '\r']);
    if let Some(announced) = first.strip_prefix("sep=").and_then(|rest| rest.chars().next()) {
        return (announced, true);
    }
    let scores = CANDIDATES.map(|candidate| (score(&counts(sample, candidate)), candidate));
    // On a tie the first candidate wins: a semicolon is rarer in text than a comma.
    let best = scores.into_iter().rev().max_by_key(|(score, _)| *score);
    (
        best.filter(|(score, _)| score.0 > 0)
            .map_or(',', |(_, candidate)| candidate),
        false,
    )
}

/// How many lines agree on a count, and on which; a title line above the table has none.
fn score(counts: &[usize]) -> (usize, usize) {
    let agreeing = |count: &usize| counts.iter().filter(|other| *other == count).count();
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| (agreeing(count), *count))
        .max()
        .unwrap_or_default()
}

/// How often the candidate stands outside quotes, line by line.
fn counts(sample: &str, candidate: char) -> Vec<usize> {
    let mut counts = Vec::new();
    let mut count = 0;
    let mut quoted = false;
    let mut blank = true;
    for c in sample.chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted => {
                if !blank {
                    counts.push(count);
                }
                (count, blank) = (0, true);
                if counts.len() == LINES {
                    return counts;
                }
                continue;
            }
            c if c == candidate && !quoted => count += 1,
            _ => {}
        }
        blank &= c.is_whitespace() && c != candidate;
    }
    if !blank {
        counts.push(count);
    }
    counts
}
