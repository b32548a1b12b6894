//! Two texts line by line: what stayed, what went, what came.

/// Beyond this a comparison would cost more than it tells.
const MOST_LINES: usize = 1_500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Same,
    Gone,
    Added,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub mark: Mark,
    pub text: String,
}

pub fn diff(old: &str, new: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let line = |mark, text: &str| Line {
        mark,
        text: text.to_owned(),
    };
    if old.len() > MOST_LINES || new.len() > MOST_LINES {
        let gone = old.iter().map(|text| line(Mark::Gone, text));
        return gone.chain(new.iter().map(|text| line(Mark::Added, text))).collect();
    }
    let common = common(&old, &new);
    let (mut a, mut b, mut lines) = (0, 0, Vec::new());
    while a < old.len() || b < new.len() {
        if a < old.len() && b < new.len() && old[a] == new[b] {
            lines.push(line(Mark::Same, old[a]));
            (a, b) = (a + 1, b + 1);
        } else if b == new.len() || (a < old.len() && common[a + 1][b] >= common[a][b + 1]) {
            lines.push(line(Mark::Gone, old[a]));
            a += 1;
        } else {
            lines.push(line(Mark::Added, new[b]));
            b += 1;
        }
    }
    lines
}

/// The most lines two tails have in common, for every pair of tails.
fn common(old: &[&str], new: &[&str]) -> Vec<Vec<u16>> {
    let mut table = vec![vec![0u16; new.len() + 1]; old.len() + 1];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            table[a][b] = if old[a] == new[b] {
                table[a + 1][b + 1] + 1
            } else {
                table[a + 1][b].max(table[a][b + 1])
            };
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stayed_stays_and_the_rest_is_marked() {
        let marks: String = diff("a\nb\nc\nd", "a\nx\nc\nd\ne")
            .iter()
            .map(|line| match line.mark {
                Mark::Same => format!(" {}", line.text),
                Mark::Gone => format!("-{}", line.text),
                Mark::Added => format!("+{}", line.text),
            })
            .collect();
        assert_eq!(marks, " a-b+x c d+e");
        assert!(diff("", "").is_empty());
        assert_eq!(diff("a\n", &"b\n".repeat(2_000)).len(), 2_001);
    }
}
