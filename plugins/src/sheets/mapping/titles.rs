//! The titles and words themselves: English, Uzbek in both scripts, Russian, Kazakh.

use std::sync::LazyLock;

use platform::fold;
use workflows::imports::sheet::Field;

/// `Phone number`, `phone_number` and `PhoneNumber` are one title.
pub fn squeezed(title: &str) -> String {
    fold::name_key(title).replace(' ', "")
}

pub type Known = Vec<(Field, Vec<String>)>;

pub static TITLES: LazyLock<Known> = LazyLock::new(|| {
    let list = |field, text: &str| {
        (
            field,
            text.split('|')
                .map(squeezed)
                .filter(|title| !title.is_empty())
                .collect(),
        )
    };
    vec![
        list(
            Field::Name,
            "name|full name|lead|lead name|client|client name|customer|customer name|student|student name|contact|contact name\
             |first name|person\
             |ism|ismi|ism familiya|ismi familiyasi|familiya ism|ism sharif|ism-sharifi|F.I.Sh.|FISH|FIO|toʻliq ism|toʻliq ismi\
             |mijoz|mijoz ismi|oʻquvchi|oʻquvchi ismi|talaba|lid|исм|исми|исм фамилия\
             |имя|фио|ф.и.о.|имя фамилия|имя и фамилия|фамилия имя|фамилия и имя|полное имя|имя клиента|клиент|контакт|лид\
             |ученик|студент|имя ученика\
             |аты|есімі|аты-жөні|толық аты|тегі аты|аты тегі|тұтынушы|оқушы|оқушының аты",
        ),
        list(
            Field::Phone,
            "phone|phone number|phone no|telephone|tel|tel no|mobile|mobile phone|mobile number|cell|cell phone|contact number\
             |contact phone|main phone|primary phone|phone 1|number|whatsapp|whatsapp number\
             |telefon|telefoni|telefon raqami|telefon raqam|tel raqami|tel raqam|raqam|raqami|nomer|nomeri|telefon nomer\
             |telefon nomeri|mobil|mobil raqam|asosiy telefon|asosiy raqam|aloqa raqami|telefon 1|телефон рақами|рақам\
             |телефон|телефоны|номер|номер телефона|тел|тел номер|мобильный|мобильный телефон|моб|моб телефон|сотовый\
             |сотовый телефон|контактный телефон|контактный номер|основной телефон|телефон 1|телефон клиента\
             |телефон нөмірі|нөмір|нөмірі|ұялы|ұялы телефон|байланыс нөмірі|негізгі телефон",
        ),
        list(
            Field::SecondaryPhone,
            "secondary phone|second phone|phone 2|additional phone|other phone|alternative phone|alternate phone|extra phone\
             |parent phone|parents phone|home phone|work phone|backup phone\
             |qoʻshimcha telefon|qoʻshimcha raqam|qoʻshimcha telefon raqami|ikkinchi telefon|ikkinchi raqam|telefon 2\
             |2-telefon|ota-onasi raqami|ota-ona telefoni|ota-onasining raqami|uy telefoni\
             |дополнительный телефон|дополнительный номер|доп телефон|доп номер|второй телефон|второй номер|телефон 2\
             |запасной телефон|запасной номер|другой телефон|телефон родителей|телефон родителя|домашний телефон\
             |қосымша телефон|қосымша нөмір|екінші телефон|екінші нөмір|ата-ана телефоны|ата-анасының телефоны",
        ),
        list(
            Field::Source,
            "source|lead source|channel|utm source|traffic source|referrer|where from|came from\
             |manba|manbai|manbasi|lid manbai|kanal|qayerdan|qayerdan keldi|қаердан|манба\
             |источник|источник лида|источник трафика|канал|рекламный канал|откуда|откуда узнали|откуда узнал\
             |дереккөз|дереккөзі|көзі|арна|қайдан|қайдан білді",
        ),
        list(
            Field::Course,
            "course|course name|interested course|course of interest|subject|program|programme|direction\
             |kurs|kursi|kurs nomi|qiziqqan kurs|qiziqqan kursi|yoʻnalish|yoʻnalishi|fan|fani|йўналиш\
             |курс|название курса|интересующий курс|направление|предмет|программа\
             |курсы|бағыт|бағыты|пән|қызыққан курс|курс атауы",
        ),
        list(
            Field::Notes,
            "notes|note|comment|comments|remark|remarks|description|message|details\
             |izoh|izohi|izohlar|eslatma|eslatmalar|qoʻshimcha maʼlumot|xabar|tavsif|изоҳ\
             |комментарий|комментарии|комент|коммент|примечание|примечания|заметка|заметки|описание|сообщение|дополнительно\
             |ескертпе|ескертпелер|түсініктеме|пікір|қосымша ақпарат",
        ),
        list(
            Field::Status,
            "status|lead status|stage|state|status of lead\
             |holat|holati|bosqich|bosqichi|status|lid holati\
             |статус|статус лида|этап|стадия|состояние\
             |мәртебе|мәртебесі|күйі|кезең|кезеңі",
        ),
    ]
});

/// Words that decide a title we have not seen as a whole.
pub static WORDS: LazyLock<Known> = LazyLock::new(|| {
    let list = |field, text: &str| (field, folded(text));
    vec![
        list(
            Field::Phone,
            "phone telephone mobile telefon telefoni telefonlari телефон телефоны телефона мобильный сотовый ұялы whatsapp",
        ),
        list(Field::Source, "source manba manbai источник дереккөз дереккөзі"),
        list(Field::Course, "course kurs kursi курс курса бағыт направление"),
        list(
            Field::Notes,
            "comment comments notes izoh izohi комментарий комментарии примечание ескертпе",
        ),
        list(Field::Status, "status holati статус мәртебесі"),
    ]
});

pub static SECOND: LazyLock<Vec<String>> = LazyLock::new(|| {
    folded(
        "2 secondary second additional other alternative alternate extra parent parents mother father home work backup \
         qoʻshimcha ikkinchi boshqa ota ona onasi otasi onasining otasining uy zaxira \
         доп дополнительный второй запасной другой родителей родителя мамы папы домашний рабочий \
         қосымша екінші басқа ата ана анасы әкесі үй",
    )
});

fn folded(words: &str) -> Vec<String> {
    words.split_whitespace().map(fold::name_key).collect()
}
