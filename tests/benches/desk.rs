//! What a big centre's desk reads: list, search, board and today over 100,000 leads with 200,000 follow-ups, 60 people,
//! 60 courses and 60 tags. The limit sends the same statements and writes bare cells.

use support::crowd::Crowd;

use crate::limit::limit;
use crate::load::{Asked, contest};
use crate::report::Target;
use crate::stage::Stage;

pub const BIG: Crowd = Crowd {
    leads: 100_000,
    others: 60,
};

pub async fn run(stage: &Stage) {
    BIG.fill(&stage.database, stage.tenant(), stage.app.clock.now()).await;
    let (product, beside) = (stage.serve().await, limit(stage).await);
    let (bearer, cookie) = (stage.bearer().await, stage.cookie().await);
    let api = |path: &str| Asked::get(product, &format!("/api/v1{path}"), &bearer);
    let page = |path: &str| Asked::get(product, path, &cookie);
    let bare = |path: &str| Asked::get(beside.address, path, "host: limit\r\n");
    for (name, ours, theirs, share) in [
        ("leads list, 50 of 100,000, JSON", api("/leads"), bare("/leads"), 0.5),
        ("leads list, page of 30", page("/leads"), bare("/leads.html"), 0.3),
        (
            "two words among 100,000, JSON",
            api("/leads?q=aziza+ka"),
            bare("/search"),
            0.5,
        ),
        ("board of 100,000, page", page("/leads/board"), bare("/board.html"), 0.3),
        (
            "today's list, 50 of 200,000, JSON",
            api("/follow-ups?view=today"),
            bare("/today"),
            0.5,
        ),
        (
            "today's list, page of 20",
            page("/today?mode=list"),
            bare("/today.html"),
            0.3,
        ),
    ] {
        contest(name, &ours, &theirs, Target::AtLeast(share)).await;
    }
    beside.close().await;
}
