//! The sentence for each cause: what to do, with the words of the label. An empty answer gets an instruction, a wrong
//! one a description; no word blames.

use super::{Asked, Cause, Part};
use crate::{
    french::{self, NARROW_NBSP, NBSP},
    identifiers::{EmailError, PhoneError, PlateError, PostalCodeError, RnaError, SirenError, SiretError},
};

/// The sentence.
pub(super) fn sentence(label: &str, cause: &Cause) -> String {
    let label = label.trim();
    let subject = Subject::of(label);
    match cause {
        Cause::Empty(asked) => empty(label, &subject, *asked),
        Cause::TooLong { max, actual } => format!(
            "{} doit compter {} au plus{NARROW_NBSP}; vous en avez saisi {}",
            subject.head(),
            french::count((*max).into(), "caractère", "caractères"),
            french::natural((*actual).into())
        ),
        Cause::PartTooLong { part, max } => format!(
            "{} doit compter {} au plus",
            french::capitalised(part_name(*part)),
            french::count((*max).into(), "caractère", "caractères")
        ),
        Cause::WrongCharacter(c) => {
            format!("{} ne doit pas contenir le caractère {}", subject.head(), french::quoted(&c.to_string()))
        }
        Cause::NotANumber => format!("{} doit être un nombre, par exemple 12", subject.head()),
        Cause::NotWhole => format!("{} doit être un nombre entier, sans virgule", subject.head()),
        Cause::TooManyDecimals(places) => format!(
            "{} doit avoir {} au plus après la virgule",
            subject.head(),
            french::count((*places).into(), "chiffre", "chiffres")
        ),
        Cause::TooSmall { min, unit } => {
            format!("{} doit être au moins {}", subject.head(), with_unit(&french::decimal(*min), unit.as_deref()))
        }
        Cause::TooLarge { max, unit } => {
            format!("{} doit être au plus {}", subject.head(), with_unit(&french::decimal(*max), unit.as_deref()))
        }
        Cause::NotAnAmount => format!("{} doit être un montant en euros, par exemple 12,50", subject.head()),
        Cause::MissingParts(parts) => {
            let names: Vec<&str> = parts.iter().map(|part| part_name(*part)).collect();
            format!("{} doit comporter aussi {}", subject.head(), french::and_list(&names))
        }
        Cause::WrongPart(part) => wrong_part(&subject, *part),
        Cause::NotADate => format!("{} doit être une date, par exemple 27 3 2027", subject.head()),
        Cause::NoSuchDate => {
            format!("{} doit être une date qui existe{NARROW_NBSP}; vérifiez le jour et le mois", subject.head())
        }
        Cause::NotOffered => format!("Choisissez une réponse proposée pour {}", subject.inside()),
        Cause::TooManyPieces(max) => format!(
            "Gardez {} au plus pour {}",
            french::count((*max).into(), "document", "documents"),
            subject.inside()
        ),
        Cause::WrongPieceType(name) => {
            format!("Remplacez {} par un fichier d’un type accepté", french::quoted(name))
        }
        Cause::TooFewRows { min, item } => format!("Ajoutez au moins {min} fois {}", french::quoted(item)),
        Cause::TooManyRows { max, item } => format!("Gardez au plus {max} fois {}", french::quoted(item)),
        Cause::Email(error) => email(&subject, *error),
        Cause::Phone(error) => phone(&subject, *error),
        Cause::Siret(SiretError::WrongCharacter(c)) | Cause::Siren(SirenError::WrongCharacter(c)) => {
            format!(
                "{} ne contient que des chiffres{NARROW_NBSP}; retirez {}",
                subject.head(),
                french::quoted(&c.to_string())
            )
        }
        Cause::Siret(SiretError::Length(9)) => {
            format!("{} compte 14 chiffres{NARROW_NBSP}; vous avez saisi les 9 chiffres d’un SIREN", subject.head())
        }
        Cause::Siret(SiretError::Length(digits)) => {
            format!("{} compte 14 chiffres{NARROW_NBSP}; vous en avez saisi {digits}", subject.head())
        }
        Cause::Siren(SirenError::Length(digits)) => {
            format!("{} compte 9 chiffres{NARROW_NBSP}; vous en avez saisi {digits}", subject.head())
        }
        Cause::Siret(SiretError::Key) | Cause::Siren(SirenError::Key) => {
            format!("Vérifiez {}{NBSP}: au moins un chiffre n’est pas le bon", subject.inside())
        }
        Cause::Rna(error) => rna(&subject, *error),
        Cause::Plate(error) => plate(&subject, *error),
        Cause::PostalCode(PostalCodeError::Form) => "Le code postal compte 5 chiffres, par exemple 44000".to_owned(),
        Cause::PostalCode(PostalCodeError::Unknown) => {
            format!("Vérifiez le code postal{NBSP}: aucun département ne commence ainsi")
        }
    }
}

/// The label as the subject of a sentence: "la date de fin", or quoted.
struct Subject(String);

impl Subject {
    fn of(label: &str) -> Self {
        Self(french::with_article(label).unwrap_or_else(|| french::quoted(label)))
    }

    /// At the head of the sentence.
    fn head(&self) -> String {
        french::capitalised(&self.0)
    }

    /// Inside the sentence.
    fn inside(&self) -> &str {
        &self.0
    }
}

fn empty(label: &str, subject: &Subject, asked: Asked) -> String {
    let is_question = label.ends_with('?');
    match asked {
        Asked::Consent => format!("Cochez la case {}", french::quoted(label)),
        _ if is_question => format!("Répondez à la question {}", french::quoted(label)),
        Asked::Choice => format!("Choisissez une réponse pour {}", subject.inside()),
        Asked::Pieces => format!("Ajoutez un document pour {}", subject.inside()),
        Asked::Rows => format!("Ajoutez au moins une ligne pour {}", subject.inside()),
        Asked::Text => format!("Indiquez {}", subject.inside()),
    }
}

fn with_unit(number: &str, unit: Option<&str>) -> String {
    unit.map_or_else(|| number.to_owned(), |unit| format!("{number}{NBSP}{unit}"))
}

const fn part_name(part: Part) -> &'static str {
    match part {
        Part::Day => "un jour",
        Part::Month => "un mois",
        Part::Year => "une année",
        Part::Hour => "une heure",
        Part::Minute => "des minutes",
        Part::Street => "le numéro et la rue",
        Part::PostalCode => "le code postal",
        Part::Town => "la commune",
        Part::Note => "la précision sur le lieu",
    }
}

fn wrong_part(subject: &Subject, part: Part) -> String {
    let (what, wanted) = match part {
        Part::Day => ("le jour", "un nombre entre 1 et 31"),
        Part::Month => ("le mois", "un nombre entre 1 et 12"),
        Part::Year => ("l’année", "un nombre de 4 chiffres, par exemple 2027"),
        Part::Hour => ("l’heure", "un nombre entre 0 et 23"),
        Part::Minute => ("les minutes", "un nombre entre 0 et 59"),
        other => return format!("Vérifiez {}", part_name(other)),
    };
    format!("{}{NBSP}: indiquez pour {what} {wanted}", subject.head())
}

fn email(subject: &Subject, error: EmailError) -> String {
    let head = subject.head();
    match error {
        EmailError::NoAt => format!("{head} doit comporter le signe @, par exemple nom@exemple.fr"),
        EmailError::SeveralAt => format!("{head} ne doit comporter qu’un seul signe @"),
        EmailError::NoName => format!("{head} doit comporter un nom avant le signe @"),
        EmailError::Domain => format!("{head} doit se terminer par un nom de domaine, par exemple @exemple.fr"),
        EmailError::Space => format!("{head} ne doit pas contenir d’espace"),
        EmailError::WrongCharacter(c) => {
            format!("{head} ne doit pas contenir {} à cet endroit", french::quoted(&c.to_string()))
        }
        EmailError::TooLong => format!("{head} doit compter 254{NBSP}caractères au plus"),
    }
}

fn phone(subject: &Subject, error: PhoneError) -> String {
    let head = subject.head();
    match error {
        PhoneError::WrongCharacter(c) => {
            format!("{head} ne contient que des chiffres{NARROW_NBSP}; retirez {}", french::quoted(&c.to_string()))
        }
        PhoneError::French(digits) => {
            format!("{head} compte 10 chiffres en France{NARROW_NBSP}; vous en avez saisi {digits}")
        }
        PhoneError::International(digits) => {
            format!("{head} compte de 8 à 15 chiffres après le signe +{NARROW_NBSP}; vous en avez saisi {digits}")
        }
        PhoneError::Prefix => format!("Vérifiez {}{NBSP}: aucun numéro ne commence ainsi", subject.inside()),
        PhoneError::Head => format!("{head} doit commencer par 0, ou par + et l’indicatif d’un pays"),
    }
}

fn rna(subject: &Subject, error: RnaError) -> String {
    let head = subject.head();
    match error {
        RnaError::FirstLetter => format!("{head} commence par la lettre W, par exemple W751234567"),
        RnaError::WrongCharacter(c) => {
            format!(
                "{head} n’a que des chiffres après la lettre W{NARROW_NBSP}; retirez {}",
                french::quoted(&c.to_string())
            )
        }
        RnaError::Length(digits) => {
            format!("{head} compte 9 chiffres après la lettre W{NARROW_NBSP}; vous en avez saisi {digits}")
        }
    }
}

fn plate(subject: &Subject, error: PlateError) -> String {
    let head = subject.head();
    match error {
        PlateError::WrongCharacter(c) => {
            format!(
                "{head} n’a que des lettres et des chiffres{NARROW_NBSP}; retirez {}",
                french::quoted(&c.to_string())
            )
        }
        PlateError::ForbiddenLetter(letter) => {
            format!("Vérifiez {}{NBSP}: une plaque française n’a pas la lettre {letter}", subject.inside())
        }
        PlateError::Form => format!("{head} doit s’écrire comme sur le véhicule, par exemple AB-123-CD"),
    }
}
