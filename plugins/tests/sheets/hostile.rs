use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use plugins::sheets::open;
use workflows::imports::sheet::SheetError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::compound::{Stream, compound, record};
use crate::{data, file, rows, texts};

const MB: usize = 1 << 20;

#[test]
fn a_far_corner_costs_nothing() {
    let cells = r#"<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="XFD1048576"><v>8</v></c></row>"#;
    let rows = rows(xlsx(cells)).unwrap();
    assert_eq!(rows.iter().map(texts).collect::<Vec<_>>(), [["7"]]);
}

#[test]
fn a_lying_dimension_is_not_believed() {
    let sheet = r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="2"><c r="B2"><v>7</v></c></row></sheetData></worksheet>"#;
    let rows = rows(book(&[("xl/worksheets/sheet1.xml", sheet.as_bytes())])).unwrap();
    assert_eq!((rows[0].number, texts(&rows[0])), (2, vec!["", "7"]));
}

#[test]
fn a_lying_count_of_strings_reserves_nothing() {
    for count in ["99999999999999", "18446744073709551615", "00000000000099999999"] {
        for tag in [
            format!("<sst uniqueCount=\"{count}\">"),
            format!("<x:sst a=\">\"  uniqueCount = '{count}'>"),
        ] {
            let strings = format!("{tag}<si><t>Ali</t></si></sst>");
            assert_eq!(
                rows(book(&[sheet("<row/>"), ("xl/sharedStrings.xml", strings.as_bytes())])),
                Err(SheetError::Unreadable),
                "{tag}"
            );
        }
    }
    let honest = br#"<sst count="1" uniqueCount="1"><si><t>Ali</t></si></sst>"#;
    let cell = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#;
    let rows = rows(book(&[sheet(cell), ("xl/sharedStrings.xml", honest)])).unwrap();
    assert_eq!(texts(&rows[0]), ["Ali"]);
}

/// Entries are looked through in chunks; no border of two may hide anything.
#[test]
fn a_claim_across_the_border_of_chunks_is_seen() {
    for padding in (1 << 16) - 100..(1 << 16) + 20 {
        let strings = format!(
            "<!--{}--><sst uniqueCount=\"99999999999999\"></sst>",
            "-".repeat(padding)
        );
        assert_eq!(
            rows(book(&[sheet("<row/>"), ("xl/sharedStrings.xml", strings.as_bytes())])),
            Err(SheetError::Unreadable),
            "{padding}"
        );
    }
}

#[test]
fn bombs_are_stopped_while_they_inflate() {
    let blank = " ".repeat(80 * MB);
    let inline = format!(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>"#,
        "x".repeat(80 * MB)
    );
    let short = format!(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>"#,
        "x".repeat(8 * MB)
    );
    let strings = format!("<sst>{}</sst>", "<si><t>a</t></si>".repeat(1_100_000));
    let styles = format!(
        "<styleSheet><cellXfs>{}</cellXfs></styleSheet>",
        "<xf/>".repeat(200_000)
    );
    for (what, bytes) in [
        ("white space", xlsx(&blank)),
        ("one text", xlsx(&inline)),
        ("one text below the total", xlsx(&short)),
        (
            "strings",
            book(&[sheet("<row/>"), ("xl/sharedStrings.xml", strings.as_bytes())]),
        ),
        ("styles", book(&[sheet("<row/>"), ("xl/styles.xml", styles.as_bytes())])),
        ("many entries", entries(1_001)),
        ("ods", ods(&blank)),
    ] {
        assert!(bytes.len() < 20 * MB);
        let start = Instant::now();
        let error = rows(bytes).err();
        assert!(
            matches!(error, Some(SheetError::TooLarge | SheetError::Unreadable)),
            "{what}: {error:?}"
        );
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "{what}: {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn rows_and_cells_have_a_limit() {
    let many: String = (1..=200_001)
        .map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>1</v></c></row>"#))
        .collect();
    assert_eq!(refusal(xlsx(&many)), Some(SheetError::TooManyRows));
    assert_eq!(refusal("1\n".repeat(200_001)), Some(SheetError::TooManyRows));
    let repeated = r#"<table:table-row table:number-rows-repeated="4000000000"><table:table-cell table:number-columns-repeated="4000000000" office:value-type="float" office:value="1"/></table:table-row>"#;
    assert_eq!(refusal(ods(repeated)), Some(SheetError::TooManyRows));

    let wide: String = (0..200).map(|_| "<c><v>1</v></c>").collect();
    assert_eq!(rows(xlsx(&format!("<row>{wide}</row>"))).unwrap()[0].cells.len(), 64);
    assert_eq!(rows("1,".repeat(200)).unwrap()[0].cells.len(), 64);
    let long = rows(format!("name,phone\n{},1\n", "ж".repeat(5_000))).unwrap();
    assert_eq!(
        (long[1].cells[0].text.chars().count(), long[1].cells[0].cut),
        (2_000, true)
    );
}

#[test]
fn broken_files_are_told_apart() {
    let good = data("sheets/leads.xlsx");
    let old = data("sheets/leads.xls");
    for (what, bytes, expected) in [
        ("cut zip", good[..good.len() / 2].to_vec(), SheetError::Unreadable),
        (
            "empty zip",
            b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(),
            SheetError::Unreadable,
        ),
        ("some zip", zip(&[("a.txt", b"hello")]), SheetError::UnknownFormat),
        (
            "binary workbook",
            zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.bin", b"")]),
            SheetError::UnknownFormat,
        ),
        (
            "no sheets",
            zip(&[("[Content_Types].xml", b"<Types/>")]),
            SheetError::Unreadable,
        ),
        ("cut old file", old[..2048].to_vec(), SheetError::Unreadable),
        (
            "word document",
            compound(&[Stream {
                name: "WordDocument",
                bytes: vec![1; 10],
            }]),
            SheetError::UnknownFormat,
        ),
        (
            "locked xlsx",
            compound(&[Stream {
                name: "EncryptedPackage",
                bytes: vec![1; 10],
            }]),
            SheetError::PasswordProtected,
        ),
        (
            "locked xls",
            workbook(&[record(0x0809, &[0, 6, 5, 0]), record(0x002f, &[1, 0])].concat()),
            SheetError::PasswordProtected,
        ),
        (
            "Excel 95",
            workbook(&record(0x0809, &[0, 5, 5, 0])),
            SheetError::UnknownFormat,
        ),
        ("locked ods", locked_ods(), SheetError::PasswordProtected),
    ] {
        assert_eq!(rows(bytes), Err(expected), "{what}");
    }
}

#[test]
fn names_of_files_mean_nothing() {
    assert_eq!(rows(data("sheets/leads.xls")).unwrap()[1].cells[0].text, "Ism");
    assert_eq!(rows("name,phone\nAli,1\n").unwrap().len(), 2);
}

#[test]
fn entities_are_never_expanded_nor_fetched() {
    let bomb = r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>"#;
    for name in ["&b;", "&f;"] {
        let sheet = format!(
            r#"{bomb}<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{name}</t></is></c><c r="B1"><v>1</v></c></row></sheetData></worksheet>"#
        );
        assert_eq!(
            rows(book(&[("xl/worksheets/sheet1.xml", sheet.as_bytes())])),
            Err(SheetError::Unreadable)
        );
        let rows = rows(ods(&format!(
            r#"<table:table-row><table:table-cell office:value-type="string"><text:p>x{name}</text:p></table:table-cell></table:table-row>"#
        )));
        assert!(rows.is_err() || texts(&rows.unwrap()[0]) == ["x"]);
    }
}

#[test]
fn formulas_come_as_their_values_and_texts_stay_texts() {
    let cells = r#"<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="inlineStr"><is><t>=cmd|' /C calc'!A0</t></is></c><c r="C1" t="e"><v>#REF!</v></c><c r="D1" t="b"><v>1</v></c></row>"#;
    let rows = rows(xlsx(cells)).unwrap();
    assert_eq!(texts(&rows[0]), ["2", "=cmd|' /C calc'!A0", "", "TRUE"]);
}

#[test]
fn a_chain_that_bites_its_tail_ends() {
    let file = workbook(&record(0x0809, &[0, 6, 5, 0]));
    for (at, id) in [
        (512 + 4, 1_u32),
        (512 + 8, 2),
        (512 + 8, 3),
        (512 + 36, 2),
        (48, 0),
        (60, 0),
        (68, 0),
        (512 + 8, 0x00ff_ffff),
    ] {
        let mut file = file.clone();
        file[at..at + 4].copy_from_slice(&id.to_le_bytes());
        assert!(rows(file).is_err(), "{at} {id}");
    }
}

#[test]
fn an_old_sheet_cannot_claim_more_than_it_holds() {
    let bound = [&100_u32.to_le_bytes()[..], &[0, 0, 2, 0, b'A', b'B']].concat();
    let mut stream = [
        record(0x0809, &[0, 6, 5, 0]),
        record(0x0085, &bound),
        record(0x000a, &[]),
    ]
    .concat();
    stream.resize(100, 0);
    stream.extend(record(0x0809, &[0, 6, 16, 0]));
    // Dimensions of four billion rows, then the corners of the sheet.
    stream.extend(record(
        0x0200,
        &[
            &0_u32.to_le_bytes()[..],
            &u32::MAX.to_le_bytes(),
            &[0, 0, 255, 255, 0, 0],
        ]
        .concat(),
    ));
    let number = |row: u16, column: u16| {
        [
            &row.to_le_bytes()[..],
            &column.to_le_bytes(),
            &[0, 0],
            &7_f64.to_le_bytes(),
        ]
        .concat()
    };
    stream.extend(record(0x0203, &number(0, 0)));
    stream.extend(record(0x0203, &number(65_535, 255)));
    stream.extend(record(0x0203, &number(65_535, 1)));
    stream.extend(record(0x000a, &[]));
    let rows = rows(workbook(&stream)).unwrap();
    assert_eq!(
        rows.iter().map(|row| (row.number, texts(row))).collect::<Vec<_>>(),
        [(1, vec!["7"]), (65_536, vec!["", "7"])]
    );
}

/// Bytes turned at random, thousands of times: an answer each time, never a crash.
#[test]
fn damaged_files_never_crash_the_reader() {
    let mut state = 0x2026_1120_u64;
    let mut dice = move |sides: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % sides as u64) as usize
    };
    let unzipped =
        xlsx(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Ali</t></is></c><c r="B1"><v>901234567</v></c></row>"#);
    for (good, rounds) in [
        (data("sheets/leads.xls"), 300),
        (data("sheets/leads.ods"), 150),
        (data("sheets/leads.xlsx"), 150),
        (unzipped, 600),
    ] {
        for _ in 0..rounds {
            let mut bytes = good.clone();
            for _ in 0..1 + dice(8) {
                let at = if dice(3) == 0 {
                    dice(bytes.len().min(2048))
                } else {
                    dice(bytes.len())
                };
                bytes[at] = [0, 0xff, 0x7f, b'<', b'"', dice(256) as u8][dice(6)];
            }
            if dice(10) == 0 {
                bytes.truncate(dice(bytes.len()));
            }
            let _answer = rows(bytes);
        }
    }
}

/// Reads without keeping, as an import does.
fn refusal(bytes: impl Into<Vec<u8>>) -> Option<SheetError> {
    open(file(bytes)).unwrap().rows(None).unwrap().find_map(Result::err)
}

fn xlsx(rows: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    book(&[("xl/worksheets/sheet1.xml", sheet.as_bytes())])
}

fn sheet(rows: &'static str) -> (&'static str, &'static [u8]) {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    (
        "xl/worksheets/sheet1.xml",
        Box::leak(sheet.into_bytes().into_boxed_slice()),
    )
}

fn book(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = format!(
        r#"<Relationships><Relationship Id="rId1" Type="{main}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let workbook =
        format!(r#"<workbook xmlns:r="{main}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#);
    let relations = format!(
        r#"<Relationships><Relationship Id="rId1" Type="{main}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let frame: [(&str, &[u8]); 4] = [
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", package.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
    ];
    zip(&[&frame[..], parts].concat())
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
    ])
}

fn locked_ods() -> Vec<u8> {
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"),
        ("content.xml", b"\x01\x02\x03"),
    ])
}

fn workbook(stream: &[u8]) -> Vec<u8> {
    compound(&[Stream {
        name: "Workbook",
        bytes: stream.to_vec(),
    }])
}

fn entries(count: usize) -> Vec<u8> {
    let names: Vec<String> = (0..count).map(|at| format!("{at}.xml")).collect();
    zip(&names
        .iter()
        .map(|name| (name.as_str(), &b"<a/>"[..]))
        .collect::<Vec<_>>())
}

fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1));
    for (name, bytes) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
