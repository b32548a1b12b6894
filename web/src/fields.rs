//! Form controls as handlebars helpers: a label above, a hint, an error with its fix, what was typed kept.

use handlebars::{Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, html_escape};
use platform::locale::{self, Lang};
use serde_json::Value;

use crate::components::{hash, icon, text};

/// `{{field "name" label="lead-name" value=view.form.name error=view.errors.name}}`
pub struct Field(pub Lang);

impl HelperDef for Field {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let frame = Frame::of(self.0, h);
        let mut attributes = format!(
            "class=\"input{}\" type=\"{}\" value=\"{}\"",
            if hash(h, "size") == "l" { " input-l" } else { "" },
            html_escape(&or(hash(h, "type"), "text")),
            html_escape(&hash(h, "value"))
        );
        for (name, attribute) in [
            ("autocomplete", "autocomplete"),
            ("inputmode", "inputmode"),
            ("max", "maxlength"),
            ("min", "min"),
            ("pattern", "pattern"),
            ("key", "data-key"),
        ] {
            let value = hash(h, name);
            if !value.is_empty() {
                attributes.push_str(&format!(" {attribute}=\"{}\"", html_escape(&value)));
            }
        }
        let placeholder = hash(h, "placeholder");
        if !placeholder.is_empty() {
            attributes.push_str(&format!(" placeholder=\"{}\"", html_escape(&placeholder)));
        }
        out.write(&frame.around(&format!("<input {} {attributes}>", frame.control())))?;
        Ok(())
    }
}

pub struct Area(pub Lang);

impl HelperDef for Area {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let frame = Frame::of(self.0, h);
        let value = html_escape(&hash(h, "value"));
        let key = hash(h, "key");
        let key = if key.is_empty() {
            key
        } else {
            format!(" data-key=\"{}\"", html_escape(&key))
        };
        out.write(&frame.around(&format!(
            "<textarea class=\"input textarea\" {}{key}>{value}</textarea>",
            frame.control()
        )))?;
        Ok(())
    }
}

/// `{{choose "course_id" label="lead-course" options=view.courses value=view.form.course_id none="lead-course-none"}}`;
/// an option is `{value, label}` and may carry a `kind` that reveals fields.
pub struct Choose(pub Lang);

impl HelperDef for Choose {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let frame = Frame::of(self.0, h);
        let chosen = hash(h, "value");
        let mut options = String::new();
        let none = hash(h, "none");
        if !none.is_empty() {
            options.push_str(&format!(
                "<option value=\"\">{}</option>",
                html_escape(&locale::t(self.0, &none, &[]))
            ));
        }
        for option in h
            .hash_get("options")
            .and_then(|o| o.value().as_array())
            .into_iter()
            .flatten()
        {
            let value = text(option.get("value"));
            let kind = option
                .get("kind")
                .and_then(Value::as_str)
                .map(|kind| format!(" data-kind=\"{}\"", html_escape(kind)));
            options.push_str(&format!(
                "<option value=\"{}\"{}{}>{}</option>",
                html_escape(&value),
                kind.unwrap_or_default(),
                if value == chosen { " selected" } else { "" },
                html_escape(&text(option.get("label")))
            ));
        }
        let class = if hash(h, "size") == "s" {
            "select select-s"
        } else {
            "select"
        };
        out.write(&frame.around(&format!(
            "<select class=\"{class}\" {}>{options}</select>",
            frame.control()
        )))?;
        Ok(())
    }
}

/// What every control shares: label above, hint, an error with its fix.
struct Frame {
    name: String,
    id: String,
    label: String,
    hidden: bool,
    hint: Option<String>,
    error: Option<String>,
    required: bool,
    disabled: bool,
    focus: bool,
    class: String,
}

impl Frame {
    fn of(lang: Lang, h: &Helper) -> Self {
        let name = text(h.param(0).map(|p| p.value()));
        let say = |id: String| (!id.is_empty()).then(|| locale::find(lang, &id, &[]).unwrap_or(id));
        let prefix = hash(h, "prefix");
        Self {
            id: format!("f-{prefix}{name}"),
            label: say(hash(h, "label")).unwrap_or_default(),
            hidden: flag(h, "bare"),
            hint: say(hash(h, "hint")),
            error: Some(hash(h, "error")).filter(|error| !error.is_empty()),
            required: flag(h, "required"),
            disabled: flag(h, "disabled"),
            focus: flag(h, "focus"),
            class: hash(h, "class"),
            name,
        }
    }

    fn control(&self) -> String {
        let mut out = format!("id=\"{}\" name=\"{}\"", html_escape(&self.id), html_escape(&self.name));
        for (on, attribute) in [
            (self.required, " required"),
            (self.disabled, " disabled"),
            (self.focus, " autofocus"),
        ] {
            if on {
                out.push_str(attribute);
            }
        }
        if self.hidden {
            out.push_str(&format!(" aria-label=\"{}\"", html_escape(&self.label)));
        }
        if self.error.is_some() {
            out.push_str(&format!(
                " aria-invalid=\"true\" aria-describedby=\"{}-error\"",
                html_escape(&self.id)
            ));
        } else if self.hint.is_some() {
            out.push_str(&format!(" aria-describedby=\"{}-hint\"", html_escape(&self.id)));
        }
        out
    }

    fn around(&self, control: &str) -> String {
        if self.hidden {
            return control.to_owned();
        }
        let id = html_escape(&self.id);
        let mut out = format!(
            "<div class=\"field {}\"><label for=\"{id}\">{}</label>{control}",
            html_escape(&self.class),
            html_escape(&self.label)
        );
        if let Some(error) = &self.error {
            out.push_str(&format!(
                "<span class=\"error\" id=\"{id}-error\">{}{}</span>",
                icon("alert", "i-s"),
                html_escape(error)
            ));
        } else if let Some(hint) = &self.hint {
            out.push_str(&format!(
                "<span class=\"hint\" id=\"{id}-hint\">{}</span>",
                html_escape(hint)
            ));
        }
        out + "</div>"
    }
}

fn flag(h: &Helper, name: &str) -> bool {
    h.hash_get(name).is_some_and(|p| p.value().as_bool().unwrap_or(false))
}

fn or(value: String, default: &str) -> String {
    if value.is_empty() { default.to_owned() } else { value }
}
