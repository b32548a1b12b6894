//! The finished file, piece by piece, for whoever asked for it, while it is kept.

use platform::{Actor, App, Error, Id, Result, Tx, audit, files};
use serde_json::json;

use super::export::find_in;

#[derive(Debug, Clone)]
pub struct Download {
    pub file: Id,
    pub name: String,
    pub media_type: &'static str,
    pub size: i64,
}

/// Each download is in the audit: the file leaves the centre here.
pub async fn open(app: &App, actor: &Actor, id: Id) -> Result<Download> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let export = find_in(&tx, &actor, id).await?;
            let (Some(file), Some(size)) = (export.file_id, export.size) else {
                return Err(Error::conflict("export_not_ready"));
            };
            if !export.is_ready(tx.now()) {
                return Err(Error::refused("export_expired"));
            }
            let what = json!({"what": export.what, "rows": export.rows});
            audit::record(&tx, &actor, "export.downloaded", "export", id, what).await?;
            Ok(Download {
                file,
                size,
                name: export.file_name(&actor),
                media_type: export.format()?.media_type(),
            })
        })
        .await
}

/// The next piece of a download; none after the last.
pub async fn piece(app: &App, actor: &Actor, download: &Download, at: i32) -> Result<Option<Vec<u8>>> {
    let file = download.file;
    let read = async move |tx: Tx| files::piece(&tx, file, at).await;
    app.db.read(actor.tenant_id(), read).await
}
