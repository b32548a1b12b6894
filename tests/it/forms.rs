//! What is sent twice from one drawing of a form counts once, by whichever form something is made.

use support::both_engines;
use support::portal::Person;
use support::site::Site;

use crate::isolation::victim::Victim;

both_engines! {
    async fn a_form_sent_twice_counts_once(site: Site) {
        let victim = Victim::on(&site).await;
        let person = Person::of(&site, &victim.admin).await;
        let lead = format!("/leads/{}", victim.lead);
        let (note, call, plan) = (format!("{lead}/notes"), format!("{lead}/calls"), format!("{lead}/follow-ups"));
        let due = (site.app().clock.now() + chrono::TimeDelta::days(1)).format("%Y-%m-%dT%H:%M").to_string();
        let day = (site.app().clock.now() + chrono::TimeDelta::days(40)).format("%Y-%m-%d").to_string();
        let creating: [(&str, &str, Vec<(&str, &str)>); 11] = [
            ("/leads", "lead", vec![("name", "Ali"), ("phone", "90 777 00 01")]),
            (&note, "event", vec![("note", "Kechqurun qoʻngʻiroq qiling")]),
            (&call, "event", vec![("direction", "out"), ("outcome", "reached")]),
            (&plan, "follow_up", vec![("due_at", &due), ("text", "Eslatish")]),
            ("/courses", "course", vec![("name", "Yangi kurs")]),
            ("/users", "app_user", vec![("username", "yangi"), ("first_name", "Yangi"), ("role", "sales"), ("password", "Sinov-5678!")]),
            ("/roles", "role", vec![("name", "Yangi rol")]),
            ("/leave", "leave", vec![("kind", "vacation"), ("first_day", &day), ("last_day", &day), ("note", "Safar")]),
            ("/leads/views", "lead_view", vec![("name", "Yangi"), ("list", "status=new")]),
            ("/exports", "export", vec![("what", "leads"), ("format", "xlsx")]),
            ("/settings/fields/sources/new", "source", vec![("label_uz", "Yangi manba")]),
        ];
        for (path, table, mut fields) in creating {
            fields.push(("press", path));
            let count = format!("SELECT COUNT(*) FROM {table}");
            let before = site.test.database.count(&count).await;
            let (one, two) = tokio::join!(person.post(path, &fields), person.post(path, &fields));
            for reply in [&one, &two] {
                assert_eq!(reply.status, 303, "{path}: {:.400}", reply.text);
            }
            assert_eq!(one.headers.get("location"), two.headers.get("location"), "{path}");
            assert_eq!(site.test.database.count(&count).await, before + 1, "{path}");
        }
    }
}
