use encoding_rs::WINDOWS_1251;
use plugins::sheets::Sheets;
use workflows::imports::sheet::{SheetError, SheetReader};

use crate::{file, rows, texts};

const TABLE: &str = "Имя;Телефон;Комментарий\r\nЖасур Каримов;901234567;\"первая\nвторая; \"\"третья\"\"\"\r\n";

#[test]
fn every_encoding_reads_alike() {
    let utf_16 = |to: fn(u16) -> [u8; 2], mark: bool| -> Vec<u8> {
        let mark = mark.then_some(0xfeff);
        mark.into_iter().chain(TABLE.encode_utf16()).flat_map(to).collect()
    };
    let ascii =
        |to: fn(u16) -> [u8; 2]| -> Vec<u8> { "name,phone\nAli,901234567\n".encode_utf16().flat_map(to).collect() };
    for bytes in [
        TABLE.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", TABLE.as_bytes()].concat(),
        WINDOWS_1251.encode(TABLE).0.into_owned(),
        utf_16(u16::to_le_bytes, true),
        utf_16(u16::to_be_bytes, true),
    ] {
        let rows = rows(bytes.clone()).unwrap();
        assert_eq!(texts(&rows[0]), ["Имя", "Телефон", "Комментарий"], "{:x?}", &bytes[..8]);
        assert_eq!(
            texts(&rows[1]),
            ["Жасур Каримов", "901234567", "первая\nвторая; \"третья\""]
        );
    }
    for bytes in [ascii(u16::to_le_bytes), ascii(u16::to_be_bytes)] {
        assert_eq!(texts(&rows(bytes).unwrap()[1]), ["Ali", "901234567"]);
    }
}

#[test]
fn characters_cut_by_a_chunk_are_whole() {
    for shift in 0..4 {
        let table = format!(
            "{}name,phone\n{}",
            "x".repeat(shift),
            "Ўткир🙂,901234567\n".repeat(9000)
        );
        let rows = rows(table).unwrap();
        assert_eq!(rows.len(), 9001);
        assert!(rows[1..].iter().all(|row| row.cells[0].text == "Ўткир🙂"));
    }
}

#[test]
fn every_separator_is_found() {
    for (table, expected) in [
        ("name,phone\nAli,90\n", ["Ali", "90"]),
        ("name;phone\n\"Valiyev, Ali\";90\nB, C;91\n", ["B, C", "91"]),
        ("name\tphone\nAli, katta\t90\n", ["Ali, katta", "90"]),
        ("name|phone\nAli|90", ["Ali", "90"]),
        ("sep=;\r\nAli;90\r\n", ["Ali", "90"]),
        ("Mart lidlari\n\nname;phone\nAli;90\n", ["Ali", "90"]),
        ("name,phone\rAli,90\r", ["Ali", "90"]),
    ] {
        let rows = rows(table).unwrap();
        assert_eq!(texts(rows.last().unwrap())[..], expected[..], "{table:?}");
    }
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let rows = rows("name,phone\n\n\"A\nB\",1\n,,\n C ,2\n").unwrap();
    let numbers: Vec<_> = rows.iter().map(|row| (row.number, texts(row))).collect();
    assert_eq!(
        numbers,
        [(1, vec!["name", "phone"]), (3, vec!["A\nB", "1"]), (5, vec!["C", "2"])]
    );
}

#[test]
fn odd_quotes_are_kept() {
    let rows = rows("name,phone\nAli \"katta\" V,1\n\"Ali\" V,2\n\"\",3\n").unwrap();
    let names: Vec<_> = rows[1..].iter().map(|row| row.cells[0].text.as_str()).collect();
    assert_eq!(names, ["Ali \"katta\" V", "Ali V", ""]);
}

#[test]
fn a_lost_quote_is_told_with_its_row() {
    for tail in ["", &"x\n".repeat(200_000)] {
        let table = format!("name,phone\nAli,1\n\"Vali,2\n{tail}");
        assert_eq!(rows(table), Err(SheetError::UnclosedQuote { row: 3 }));
    }
}

#[test]
fn a_table_under_another_name_is_recognized_by_its_bytes() {
    let preview = Sheets.preview(file("Telefon\n901234567\n"), None).unwrap();
    assert_eq!(preview.header, ["Telefon"]);
}

#[test]
fn what_is_no_table_is_refused() {
    for (bytes, expected) in [
        (&b""[..], SheetError::Empty),
        (b"\n\n  \n", SheetError::Empty),
        (b"\xef\xbb\xbf", SheetError::Empty),
        (b"%PDF-1.7\n", SheetError::UnknownFormat),
        (b"<html><table>", SheetError::UnknownFormat),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", SheetError::UnknownFormat),
        (b"MZ\x90\0\x03\0\0\0\x04\0", SheetError::UnknownFormat),
        (
            b"\x1f\x8b\x08\x01\x02\x03\x04\x05\x06\x0e\x0f",
            SheetError::UnknownFormat,
        ),
    ] {
        assert_eq!(Sheets.preview(file(bytes), None).err(), Some(expected), "{bytes:x?}");
    }
}
