//! Three believable centres to try everything on: a language centre, an IT academy with other rules, a driving
//! school in another country. Made through the same verbs as everything else; a second start adds nothing.

use std::collections::BTreeMap;

use platform::auth::{password, reset};
use platform::locale::Lang;
use platform::tenancy::NewTenant;
use platform::{Actor, App, Error, Id, Result, TenantId, Tx};
use wire::Hook;

use crate::leads::{self, Captured, Move, NewLead, Via};
use crate::ports::Desk;
use crate::staff::{self, NewUser, WindowRow};
use crate::{courses, scripts};

pub struct Centre {
    pub slug: &'static str,
    pub name: &'static str,
    pub time_zone: &'static str,
    pub locale: Lang,
    pub currency: &'static str,
    pub country: &'static str,
    pub pack: &'static str,
    /// (username, role, first name, last name); the first three are admin, manager and sales.
    pub people: &'static [(&'static str, &'static str, &'static str, &'static str)],
    pub courses: &'static [(&'static str, &'static str)],
    /// (name, phone, source, status the lead has reached)
    pub leads: &'static [(&'static str, &'static str, &'static str, &'static str)],
}

pub const CENTRES: &[Centre] = &[
    Centre {
        slug: "demo",
        name: "Bilim Yoʻli",
        time_zone: "Asia/Tashkent",
        locale: Lang::Uz,
        currency: "UZS",
        country: "UZ",
        pack: "training-centre",
        people: &[
            ("admin", "admin", "Nodira", "Saidova"),
            ("manager", "manager", "Shahnoza", "Ergasheva"),
            ("sales", "sales", "Malika", "Yusupova"),
            ("dilnoza", "sales", "Dilnoza", "Karimova"),
            ("sardor", "sales", "Sardor", "Toshmatov"),
            ("jasur", "sales", "Jasur", "Rahimov"),
            ("bekzod", "sales", "Bekzod", "Aliyev"),
            ("nigora", "sales", "Nigora", "Islomova"),
        ],
        courses: &[
            (
                "IELTS Preparation",
                "Assalomu alaykum! IELTS boʻyicha qaysi ball kerakligini soʻrang.\nQachongacha?\nBepul sinov darsiga taklif qiling: darajani aniqlaymiz, guruhni birga tanlaymiz.",
            ),
            (
                "General English",
                "Ingliz tilini nima uchun oʻrganmoqchi ekanini soʻrang.\nQaysi vaqt qulay: ertalab yoki kechqurun?\nSinov darsini taklif qiling.",
            ),
            (
                "Koreys tili",
                "TOPIK yoki ish uchunmi? Oldin oʻqiganmi?\nSinov darsi shanba kuni.",
            ),
            (
                "SAT Math",
                "Qaysi universitetga topshiradi? Imtihon sanasi?\nMatematika darajasini sinov darsida tekshiramiz.",
            ),
        ],
        leads: &[
            ("Aziza Qodirova", "+998 90 123 40 67", "instagram", "interested"),
            ("Rustam Sobirov", "+998 91 234 56 78", "telegram", "contacted"),
            ("Zilola Hamidova", "+998 93 345 67 89", "instagram", "new"),
            ("Shoxrux Ismoilov", "+998 94 456 78 90", "organic", "contacted"),
            ("Laylo Raximova", "+998 97 567 89 01", "referral", "new"),
            ("Otabek Mirzayev", "+998 99 678 90 12", "instagram", "lost"),
            ("Gulnora Toʻrayeva", "+998 90 789 01 23", "form", "interested"),
            ("Javohir Nurmatov", "+998 91 890 12 34", "telegram", "new"),
            ("Madina Yoʻldosheva", "+998 93 901 23 45", "instagram", "contacted"),
            ("Ulugʻbek Safarov", "+998 94 012 34 56", "youtube", "interested"),
            ("Kamola Abdullayeva", "+998 97 135 79 24", "instagram", "new"),
            ("Diyor Gʻaniyev", "+998 99 246 80 13", "landing_page", "contacted"),
            ("Sevara Olimova", "+998 90 357 91 35", "telegram", "new"),
            ("Temur Xolmatov", "+998 91 468 02 46", "organic", "lost"),
            ("Iroda Sultonova", "+998 93 579 13 57", "instagram", "interested"),
            ("Farhod Qosimov", "+998 94 680 24 68", "referral", "contacted"),
        ],
    },
    Centre {
        slug: "academy",
        name: "Kod Akademiya",
        time_zone: "Asia/Tashkent",
        locale: Lang::Ru,
        currency: "UZS",
        country: "UZ",
        // Behind by a version, so that an upgrade can be tried.
        pack: "training-centre@1.0.0",
        people: &[
            ("admin", "admin", "Алексей", "Ким"),
            ("manager", "manager", "Камила", "Рустамова"),
            ("sales", "sales", "Тимур", "Ахмедов"),
            ("elena", "sales", "Елена", "Цой"),
            ("aziz", "sales", "Азиз", "Набиев"),
        ],
        courses: &[
            (
                "Python Backend",
                "Спросите, есть ли опыт программирования.\nРасскажите о пробном занятии в субботу.",
            ),
            (
                "Frontend React",
                "Какой проект человек хочет сделать?\nПригласите на открытый урок.",
            ),
            (
                "Computer Science",
                "Сколько часов в неделю есть на учёбу?\nПредложите вводный тест.",
            ),
            (
                "Mobilografiya",
                "Есть ли уже блог или магазин?\nПокажите работы выпускников.",
            ),
        ],
        leads: &[
            ("Дмитрий Усманов", "+998 90 112 23 34", "instagram", "contacted"),
            ("Сабина Каримова", "+998 91 223 34 45", "referral", "new"),
            ("Артём Пак", "+998 93 334 45 56", "telegram", "interested"),
            ("Малика Юнусова", "+998 94 445 56 67", "landing_page", "new"),
            ("Руслан Ибрагимов", "+998 97 556 67 78", "organic", "lost"),
            ("Нигина Саидова", "+998 99 667 78 89", "instagram", "contacted"),
        ],
    },
    Centre {
        slug: "avto",
        name: "Жол автомектебі",
        time_zone: "Asia/Almaty",
        locale: Lang::Kk,
        currency: "KZT",
        country: "KZ",
        pack: "driving-school",
        people: &[
            ("admin", "admin", "Ерлан", "Серіков"),
            ("manager", "manager", "Айгүл", "Нұрланова"),
            ("sales", "sales", "Дәурен", "Оспанов"),
            ("asel", "sales", "Әсел", "Тұрсынова"),
        ],
        courses: &[
            ("B санаты, механика", "Бұрын жүргізген бе?\nБірінші сынақ сабағы тегін."),
            (
                "B санаты, автомат",
                "Қай уақыт ыңғайлы екенін сұраңыз.\nҚұжаттар тізімін жіберіңіз.",
            ),
        ],
        leads: &[
            ("Нұрсұлтан Әбенов", "+7 701 123 45 67", "instagram", "new"),
            ("Мадина Қасымова", "+7 702 234 56 78", "whatsapp", "confirmed"),
            ("Арман Жүнісов", "+7 705 345 67 89", "referral", "paid"),
            ("Динара Сапарова", "+7 707 456 78 90", "organic", "new"),
            ("Ерасыл Төлеген", "+7 708 567 89 01", "map", "confirmed"),
            ("Жанель Мұратова", "+7 747 678 90 12", "instagram", "completed"),
            ("Санжар Ибраев", "+7 775 789 01 23", "telegram", "cancelled"),
        ],
    },
];

/// A demo user, for whoever links chats and prints passwords.
pub struct Person {
    pub tenant: TenantId,
    pub id: Id,
    pub username: &'static str,
    pub name: String,
    pub role: &'static str,
    pub lang: Lang,
}

/// Makes the centre if it is not there, and sets everybody's password. `rules` are the centre's own, by hook,
/// published through the same door as an admin's.
pub async fn seed(
    desk: &Desk,
    centre: &'static Centre,
    password: &str,
    rules: BTreeMap<Hook, String>,
) -> Result<Vec<Person>> {
    let app = &desk.app;
    let (tenant, fresh) = match app.tenants.by_slug(centre.slug).await {
        Ok(tenant) => (tenant, false),
        Err(Error::NotFound) => {
            let new = NewTenant {
                slug: centre.slug.into(),
                name: centre.name.into(),
                time_zone: centre.time_zone.parse().map_err(Error::internal)?,
                locale: centre.locale,
                currency: centre.currency.into(),
                country: centre.country.into(),
                pack: centre.pack.into(),
            };
            super::create(app, &*desk.packs, new).await?;
            (app.tenants.by_slug(centre.slug).await?, true)
        }
        Err(error) => return Err(error),
    };
    let actor = Actor::system(tenant);
    if fresh {
        people(app, &actor, centre).await?;
        teach(app, &actor, centre).await?;
        publish(desk, &actor, rules).await;
        bring_leads(app, &actor, centre).await?;
    }
    let hash = password::hash(password).await?;
    sign_in_with(app, &actor, centre, hash).await
}

async fn people(app: &App, actor: &Actor, centre: &'static Centre) -> Result<()> {
    for (username, role, first, last) in centre.people {
        let new = NewUser {
            username: (*username).into(),
            first_name: (*first).into(),
            last_name: (*last).into(),
            role: (*role).into(),
            receives_leads: *role == "sales",
            ..NewUser::default()
        };
        let id = staff::create(app, actor, new).await?;
        if *role == "sales" {
            staff::set_windows(app, actor, id, week(centre.slug, username)).await?;
        }
    }
    Ok(())
}

/// Most work the day, one the late shift, one two shifts with a long lunch.
fn week(slug: &str, username: &str) -> Vec<WindowRow> {
    let spans: &[(i16, i16)] = match (slug, username) {
        ("demo", "bekzod") => &[(13 * 60, 21 * 60)],
        ("demo", "sardor") => &[(9 * 60, 13 * 60), (15 * 60, 20 * 60)],
        _ => &[(9 * 60, 18 * 60)],
    };
    (0..6)
        .flat_map(|weekday| {
            spans.iter().map(move |(starts, ends)| WindowRow {
                weekday,
                starts: *starts,
                ends: *ends,
            })
        })
        .collect()
}

async fn teach(app: &App, actor: &Actor, centre: &Centre) -> Result<()> {
    for (name, script) in centre.courses {
        courses::create(app, actor, name, script).await?;
    }
    Ok(())
}

/// The centre's own rules, published as an admin would.
async fn publish(desk: &Desk, actor: &Actor, rules: BTreeMap<Hook, String>) {
    for (hook, source) in rules {
        let publish = scripts::Publish {
            source,
            message: "Markaz demo".into(),
            based_on: None,
            replan: false,
        };
        if let Err(error) = scripts::publish(desk, actor, hook, publish).await {
            tracing::warn!(%error, hook = hook.as_str(), "the demo's own rule could not be published");
        }
    }
}

async fn bring_leads(app: &App, actor: &Actor, centre: &Centre) -> Result<()> {
    let taught = courses::list(app, actor).await?;
    for (at, (name, phone, source, status)) in centre.leads.iter().enumerate() {
        let new = NewLead {
            name: (*name).into(),
            phone: (*phone).into(),
            source: Some((*source).into()),
            course_id: taught.get(at % taught.len().max(1)).map(|course| course.id),
            custom: custom(centre, at),
            ..NewLead::default()
        };
        let Captured::New { id } = leads::capture(app, actor, new, Via::Manual, None).await? else {
            continue;
        };
        for to in way_to(status) {
            let lost_reason = if matches!(*to, "lost" | "cancelled") {
                first_reason(app, actor).await?
            } else {
                None
            };
            let step = Move {
                to: (*to).into(),
                lost_reason,
                ..Move::default()
            };
            leads::change_status(app, actor, id, step).await?;
        }
    }
    Ok(())
}

/// A driving school asks what is to be driven, and with what.
fn custom(centre: &Centre, at: usize) -> serde_json::Map<String, serde_json::Value> {
    let mut asked = serde_json::Map::new();
    if centre.pack == "driving-school" {
        asked.insert("category".into(), "B".into());
        let transmission = if at.is_multiple_of(2) { "manual" } else { "automatic" };
        asked.insert("transmission".into(), transmission.into());
    }
    asked
}

async fn first_reason(app: &App, actor: &Actor) -> Result<Option<String>> {
    Ok(leads::registry(app, actor)
        .await?
        .lost_reasons
        .first()
        .map(|reason| reason.key.clone()))
}

fn way_to(status: &str) -> &'static [&'static str] {
    match status {
        "contacted" => &["contacted"],
        "interested" => &["contacted", "interested"],
        "lost" => &["contacted", "lost"],
        "confirmed" => &["confirmed"],
        "paid" => &["confirmed", "paid"],
        "completed" => &["confirmed", "paid", "completed"],
        "cancelled" => &["cancelled"],
        _ => &[],
    }
}

async fn sign_in_with(app: &App, actor: &Actor, centre: &'static Centre, hash: String) -> Result<Vec<Person>> {
    let users = staff::list(app, actor).await?;
    let known: Vec<(Id, Person)> = centre
        .people
        .iter()
        .filter_map(|(username, role, ..)| {
            let user = users.iter().find(|user| user.username == *username)?;
            let lang = user
                .locale
                .as_deref()
                .and_then(|code| code.parse().ok())
                .unwrap_or(centre.locale);
            let (tenant, name) = (actor.tenant_id(), user.full_name());
            Some((
                user.id,
                Person {
                    tenant,
                    id: user.id,
                    username,
                    name,
                    role,
                    lang,
                },
            ))
        })
        .collect();
    let ids: Vec<Id> = known.iter().map(|(id, _)| *id).collect();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            for id in ids {
                reset::set_in(&tx, id, &hash).await?;
            }
            Ok(())
        })
        .await?;
    Ok(known.into_iter().map(|(_, person)| person).collect())
}
