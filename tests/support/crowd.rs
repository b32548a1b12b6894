//! A centre that has worked for years: leads by the hundred thousand with their phones, tokens, history and follow-ups,
//! and as many people, courses, imports and the like as asked for. Written by SQL alone, past every verb and every
//! tenant, because a debug build's verbs would take an hour.

use chrono::{DateTime, Utc};
use platform::Id;
use uuid::Uuid;

use crate::database::{Engine, TestDatabase};

#[derive(Clone, Copy)]
pub struct Crowd {
    /// Each with a phone, six tokens, two events and two follow-ups.
    pub leads: usize,
    /// Of everything else a page lists, and of what the first lead has of follow-ups, events and decisions.
    pub others: usize,
}

/// What each kind of row begins its ids with.
const KINDS: [&str; 13] = [
    "user",
    "course",
    "lead",
    "event",
    "follow_up",
    "decision",
    "import",
    "audit",
    "leave",
    "view",
    "sheet",
    "export",
    "file",
];

impl Crowd {
    /// The id of the n-th row of a kind.
    pub fn id(kind: &str, at: usize) -> Id {
        Uuid::from_u128((prefix(kind) << 64) | (0x8000_u128 << 48) | at as u128)
    }

    /// Fills a centre with the training centre's pack. Its people are theirs already: these come beside them.
    pub async fn fill(self, database: &TestDatabase, tenant: Id, now: DateTime<Utc>) {
        let sql = Sql {
            postgres: database.engine == Engine::Postgres,
            tenant,
            now,
        };
        let mut statements = sql.people(self.others);
        statements.extend(sql.leads(self.leads, self.others));
        statements.extend(sql.follow_ups(self.leads, self.others));
        statements.extend(sql.first_lead(self.others));
        statements.extend(sql.desk(self.others));
        database.fill(&statements).await;
    }
}

fn prefix(kind: &str) -> u128 {
    let at = KINDS.iter().position(|known| *known == kind).expect("a kind of rows");
    // Of version 7, long ago.
    0x0180_0000_0000_7000 | at as u128
}

struct Sql {
    postgres: bool,
    tenant: Id,
    now: DateTime<Utc>,
}

/// What a row has; `at` is its number in each expression.
type Columns = Vec<(&'static str, String)>;

impl Sql {
    fn people(&self, count: usize) -> Vec<String> {
        let name = |kind: &str| text(&format!("{kind} "), "at");
        let users = vec![
            ("id", self.id("user", "at")),
            ("username", text("rep", "at")),
            ("first_name", pick("at", &["Aziza", "Bobur", "Dilnoza", "Jasur"])),
            ("last_name", text("Abdurahmonov ", "at")),
            ("name_key", text("rep ", "at")),
            ("role", "'sales'".into()),
            ("active", "at % 5 <> 4".into()),
            ("receives_leads", "at % 7 <> 6".into()),
            ("theme", "'auto'".into()),
            ("weight", "1".into()),
            ("hours_set", "TRUE".into()),
            ("version", "1".into()),
            ("created_at", self.ago("at")),
        ];
        let windows = vec![
            ("user_id", self.id("user", "at / 7")),
            ("weekday", "at % 7".into()),
            ("starts", "540".into()),
            ("ends", "1080".into()),
        ];
        let courses = vec![
            ("id", self.id("course", "at")),
            ("name", name("Kurs")),
            ("name_key", name("kurs")),
            ("sales_script", "''".into()),
            ("active", "TRUE".into()),
            ("version", "1".into()),
            ("created_at", self.ago("at")),
        ];
        let teaches = vec![
            ("user_id", self.id("user", "at")),
            ("course_id", self.id("course", "at")),
        ];
        vec![
            self.insert("app_user", count, users),
            self.insert("working_window", count * 7, windows),
            self.insert("course", count, courses),
            self.insert("user_course", count, teaches),
        ]
    }

    fn leads(&self, count: usize, others: usize) -> Vec<String> {
        let minutes = format!("({count} - at) * 15");
        let lead = || ("lead_id", self.id("lead", "at"));
        let phone = format!("CAST({} + at AS TEXT)", 998_900_000_000_u64);
        let owner = owner(others);
        let waits = "at % 50 = 2";
        let owned = format!("CASE WHEN {waits} THEN NULL ELSE {} END", self.id("user", &owner));
        let first = pick("at", &["Aziza", "Bobur", "Dilnoza", "Jasur", "Kamola", "Sherzod"]);
        let last = pick("at / 6", &["Karimova", "Usmonov", "Rahimova", "Yoqubov", "Saidova"]);
        let status = "CASE WHEN at % 1000 = 1 THEN 'enrolled' WHEN at % 3 = 0 THEN 'contacted' \
                      WHEN at % 7 = 0 THEN 'interested' WHEN at % 2 = 0 THEN 'lost' ELSE 'new' END";
        let rows = vec![
            ("id", self.id("lead", "at")),
            ("name", format!("{first} || ' ' || {last}")),
            ("name_key", format!("LOWER({first} || ' ' || {last})")),
            ("phone", format!("'+' || {phone}")),
            ("course_id", self.id("course", &format!("at % {others}"))),
            (
                "source",
                pick("at / 3", &["instagram", "telegram", "youtube", "referral"]),
            ),
            ("status", status.into()),
            ("status_since", self.ago(&minutes)),
            ("owner_id", owned.clone()),
            ("assigned_at", self.ago(&minutes)),
            (
                "waiting_since",
                format!("CASE WHEN {waits} THEN {} ELSE NULL END", self.ago(&minutes)),
            ),
            ("notes", "'Kechki guruh bormi? Narxi qancha?'".into()),
            ("tags", self.json("'[\"VIP\", \"Kuz 2026\"]'")),
            ("custom", self.json("'{}'")),
            ("version", "1".into()),
            ("created_at", self.ago(&minutes)),
            ("updated_at", self.ago(&minutes)),
            // One in a hundred is in the trash.
            (
                "deleted_at",
                format!("CASE WHEN at % 100 = 98 THEN {} ELSE NULL END", self.ago("60")),
            ),
        ];
        let phones = vec![("e164", format!("'+' || {phone}")), ("sibling", "0".into()), lead()];
        let mut all = vec![
            self.insert("lead", count, rows),
            self.insert("lead_phone", count, phones),
        ];
        let last_four = format!("SUBSTR({phone}, 9)");
        for token in [
            &format!("LOWER({first})"),
            &format!("LOWER({last})"),
            &phone,
            &last_four,
            "CASE WHEN at % 50 = 0 THEN '#vip' ELSE '#kuz 2026' END",
            "CASE WHEN at % 5000 = 0 THEN '#grant' ELSE '#b1' END",
        ] {
            all.push(self.insert("lead_token", count, vec![("token", token.to_owned()), lead()]));
        }
        for (kind, half) in [("lead.created", 0), ("lead.assigned", 1)] {
            let minutes = format!("({count} - at) * 15");
            all.push(self.insert(
                "event",
                count,
                self.event(kind, &format!("at * 2 + {half}"), &minutes, &owned),
            ));
        }
        let known = vec![
            ("key", text("teg ", "at")),
            ("name", text("Teg ", "at")),
            ("created_at", self.ago("at")),
        ];
        all.push(self.insert("tag", others, known));
        all
    }

    /// Two a lead: one long done, one open, from a fortnight ago to months ahead.
    fn follow_ups(&self, leads: usize, others: usize) -> Vec<String> {
        let owner = self.id("user", &owner(others));
        let of = |number: &str, state: &str, minutes: &str| {
            vec![
                ("id", self.id("follow_up", number)),
                ("lead_id", self.id("lead", "at")),
                ("owner_id", owner.clone()),
                ("due_at", self.ago(minutes)),
                ("flagged", "FALSE".into()),
                ("state", format!("'{state}'")),
                ("kind", "'auto'".into()),
                ("identity", text("seed ", number)),
                ("key", "'first_call'".into()),
                ("sequence", "1".into()),
                ("text", "'first_call'".into()),
                ("note", "''".into()),
                ("version", "1".into()),
                ("created_at", self.ago("43200")),
            ]
        };
        // A tenth of the open ones is late or due today.
        let spread = format!("20160 - at * ({} / {leads})", 201_600);
        vec![
            self.insert("follow_up", leads, of("at * 2", "done", "(at % 40000) + 20160")),
            self.insert("follow_up", leads, of("at * 2 + 1", "open", &spread)),
        ]
    }

    /// A lead with a long story.
    fn first_lead(&self, count: usize) -> Vec<String> {
        let far = |at: &str| format!("1000000000 + {at}");
        let mut story = self.event("lead.note_added", &far("at"), "at", &self.id("user", "0"));
        story.retain(|(column, _)| !["lead_id", "payload"].contains(column));
        story.push(("lead_id", self.id("lead", "0")));
        story.push((
            "payload",
            self.json("'{\"text\": \"Ertaga qoʻngʻiroq qilishni soʻradi\"}'"),
        ));
        let next = vec![
            ("id", self.id("follow_up", &far("at"))),
            ("lead_id", self.id("lead", "0")),
            ("owner_id", self.id("user", "0")),
            ("due_at", self.ago("0 - at * 60")),
            ("flagged", "FALSE".into()),
            ("state", "'open'".into()),
            ("kind", "'manual'".into()),
            ("identity", text("first ", "at")),
            ("key", "'manual'".into()),
            ("sequence", "1".into()),
            ("text", "'Qoʻngʻiroq qilish'".into()),
            ("note", "''".into()),
            ("version", "1".into()),
            ("created_at", self.ago("60")),
        ];
        let why = vec![
            ("id", self.id("decision", "at")),
            ("hook", "'distribute'".into()),
            ("batch_id", self.id("decision", "at")),
            ("lead_id", self.id("lead", "0")),
            ("level", "'pack'".into()),
            ("layer", "'training-centre'".into()),
            ("script_hash", "'x'".into()),
            ("engine", "'x'".into()),
            ("settings_version", "1".into()),
            ("input", self.json("'{}'")),
            ("plan", self.json("'{}'")),
            ("trace", self.json("'[]'")),
            ("refusals", self.json("'[]'")),
            ("failures", self.json("'[]'")),
            ("ops", "1".into()),
            ("micros", "1".into()),
            ("degraded", "at % 2 = 0".into()),
            ("created_at", self.ago("at")),
        ];
        vec![
            self.insert("event", count, story),
            self.insert("follow_up", count, next),
            self.insert("decision", count, why),
        ]
    }

    /// What the other pages list.
    fn desk(&self, count: usize) -> Vec<String> {
        let person = || self.id("user", "0");
        let file = vec![
            ("id", self.id("file", "at")),
            ("name", text("lidlar ", "at")),
            ("media_type", "'text/csv'".into()),
            ("size", "1000".into()),
            ("created_at", self.ago("at")),
            ("expires_at", self.ago("0 - 4320")),
        ];
        let import = vec![
            ("id", self.id("import", "at")),
            ("file_id", self.id("file", "at")),
            ("file_name", text("lidlar ", "at")),
            ("format", "'csv'".into()),
            ("author_id", person()),
            ("state", "'done'".into()),
            ("header", self.json("'[\"Ism\", \"Telefon\"]'")),
            ("mapping", self.json("'{}'")),
            ("total", "100".into()),
            ("position", "100".into()),
            ("created", "80".into()),
            ("duplicates", "10".into()),
            ("rejected", "10".into()),
            ("created_at", self.ago("at * 60")),
            ("finished_at", self.ago("at * 60")),
        ];
        let rejected = vec![
            ("import_id", self.id("import", "0")),
            ("number", "at".into()),
            ("code", "'bad_phone'".into()),
            ("field", "'phone'".into()),
            ("args", self.json("'{}'")),
            ("cells", self.json("'[\"Ali\", \"12\"]'")),
        ];
        let log = vec![
            ("id", self.id("audit", "at")),
            ("at", self.ago(&format!("{count} * 60 - at"))),
            ("actor_id", self.id("user", &format!("at % {count}"))),
            ("action", pick("at", &["user.edited", "course.edited", "lead.created"])),
            ("object", pick("at", &["user", "course", "lead"])),
            ("object_id", self.id_text("user", &format!("at % {count}"))),
            ("address", "'127.0.0.1'".into()),
            ("changes", self.json("'{\"weight\": {\"from\": 1, \"to\": 2}}'")),
        ];
        let leave = vec![
            ("id", self.id("leave", "at")),
            ("user_id", self.id("user", &format!("at % {count}"))),
            ("kind", "'vacation'".into()),
            ("state", pick("at", &["pending", "approved", "rejected"])),
            ("starts_at", self.ago("0 - at * 60")),
            ("ends_at", self.ago("0 - at * 60 - 1440")),
            ("note", "'Taʼtil'".into()),
            ("created_at", self.ago("at")),
        ];
        let view = vec![
            ("id", self.id("view", "at")),
            ("owner_id", person()),
            ("shared", "TRUE".into()),
            ("name", text("Roʻyxat ", "at")),
            ("query", "'status=new'".into()),
            ("created_at", self.ago("at")),
        ];
        vec![
            self.insert("file", count, file),
            self.insert("import", count, import),
            self.insert("import_row", count, rejected),
            self.insert("audit", count * 3, log),
            self.insert("leave", count, leave),
            // Nobody keeps more than fifty.
            self.insert("lead_view", count.min(50), view),
        ]
    }

    fn event(&self, kind: &str, number: &str, minutes: &str, owner: &str) -> Columns {
        vec![
            ("id", self.id("event", number)),
            ("kind", format!("'{kind}'")),
            ("v", "1".into()),
            ("occurred_at", self.ago(minutes)),
            ("recorded_at", self.ago(minutes)),
            (
                "local_date",
                format!("SUBSTR({}, 1, 10)", self.own_text(&self.ago(minutes))),
            ),
            ("lead_id", self.id("lead", "at")),
            ("owner_id", owner.to_owned()),
            ("depth", "0".into()),
            (
                "payload",
                self.json("'{\"via\": \"api\", \"source\": \"instagram\", \"status\": \"new\"}'"),
            ),
        ]
    }

    fn insert(&self, table: &str, count: usize, columns: Columns) -> String {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let values: Vec<&str> = columns.iter().map(|(_, value)| value.as_str()).collect();
        let tenant = self.uuid(&self.tenant.simple().to_string());
        format!(
            "WITH RECURSIVE numbers(at) AS (SELECT 0 UNION ALL SELECT at + 1 FROM numbers WHERE at + 1 < {count}) \
             INSERT INTO {table} (tenant_id, {}) SELECT {tenant}, {} FROM numbers",
            names.join(", "),
            values.join(", ")
        )
    }

    fn id(&self, kind: &str, at: &str) -> String {
        let head = format!("{:016x}8000", prefix(kind));
        if self.postgres {
            format!("CAST('{head}' || LPAD(TO_HEX({at}), 12, '0') AS UUID)")
        } else {
            format!("UNHEX('{head}' || PRINTF('%012x', {at}))")
        }
    }

    fn id_text(&self, kind: &str, at: &str) -> String {
        let id = Crowd::id(kind, 0).to_string();
        let head = &id[..24];
        if self.postgres {
            format!("'{head}' || LPAD(TO_HEX({at}), 12, '0')")
        } else {
            format!("'{head}' || PRINTF('%012x', {at})")
        }
    }

    fn uuid(&self, hex: &str) -> String {
        if self.postgres {
            format!("CAST('{hex}' AS UUID)")
        } else {
            format!("X'{hex}'")
        }
    }

    /// So many minutes before now.
    fn ago(&self, minutes: &str) -> String {
        let now = self.now.timestamp();
        if self.postgres {
            format!("TO_TIMESTAMP({now} - ({minutes}) * 60)")
        } else {
            format!("STRFTIME('%Y-%m-%dT%H:%M:%S+00:00', {now} - ({minutes}) * 60, 'unixepoch')")
        }
    }

    fn json(&self, literal: &str) -> String {
        if self.postgres {
            format!("CAST({literal} AS JSONB)")
        } else {
            literal.to_owned()
        }
    }

    fn own_text(&self, value: &str) -> String {
        if self.postgres {
            format!("CAST({value} AS TEXT)")
        } else {
            format!("({value})")
        }
    }
}

/// Every tenth lead is the first rep's.
fn owner(others: usize) -> String {
    format!("CASE WHEN at % 10 = 0 THEN 0 ELSE at % {others} END")
}

fn text(words: &str, at: &str) -> String {
    format!("'{words}' || CAST({at} AS TEXT)")
}

/// One of these in turn.
fn pick(at: &str, choices: &[&str]) -> String {
    let cases: Vec<String> = choices
        .iter()
        .enumerate()
        .map(|(place, choice)| format!("WHEN {place} THEN '{choice}'"))
        .collect();
    format!("CASE ({at}) % {} {} END", choices.len(), cases.join(" "))
}
