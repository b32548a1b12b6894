use std::collections::BTreeSet;
use std::ops::ControlFlow;

use platform::phone::{Country::UZ, PhoneError};
use plugins::sheets::Sheets;
use workflows::imports::sheet::{Column, Field, Format, Mapping, Row, SheetError, SheetReader};

use crate::{book, data, file, rows, texts};

#[test]
fn the_five_thousand_leads_are_all_found() {
    for (name, format) in [("leads-5000.xlsx", Format::Xlsx), ("leads-5000.csv", Format::Csv)] {
        let preview = Sheets.preview(file(data(name)), None).unwrap();
        assert_eq!(preview.format, format);
        assert_eq!(preview.header, ["name", "phone", "source", "course", "notes"]);
        let columns = preview.guess.mapping.resolve(&preview.header).unwrap();
        let mut phones = BTreeSet::new();
        let mut count = 0;
        Sheets
            .read(file(data(name)), None, &mut |row: Row| {
                count += 1;
                assert!(columns.cell(&row, &Field::Name).is_some());
                phones.insert(columns.cell(&row, &Field::Phone).unwrap().phone(UZ).unwrap());
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!((count, phones.len()), (5140, 5000), "{name}");
    }
}

#[test]
fn both_kinds_of_one_table_read_alike() {
    let (sheet, text) = (
        rows(data("leads-5000.xlsx")).unwrap(),
        rows(data("leads-5000.csv")).unwrap(),
    );
    assert_eq!(sheet.len(), text.len());
    for (sheet, text) in sheet.iter().zip(&text) {
        assert_eq!((sheet.number, texts(sheet)), (text.number, texts(text)));
    }
}

#[test]
fn reading_stops_when_asked() {
    let mut seen = 0;
    Sheets
        .read(file(data("leads-5000.csv")), None, &mut |_| {
            seen += 1;
            if seen == 3 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
        .unwrap();
    assert_eq!(seen, 3);
}

#[test]
fn an_xlsx_keeps_digits_dates_and_formula_results() {
    let mut book = book(data("sheets/leads.xlsx"));
    assert_eq!(book.sheet_names(), ["Lidlar"]);
    let rows: Vec<Row> = book.rows(None).unwrap().map(Result::unwrap).collect();
    expect_leads(&rows);
    assert_eq!(book.rows(Some("Yashirin")).err(), Some(SheetError::SheetNotFound));
}

#[test]
fn an_xls_has_its_title_skipped_and_its_formula_read() {
    let mut book = book(data("sheets/leads.xls"));
    assert_eq!(
        (book.format(), book.sheet_names()),
        (Format::Xls, &["Lidlar".to_owned(), "Uzun".to_owned()][..])
    );
    let preview = book.preview(None).unwrap();
    assert_eq!(preview.header[..2], ["Ism", "Telefon raqami"]);
    assert_eq!(preview.sample[0].number, 4);
    let rows: Vec<Row> = book.rows(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(texts(&rows[0]), ["Mart oyi lidlari"]);
    expect_leads(&rows[1..]);
    assert_eq!(
        (rows[6].cells[0].text.as_str(), rows[6].cells[6].text.as_str()),
        ("Formula", "TRUE")
    );
}

#[test]
fn texts_of_an_xls_survive_the_borders_of_its_records() {
    let mut book = book(data("sheets/leads.xls"));
    let rows: Vec<Row> = book.rows(Some("Uzun")).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 401);
    for (index, row) in rows[1..].iter().enumerate() {
        assert_eq!(
            row.cells[0].text,
            format!("Oʻquvchi {index} {}", "я".repeat(index % 97)).trim()
        );
        assert_eq!(row.cells[1].text, (901_000_000 + index).to_string());
        assert_eq!(
            row.cells[2].text,
            format!("n{index} {}", "x".repeat(index * 7 % 301)).trim()
        );
    }
}

#[test]
fn an_ods_repeats_rows_and_ends_where_its_data_does() {
    let mut book = book(data("sheets/leads.ods"));
    assert_eq!(
        (book.format(), book.sheet_names()),
        (Format::Ods, &["Lidlar".to_owned(), "Ikkinchi".to_owned()][..])
    );
    let rows: Vec<Row> = book.rows(None).unwrap().map(Result::unwrap).collect();
    expect_leads(&rows);
    let twice: Vec<_> = rows[5..].iter().map(|row| (row.number, texts(row))).collect();
    assert_eq!(
        twice,
        [
            (9, vec!["Ikki & marta", "901234599"]),
            (10, vec!["Ikki & marta", "901234599"])
        ]
    );
    assert_eq!(book.preview(Some("Ikkinchi")).err(), Some(SheetError::Empty));
}

fn expect_leads(rows: &[Row]) {
    assert_eq!(texts(&rows[0])[..3], ["Ism", "Telefon raqami", "Qoʻshimcha telefon"]);
    let phone = |row: usize, column: usize| rows[row].cells[column].phone(UZ);
    assert_eq!(rows[1].cells[0].text, "Gulnora Oʻrinboyeva");
    assert_eq!(phone(1, 1).as_deref(), Ok("+998901234567"));
    assert_eq!(phone(1, 2).as_deref(), Ok("+998712000007"));
    assert_eq!(rows[1].cells[6].text, "2026-03-04");
    assert_eq!(phone(2, 1).as_deref(), Ok("+998901234568"));
    assert_eq!(rows[2].cells[5].text, "Ёзма изоҳ");
    assert_eq!(phone(3, 1), Err(PhoneError::Missing));
    assert_eq!(phone(3, 2).as_deref(), Ok("+77011234567"));
    assert_eq!(phone(4, 1), Err(PhoneError::DigitsLost));
    assert!(!rows[4].cells[5].text.ends_with(' '));
}

#[test]
fn a_chosen_mapping_wins_over_the_guess() {
    let preview = Sheets.preview(file("A;B\nAli;90 123 45 67\n"), None).unwrap();
    assert_eq!(preview.guess.mapping.0, [(Field::Phone, Column::At(1))].into());
    let chosen: Mapping = serde_json::from_str(r#"{"name": "A", "phone": "B"}"#).unwrap();
    let columns = chosen.resolve(&preview.header).unwrap();
    assert_eq!(columns.cell(&preview.sample[0], &Field::Name).unwrap().text, "Ali");
}

#[test]
fn a_table_without_a_header_loses_no_lead() {
    let table = "Ali Valiyev,901234567\nVali Aliyev,901234568\n";
    let preview = Sheets.preview(file(table), None).unwrap();
    assert_eq!(
        (preview.header.as_slice(), preview.sample.len()),
        (&["A".to_owned(), "B".to_owned()][..], 2)
    );
    let mut count = 0;
    let mut counted = |_| {
        count += 1;
        ControlFlow::Continue(())
    };
    Sheets.read(file(table), None, &mut counted).unwrap();
    assert_eq!(count, 2);
}
