//! A pack's messages to clients: handlebars, rendered here and never in a script. Bounded in size and nesting, no
//! partials or inline blocks, and what is filled in is escaped the way its channel needs.

use handlebars::Handlebars;
use handlebars::template::{Template as Parsed, TemplateElement};
use serde_json::Value;
use wire::pack::Template;

use super::pack_read::Files;

pub const CHANNELS: [&str; 4] = ["telegram", "whatsapp", "sms", "email"];

const LONGEST: usize = 4 * 1024;
const LONGEST_MESSAGE: usize = 8 * 1024;
const DEEPEST: usize = 8;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("{0} bytes; {LONGEST} are allowed")]
    TooLong(usize),
    #[error("{0}")]
    Malformed(String),
    #[error("{0} is not for messages")]
    Unfit(&'static str),
    #[error("blocks are nested deeper than {DEEPEST}")]
    TooDeep,
    #[error("the message became longer than {LONGEST_MESSAGE} bytes")]
    TooMuch,
}

/// The templates among a pack's files, each checked.
pub fn collect(files: &Files) -> Result<Vec<Template>, (String, String)> {
    let mut found = Vec::new();
    for (path, bytes) in files {
        let ["templates", channel, locale, file] = path.split('/').collect::<Vec<_>>()[..] else {
            continue;
        };
        let source = String::from_utf8_lossy(bytes).into_owned();
        check(&source).map_err(|error| (path.clone(), error.to_string()))?;
        found.push(Template {
            key: file.trim_end_matches(".hbs").to_owned(),
            channel: channel.to_owned(),
            locale: locale.to_owned(),
            source,
        });
    }
    Ok(found)
}

/// Whether a source is fit to be a message.
pub fn check(source: &str) -> Result<(), TemplateError> {
    if source.len() > LONGEST {
        return Err(TemplateError::TooLong(source.len()));
    }
    // The parser goes as deep as the blocks do, so they are counted before it is asked.
    let (mut depth, mut deepest) = (0usize, 0usize);
    for piece in source.split("{{").skip(1) {
        let piece = piece.trim_start_matches(['~', '{']);
        match piece.as_bytes().first() {
            Some(b'#') => depth += 1,
            Some(b'/') => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth + piece.matches('(').count());
    }
    if deepest > DEEPEST {
        return Err(TemplateError::TooDeep);
    }
    let parsed = Parsed::compile(source).map_err(|error| TemplateError::Malformed(error.to_string()))?;
    allowed(&parsed)
}

/// The message of a template for a client. What is missing is empty; what is filled in is escaped.
pub fn render(template: &Template, vars: &Value) -> Result<String, TemplateError> {
    check(&template.source)?;
    let mut registry = Handlebars::new();
    registry.register_escape_fn(escape_of(&template.channel));
    let message = registry
        .render_template(&template.source, vars)
        .map_err(|error| TemplateError::Malformed(error.to_string()))?;
    if message.len() > LONGEST_MESSAGE {
        return Err(TemplateError::TooMuch);
    }
    Ok(message)
}

/// Telegram and mail read markup; the rest is plain text.
fn escape_of(channel: &str) -> fn(&str) -> String {
    match channel {
        "telegram" | "email" => handlebars::html_escape,
        _ => handlebars::no_escape,
    }
}

fn allowed(template: &Parsed) -> Result<(), TemplateError> {
    template.elements.iter().try_for_each(|element| match element {
        TemplateElement::PartialExpression(_) | TemplateElement::PartialBlock(_) => {
            Err(TemplateError::Unfit("a partial"))
        }
        TemplateElement::DecoratorExpression(_) | TemplateElement::DecoratorBlock(_) => {
            Err(TemplateError::Unfit("an inline block"))
        }
        // A whole list could be repeated within a list: messages say one thing once.
        TemplateElement::HelperBlock(block) => {
            let name = block.name.as_name().unwrap_or_default();
            if !["if", "unless"].contains(&name) {
                return Err(TemplateError::Unfit("a block other than if and unless"));
            }
            block.template.iter().chain(&block.inverse).try_for_each(allowed)
        }
        TemplateElement::HtmlExpression(_) => Err(TemplateError::Unfit("{{{unescaped text}}}")),
        _ => Ok(()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template(channel: &str, source: &str) -> Template {
        Template {
            key: "hello".into(),
            channel: channel.into(),
            locale: "uz".into(),
            source: source.into(),
        }
    }

    #[test]
    fn what_is_filled_in_is_escaped_where_the_channel_reads_markup() {
        let vars = json!({"name": "<b>Ali & Vali</b>"});
        let source = "Salom, {{name}}!{{#if course}} {{course}}{{/if}}";
        assert_eq!(
            render(&template("telegram", source), &vars).unwrap(),
            "Salom, &lt;b&gt;Ali &amp; Vali&lt;/b&gt;!"
        );
        assert_eq!(
            render(&template("sms", source), &vars).unwrap(),
            "Salom, <b>Ali & Vali</b>!"
        );
    }

    #[test]
    fn hostile_templates_are_refused_before_they_run() {
        let deep = format!("{}x{}", "{{#if a}}".repeat(9), "{{/if}}".repeat(9));
        let calls = format!("{{{{if {}a{}}}}}", "(if ".repeat(5_000 / 8), ")".repeat(5_000 / 8));
        for (source, why) in [
            ("{{> other}}", "partial"),
            ("{{#*inline \"x\"}}{{/inline}}", "inline"),
            ("{{#each list}}{{/each}}", "block"),
            ("{{{name}}}", "unescaped"),
            (deep.as_str(), "nested"),
            (calls.as_str(), "nested"),
            (&"x".repeat(5_000), "bytes"),
        ] {
            let refused = check(source).unwrap_err().to_string();
            assert!(refused.contains(why), "{source:.40}: {refused}");
        }
        assert!(check("{{#if a}}").is_err(), "an unclosed block");
    }
}
