//! The citizen's pages.

use parvis_sdk::{
    contract::{Condition, Field, Kind, Page, Prefill, TextFormat},
    define::{
        FieldExt, ask, block, boxes, decimal, essential_piece, formatted, helpful_piece, includes, information,
        integer, is, line, list_of_setting, one_of, page, paragraph, radios,
    },
};

use crate::request::{Applicant, Nature};

const IDENTIFY: &str = "Savoir qui demande l’autorisation (article R112-9-1 du CRPA)";
const REACH: &str = "Vous répondre et vous joindre";
const COLLECT: &str = "Adresser la demande de paiement à la bonne personne";
const INSTRUCT: &str = "Instruire la demande et rédiger l’arrêté";
const PRICE: &str = "Calculer les droits de voirie";
const SAFETY: &str = "Assurer la sécurité sur la voie";

/// All pages, in order.
pub(super) fn pages() -> Vec<Page> {
    let mut payer = page("payeur", "Qui paie les droits de voirie", payer());
    payer.condition = Some(is("payeur_autre", true));
    let mut pieces = page("pieces", "Les documents à joindre", pieces());
    pieces.intro = Some("Joignez seulement ce qui est demandé ici. Une photo lisible suffit.".to_owned());
    vec![
        page("demandeur", "Qui demande l’autorisation", applicant()),
        payer,
        page("lieu", "Où se trouve l’occupation", place()),
        page("occupation", "Ce que vous installez, et quand", occupation()),
        pieces,
    ]
}

fn kinds_of_applicant() -> Kind {
    radios(&Applicant::ALL.map(|(_, value, label)| (value, label)))
}

fn applicant() -> Vec<Field> {
    let name = |id: &str, label: &str| ask(id, label, IDENTIFY, formatted(TextFormat::Name, 80)).personal();
    vec![
        ask("type_demandeur", "Vous faites cette demande pour", IDENTIFY, kinds_of_applicant()).key(),
        ask("raison_sociale", "Nom de l’entreprise", IDENTIFY, line(120))
            .autocomplete("organization")
            .when(is("type_demandeur", "entreprise")),
        ask("siret", "Numéro SIRET", IDENTIFY, Kind::Siret)
            .hint("14 chiffres, par exemple 123 456 789 00012")
            .key()
            .when(is("type_demandeur", "entreprise")),
        ask("nom_association", "Nom de l’association", IDENTIFY, line(120))
            .autocomplete("organization")
            .when(is("type_demandeur", "association")),
        ask("rna", "Numéro RNA", IDENTIFY, Kind::Rna)
            .hint("W suivi de 9 chiffres, sur le récépissé de la préfecture")
            .key()
            .when(is("type_demandeur", "association")),
        name("prenom", "Prénom").prefilled(Prefill::GivenName).autocomplete("given-name"),
        name("nom", "Nom").prefilled(Prefill::FamilyName).autocomplete("family-name"),
        ask("adresse", "Adresse postale", IDENTIFY, Kind::Address).personal().autocomplete("street-address"),
        ask("courriel", "Adresse électronique", REACH, Kind::Email)
            .personal()
            .required_of_usager()
            .prefilled(Prefill::Email)
            .autocomplete("email"),
        ask("telephone", "Téléphone", REACH, Kind::Phone)
            .hint("Pour vous joindre en cas de question sur la demande")
            .personal()
            .prefilled(Prefill::Phone)
            .autocomplete("tel"),
        ask("payeur_autre", "Quelqu’un d’autre paie les droits de voirie", COLLECT, Kind::Boolean)
            .hint("Par exemple le propriétaire, le syndic ou votre client"),
    ]
}

fn payer() -> Vec<Field> {
    vec![
        ask("payeur_type", "Qui paie", COLLECT, kinds_of_applicant()),
        ask("payeur_nom", "Nom de qui paie", COLLECT, line(120)).personal(),
        ask("payeur_siret", "Numéro SIRET de qui paie", COLLECT, Kind::Siret)
            .optional()
            .when(is("payeur_type", "entreprise")),
        ask("payeur_adresse", "Adresse postale de qui paie", COLLECT, Kind::Address).personal(),
    ]
}

fn place() -> Vec<Field> {
    vec![
        ask("adresse_occupation", "Adresse de l’occupation", INSTRUCT, Kind::Address)
            .hint("Sans adresse connue, décrivez l’endroit dans les précisions"),
        ask("emplacement", "Emplacement exact", INSTRUCT, paragraph(500, 3))
            .hint("Par exemple : devant le n° 12, côté pair, sur les deux places après le passage piéton")
            .optional(),
    ]
}

fn when_one_of(natures: &[&str]) -> Condition {
    one_of("nature", natures)
}

fn occupation() -> Vec<Field> {
    let mut fields = vec![
        ask("nature", "Ce que vous installez", INSTRUCT, radios(&Nature::ALL.map(|(_, value, label)| (value, label))))
            .column()
            .key(),
        ask("description", "Décrivez l’occupation", INSTRUCT, paragraph(1000, 4))
            .when(when_one_of(&["chantier", "autre"])),
        ask("ancrage", "L’installation est fixée ou ancrée dans le sol", INSTRUCT, Kind::Boolean)
            .hint("Une fixation dans le sol demande une permission de voirie")
            .when(when_one_of(&["echafaudage", "terrasse", "chantier", "autre"])),
    ];
    fields.extend(dates());
    fields.extend(measures());
    fields.extend(street());
    fields.extend(works());
    fields.push(
        ask("exoneration", "Motif d’exonération des droits", PRICE, list_of_setting("exonerations", "code", "libelle"))
            .hint("À choisir seulement si l’un de ces cas est le vôtre ; le service le vérifie")
            .optional(),
    );
    fields.push(information(
        "droits",
        "Le montant des droits de voirie est estimé d’après vos réponses et le tarif voté par la collectivité. Le \
         montant dû est celui de l’arrêté.",
    ));
    fields
}

fn dates() -> Vec<Field> {
    vec![
        ask("date_debut", "Premier jour", INSTRUCT, Kind::Date).column().key(),
        ask("date_fin", "Dernier jour", INSTRUCT, Kind::Date).key(),
        ask(
            "creneau",
            "Moment de la journée",
            PRICE,
            radios(&[("journee", "Toute la journée"), ("matin", "Le matin"), ("apres-midi", "L’après-midi")]),
        )
        .optional()
        .when(when_one_of(&["demenagement", "benne", "autre"])),
    ]
}

fn measures() -> Vec<Field> {
    vec![
        ask("longueur", "Longueur le long de la voie", PRICE, decimal("0.10", "500", "m")),
        ask("largeur", "Largeur depuis la façade ou le bord", PRICE, decimal("0.10", "50", "m")).when(when_one_of(&[
            "benne",
            "echafaudage",
            "terrasse",
            "chantier",
            "autre",
        ])),
        ask("places", "Places de stationnement occupées", PRICE, integer(0, 50, "")).when(when_one_of(&[
            "demenagement",
            "benne",
            "chantier",
            "autre",
        ])),
        ask("nombre", "Nombre de bennes", PRICE, integer(1, 20, "")).when(is("nature", "benne")),
    ]
}

fn street() -> Vec<Field> {
    let closures = [
        ("place", "Des places de stationnement"),
        ("trottoir", "Le trottoir"),
        ("chaussee", "Une partie de la chaussée"),
        ("rue", "La rue entière"),
    ];
    let vehicle = vec![
        ask("immatriculation", "Immatriculation", SAFETY, Kind::Plate).personal(),
        ask("vehicule", "Véhicule", SAFETY, line(60)).hint("Par exemple : camion de 20 m³").optional(),
    ];
    vec![
        ask("fermetures", "Ce qui sera fermé ou occupé", SAFETY, boxes(&closures)).optional(),
        ask("passage_pietons", "Largeur laissée aux piétons", SAFETY, decimal("0", "20", "m"))
            .when(includes("fermetures", "trottoir")),
        ask("deviation", "Itinéraire de déviation proposé", SAFETY, paragraph(500, 3))
            .optional()
            .when(includes("fermetures", "rue")),
        ask("vehicules", "Véhicules", SAFETY, block("Véhicule", 0, 10, vehicle)).optional().when(when_one_of(&[
            "demenagement",
            "benne",
            "chantier",
        ])),
    ]
}

fn works() -> Vec<Field> {
    vec![
        ask("intervenant", "Entreprise qui installe", SAFETY, line(120)).when(when_one_of(&[
            "benne",
            "echafaudage",
            "chantier",
        ])),
        ask("astreinte", "Téléphone d’astreinte", SAFETY, Kind::Phone)
            .hint("Joignable jour et nuit pendant l’occupation")
            .personal()
            .when(when_one_of(&["benne", "echafaudage", "chantier"])),
        ask("travaux_facade", "Des travaux touchent la façade ou le toit", INSTRUCT, Kind::Boolean)
            .when(when_one_of(&["benne", "echafaudage", "chantier"])),
        ask(
            "declaration_prealable",
            "Référence de la déclaration préalable ou du permis",
            INSTRUCT,
            formatted(TextFormat::Reference, 40),
        )
        .hint("Par exemple DP 099 100 26 00012 ; laissez vide si elle n’est pas encore déposée")
        .optional()
        .when(is("travaux_facade", true)),
    ]
}

fn pieces() -> Vec<Field> {
    let basis = "article L113-2 du code de la voirie routière et règlement de voirie";
    vec![
        ask("plan", "Plan ou photo de l’emplacement", INSTRUCT, essential_piece(5, basis))
            .hint("L’installation, ses dimensions et le passage laissé aux piétons y sont visibles")
            .required_of_usager()
            .when(when_one_of(&["echafaudage", "terrasse", "chantier"])),
        ask("assurance", "Attestation d’assurance de qui pose la benne", INSTRUCT, essential_piece(2, basis))
            .hint("Responsabilité civile, valable pendant l’occupation")
            .required_of_usager()
            .when(is("nature", "benne")),
        ask("autres_pieces", "Autre document utile", INSTRUCT, helpful_piece(5, "document donné librement")).optional(),
    ]
}
