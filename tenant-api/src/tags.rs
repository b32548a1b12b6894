//! Tags: those given to leads so far, and how a center puts them in order.

use platform::Id;
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use workflows::leads;

use crate::Area;
use crate::answer::{Answer, Body};
use crate::idempotent::{KeyHeader, key as once};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Leads")]
impl Operations {
    /// Tags given to leads so far, by name
    #[oai(path = "/tags", method = "get", operation_id = "list_tags")]
    async fn tags(&self, caller: Caller) -> Answer<Body<Page<Tag>>> {
        let tags = leads::tags(caller.app(), &caller.actor).await?;
        let items = tags.into_iter().map(|tag| Tag {
            key: tag.key,
            name: tag.name,
        });
        Ok(Body(Page::whole(items.collect())))
    }

    /// Tags with how many leads each is on
    #[oai(path = "/tag-counts", method = "get", operation_id = "count_tags")]
    async fn counts(&self, caller: Caller, cursor: Query<Option<String>>) -> Answer<Body<Page<CountedTag>>> {
        let counts = leads::tag_counts(caller.app(), &caller.actor, cursor.0).await?;
        Ok(Body(Page {
            items: counts.items.into_iter().map(CountedTag::from).collect(),
            next: counts.next,
        }))
    }

    /// Gives a tag another name on every lead
    ///
    /// The leads change as a bulk change, which can be watched and undone. A name another tag has is refused: merge
    /// the two instead.
    #[oai(path = "/tags/:key", method = "patch", operation_id = "rename_tag")]
    async fn rename(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        key: Path<String>,
        body: Json<TagName>,
    ) -> Answer<Body<TagChange>> {
        let asked = once(idempotency_key, req, &body.0)?;
        let changed = leads::rename_tag(caller.app(), &caller.actor, &key.0, &body.0.name, asked).await?;
        Ok(Body(changed.into()))
    }

    /// Gives every lead of one tag another instead
    #[oai(path = "/tags/:key/merge", method = "post", operation_id = "merge_tags")]
    async fn merge(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        key: Path<String>,
        body: Json<TagMerge>,
    ) -> Answer<Body<TagChange>> {
        let asked = once(idempotency_key, req, &body.0)?;
        let changed = leads::merge_tags(caller.app(), &caller.actor, &key.0, &body.0.into, asked).await?;
        Ok(Body(changed.into()))
    }

    /// Takes a tag off every lead and offers it no more
    #[oai(path = "/tags/:key", method = "delete", operation_id = "drop_tag")]
    async fn give_up(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        key: Path<String>,
    ) -> Answer<Body<TagChange>> {
        let asked = once(idempotency_key, req, &())?;
        let changed = leads::drop_tag(caller.app(), &caller.actor, &key.0, asked).await?;
        Ok(Body(changed.into()))
    }
}

#[derive(Object, Serialize)]
struct Tag {
    /// What makes its spellings one tag.
    key: String,
    name: String,
}

#[derive(Object, Serialize)]
struct CountedTag {
    key: String,
    name: String,
    /// Not in the trash.
    leads: i64,
}

#[derive(Object, Serialize)]
struct TagName {
    name: String,
}

#[derive(Object, Serialize)]
struct TagMerge {
    /// The other tag, in any spelling.
    into: String,
}

#[derive(Object, Serialize)]
struct TagChange {
    /// What the leads have now; null after a removal.
    name: Option<String>,
    /// One of `/bulk-changes`: to watch, to undo. Null where no lead had the tag.
    bulk_change_id: Option<Id>,
}

impl From<leads::Counted> for CountedTag {
    fn from(tag: leads::Counted) -> Self {
        CountedTag {
            key: tag.key,
            name: tag.name,
            leads: tag.leads,
        }
    }
}

impl From<leads::Retagged> for TagChange {
    fn from(changed: leads::Retagged) -> Self {
        TagChange {
            name: changed.name,
            bulk_change_id: changed.change,
        }
    }
}
