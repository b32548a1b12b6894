//! What changed between two texts, line by line.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Same,
    Removed,
    Added,
}

/// A line of either text; its number in each from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    pub change: Change,
    pub old: Option<usize>,
    pub new: Option<usize>,
    pub text: &'a str,
}

/// Texts that differ in more lines than this are shown one after the other.
const MOST: usize = 1_000;

pub fn diff<'a>(old: &'a str, new: &'a str) -> Vec<Line<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[start..].iter().rev().zip(new[start..].iter().rev());
    let end = tail.take_while(|(a, b)| a == b).count();
    let mut lines: Vec<Line> = (0..start).map(|at| same(at, at, old[at])).collect();
    let (a, b) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    lines.extend(middle(a, b).into_iter().map(|line| Line {
        old: line.old.map(|n| n + start),
        new: line.new.map(|n| n + start),
        ..line
    }));
    lines.extend((0..end).map(|at| {
        let (old_at, new_at) = (old.len() - end + at, new.len() - end + at);
        same(old_at, new_at, old[old_at])
    }));
    lines
}

/// Lines added and lines removed.
pub fn tally(lines: &[Line]) -> (usize, usize) {
    let count = |change| lines.iter().filter(|line| line.change == change).count();
    (count(Change::Added), count(Change::Removed))
}

/// Myers' greedy walk: the furthest point of each diagonal after each number of changes, then back along it.
fn middle<'a>(a: &[&'a str], b: &[&'a str]) -> Vec<Line<'a>> {
    let most = (a.len() + b.len()).min(MOST);
    let zero = most + 1;
    let mut furthest = vec![0usize; 2 * zero + 1];
    let mut steps: Vec<Vec<usize>> = Vec::new();
    for changes in 0..=most {
        steps.push(furthest.clone());
        for side in 0..=changes {
            // The diagonal, shifted so that it is never negative.
            let at = zero + 2 * side - changes;
            let down = side == 0 || (side != changes && furthest[at - 1] < furthest[at + 1]);
            let mut x = if down { furthest[at + 1] } else { furthest[at - 1] + 1 };
            let Some(mut y) = (x + zero).checked_sub(at) else {
                continue;
            };
            while x < a.len() && y < b.len() && a[x] == b[y] {
                (x, y) = (x + 1, y + 1);
            }
            furthest[at] = x;
            if x >= a.len() && y >= b.len() {
                return walk_back(a, b, &steps, zero);
            }
        }
    }
    let removed = a.iter().enumerate().map(|(at, text)| removed(at, text));
    removed
        .chain(b.iter().enumerate().map(|(at, text)| added(at, text)))
        .collect()
}

fn walk_back<'a>(a: &[&'a str], b: &[&'a str], steps: &[Vec<usize>], zero: usize) -> Vec<Line<'a>> {
    let (mut x, mut y) = (a.len(), b.len());
    let mut lines = Vec::new();
    for (changes, furthest) in steps.iter().enumerate().rev() {
        let at = zero + x - y;
        let side = at + changes;
        let down = side == zero || (at != zero + changes && furthest[at - 1] < furthest[at + 1]);
        let before = if down { at + 1 } else { at - 1 };
        let (from_x, from_y) = match changes {
            0 => (0, 0),
            _ => (furthest[before], furthest[before] + zero - before),
        };
        let (after_x, after_y) = match (changes, down) {
            (0, _) => (0, 0),
            (_, true) => (from_x, from_y + 1),
            (_, false) => (from_x + 1, from_y),
        };
        while x > after_x && y > after_y {
            (x, y) = (x - 1, y - 1);
            lines.push(same(x, y, a[x]));
        }
        if changes > 0 {
            lines.push(if down {
                added(from_y, b[from_y])
            } else {
                removed(from_x, a[from_x])
            });
        }
        (x, y) = (from_x, from_y);
    }
    lines.reverse();
    lines
}

fn same(old: usize, new: usize, text: &str) -> Line<'_> {
    Line {
        change: Change::Same,
        old: Some(old + 1),
        new: Some(new + 1),
        text,
    }
}

fn removed(at: usize, text: &str) -> Line<'_> {
    Line {
        change: Change::Removed,
        old: Some(at + 1),
        new: None,
        text,
    }
}

fn added(at: usize, text: &str) -> Line<'_> {
    Line {
        change: Change::Added,
        old: None,
        new: Some(at + 1),
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let mark = |line: &Line| match line.change {
            Change::Same => ' ',
            Change::Removed => '-',
            Change::Added => '+',
        };
        diff(old, new)
            .iter()
            .map(|line| format!("{}{}", mark(line), line.text))
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn changed_lines_stand_where_they_were() {
        assert_eq!(shown("a\nb\nc", "a\nx\nc"), " a|-b|+x| c");
        assert_eq!(shown("a\nb\nc", "a\nc"), " a|-b| c");
        assert_eq!(shown("a\nc", "a\nb\nc"), " a|+b| c");
        assert_eq!(shown("", "a\nb"), "+a|+b");
        assert_eq!(shown("a\nb", ""), "-a|-b");
        assert_eq!(shown("a\nb", "a\nb"), " a| b");
        assert_eq!(shown("a\nb\nc\nd\ne", "b\nx\nd\nf\ne"), "-a| b|-c|+x| d|+f| e");
    }

    /// Whatever is compared: the old lines without the added are the old text, the new without the removed the new.
    #[test]
    fn both_texts_can_be_read_back() {
        let mut state = 7u64;
        for _ in 0..500 {
            let mut text = || {
                let mut lines = Vec::new();
                for _ in 0..(state % 23) {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    lines.push(["a", "b", "c", "d"][(state >> 33) as usize % 4]);
                }
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407)
                    >> 1;
                lines.join("\n")
            };
            let (old, new) = (text(), text());
            let lines = diff(&old, &new);
            let side = |left_out: Change| {
                let kept = lines.iter().filter(|line| line.change != left_out);
                kept.map(|line| line.text).collect::<Vec<_>>().join("\n")
            };
            assert_eq!(side(Change::Added), old);
            assert_eq!(side(Change::Removed), new);
            for (at, line) in lines.iter().filter(|line| line.old.is_some()).enumerate() {
                assert_eq!(line.old, Some(at + 1));
            }
            for (at, line) in lines.iter().filter(|line| line.new.is_some()).enumerate() {
                assert_eq!(line.new, Some(at + 1));
            }
        }
    }

    #[test]
    fn texts_with_little_in_common_still_come_to_an_end() {
        let text = |from: usize| (from..from + 4_000).map(|n| format!("line {n}\n")).collect::<String>();
        let (old, new) = (text(0), text(10_000));
        assert_eq!(tally(&diff(&old, &new)), (4_000, 4_000));
    }
}
