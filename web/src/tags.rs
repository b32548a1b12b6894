//! The room of a centre's tags: how many leads each is on; another name, two made one, one given up.

use platform::Error;
use poem::handler;
use poem::http::StatusCode;
use poem::web::Query;
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::leads::{self, Counted, Retagged};

use crate::leads_asked::Asked;
use crate::nav::Section;
use crate::page::Choice;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Named {
    key: String,
    after: String,
}

#[handler]
pub async fn list(visit: Visit, Query(named): Query<Named>) -> Answer {
    let after = Some(named.after).filter(|after| !after.is_empty());
    let counts = leads::tag_counts(visit.app(), visit.actor()?, after.clone()).await?;
    let rows: Vec<Value> = counts.items.iter().map(row).collect();
    let view = json!({
        "rows": rows, "first": after.map(|_| "/settings/tags"),
        "next": counts.next.map(|key| address("/settings/tags", "after", &key)),
    });
    let page = visit.page(Section::Settings, visit.words.t("tags-title"));
    Ok(render::page(&page, "tags/list", &view))
}

#[handler]
pub async fn one(visit: Visit, Query(named): Query<Named>) -> Answer {
    show(&visit, &named.key, &Sent::default(), None).await
}

#[handler]
pub async fn rename(visit: Visit, sent: Sent) -> Answer {
    let (key, name) = (sent.get("key"), sent.get("name"));
    let renamed = match visit.once(&sent) {
        Ok(once) => leads::rename_tag(visit.app(), visit.actor()?, key, name, once).await,
        Err(error) => Err(error),
    };
    answer(&visit, &sent, renamed).await
}

#[handler]
pub async fn merge(visit: Visit, sent: Sent) -> Answer {
    let (key, into) = (sent.get("key"), sent.get("into"));
    let merged = match visit.once(&sent) {
        Ok(once) => leads::merge_tags(visit.app(), visit.actor()?, key, into, once).await,
        Err(error) => Err(error),
    };
    answer(&visit, &sent, merged).await
}

#[handler]
pub async fn drop(visit: Visit, sent: Sent) -> Answer {
    let dropped = match visit.once(&sent) {
        Ok(once) => leads::drop_tag(visit.app(), visit.actor()?, sent.get("key"), once).await,
        Err(error) => Err(error),
    };
    answer(&visit, &sent, dropped).await
}

/// The leads that change are watched, and taken back, above their list.
async fn answer(visit: &Visit, sent: &Sent, changed: Result<Retagged, Error>) -> Answer {
    match changed {
        Ok(Retagged {
            name,
            change: Some(change),
        }) => {
            let asked = Asked {
                tag: name.unwrap_or_default(),
                ..Asked::default()
            };
            Ok(done(&asked.with("bulk", &change.to_string()), None))
        }
        Ok(_) => Ok(done("/settings/tags", Some("toast-saved"))),
        Err(error @ Error::Invalid(_)) => show(visit, sent.get("key"), sent, Some(error)).await,
        Err(error) => Err(error.into()),
    }
}

async fn show(visit: &Visit, key: &str, sent: &Sent, error: Option<Error>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let (tag, others) = tokio::try_join!(leads::tag(app, actor, key), leads::tags(app, actor))?;
    let wrong = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    let others = others.into_iter().filter(|other| other.key != tag.key);
    let others: Vec<Choice> = others.map(|other| Choice::new(other.key, other.name)).collect();
    let view = json!({
        "tag": row(&tag), "others": (!others.is_empty()).then_some(others),
        "about": words.count("tags-on-leads", tag.leads),
        "confirm": words.count("tags-drop-text", tag.leads),
        "name": if sent.has("name") { sent.get("name").to_owned() } else { tag.name.clone() },
        "into": sent.get("into"), "wrong_name": wrong.get("name"), "wrong_into": wrong.get("into"),
    });
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = visit.page(Section::Settings, tag.name);
    Ok(render::page_with(status, &page, "tags/one", &view))
}

fn row(tag: &Counted) -> Value {
    json!({
        "key": tag.key, "name": tag.name, "leads": tag.leads, "path": address("/settings/tags/edit", "key", &tag.key),
        "list": address("/leads", "tag", &tag.key),
    })
}

fn address(path: &str, name: &str, value: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair(name, value)
        .finish();
    format!("{path}?{query}")
}
