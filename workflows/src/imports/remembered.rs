//! What the columns of a table meant last time: a centre gets the same form's table again and again, and settles its
//! columns once.

use platform::fold::name_key;
use platform::{Actor, App, Error, Result, Tx};
use sea_orm::FromQueryResult;
use serde_json::json;
use wire::pack::CustomField;

use super::sheet::{Column, Field, Mapping, Preview};
use crate::leads::custom::fields_in;

/// Whether a header's columns were settled before.
pub async fn is_remembered(app: &App, actor: &Actor, header: &[String]) -> Result<bool> {
    let titles = titles(header);
    let read = async move |tx: Tx| find(&tx, titles).await;
    Ok(app.db.read(actor.tenant_id(), read).await?.is_some())
}

/// As settled last time, else as guessed.
pub(crate) async fn recall(tx: &Tx, preview: &Preview) -> Result<Mapping> {
    let known = find(tx, titles(&preview.header)).await?;
    let own = fields_in(tx).await?;
    let fits = known.filter(|mapping| mapping.resolve(&preview.header).is_ok());
    let mut mapping = fits.unwrap_or_else(|| guessed(preview, &own));
    mapping.0.retain(|field, _| is_there(field, &own));
    Ok(mapping)
}

/// Whether a table's columns can be read so: the titles are there, and so are the centre's own fields.
pub(crate) async fn fits_in(tx: &Tx, header: &[String], mapping: &Mapping) -> Result<()> {
    mapping.resolve(header)?;
    let own = fields_in(tx).await?;
    match mapping.0.keys().all(|field| is_there(field, &own)) {
        true => Ok(()),
        false => Err(Error::field("mapping", "unknown_field")),
    }
}

fn is_there(field: &Field, own: &[CustomField]) -> bool {
    match field {
        Field::Custom(key) => own.iter().any(|known| known.key == *key),
        _ => true,
    }
}

/// As the titles say; a column that is called as one of the centre's own fields is that.
fn guessed(preview: &Preview, own: &[CustomField]) -> Mapping {
    let mut mapping = preview.guess.mapping.clone();
    for (at, title) in preview.header.iter().enumerate() {
        let used = mapping.0.values().any(|column| *column == Column::At(at));
        let key = name_key(title);
        let called = |field: &&CustomField| {
            let spelled = |text: &String| name_key(&text.replace('_', " ")) == key;
            spelled(&field.key) || field.labels.values().any(spelled)
        };
        if let Some(field) = own.iter().find(called).filter(|_| !used && !key.is_empty()) {
            let field = Field::Custom(field.key.clone());
            mapping.0.entry(field).or_insert(Column::At(at));
        }
    }
    mapping
}

pub(crate) async fn remember(tx: &Tx, header: &[String], mapping: &Mapping) -> Result<()> {
    let named = by_title(header, mapping);
    tx.run(
        "INSERT INTO import_mapping (tenant_id, titles, mapping, used_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (tenant_id, titles) DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at",
        vec![
            tx.tenant().0.into(),
            titles(header).into(),
            json!(named).into(),
            tx.now().into(),
        ],
    )
    .await?;
    Ok(())
}

async fn find(tx: &Tx, titles: String) -> Result<Option<Mapping>> {
    #[derive(FromQueryResult)]
    struct Row {
        mapping: serde_json::Value,
    }
    let sql = "SELECT mapping FROM import_mapping WHERE tenant_id = $1 AND titles = $2";
    let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into(), titles.into()]).await?;
    Ok(row.and_then(|row| serde_json::from_value(row.mapping).ok()))
}

/// A set of titles, whatever their order; where one stands twice, their order is all that tells them apart.
fn titles(header: &[String]) -> String {
    let mut keys: Vec<String> = header.iter().map(|title| name_key(title)).collect();
    if are_unique(header) {
        keys.sort();
    }
    keys.join("\n")
}

/// A mapping whose columns are named by their titles, where titles tell them apart.
pub(crate) fn by_title(header: &[String], mapping: &Mapping) -> Mapping {
    if !are_unique(header) {
        return mapping.clone();
    }
    let named = |column: &Column| match column {
        Column::At(place) => header
            .get(*place)
            .map_or(column.clone(), |title| Column::Named(title.clone())),
        named => named.clone(),
    };
    Mapping(
        mapping
            .0
            .iter()
            .map(|(field, column)| (field.clone(), named(column)))
            .collect(),
    )
}

/// Blank titles and titles that fold to the same tell nothing apart.
fn are_unique(header: &[String]) -> bool {
    let mut keys: Vec<String> = header.iter().map(|title| name_key(title)).collect();
    keys.sort();
    keys.iter().all(|key| !key.is_empty()) && keys.windows(2).all(|pair| pair[0] != pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(titles: &[&str]) -> Vec<String> {
        titles.iter().map(|title| (*title).to_owned()).collect()
    }

    #[test]
    fn a_set_of_titles_is_known_in_any_order() {
        assert_eq!(
            titles(&header(&["Ism", "Telefon"])),
            titles(&header(&["telefon", " ISM "]))
        );
        assert_ne!(
            titles(&header(&["Ism", "Telefon"])),
            titles(&header(&["Ism", "Telefon", "Kurs"]))
        );
        assert_ne!(
            titles(&header(&["A", "A", "B"])),
            titles(&header(&["B", "A", "A"])),
            "their order is all there is"
        );
    }

    #[test]
    fn a_column_is_kept_by_its_title() {
        let mapping = Mapping([(Field::Phone, Column::At(1))].into());
        let kept = by_title(&header(&["Ism", "Raqam"]), &mapping);
        assert_eq!(kept.0[&Field::Phone], Column::Named("Raqam".into()));
        assert_eq!(by_title(&header(&["Raqam", "Raqam"]), &mapping), mapping);
    }
}
