//! How somebody is reached: an e-mail and a phone in one shape each, and nobody else's.

use platform::error::FieldError;
use platform::fold::clean_line;
use platform::{Actor, Error, Id, Result, Tx};
use sea_orm::FromQueryResult;

pub(super) fn phone(actor: &Actor, typed: Option<&str>) -> Result<Option<String>> {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty());
    typed
        .map(|raw| crate::leads::normalize_phone("phone", raw, actor))
        .transpose()
}

/// An address somebody could be written to: one @, a name before it, a host with a dot after it. Whether it exists only
/// a message can tell.
pub(super) fn email(typed: Option<&str>) -> Result<Option<String>> {
    let Some(typed) = typed.map(str::trim).filter(|typed| !typed.is_empty()) else {
        return Ok(None);
    };
    let address = clean_line(typed, 255).to_lowercase();
    let good = address.len() <= 254
        && address.split_once('@').is_some_and(|(name, host)| {
            let labels: Vec<&str> = host.split('.').collect();
            (1..=64).contains(&name.len())
                && name.chars().all(|c| c.is_alphanumeric() || "._%+-'".contains(c))
                && labels.len() > 1
                && labels
                    .iter()
                    .all(|l| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-'))
        });
    if good {
        Ok(Some(address))
    } else {
        Err(Error::field("email", "bad_email"))
    }
}

/// Refuses an e-mail or a phone somebody else of the centre has already.
pub(super) async fn only_theirs(tx: &Tx, user: Option<Id>, email: Option<&str>, phone: Option<&str>) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        email: Option<String>,
        phone: Option<String>,
    }
    let sql =
        "SELECT email, phone FROM app_user WHERE tenant_id = $1 AND id <> $2 AND (email = $3 OR phone = $4) LIMIT 2";
    let but = user.unwrap_or_default();
    let values = vec![tx.tenant().0.into(), but.into(), email.into(), phone.into()];
    let mut taken = Vec::new();
    for row in tx.all::<Row>(sql, values).await? {
        if email.is_some() && row.email.as_deref() == email {
            taken.push(("email", "email_taken"));
        }
        if phone.is_some() && row.phone.as_deref() == phone {
            taken.push(("phone", "phone_taken"));
        }
    }
    taken.dedup();
    if taken.is_empty() {
        return Ok(());
    }
    let fields = taken.into_iter().map(|(field, code)| FieldError {
        field: field.to_owned(),
        code,
        args: Default::default(),
    });
    Err(Error::Invalid(fields.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_is_one_somebody_could_be_written_to() {
        for good in ["a@b.uz", " Ali.Vali+crm@Mail.Example.uz ", "o'tkir@markaz.uz"] {
            assert!(email(Some(good)).is_ok(), "{good}");
        }
        assert_eq!(email(Some(" A@B.uz ")).ok().flatten().as_deref(), Some("a@b.uz"));
        assert_eq!(email(Some("  ")).ok().flatten(), None);
        for bad in [
            "a",
            "a@b",
            "@b.uz",
            "a@b..uz",
            "a b@c.uz",
            "a@b.uz, c@d.uz",
            "<script>@b.uz",
            "a@@b.uz",
        ] {
            assert!(email(Some(bad)).is_err(), "{bad}");
        }
    }
}
