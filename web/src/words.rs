//! Times, dates and figures as a person reads them: in their language, in the tenant's time zone, relative to now.

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use platform::locale::{self, Lang, Value};
use serde::Serialize;

#[derive(Debug, Clone, Copy)]
pub struct Words {
    pub lang: Lang,
    pub zone: Tz,
    pub now: DateTime<Utc>,
}

/// When a next step is due: the words first, the colour second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    pub state: &'static str,
    pub words: String,
    pub at: Option<String>,
}

impl Words {
    pub fn t(&self, id: &str) -> String {
        locale::t(self.lang, id, &[])
    }

    pub fn with<'a>(&self, id: &str, args: &[(&'static str, Value<'a>)]) -> String {
        locale::t(self.lang, id, args)
    }

    pub fn count(&self, id: &str, n: i64) -> String {
        self.with(id, &[("n", n.into())])
    }

    /// `16:30`
    pub fn time(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%H:%M").to_string()
    }

    /// `19-noyabr`, with the year where it is not this one.
    pub fn date(&self, day: NaiveDate) -> String {
        let month = self.t(MONTHS[day.month0() as usize]);
        let args = [
            ("day", Value::from(day.day())),
            ("month", month.into()),
            ("year", day.year().to_string().into()),
        ];
        let id = if day.year() == self.today().year() {
            "date-day"
        } else {
            "date-day-year"
        };
        self.with(id, &args)
    }

    /// `Chorshanba, 19-noyabr`
    pub fn long_date(&self, day: NaiveDate) -> String {
        self.with(
            "date-weekday-day",
            &[("weekday", self.weekday(day).into()), ("date", self.date(day).into())],
        )
    }

    /// A heading for a day of a timeline: today, yesterday, or the long date.
    pub fn day_heading(&self, at: DateTime<Utc>) -> String {
        let day = self.day(at);
        match (self.today() - day).num_days() {
            0 => self.t("day-today"),
            1 => self.t("day-yesterday"),
            _ => self.long_date(day),
        }
    }

    /// `16-noyabr, 09:12`; `bugun 09:41`
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        let (day, time) = (self.day(at), self.time(at));
        match (day - self.today()).num_days() {
            0 => self.with("moment-today", &[("time", time.into())]),
            -1 => self.with("moment-yesterday", &[("time", time.into())]),
            1 => self.with("moment-tomorrow", &[("time", time.into())]),
            _ => self.with("moment-day", &[("date", self.date(day).into()), ("time", time.into())]),
        }
    }

    /// `12 daq oldin`, `kecha`, `12-noyabr`
    pub fn ago(&self, at: DateTime<Utc>) -> String {
        let passed = self.now - at;
        let days = (self.today() - self.day(at)).num_days();
        if passed < Duration::minutes(1) {
            self.t("ago-now")
        } else if passed < Duration::hours(1) {
            self.count("ago-minutes", passed.num_minutes())
        } else if days == 0 {
            self.count("ago-hours", passed.num_hours())
        } else if days == 1 {
            self.t("ago-yesterday")
        } else if days < 7 {
            self.count("ago-days", days)
        } else {
            self.date(self.day(at))
        }
    }

    pub fn due(&self, at: Option<DateTime<Utc>>) -> Due {
        let Some(at) = at else {
            return Due {
                state: "none",
                words: self.t("due-none"),
                at: None,
            };
        };
        let left = at - self.now;
        let days = (self.day(at) - self.today()).num_days();
        let (state, words) = if left < Duration::zero() {
            ("late", self.late(-left))
        } else if left < Duration::hours(1) {
            ("now", self.count("due-minutes", left.num_minutes().max(1)))
        } else if days == 0 {
            ("planned", self.with("due-today", &[("time", self.time(at).into())]))
        } else if days == 1 {
            ("later", self.with("due-tomorrow", &[("time", self.time(at).into())]))
        } else if days < 7 {
            let weekday = self.weekday(self.day(at));
            (
                "later",
                self.with(
                    "due-weekday",
                    &[("weekday", weekday.into()), ("time", self.time(at).into())],
                ),
            )
        } else {
            (
                "later",
                self.with(
                    "moment-day",
                    &[("date", self.date(self.day(at)).into()), ("time", self.time(at).into())],
                ),
            )
        };
        Due {
            state,
            words,
            at: Some(at.to_rfc3339()),
        }
    }

    pub fn weekday(&self, day: NaiveDate) -> String {
        self.t(WEEKDAYS[day.weekday().num_days_from_monday() as usize])
    }

    pub fn today(&self) -> NaiveDate {
        self.day(self.now)
    }

    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    fn late(&self, by: Duration) -> String {
        if by < Duration::hours(1) {
            self.count("due-late-minutes", by.num_minutes().max(1))
        } else if by < Duration::days(1) {
            self.count("due-late-hours", by.num_hours())
        } else {
            self.count("due-late-days", by.num_days())
        }
    }
}

/// `+998 90 123 45 67`, with no-break spaces; a number of a country we do not know well is grouped in threes.
pub fn phone(e164: &str) -> String {
    let digits = e164.trim_start_matches('+');
    let (code, groups): (usize, &[usize]) = match digits {
        d if d.starts_with("998") => (3, &[2, 3, 2, 2]),
        d if d.starts_with("992") => (3, &[2, 3, 2, 2]),
        d if d.starts_with("996") => (3, &[3, 3, 3]),
        d if d.starts_with('7') || d.starts_with('1') => (1, &[3, 3, 2, 2]),
        d => (d.len().min(3), &[3, 3, 3, 3]),
    };
    let mut out = format!("+{}", &digits[..code.min(digits.len())]);
    let mut rest = digits.get(code..).unwrap_or_default();
    for &size in groups {
        if rest.is_empty() {
            break;
        }
        let (head, tail) = rest.split_at(size.min(rest.len()));
        out.push('\u{a0}');
        out.push_str(head);
        rest = tail;
    }
    out + rest
}

/// `MY` for Malika Yusupova.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// One of six quiet grounds, always the same for a person.
pub fn tint(key: &str) -> u8 {
    key.bytes()
        .fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)))
        .rem_euclid(6) as u8
        + 1
}

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8", "month-9", "month-10",
    "month-11", "month-12",
];
const WEEKDAYS: [&str; 7] = [
    "weekday-1",
    "weekday-2",
    "weekday-3",
    "weekday-4",
    "weekday-5",
    "weekday-6",
    "weekday-7",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn words(lang: Lang) -> Words {
        let now = "2026-11-18T06:42:00Z".parse().unwrap();
        Words {
            lang,
            zone: chrono_tz::Asia::Tashkent,
            now,
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_due_time_reads_as_a_person_would_say_it() {
        let w = words(Lang::Uz);
        assert_eq!(w.due(Some(at("2026-11-18T04:40:00Z"))).words, "2 soat kechikdi");
        assert_eq!(w.due(Some(at("2026-11-18T06:45:30Z"))).words, "3 daq qoldi");
        assert_eq!(w.due(Some(at("2026-11-18T11:30:00Z"))).words, "Bugun 16:30");
        assert_eq!(w.due(Some(at("2026-11-19T05:00:00Z"))).words, "Ertaga 10:00");
        assert_eq!(w.due(Some(at("2026-11-20T06:00:00Z"))).words, "Juma, 11:00");
        assert_eq!(w.due(None).state, "none");
    }

    #[test]
    fn a_date_follows_the_grammar_of_its_language() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 19).unwrap();
        assert_eq!(words(Lang::Uz).date(day), "19-noyabr");
        assert_eq!(words(Lang::Ru).date(day), "19 ноября");
        assert_eq!(words(Lang::En).date(day), "19 November");
        assert_eq!(words(Lang::Kk).date(day), "19 қараша");
    }

    #[test]
    fn phones_are_grouped_as_they_are_dictated() {
        assert_eq!(phone("+998901234567"), "+998\u{a0}90\u{a0}123\u{a0}45\u{a0}67");
        assert_eq!(phone("+77012345678"), "+7\u{a0}701\u{a0}234\u{a0}56\u{a0}78");
        assert_eq!(phone("+4915112345678"), "+491\u{a0}511\u{a0}234\u{a0}567\u{a0}8");
        assert_eq!(phone(""), "+");
    }

    #[test]
    fn initials_take_the_first_and_the_last_name() {
        assert_eq!(initials("Malika Yusupova"), "MY");
        assert_eq!(initials("gʻulom"), "G");
        assert_eq!(initials(""), "");
    }
}
