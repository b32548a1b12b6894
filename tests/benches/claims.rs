//! Follow-ups falling due and becoming overdue: the same 500 among 10,000 and among 1,000,000 open ones, and the plans
//! of the statements that find them.

use std::time::Instant;

use chrono::TimeDelta;
use platform::db::{insert, list};
use platform::ids::new_id;
use platform::{Actor, Id, Tx};
use sea_orm::{ConnectionTrait, Statement, Value};
use support::database::Engine;
use workflows::follow_ups::{COUNT_OVERDUE, MARK_OVERDUE, claim_due_sql, remind, sweep};

use crate::report::{Measure, Target, median, note, row};
use crate::stage::Stage;

const FEW: usize = 10_000;
const MANY: usize = 1_000_000;
const A_LEAD: usize = 100;
const DUE: usize = 500;
const ROUNDS: usize = 11;

pub async fn run(engine: Engine) {
    let few = Held::fill(engine, FEW).await;
    let many = Held::fill(engine, MANY).await;
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        for (at, held) in [&few, &many].into_iter().enumerate() {
            let (due, overdue) = held.claim().await;
            times[at].push(due);
            times[at + 2].push(overdue);
        }
    }
    let [due_few, due_many, late_few, late_many] = times.map(|all| Measure::Took(median(all)));
    let most = || Target::AtMost(1.5);
    row(
        "due claim: 500 of 1,000,000 open / of 10,000",
        due_many,
        Some(due_few),
        most(),
    );
    row(
        "overdue sweep: 500 of 1,000,000 open / of 10,000",
        late_many,
        Some(late_few),
        most(),
    );
    many.explain().await;
}

struct Held {
    stage: Stage,
    due: Vec<Id>,
}

impl Held {
    async fn fill(engine: Engine, total: usize) -> Self {
        let stage = Stage::set(engine).await.expect("as before");
        let (tenant, reps) = (stage.tenant(), stage.reps.clone());
        let write = async move |tx: Tx| {
            let now = tx.now();
            let leads = (0..total / A_LEAD).map(|at| {
                let owner = reps[at % reps.len()].person().expect("a person");
                vec![
                    tenant.into(),
                    new_id().into(),
                    "Lola".into(),
                    "lola".into(),
                    "form".into(),
                    "new".into(),
                    now.into(),
                    owner.into(),
                    now.into(),
                    "".into(),
                    serde_json::json!([]).into(),
                    serde_json::json!({}).into(),
                    1i64.into(),
                    now.into(),
                    now.into(),
                ]
            });
            let columns = "tenant_id, id, name, name_key, source, status, status_since, owner_id, assigned_at, notes, \
                           tags, custom, version, created_at, updated_at";
            insert(&tx, "lead", columns, leads.collect(), "").await?;
            let (id, text) = if tx.is_postgres() {
                ("gen_random_uuid()", "gen_random_uuid()::text")
            } else {
                ("randomblob(16)", "hex(randomblob(16))")
            };
            // Spread over the days to come, a hundred a lead.
            let mut values: Vec<Value> = vec![tenant.into(), now.into()];
            values.extend((1..=A_LEAD as i64).map(|day| Value::from(now + TimeDelta::days(day))));
            let days: Vec<String> = (3..3 + A_LEAD).map(|at| format!("(${at})")).collect();
            let sql = format!(
                "INSERT INTO follow_up (tenant_id, id, lead_id, owner_id, due_at, flagged, state, kind, identity, key, \
                 sequence, text, note, version, created_at) SELECT $1, {id}, l.id, l.owner_id, d.column1, FALSE, 'open', \
                 'auto', {text}, 'first_call', 1, 'first_call', '', 1, $2 FROM lead AS l \
                 CROSS JOIN (VALUES {}) AS d WHERE l.tenant_id = $1",
                days.join(", ")
            );
            tx.run(&sql, values).await?;
            let sql = format!("SELECT id FROM follow_up WHERE tenant_id = $1 ORDER BY due_at DESC LIMIT {DUE}");
            let rows = tx.query_all_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                sql,
                [tenant.into()],
            ));
            let ids = rows
                .await?
                .iter()
                .map(|row| row.try_get_by_index(0))
                .collect::<Result<Vec<Id>, _>>()?;
            Ok(ids)
        };
        let due = stage.app.db.write(stage.center.tenant.id, write).await.expect("rows");
        stage.analyze().await;
        Held { stage, due }
    }

    /// Lets 500 fall due, untouched by any worker, and takes the time of both claims.
    async fn claim(&self) -> (f64, f64) {
        let (app, tenant) = (&self.stage.app, self.stage.center.tenant.id);
        let due = self.due.clone();
        let write = async move |tx: Tx| {
            let mut values: Vec<Value> = vec![tx.tenant().0.into(), (tx.now() - TimeDelta::minutes(1)).into()];
            values.extend(due.iter().map(|id| Value::from(*id)));
            let sql = format!(
                "UPDATE follow_up SET due_at = $2, reminded_at = NULL, overdue_at = NULL WHERE tenant_id = $1 \
                 AND id IN ({})",
                list(3, due.len())
            );
            tx.run(&sql, values).await
        };
        app.db.write(tenant, write).await.expect("rows");
        let began = Instant::now();
        assert_eq!(remind(app, tenant).await.expect("a claim"), DUE);
        let due = began.elapsed().as_secs_f64();
        let system = Actor::system(self.stage.center.tenant.clone());
        let began = Instant::now();
        sweep(app, &system).await.expect("a sweep");
        (due, began.elapsed().as_secs_f64())
    }

    /// No statement may read all follow-ups.
    async fn explain(&self) {
        let postgres = self.stage.database.engine == Engine::Postgres;
        let (app, tenant) = (&self.stage.app, self.stage.center.tenant.id);
        let statements = [
            ("due claim", claim_due_sql(postgres)),
            ("overdue mark", MARK_OVERDUE.to_owned()),
            ("overdue count", COUNT_OVERDUE.to_owned()),
        ];
        for (name, sql) in statements {
            let plan = async move |tx: Tx| {
                let (word, column) = if postgres {
                    ("EXPLAIN", 0)
                } else {
                    ("EXPLAIN QUERY PLAN", 3)
                };
                let values = [tx.tenant().0.into(), tx.now().into()];
                let sql = format!("{word} {sql}");
                let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
                let rows = tx.query_all_raw(statement).await?;
                let lines = rows.iter().map(|row| row.try_get_by_index(column));
                Ok(lines.collect::<Result<Vec<String>, _>>()?)
            };
            let plan = app.db.read(tenant, plan).await.expect("a plan");
            let whole = |line: &&String| {
                let line = line.trim();
                line.contains("Seq Scan on follow_up")
                    || line.starts_with("SCAN f")
                    || line.starts_with("SCAN follow_up")
            };
            match plan.iter().find(whole) {
                None => note(&format!("{name}: no sequential scan, pass")),
                Some(line) => note(&format!("{name}: MISS, {}", line.trim())),
            }
            for line in plan
                .iter()
                .filter(|line| line.contains("follow_up") || line.contains(" f "))
            {
                note(&format!("    {}", line.trim()));
            }
        }
    }
}
