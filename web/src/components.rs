//! The small parts of every page as handlebars helpers: written once, escaped once, quick in a list of thousands.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError, RenderErrorReason,
    ScopedJson, html_escape,
};
use platform::locale::{self, Lang, Value as Word};
use serde_json::Value;

use crate::fields;

pub fn register(registry: &mut Handlebars<'static>, lang: Lang) {
    registry.register_helper("t", Box::new(Translate(lang)));
    registry.register_helper("icon", Box::new(draw_icon));
    registry.register_helper("pill", Box::new(draw_pill));
    registry.register_helper("due", Box::new(draw_due));
    registry.register_helper("avatar", Box::new(draw_avatar));
    registry.register_helper("bar", Box::new(draw_bar));
    registry.register_helper("field", Box::new(fields::Field(lang)));
    registry.register_helper("area", Box::new(fields::Area(lang)));
    registry.register_helper("choose", Box::new(fields::Choose(lang)));
    registry.register_helper("empty", Box::new(Empty(lang)));
    registry.register_helper("csrf", Box::new(draw_csrf));
    registry.register_helper("n", Box::new(draw_number));
}

/// A symbol of the sprite; `g-` names are the status rings.
pub fn icon(name: &str, class: &str) -> String {
    let (symbol, base) = match name.strip_prefix("g-") {
        Some(_) => (name.to_owned(), "g"),
        None => (format!("i-{name}"), "i"),
    };
    let space = if class.is_empty() { "" } else { " " };
    format!(
        "<svg class=\"{base}{space}{}\" aria-hidden=\"true\"><use href=\"{}#{}\"/></svg>",
        html_escape(class),
        *SPRITE,
        html_escape(&symbol)
    )
}

static SPRITE: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| crate::assets::url("icons.svg"));

/// What a message may be given in a template.
pub const ARGUMENTS: [&str; 10] = [
    "n", "name", "time", "date", "of", "size", "what", "from", "to", "version",
];

struct Translate(Lang);

impl HelperDef for Translate {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let id = text(h.param(0).map(|p| p.value()));
        let args: Vec<(&'static str, Word)> = ARGUMENTS
            .into_iter()
            .filter_map(|name| Some((name, word(h.hash_get(name)?.value()))))
            .collect();
        Ok(ScopedJson::Derived(Value::String(locale::t(self.0, &id, &args))))
    }
}

fn word(value: &Value) -> Word<'static> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Word::from(whole),
            None => Word::from(number.as_f64().unwrap_or_default()),
        },
        other => Word::from(text(Some(other))),
    }
}

fn draw_icon(h: &Helper, _: &Handlebars, _: &Context, _: &mut RenderContext, out: &mut dyn Output) -> HelperResult {
    let name = text(h.param(0).map(|p| p.value()));
    let class = text(h.param(1).map(|p| p.value()));
    out.write(&icon(&name, &class))?;
    Ok(())
}

/// `{{pill status}}` of `{kind, label}`.
fn draw_pill(h: &Helper, _: &Handlebars, _: &Context, _: &mut RenderContext, out: &mut dyn Output) -> HelperResult {
    let status = object(h, "pill")?;
    let kind = css_kind(&text(status.get("kind")));
    let large = h.param(1).is_some();
    let class = if large { "pill pill-l" } else { "pill" };
    out.write(&format!(
        "<span class=\"{class} k-{kind}\">{}{}</span>",
        icon(&format!("g-{kind}"), ""),
        html_escape(&text(status.get("label")))
    ))?;
    Ok(())
}

fn draw_due(h: &Helper, _: &Handlebars, _: &Context, _: &mut RenderContext, out: &mut dyn Output) -> HelperResult {
    let due = object(h, "due")?;
    let state = text(due.get("state"));
    let class = if state == "planned" {
        "due".to_owned()
    } else {
        format!("due due-{state}")
    };
    let words = html_escape(&text(due.get("words")));
    match due.get("at").and_then(Value::as_str) {
        Some(at) => out.write(&format!(
            "<time class=\"{class}\" datetime=\"{}\">{words}</time>",
            html_escape(at)
        ))?,
        None => out.write(&format!("<span class=\"{class}\">{words}</span>"))?,
    }
    Ok(())
}

/// `{{avatar person "s"}}` of `{name, initials, tint}`; null is the dashed ring of nobody.
fn draw_avatar(h: &Helper, _: &Handlebars, _: &Context, _: &mut RenderContext, out: &mut dyn Output) -> HelperResult {
    let size = match text(h.param(1).map(|p| p.value())).as_str() {
        "s" => " av-s",
        "l" => " av-l",
        _ => "",
    };
    let Some(person) = h.param(0).and_then(|p| p.value().as_object()) else {
        out.write(&format!(
            "<span class=\"av av-none{size}\" aria-hidden=\"true\"></span>"
        ))?;
        return Ok(());
    };
    let on = match person.get("on").and_then(Value::as_bool) {
        Some(true) => " data-on=\"1\"",
        Some(false) => " data-on=\"0\"",
        None => "",
    };
    out.write(&format!(
        "<span class=\"av av-{}{size}\" title=\"{}\" aria-hidden=\"true\"{on}>{}</span>",
        text(person.get("tint")),
        html_escape(&text(person.get("name"))),
        html_escape(&text(person.get("initials")))
    ))?;
    Ok(())
}

/// `{{bar percent "bar warn"}}`: drawn, since the content policy allows no style attributes.
fn draw_bar(h: &Helper, _: &Handlebars, _: &Context, _: &mut RenderContext, out: &mut dyn Output) -> HelperResult {
    let percent = h
        .param(0)
        .and_then(|p| p.value().as_f64())
        .unwrap_or_default()
        .clamp(0.0, 100.0);
    let class = h.param(1).map_or_else(|| "bar".to_owned(), |p| text(Some(p.value())));
    out.write(&format!(
        "<svg class=\"{}\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"{percent:.1}%\" height=\"100%\"/></svg>",
        html_escape(&class)
    ))?;
    Ok(())
}

fn draw_number(h: &Helper, _: &Handlebars, _: &Context, _: &mut RenderContext, out: &mut dyn Output) -> HelperResult {
    match h.param(0).and_then(|p| p.value().as_i64()) {
        Some(number) => out.write(&locale::grouped(number))?,
        None => out.write(&html_escape(&text(h.param(0).map(|p| p.value()))))?,
    }
    Ok(())
}

fn draw_csrf(_: &Helper, _: &Handlebars, c: &Context, _: &mut RenderContext, out: &mut dyn Output) -> HelperResult {
    let token = text(c.data().pointer("/page/csrf"));
    out.write(&format!(
        "<input type=\"hidden\" name=\"csrf_token\" value=\"{}\"><input type=\"hidden\" name=\"press\" value=\"{}\">",
        html_escape(&token),
        platform::ids::new_id()
    ))?;
    Ok(())
}

/// What it means that nothing is here, and one next action: `{{empty "inbox" title="…" text="…" href="/leads" action="…"}}`
struct Empty(Lang);

impl HelperDef for Empty {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let say = |name: &str| html_escape(&locale::t(self.0, &hash(h, name), &[]));
        let name = text(h.param(0).map(|p| p.value()));
        let href = hash(h, "href");
        let button = if href.is_empty() {
            String::new()
        } else {
            format!("<a class=\"btn\" href=\"{}\">{}</a>", html_escape(&href), say("action"))
        };
        out.write(&format!(
            "<section class=\"empty\">{}<h2>{}</h2><p>{}</p>{button}</section>",
            icon(&name, ""),
            say("title"),
            say("text")
        ))?;
        Ok(())
    }
}

fn css_kind(kind: &str) -> String {
    kind.replace('_', "-")
}

fn object<'a>(h: &'a Helper, helper: &'static str) -> Result<&'a serde_json::Map<String, Value>, RenderError> {
    h.param(0)
        .and_then(|p| p.value().as_object())
        .ok_or_else(|| RenderErrorReason::ParamNotFoundForIndex(helper, 0).into())
}

pub(crate) fn hash(h: &Helper, name: &str) -> String {
    text(h.hash_get(name).map(|p| p.value()))
}

pub(crate) fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}
