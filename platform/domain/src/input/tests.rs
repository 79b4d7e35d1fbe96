//! What people type, and what they are told.

use jiff::civil::date;
use parvis_contract::{Accept, Choice, Field, Kind};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::value::{PieceRef, Value};

fn field(label: &str, kind: &Json) -> Field {
    serde_json::from_value(json!({ "id": "x", "label": label, "kind": kind, "purpose": "" })).unwrap()
}

fn read_one(label: &str, kind: &Json, typed: &str) -> Result<Value, String> {
    let options = [("a", "Alpha"), ("b", "Bêta")].map(|(value, label)| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: None,
    });
    parse(&field(label, kind), &options, &Raw::text(typed)).map_err(|error| error.to_string())
}

fn day(parts: [&str; 3]) -> Result<Value, InputError> {
    let raw = Raw::from_parts(["day", "month", "year"].into_iter().zip(parts));
    parse(&field("Date de fin", &json!("date")), &[], &raw)
}

fn text() -> Json {
    json!({ "text": { "max-length": 20 } })
}

#[test]
fn spaces_around_and_invisible_characters_do_not_count() {
    assert_eq!(read_one("Nom", &text(), " \u{200b}Camille\u{a0}\t"), Ok(Value::Text("Camille".to_owned())));
    assert_eq!(read_one("Nom", &text(), "   "), Ok(Value::Empty));
    assert_eq!(read_one("Nom", &text(), "e\u{301}té"), Ok(Value::Text("été".to_owned())));
}

#[test]
fn several_lines_stay_several() {
    let kind = json!({ "text": { "max-length": 50, "lines": 4 } });
    assert_eq!(read_one("Message", &kind, "un\r\ndeux\u{7}\n"), Ok(Value::Text("un\ndeux".to_owned())));
}

#[test]
fn over_long_text_says_by_how_much() {
    let message = read_one("Nom", &text(), &"é".repeat(21)).unwrap_err();
    assert_eq!(message, "Le nom doit compter 20\u{a0}caractères au plus\u{202f}; vous en avez saisi 21");
}

#[test]
fn numbers_are_read_in_several_forms() {
    let whole = json!({ "integer": { "min": 1, "max": 2000, "unit": "places" } });
    for typed in ["1200", "1 200", "1\u{202f}200", "1200 places", "1200,0"] {
        assert_eq!(read_one("Nombre de places", &whole, typed), Ok(Value::Integer(1200)), "{typed}");
    }
    for (typed, message) in [
        ("beaucoup", "Le nombre de places doit être un nombre, par exemple 12"),
        ("1,5", "Le nombre de places doit être un nombre entier, sans virgule"),
        ("0", "Le nombre de places doit être au moins 1\u{a0}places"),
        ("99999999999", "Le nombre de places doit être au plus 2\u{202f}000\u{a0}places"),
    ] {
        assert_eq!(read_one("Nombre de places", &whole, typed).unwrap_err(), message);
    }
}

#[test]
fn decimals_keep_their_places() {
    let kind = json!({ "decimal": { "min": "0.1", "max": "50", "places": 2, "unit": "m" } });
    let metres = |typed: &str| read_one("Longueur", &kind, typed);
    assert_eq!(metres("2,50 m"), Ok(Value::Decimal("2.50".parse().unwrap())));
    assert_eq!(metres("2,505").unwrap_err(), "La longueur doit avoir 2\u{a0}chiffres au plus après la virgule");
    assert_eq!(metres("0").unwrap_err(), "La longueur doit être au moins 0,1\u{a0}m");
    assert_eq!(metres("51").unwrap_err(), "La longueur doit être au plus 50\u{a0}m");
}

#[test]
fn a_date_is_read_in_three_boxes_or_in_one() {
    assert_eq!(day(["1", "12", "2026"]), Ok(Value::Date(date(2026, 12, 1))));
    assert_eq!(day(["1er", "déc.", "26"]), Ok(Value::Date(date(2026, 12, 1))));
    for typed in ["2026-12-01", "1/12/2026", "01.12.2026", "1er décembre 2026"] {
        assert_eq!(read_one("Date", &json!("date"), typed), Ok(Value::Date(date(2026, 12, 1))), "{typed}");
    }
}

#[test]
fn each_way_to_miss_a_date_has_its_sentence_and_its_box() {
    for (parts, part, message) in [
        (["", "12", "2026"], Part::Day, "La date de fin doit comporter aussi un jour"),
        (["3", "", ""], Part::Month, "La date de fin doit comporter aussi un mois et une année"),
        (["3", "13", "2026"], Part::Month, "La date de fin\u{a0}: indiquez pour le mois un nombre entre 1 et 12"),
        (
            ["31", "2", "2026"],
            Part::Day,
            "La date de fin doit être une date qui existe\u{202f}; vérifiez le jour et le mois",
        ),
    ] {
        let error = day(parts).unwrap_err();
        assert_eq!((error.part(), error.to_string().as_str()), (Some(part), message));
    }
    assert_eq!(
        read_one("Date", &json!("date"), "demain").unwrap_err(),
        "La date doit être une date, par exemple 27 3 2027"
    );
}

#[test]
fn a_date_and_a_time_come_in_five_boxes() {
    let kind = field("Date et heure", &json!("date-time"));
    let raw = |hour, minute| {
        Raw::from_parts([("day", "23"), ("month", "11"), ("year", "2026"), ("hour", hour), ("minute", minute)])
    };
    let expected = Value::Instant(date(2026, 11, 23).at(9, 5, 0, 0));
    assert_eq!(parse(&kind, &[], &raw("9", "05")), Ok(expected.clone()));
    assert_eq!(parse(&kind, &[], &Raw::text("2026-11-23T09:05")), Ok(expected));
    assert_eq!(parse(&kind, &[], &raw("25", "")).unwrap_err().part(), Some(Part::Hour));
}

#[test]
fn an_address_needs_its_parts_or_a_note() {
    let kind = field("Adresse du chantier", &json!("address"));
    let raw = |parts: &[(&'static str, &'static str)]| Raw::from_parts(parts.iter().copied());
    let whole = raw(&[("street", "3 rue du Four"), ("postal_code", "44 000"), ("town", "Nantes")]);
    let expected = json!({ "street": "3 rue du Four", "postal_code": "44000", "town": "Nantes", "note": "" });
    assert_eq!(parse(&kind, &[], &whole), Ok(Value::Json(expected)));
    assert!(parse(&kind, &[], &raw(&[("note", "Derrière la halle")])).is_ok());
    assert_eq!(parse(&kind, &[], &raw(&[("street", " "), ("note", "")])), Ok(Value::Empty));
    let missing = parse(&kind, &[], &raw(&[("street", "3 rue du Four")])).unwrap_err();
    assert_eq!(missing.to_string(), "L’adresse du chantier doit comporter aussi le code postal et la commune");
    assert_eq!(missing.part(), Some(Part::PostalCode));
}

#[test]
fn choices_are_those_offered_and_in_their_order() {
    let several = json!({ "choices": { "options": "evaluated" } });
    let options = ["a", "b"].map(|value| Choice { value: value.to_owned(), label: value.to_owned(), hint: None });
    let chosen = parse(&field("Jours", &several), &options, &Raw::several(["b", "a", "b"]));
    assert_eq!(chosen, Ok(Value::Choices(vec!["a".to_owned(), "b".to_owned()])));
    let one = json!({ "choice": { "options": "evaluated" } });
    assert_eq!(read_one("Type", &one, "a"), Ok(Value::Text("a".to_owned())));
    assert_eq!(read_one("Type", &one, "c").unwrap_err(), "Choisissez une réponse proposée pour le type");
    assert!(parse(&field("Jours", &several), &options, &Raw::several(["c"])).is_err());
}

#[test]
fn an_empty_answer_gets_an_instruction_made_of_its_label() {
    for (label, asked, message) in [
        ("Date de fin", Asked::Text, "Indiquez la date de fin"),
        ("Votre nom", Asked::Text, "Indiquez votre nom"),
        ("Échafaudage", Asked::Text, "Indiquez «\u{a0}Échafaudage\u{a0}»"),
        ("Qui paie ?", Asked::Choice, "Répondez à la question «\u{a0}Qui paie ?\u{a0}»"),
        ("Plan", Asked::Pieces, "Ajoutez un document pour le plan"),
    ] {
        assert_eq!(InputError::new(label, Cause::Empty(asked)).to_string(), message);
    }
}

#[test]
fn a_siren_in_the_place_of_a_siret_is_told() {
    let message = read_one("Numéro SIRET", &json!("siret"), "732 829 320").unwrap_err();
    assert_eq!(message, "Le numéro SIRET compte 14 chiffres\u{202f}; vous avez saisi les 9 chiffres d’un SIREN");
}

#[test]
fn no_sentence_blames() {
    let forbidden = [
        "svp",
        "s’il vous plaît",
        "désolé",
        "valide",
        "invalide",
        "interdit",
        "illégal",
        "erreur",
        "oups",
        "champ",
        "obligatoire",
        "!",
    ];
    let kinds = [
        (json!("email"), "camille"),
        (json!("email"), "a@b"),
        (json!("email"), "a b@c.fr"),
        (json!("phone"), "06"),
        (json!("phone"), "12"),
        (json!("phone"), "abc"),
        (json!("siret"), "12345678901234"),
        (json!("siren"), "abc"),
        (json!("rna"), "751"),
        (json!("plate"), "camion"),
        (json!("plate"), "AO-123-BB"),
        (json!("amount"), "cher"),
        (json!("amount"), "1,234"),
        (json!("boolean"), "peut-être"),
        (json!("date"), "demain"),
        (json!({ "text": { "format": "name", "max-length": 9 } }), "R2D2"),
        (json!({ "text": { "format": "postal-code", "max-length": 9 } }), "4400"),
        (json!({ "text": { "format": "reference", "max-length": 9 } }), "DP_<1>"),
    ];
    for (kind, typed) in kinds {
        let message = read_one("Réponse", &kind, typed).unwrap_err();
        for word in forbidden {
            assert!(!message.to_lowercase().contains(word), "{word:?} in {message:?}");
        }
    }
}

#[test]
fn documents_are_counted_and_their_types_checked() {
    let kind = Kind::Pieces { accept: vec![Accept::Pdf], max_files: 1, essential: true, basis: String::new() };
    let field = Field { kind, ..field("Plan", &json!("date")) };
    let piece = |media_type: &str| PieceRef {
        id: crate::ids::PieceId::from_uuid(uuid::Uuid::nil()),
        name: "plan.pdf".to_owned(),
        media_type: media_type.to_owned(),
        size: 1,
    };
    assert!(check(&field, &[], &Value::Pieces(vec![piece("application/pdf")])).is_ok());
    let several = vec![piece("application/pdf"), piece("application/pdf")];
    assert_eq!(check(&field, &[], &Value::Pieces(several)).unwrap_err().code(), "too-many-pieces");
    assert_eq!(check(&field, &[], &Value::Pieces(vec![piece("image/png")])).unwrap_err().code(), "wrong-piece-type");
}

#[test]
fn what_is_kept_as_typed_survives_storage() {
    let kept: RawAnswers =
        [(crate::value::Target::row("x", 2), Raw::from_parts([("day", "31"), ("month", "2")]))].into_iter().collect();
    let stored = serde_json::to_string(&kept).unwrap();
    assert_eq!(serde_json::from_str::<RawAnswers>(&stored).unwrap(), kept);
}

#[test]
fn names_of_inputs_are_those_that_are_read() {
    let at = crate::value::Target::row("date", 3);
    assert_eq!(part_name_of(&at, Part::Day), "f.date.3.day");
    let form = FormData::from([("f.date.3.day".to_owned(), vec!["1".to_owned()])]);
    assert_eq!(Raw::posted(&form, &at).unwrap().part(Part::Day), "1");
    assert_eq!(Raw::posted(&form, &crate::value::Target::field("date")), None);
}

proptest! {
    #[test]
    fn whatever_is_typed_is_understood_or_explained(typed in "\\PC{0,60}", index in 0_usize..14) {
        let kinds = [
            text(), json!("email"), json!("phone"), json!("amount"), json!("boolean"), json!("consent"), json!("date"),
            json!("date-time"), json!("siret"), json!("siren"), json!("rna"), json!("plate"), json!("address"),
            json!({ "integer": { "min": -5, "max": 5 } }),
        ];
        let field = field("Réponse", &kinds[index]);
        match parse(&field, &[], &Raw::text(typed.as_str())) {
            Ok(value) => prop_assert!(fits(&field, &value)),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn an_answer_typed_again_is_the_same(
        days in 0_i32..60_000,
        number in -1_000_000_i32..1_000_000,
        centimes in 0_i64..1_000_000_000,
        answer in any::<bool>(),
    ) {
        let same = |kind: Json, value: Value| {
            let field = field("Réponse", &kind);
            parse(&field, &[], &raw_of(&field, &value)).map(|again| again == value)
        };
        let day = date(1900, 1, 1).saturating_add(jiff::Span::new().days(days));
        prop_assert_eq!(same(json!("date"), Value::Date(day)), Ok(true));
        prop_assert_eq!(same(json!("date-time"), Value::Instant(day.at(8, 5, 0, 0))), Ok(true));
        prop_assert_eq!(same(json!({ "integer": { "min": i32::MIN, "max": i32::MAX } }), Value::Integer(number)), Ok(true));
        prop_assert_eq!(same(json!("amount"), Value::Decimal(rust_decimal::Decimal::new(centimes, 2))), Ok(true));
        prop_assert_eq!(same(json!("boolean"), Value::Boolean(answer)), Ok(true));
    }
}
