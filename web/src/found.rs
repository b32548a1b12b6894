//! How well typed words fit a text: in either alphabet, under the wrong keyboard layout, begun only, or misspelled.

use platform::fold;

/// Typed words, each with its spellings; as they are, and as the other keyboard layout would have written them.
pub struct Wanted(Vec<Vec<Vec<String>>>);

impl Wanted {
    pub fn of(typed: &str) -> Self {
        let other = other_layout(typed);
        let readings = [Some(typed.to_owned()), other];
        Self(
            readings
                .into_iter()
                .flatten()
                .map(|text| fold::query(&text, None))
                .collect(),
        )
    }
}

/// The words of a text, each in its spellings.
#[derive(Debug)]
pub struct Words(Vec<String>);

impl Words {
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut words = Vec::new();
        for text in texts {
            // A name is as long as it is; of a longer text each stretch is read by itself.
            let all: Vec<&str> = text.split_whitespace().collect();
            words.extend(all.chunks(12).flat_map(|some| fold::tokens(&some.join(" "), [])));
        }
        words.sort_unstable();
        words.dedup();
        Self(words)
    }
}

/// Higher is better; none where a word is not found. A text may be known in several wordings.
pub fn rank<T: AsRef<str>>(wanted: &Wanted, wordings: &[T]) -> Option<u32> {
    let wordings = wordings.iter().map(|text| Words::of([text.as_ref()]));
    wordings.filter_map(|words| rank_words(wanted, &words)).max()
}

/// As [`rank`], of one text read before.
pub fn rank_words(wanted: &Wanted, words: &Words) -> Option<u32> {
    let readings = wanted.0.iter().filter(|reading| !reading.is_empty());
    let fits = |reading: &Vec<Vec<String>>| -> Option<u32> {
        let each = reading.iter().map(|spellings| {
            let fits = spellings
                .iter()
                .flat_map(|word| words.0.iter().map(move |token| fit(word, token)));
            fits.max().filter(|fit| *fit > 0)
        });
        each.sum()
    };
    readings.filter_map(fits).max()
}

/// 4 the same, 3 begins so, 2 holds it, 1 begins nearly so: the first letter of a word is seldom the wrong one.
fn fit(word: &str, token: &str) -> u32 {
    let length = word.chars().count();
    if token == word {
        4
    } else if token.starts_with(word) {
        3
    } else if length > 2 && token.contains(word) {
        2
    } else {
        u32::from(
            length > 3
                && token.chars().next() == word.chars().next()
                && begins_nearly(word, token, if length > 6 { 2 } else { 1 }),
        )
    }
}

/// Whether some beginning of the token is no further from the word than so many slips: a letter too many, too few,
/// another one, or two the wrong way round.
fn begins_nearly(word: &str, token: &str, slips: usize) -> bool {
    let word: Vec<char> = word.chars().collect();
    let token: Vec<char> = token.chars().take(word.len() + slips).collect();
    let mut rows = vec![(0..=token.len()).collect::<Vec<usize>>()];
    for (i, a) in word.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in token.iter().enumerate() {
            let mut least = (rows[i][j] + usize::from(a != b))
                .min(rows[i][j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *a == token[j - 1] && word[i - 1] == *b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows.last()
        .is_some_and(|last| last.iter().any(|distance| *distance <= slips))
}

const LATIN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const CYRILLIC: &str = "йцукенгшщзхъфывапролджэячсмитьбю";

/// `ltvj` for `демо` and back; none where no letter has another.
fn other_layout(typed: &str) -> Option<String> {
    let swap = |c: char, from: &str, to: &str| from.chars().position(|f| f == c).and_then(|at| to.chars().nth(at));
    let lower = typed.to_lowercase();
    let swapped: String = lower
        .chars()
        .map(|c| {
            swap(c, LATIN, CYRILLIC)
                .or_else(|| swap(c, CYRILLIC, LATIN))
                .unwrap_or(c)
        })
        .collect();
    (swapped != lower).then_some(swapped)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str, wordings: &[&str]) -> Option<u32> {
        rank(&Wanted::of(typed), wordings)
    }

    #[test]
    fn a_word_is_found_in_either_alphabet_begun_or_misspelled() {
        let leave = ["Taʼtil soʻrash", "Попросить отпуск", "Ask for leave", "Демалыс сұрау"];
        for typed in [
            "tatil",
            "TAʼTIL",
            "отпуск",
            "otpusk",
            "отп",
            "leave",
            "leaev",
            "демалыс",
            "ask leave",
            "отпкус",
        ] {
            assert!(found(typed, &leave).is_some(), "{typed}");
        }
        for typed in ["lid", "x", "ask otpusk", "zzzz"] {
            assert_eq!(found(typed, &leave), None, "{typed}");
        }
    }

    #[test]
    fn the_wrong_layout_is_understood() {
        assert!(found("дуфму", &["Ask for leave"]).is_some());
        assert!(found("jngecr", &["Попросить отпуск"]).is_some());
    }

    #[test]
    fn a_whole_word_comes_before_a_begun_one_and_that_before_a_slip() {
        let (whole, begun, slip) = (
            found("import", &["Import"]),
            found("impo", &["Import"]),
            found("imprt", &["Import"]),
        );
        assert!(whole > begun && begun > slip && slip.is_some());
    }

    #[test]
    fn an_empty_search_finds_nothing_and_a_hostile_one_does_no_harm() {
        assert_eq!(found("   ", &["Import"]), None);
        assert_eq!(found(&"ы<script>\u{202e}".repeat(500), &["Import"]), None);
    }
}
