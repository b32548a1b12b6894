//! A table as large as an import may be, and the least a program can do to read it.

use std::io::{Cursor, Write};

use calamine::{DataRef, Reader, Xlsx};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// An xlsx of that many leads, each with a phone of its own: name, phone, source, course, notes.
pub fn leads_xlsx(rows: u32) -> Vec<u8> {
    let names = [
        "Gulnora Oʻrinboyeva",
        "Жасур Каримов",
        "Айгүл Сәрсен",
        "Bekzod Yoʻldoshev",
        "Дмитрий Усманов",
    ];
    let courses = ["IELTS", "General English", "Matematika", "Kompyuter savodxonligi"];
    let mut sheet = String::from("<worksheet><sheetData>");
    let text = |text: &str| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#);
    let row = |cells: [String; 5]| format!("<row>{}</row>", cells.concat());
    sheet.push_str(&row(["name", "phone", "source", "course", "notes"].map(text)));
    for at in 0..rows {
        let pick = at as usize;
        sheet.push_str(&row([
            text(names[pick % names.len()]),
            format!("<c><v>{}</v></c>", 998_900_000_001_u64 + u64::from(at)),
            text("instagram"),
            text(courses[pick % courses.len()]),
            text(&format!("savol {at}")),
        ]));
    }
    sheet.push_str("</sheetData></worksheet>");
    packed(&sheet)
}

/// The number of cells holding something.
pub fn cells_alone(bytes: &[u8]) -> usize {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("an xlsx");
    let name = book.sheet_names()[0].clone();
    let mut cells = book.worksheet_cells_reader(&name).expect("a sheet");
    let mut count = 0;
    while let Some(cell) = cells.next_cell().expect("a cell") {
        count += usize::from(*cell.get_value() != DataRef::Empty);
    }
    count
}

fn packed(sheet: &str) -> Vec<u8> {
    let kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind: &str, target: &str| {
        format!(r#"<Relationships><Relationship Id="r1" Type="{kinds}/{kind}" Target="{target}"/></Relationships>"#)
    };
    let workbook = format!(
        r#"<workbook xmlns:r="{kinds}"><sheets><sheet name="Leads" sheetId="1" r:id="r1"/></sheets></workbook>"#
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, part) in [
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", &relation("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", &workbook),
        (
            "xl/_rels/workbook.xml.rels",
            &relation("worksheet", "worksheets/sheet1.xml"),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        zip.start_file(name, options).expect("a new part");
        zip.write_all(part.as_bytes()).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}
