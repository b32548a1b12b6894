//! Secrets at rest open where they were sealed and nowhere else, through every change of the master key.

use std::sync::Barrier;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use platform::TenantId;
use platform::config::Config;
use platform::ids::new_id;
use platform::secrets::{Place, Secrets, hash_token, new_token, same};

fn config(master_key: &str, database_url: &str) -> Config {
    let mut config = Config::load(Some("no-such-file.toml")).expect("the defaults are valid");
    config.master_key = master_key.to_owned();
    config.database_url = database_url.to_owned();
    config
}

fn key(id: &str, byte: u8) -> String {
    format!("{id}:{}", STANDARD.encode([byte; 32]))
}

fn secrets(master_key: &str) -> Secrets {
    Secrets::load(&config(master_key, "sqlite://unused.db")).expect("good keys")
}

#[test]
fn a_sealed_value_opens_in_its_own_place_only() {
    let secrets = secrets(&key("k1", 1));
    let (tenant, row) = (TenantId(new_id()), new_id());
    let place = Place {
        tenant,
        table: "bot",
        column: "token",
        row,
    };
    let sealed = secrets.seal(&place, "70001:oʻta maxfiy").expect("sealed");
    assert!(!sealed.contains("maxfiy"));
    assert_ne!(
        sealed,
        secrets.seal(&place, "70001:oʻta maxfiy").expect("sealed"),
        "never the same twice"
    );
    assert_eq!(secrets.open(&place, &sealed).expect("opens"), "70001:oʻta maxfiy");
    let elsewhere = [
        Place {
            tenant: TenantId(new_id()),
            ..place_of(tenant, row)
        },
        Place {
            row: new_id(),
            ..place_of(tenant, row)
        },
        Place {
            column: "secret",
            ..place_of(tenant, row)
        },
        Place {
            table: "api",
            ..place_of(tenant, row)
        },
    ];
    for other in elsewhere {
        assert!(secrets.open(&other, &sealed).is_err());
    }
    for broken in [
        "",
        "k1",
        "k1:",
        "k1:AAAA",
        "nokey:AAAA",
        &sealed[..sealed.len() - 4],
        &format!("{sealed}AAAA"),
    ] {
        assert!(secrets.open(&place, broken).is_err(), "{broken}");
    }
}

fn place_of(tenant: TenantId, row: platform::Id) -> Place<'static> {
    Place {
        tenant,
        table: "bot",
        column: "token",
        row,
    }
}

#[test]
fn the_first_key_seals_and_all_open() {
    let place = place_of(TenantId(new_id()), new_id());
    let old = secrets(&key("k1", 1)).seal(&place, "old").expect("sealed");
    let both = secrets(&format!("{}, {}", key("k2", 2), key("k1", 1)));
    assert_eq!(both.open(&place, &old).expect("opens"), "old");
    let new = both.seal(&place, "new").expect("sealed");
    assert!(new.starts_with("k2:"));
    assert_eq!(secrets(&key("k2", 2)).open(&place, &new).expect("opens"), "new");
    assert!(
        secrets(&key("k2", 2)).open(&place, &old).is_err(),
        "the old key is gone"
    );
}

#[test]
fn a_bad_or_missing_key_stops_the_start() {
    for bad in ["nokey", "k1:!!", "k1:AAAA"] {
        assert!(Secrets::load(&config(bad, "sqlite://unused.db")).is_err(), "{bad}");
    }
    assert!(Secrets::load(&config("", "postgres://localhost/markaz")).is_err());
}

#[test]
fn processes_that_start_together_agree_on_the_key_they_make() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/data/markaz.db?mode=rwc", folder.path().display());
    let together = Barrier::new(8);
    let place = place_of(TenantId(new_id()), new_id());
    let sealed: Vec<(Secrets, String)> = std::thread::scope(|scope| {
        let starting: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    let secrets = Secrets::load(&config("", &url)).expect("it starts");
                    let sealed = secrets.seal(&place, "word").expect("sealed");
                    (secrets, sealed)
                })
            })
            .collect();
        starting
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    for (secrets, _) in &sealed {
        for (_, word) in &sealed {
            assert_eq!(secrets.open(&place, word).expect("one key for all"), "word");
        }
    }
    let files: Vec<_> = std::fs::read_dir(folder.path().join("data"))
        .expect("a folder")
        .flatten()
        .collect();
    assert_eq!(files.len(), 1, "nothing is left lying about: {files:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = files[0].metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "for the owner's eyes");
    }
}

#[test]
fn tokens_are_long_and_compared_as_a_whole() {
    let (one, two) = (new_token(), new_token());
    assert!(one.len() >= 43 && one != two);
    assert!(hash_token(&one) != one && hash_token(&one) == hash_token(&one));
    assert!(same(&one, &one.clone()) && !same(&one, &two) && !same(&one, &one[1..]));
}
