//! The fallback chain of a hook: the published override, the last good one, the pack, the core.

use platform::{Result, Tx};
use sea_orm::FromQueryResult;
use wire::{Hook, Layer, Level};

use crate::ports::Packs;

pub async fn layers(tx: &Tx, packs: &dyn Packs, pack: &str, hook: Hook) -> Result<Vec<Layer>> {
    #[derive(FromQueryResult)]
    struct Row {
        version: i64,
        source: String,
        published: Option<i64>,
    }
    let core = packs.core().layer();
    let pack = packs.pack(pack).map(|pack| pack.layer().over(&core));
    let below = pack.clone().unwrap_or_else(|| core.clone());
    let rows: Vec<Row> = tx
        .all(
            "SELECT v.version, v.source, s.published FROM script_state AS s \
             JOIN script_version AS v ON v.tenant_id = s.tenant_id AND v.hook = s.hook \
             AND (v.version = s.published OR v.version = s.last_good) \
             WHERE s.tenant_id = $1 AND s.hook = $2 AND s.paused_at IS NULL AND s.published IS NOT NULL",
            vec![tx.tenant().0.into(), hook.as_str().into()],
        )
        .await?;
    let mut own: Vec<Layer> = rows
        .into_iter()
        .map(|row| {
            let level = if row.published == Some(row.version) {
                Level::Override
            } else {
                Level::LastGood
            };
            Layer::new(level, format!("version {}", row.version), row.source).over(&below)
        })
        .collect();
    own.sort_by_key(|layer| layer.level);
    own.extend(pack);
    own.push(core);
    Ok(own)
}
