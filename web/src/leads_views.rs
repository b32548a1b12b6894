//! What a person keeps of the list: views with a name, columns, and the warning while a phone is typed.

use platform::{Error, Id};
use poem::handler;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::pack::CustomField;
use workflows::leads::{self, COLUMNS, ListLook, ViewEdit, label, own_column};

use crate::book::Book;
use crate::leads::show_list;
use crate::leads_asked::Asked;
use crate::nav::Section;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Trouble, Visit, done};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    phone: String,
}

#[handler]
pub async fn keep(visit: Visit, sent: Sent) -> Answer {
    let asked = Asked::parse(sent.get("list"));
    let view = ViewEdit {
        name: Some(sent.get("name").to_owned()),
        shared: Some(sent.has("shared")),
        query: Some(asked.query()),
    };
    match leads::keep_view(visit.app(), visit.actor()?, view, visit.once(&sent)?).await {
        Ok(_) => Ok(done(&asked.having("", ""), Some("toast-view-kept"))),
        Err(error) => refused(&visit, &asked, error).await,
    }
}

#[handler]
pub async fn edit(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let asked = Asked::parse(sent.get("list"));
    let view = ViewEdit {
        name: Some(sent.get("name").to_owned()),
        shared: Some(sent.has("shared")),
        query: None,
    };
    match leads::edit_view(visit.app(), visit.actor()?, id, view).await {
        Ok(_) => Ok(done(&asked.having("", ""), Some("toast-saved"))),
        Err(error) => refused(&visit, &asked, error).await,
    }
}

#[handler]
pub async fn forget(visit: Visit, Path(id): Path<Id>) -> Answer {
    leads::drop_view(visit.app(), visit.actor()?, id).await?;
    Ok(done("/leads", Some("toast-view-dropped")))
}

#[handler]
pub async fn columns(visit: Visit, sent: Sent) -> Answer {
    let asked = Asked::parse(sent.get("list"));
    let chosen = sent.all("column").to_vec();
    match leads::choose_columns(visit.app(), visit.actor()?, chosen).await {
        Ok(_) => Ok(done(&asked.having("", ""), None)),
        Err(error) => refused(&visit, &asked, error).await,
    }
}

/// Says under the phone being typed that it is here already.
#[handler]
pub async fn duplicate(visit: Visit, Query(typed): Query<Typed>) -> Answer {
    let found = leads::duplicate(visit.app(), visit.actor()?, &typed.phone).await?;
    let book = Book::open(&visit).await?;
    let lead = found.lead.as_ref().map(|lead| {
        json!({"id": lead.id, "name": lead.name, "status": book.status(&lead.status),
            "owner": book.name(lead.owner_id)})
    });
    let page = visit.page(Section::Leads, String::new());
    let view = json!({"known": found.known, "trashed": found.trashed, "lead": lead});
    Ok(render::part(&page, "leads/duplicate", &view))
}

async fn refused(visit: &Visit, asked: &Asked, error: Error) -> Answer {
    match error {
        Error::Invalid(_) => {
            let said = visit.field_errors(&error).into_values().next();
            show_list(visit, asked, said).await
        }
        error => Err(Trouble(error)),
    }
}

/// The views as tabs, the one the list is at, and whether the list could be kept as one.
pub fn tabs(visit: &Visit, asked: &Asked, look: &ListLook) -> Result<(Vec<Value>, Value, bool), Error> {
    let (actor, here) = (visit.actor()?, asked.query());
    let shares = actor.can(platform::Permit::LeadsAssign);
    let mut current = Value::Null;
    let tabs = look
        .views
        .iter()
        .map(|view| {
            let kept = Asked::parse(&view.query);
            let at = kept.query() == here;
            if at && (actor.user == Some(view.owner_id) || shares) {
                current = json!({"id": view.id, "name": view.name, "shared": view.shared, "shares": shares});
            }
            json!({"href": kept.having("", ""), "label": view.name, "current": at, "count": null})
        })
        .collect::<Vec<Value>>();
    let kept = look.views.iter().any(|view| Asked::parse(&view.query).query() == here);
    Ok((tabs, current, !here.is_empty() && !kept))
}

/// Every column with whether it is shown, and the same by name for the rows.
pub fn shown_columns(visit: &Visit, look: &ListLook, fields: &[CustomField]) -> (Vec<Value>, Value) {
    let said = |column: &str| match column {
        "next" => "lead-next".to_owned(),
        "tags" | "score" | "changed" => format!("leads-column-{column}"),
        other => format!("lead-{other}"),
    };
    let is_shown = |column: &str| look.columns.iter().any(|chosen| chosen == column);
    let usual = COLUMNS
        .iter()
        .map(|column| json!({"name": column, "label": visit.words.t(&said(column)), "on": is_shown(column)}));
    let own = fields.iter().map(|field| {
        let column = own_column(&field.key);
        json!({"label": label(&field.labels, visit.words.lang), "on": is_shown(&column), "name": column})
    });
    let by_name = COLUMNS
        .iter()
        .map(|column| ((*column).to_owned(), json!(is_shown(column))))
        .collect::<serde_json::Map<_, _>>();
    (usual.chain(own).collect(), by_name.into())
}

/// The centre's own fields that are columns of the list.
pub fn own_columns<'a>(look: &ListLook, fields: &'a [CustomField]) -> Vec<&'a CustomField> {
    let chosen = |field: &&CustomField| look.columns.contains(&own_column(&field.key));
    fields.iter().filter(chosen).collect()
}
