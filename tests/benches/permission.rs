//! What a permission costs: one check of an actor, and finding a role's permissions once a request.

use std::hint::black_box;
use std::time::Instant;

use platform::Permit;

use crate::report::{Measure, Target, row};
use crate::stage::Stage;

const CHECKS: u32 = 10_000_000;
const LOOKUPS: u32 = 200_000;

pub async fn run(stage: &Stage) {
    let actor = &stage.reps[0];
    let bits = black_box(0x0fff_u64);
    let mut allowed = 0u64;
    let began = Instant::now();
    for at in 0..CHECKS {
        let permit = if at % 2 == 0 {
            Permit::LeadsAll
        } else {
            Permit::LeadsOwn
        };
        allowed += u64::from(black_box(actor).may(black_box(permit)).is_ok());
    }
    let ours = each(began, CHECKS);
    let began = Instant::now();
    for at in 0..CHECKS {
        allowed += black_box(bits) >> black_box(at % 2) & 1;
    }
    let limit = each(began, CHECKS);
    assert!(allowed > 0);
    let most = Measure::Took(1e-6);
    row("permission check", ours, Some(limit), Target::Within(most));

    let (app, tenant) = (&stage.app, stage.center.tenant.id);
    let began = Instant::now();
    for _ in 0..LOOKUPS {
        black_box(app.policies.grants(tenant, 1, "sales").await.expect("compiled"));
    }
    let lookup = each(began, LOOKUPS);
    row(
        "a role's permissions, once a request",
        lookup,
        None,
        Target::Within(most),
    );
}

fn each(began: Instant, times: u32) -> Measure {
    Measure::Took(began.elapsed().as_secs_f64() / f64::from(times))
}
