//! Documents and page images through a real child process.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::time::Duration;

use parvis_documents::{ChildProgram, DocumentProcess, Limits};
use parvis_domain::{
    ports::{DocumentError, Typesetter},
    time::Instant,
};
use serde_json::json;

const TITLE: &str = "Récépissé de dépôt";
/// 2026-11-23T13:30:00Z.
const NOW: Instant = Instant::from_micros(1_795_440_600_000_000);

fn documents(limits: Limits) -> DocumentProcess {
    DocumentProcess::new(
        ChildProgram { program: env!("CARGO_BIN_EXE_parvis-documents-child").into(), args: vec![] },
        limits,
    )
}

fn typeset(source: &str, data: &serde_json::Value) -> Result<Vec<u8>, DocumentError> {
    documents(Limits::default()).typeset(TITLE, source, data, NOW)
}

fn contains(content: &[u8], searched: &str) -> bool {
    content.windows(searched.len()).any(|window| window == searched.as_bytes())
}

fn two_pages() -> Vec<u8> {
    typeset("#set page(\"a4\")\n= Première page\nUne.\n#pagebreak()\n== Deuxième page\nDeux.", &json!({})).unwrap()
}

#[test]
fn a_french_document_becomes_a_tagged_and_dated_pdf() {
    let source = "#let data = json(\"data.json\")\n= #data.titre\n== Délai\nL’administration « accuse réception ».";
    let pdf = typeset(source, &json!({"titre": "Récépissé"})).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    for searched in ["StructTreeRoot", "pdfuaid", "/Lang(fr)", "D:20261123133000Z"] {
        assert!(contains(&pdf, searched), "{searched}");
    }
}

#[test]
fn a_table_may_have_headers_of_rows() {
    let pdf = typeset("#table(columns: 2, pdf.header-cell(level: 1, scope: \"row\")[Délai], [Deux mois])", &json!({}))
        .unwrap();
    assert!(contains(&pdf, "/Scope/Row"));
}

#[test]
fn the_receipt_of_the_platform_typesets_with_all_its_data_and_with_the_least() {
    let receipt = include_str!("../../usecases/templates/recepisse.typ");
    let least = json!({
        "collectivite": {"nom": "Ville d’Essai"},
        "numero": "2026-000123",
        "demarche": "Occupation temporaire du domaine public",
        "recu_le": "lundi 23 novembre 2026 à 14 h 30",
        "service": {"nom": "Voirie"},
        "recapitulatif": [],
    });
    typeset(receipt, &least).unwrap();
    let mut all = least;
    for (name, value) in [
        ("code_suivi", json!("K7QM-2XPD")),
        ("adresse_suivi", json!("https://essai.example/suivi")),
        ("demandeur", json!("Camille *Martin* #let")),
        ("depose_par", json!(null)),
        ("silence", json!("Sans réponse le 23 janvier 2027, la demande est réputée rejetée.")),
        ("recours", json!(["Vous pouvez saisir le tribunal administratif."])),
        ("suite", json!(["Le service vérifie votre dossier."])),
        ("recapitulatif", json!([{"titre": "Lieu", "lignes": [{"libelle": "Adresse", "valeur": ""}]}])),
        ("pieces", json!([{"nom": "plan.pdf", "libelle": "Plan"}, {"nom": "photo.jpg"}])),
        ("edite_le", json!("lundi 23 novembre 2026 à 14 h 31")),
    ] {
        all[name] = value;
    }
    typeset(receipt, &all).unwrap();
}

#[test]
fn a_document_is_the_same_when_made_again() {
    assert_eq!(two_pages(), two_pages());
}

#[test]
fn a_wrong_template_says_the_line() {
    let error = typeset("= Titre\n\n#nom_inconnu", &json!({})).unwrap_err();
    assert!(matches!(&error, DocumentError::Template(why) if why.starts_with("line 3: ")), "{error}");
}

#[test]
fn a_document_that_is_not_accessible_is_refused() {
    let error = typeset("= Un\n=== Trois", &json!({})).unwrap_err();
    assert!(matches!(&error, DocumentError::Template(why) if why.contains("PDF/UA-1")), "{error}");
}

#[test]
fn a_template_reaches_no_file_and_no_package() {
    for source in ["#read(\"/etc/hostname\")", "#read(\"../../data\")", "#import \"@preview/cetz:0.3.0\": canvas"] {
        let error = typeset(source, &json!({})).unwrap_err();
        assert!(matches!(error, DocumentError::Template(_)), "{source}: {error}");
    }
}

#[test]
fn a_template_without_end_is_stopped_by_its_processor_time() {
    let source = "#for i in range(9999) { for j in range(9999) { for k in range(9999) { let _ = i + j + k } } }";
    let limits = Limits { cpu_seconds: 1, ..Limits::default() };
    assert_eq!(documents(limits).typeset(TITLE, source, &json!({}), NOW), Err(DocumentError::OverLimits));
}

#[test]
fn a_template_is_stopped_by_the_clock_on_the_wall() {
    let limits = Limits { wall_clock: Duration::from_millis(1), ..Limits::default() };
    assert_eq!(documents(limits).typeset(TITLE, "= Titre", &json!({}), NOW), Err(DocumentError::OverLimits));
}

#[test]
fn a_template_that_wants_all_the_memory_is_stopped() {
    let source = "#let a = (1,)\n#for i in range(40) { a = a + a }\n#a.len()";
    let limits = Limits { memory: 256 << 20, ..Limits::default() };
    assert_eq!(documents(limits).typeset(TITLE, source, &json!({}), NOW), Err(DocumentError::OverLimits));
    assert!(documents(limits).typeset(TITLE, "= Titre", &json!({}), NOW).is_ok());
}

#[test]
fn a_document_larger_than_allowed_is_refused() {
    let limits = Limits { output: 100, ..Limits::default() };
    assert_eq!(documents(limits).typeset(TITLE, "= Titre", &json!({}), NOW), Err(DocumentError::OverLimits));
}

#[test]
fn a_program_that_is_missing_or_says_nothing_is_a_failure_of_the_process() {
    for program in ["/nonexistent", "/bin/true"] {
        let child = ChildProgram { program: program.into(), args: vec![] };
        let outcome = DocumentProcess::new(child, Limits::default()).typeset(TITLE, "= Titre", &json!({}), NOW);
        assert!(matches!(outcome, Err(DocumentError::Process(_))), "{program}: {outcome:?}");
    }
}

#[test]
fn a_page_becomes_an_image_of_the_width_asked() {
    let pdf = two_pages();
    let image = documents(Limits::default()).page_image(&pdf, 1, 300).unwrap().unwrap();
    assert!(image.starts_with(b"\x89PNG\r\n\x1a\n"));
    let width = u32::from_be_bytes(image[16..20].try_into().unwrap());
    assert!((299..=300).contains(&width), "{width}");
}

#[test]
fn there_is_nothing_after_the_last_page() {
    assert_eq!(documents(Limits::default()).page_image(&two_pages(), 2, 300), Ok(None));
}

#[test]
fn a_file_that_is_not_a_pdf_is_unreadable() {
    for content in [b"".as_slice(), b"%PDF-1.7", b"MZ\x90\x00", &[0xFF; 4096]] {
        let outcome = documents(Limits::default()).page_image(content, 0, 300);
        assert!(matches!(outcome, Err(DocumentError::Unreadable(_))), "{outcome:?}");
    }
}

#[test]
fn a_truncated_or_damaged_pdf_does_no_harm() {
    let whole = two_pages();
    let documents = documents(Limits::default());
    for kept in [whole.len() / 4, whole.len() / 2, whole.len() - 40] {
        let _either_way = documents.page_image(&whole[..kept], 0, 100);
    }
    let mut damaged = whole.clone();
    damaged.iter_mut().step_by(97).for_each(|octet| *octet ^= 0x55);
    let _either_way = documents.page_image(&damaged, 0, 100);
    assert!(documents.page_image(&whole, 0, 100).unwrap().is_some());
}

#[test]
fn a_page_of_an_absurd_size_is_refused_or_shown_within_bounds() {
    for size in ["0 0 1000000 1", "0 0 1 1000000", "0 0 0 0", "0 0 1e30 1e30"] {
        let pdf = format!(
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
             3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[{size}]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
        );
        match documents(Limits::default()).page_image(pdf.as_bytes(), 0, 300) {
            Ok(Some(image)) => assert!(image.len() < 1 << 20, "{size}"),
            outcome => assert!(matches!(outcome, Err(DocumentError::Unreadable(_))), "{size}: {outcome:?}"),
        }
    }
}
