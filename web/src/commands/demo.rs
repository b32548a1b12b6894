//! `serve --demo`: three centres with people, leads and two weeks behind them, and a Telegram of their own to try.

use platform::jobs::Runner;
use platform::{Actor, auth};
use plugins::scripts::packs;
use plugins::telegram::service::Telegram;
use plugins::telegram::simulator::{Person, Simulator};
use workflows::bots;
use workflows::ports::Desk;
use workflows::tenants::demo::{self, CENTRES};

use super::explain;

/// Fills the demo: centres, users, leads, and a simulated chat for every rep. Prints how to get in.
pub async fn demo(desk: &Desk, runner: &Runner, telegram: &Telegram, simulator: &Simulator) -> Result<(), String> {
    let password = desk.app.config.demo_password.clone().unwrap_or_else(made_up);
    auth::password::check_rule(&password).map_err(|_| "MARKAZ_DEMO_PASSWORD is too weak")?;
    let port = desk.app.config.listen.rsplit(':').next().unwrap_or("8080").to_owned();
    println!("\nMarkaz is ready. Every user's password: {password}\n");
    let mut fresh = Vec::new();
    for centre in CENTRES {
        let (people, is_fresh) = demo::seed(desk, centre, &password, packs::example(centre.slug))
            .await
            .map_err(|e| e.to_string())?;
        let Some(tenant) = people.first().map(|person| person.tenant) else {
            continue;
        };
        let token = format!(
            "{}:demo-{}",
            tenant.0.as_u128() % 900_000_000 + 100_000_000,
            centre.slug
        );
        let username = format!("markaz_{}_bot", centre.slug);
        simulator.add_bot(&token, &username, centre.name);
        simulator.show_to(tenant.0, &token);
        let actor = Actor::system(desk.app.tenants.by_id(tenant).await.map_err(explain)?);
        if is_fresh {
            fresh.push((centre, actor.tenant.clone()));
        }
        // A second start finds its bot connected; only the simulator forgets.
        if bots::active(&desk.app, tenant).await.map_err(explain)?.is_none() {
            bots::connect(&desk.app, &actor, telegram, &token, None)
                .await
                .map_err(explain)?;
        }
        for person in &people {
            let chat = Person::of_user(person.id, &person.name, person.lang.code());
            bots::link(&desk.app, tenant, person.id, chat.id)
                .await
                .map_err(explain)?;
            simulator.say(&token, &chat, "/help");
        }
        let names: Vec<&str> = people.iter().map(|person| person.username).collect();
        println!(
            "  http://{}.{}:{port}   {}",
            centre.slug, desk.app.config.base_domain, centre.name
        );
        println!("      users: {}", names.join(", "));
    }
    println!();
    if !fresh.is_empty() {
        println!("The centers live through their last days of work first; this takes a few seconds.\n");
    }
    demo::live(desk, runner, fresh, desk.app.config.demo_days)
        .await
        .map_err(|e| e.to_string())?;
    Ok(())
}

/// Keeps the product's own rule, and can be read aloud.
fn made_up() -> String {
    let part = |length: usize, letters: &[u8]| -> String {
        (0..length)
            .map(|_| letters[rand::random::<u32>() as usize % letters.len()] as char)
            .collect()
    };
    let small = b"abcdefghkmnpqrstuvwxyz";
    format!(
        "{}{}-{}-{}",
        part(1, b"ABCDEFGHKMNPQRSTUVWXYZ"),
        part(4, small),
        part(4, b"23456789"),
        part(4, small)
    )
}
