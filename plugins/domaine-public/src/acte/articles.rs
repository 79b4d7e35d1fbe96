//! Articles of the acts.

use parvis_sdk::SettingsError;
use rust_decimal::Decimal;

use super::{Article, File, clause};
use crate::{
    form::algorithmic,
    french,
    request::{Nature, Slot, Stay},
    settings::{Competence, on},
};

fn article(titre: &str, paragraphes: Vec<String>, liste: Vec<String>) -> Article {
    Article { titre: titre.to_owned(), paragraphes, liste }
}

pub(super) fn granting(file: &File<'_>) -> Result<Vec<Article>, SettingsError> {
    let mut articles = vec![granted(file)];
    if file.matters().traffic {
        articles.push(traffic(file));
    }
    articles.push(prescriptions(file));
    articles.push(due(file)?);
    articles.push(article(
        "Durée et responsabilité",
        vec![
            "L’autorisation est personnelle, précaire et révocable. Elle peut être retirée si l’intérêt général ou la \
             sécurité le demande, sans indemnité."
                .to_owned(),
            "Le bénéficiaire répond des dommages causés par son installation. Il remet les lieux en état au plus tard le \
             dernier jour. Toute prolongation fait l’objet d’une nouvelle demande."
                .to_owned(),
        ],
        Vec::new(),
    ));
    articles.push(execution(file));
    Ok(articles)
}

fn granted(file: &File<'_>) -> Article {
    let request = &file.request;
    let who = request.applicant_name();
    let what = request.nature.map_or("l’occupation décrite dans la demande", Nature::in_sentence);
    let place = request.place().map(|place| place.line()).unwrap_or_default();
    let when = request
        .stay
        .map_or_else(String::new, |stay| format!(", {}{}", french::stay(stay.first, stay.last), slot(file, stay)));
    let ground = if file.matters().ground { ", avec ancrage dans le sol" } else { "" };
    let mut paragraphs = vec![format!(
        "{who} reçoit l’autorisation d’occuper le domaine public pour {what}{ground}{when}, à l’adresse suivante : {place}."
    )];
    for (field, start) in [("emplacement", "Emplacement"), ("description", "Objet")] {
        paragraphs.extend(request.answers.text(field).map(|text| format!("{start} : {}.", clause(text))));
    }
    if request.is_anchored() && !file.matters().ground {
        paragraphs.extend(file.place.manager.map(|manager| {
            format!("L’ancrage dans le sol demande en outre la permission de voirie de {}.", manager.nom)
        }));
    }
    article("Autorisation", paragraphs, measures(file))
}

fn slot(file: &File<'_>, stay: Stay) -> &'static str {
    match (stay.slot, file.request.answers.text("creneau")) {
        (Slot::Half, Some("matin")) => " (le matin)",
        (Slot::Half, Some("apres-midi")) => " (l’après-midi)",
        _ => "",
    }
}

fn measures(file: &File<'_>) -> Vec<String> {
    let answers = file.request.answers;
    let metres = |decimal: Decimal| format!("{} m", french::number(decimal));
    let mut list = Vec::new();
    if let Some(length) = answers.decimal("longueur") {
        let ground = file.request.measures.ground();
        list.push(match answers.decimal("largeur") {
            Some(width) => {
                format!("emprise : {} sur {}, soit {} m²", metres(length), metres(width), french::number(ground))
            }
            None => format!("longueur : {}", metres(length)),
        });
    }
    if let Some(places) = answers.integer("places").filter(|places| *places > 0) {
        list.push(format!("places de stationnement : {places}"));
    }
    if let Some(items) = answers.integer("nombre") {
        list.push(format!("bennes : {items}"));
    }
    let rows = answers.rows("immatriculation");
    let plates: Vec<&str> = (0..rows).filter_map(|row| answers.in_row(row).text("immatriculation")).collect();
    if !plates.is_empty() {
        list.push(format!("véhicules : {}", plates.join(", ")));
    }
    if let Some(reference) = answers.text("declaration_prealable") {
        list.push(format!("autorisation d’urbanisme : {reference}"));
    }
    list
}

fn traffic(file: &File<'_>) -> Article {
    let request = &file.request;
    let rules = [
        (
            "place",
            "le stationnement est interdit sur l’emprise et y est gênant au sens de l’article R417-10 du code de la route",
        ),
        (
            "trottoir",
            "le trottoir est occupé au droit de l’installation ; les piétons sont guidés par une signalisation",
        ),
        (
            "chaussee",
            "la chaussée est rétrécie au droit de l’installation ; la circulation s’y fait avec prudence, au besoin par alternat",
        ),
        ("rue", "la circulation est interdite dans la rue, sauf aux riverains et aux véhicules de secours"),
    ];
    let mut list: Vec<String> =
        rules.into_iter().filter(|(closed, _)| request.closes(closed)).map(|(_, rule)| rule.to_owned()).collect();
    list.extend(request.answers.text("deviation").map(|text| format!("déviation : {}", clause(text))));
    let display = file.settings.affichage_jours;
    article(
        "Circulation et stationnement",
        vec![
            "Pendant l’occupation, les mesures suivantes s’appliquent :".to_owned(),
            format!(
                "Le bénéficiaire pose et entretient la signalisation à ses frais, {display} jours au moins avant le premier \
                 jour pour les interdictions de stationner. L’accès des riverains et des secours reste possible à tout \
                 moment."
            ),
        ],
        list,
    )
}

fn prescriptions(file: &File<'_>) -> Article {
    let answers = file.request.answers;
    let mut list = vec!["l’installation est signalée de jour et éclairée de nuit".to_owned()];
    if let Some(passage) = answers.decimal("passage_pietons") {
        let least = Decimal::new(140, 2);
        list.push(if passage < least {
            "le passage laissé étant inférieur à 1,40 m, un cheminement protégé est fléché en face".to_owned()
        } else {
            format!("un passage libre de {} m au moins est laissé aux piétons", french::number(passage))
        });
    }
    if let Some(phone) = answers.text("astreinte") {
        let name = answers.text("intervenant").unwrap_or("l’entreprise");
        list.push(format!("{name} reste joignable jour et nuit au {}", french::phone(phone)));
    }
    if file.request.is_anchored() {
        list.push("le sol est remis en état à l’identique aux frais du bénéficiaire".to_owned());
    }
    if file.place.manager.is_some_and(|manager| manager.competence == Competence::Avis) {
        list.push("les demandes du gestionnaire de la voie sont respectées".to_owned());
    }
    list.extend(file.prescriptions.lines().map(clause).filter(|line| !line.is_empty()).map(str::to_owned));
    article("Prescriptions", vec!["Le bénéficiaire respecte les prescriptions suivantes :".to_owned()], list)
}

fn due(file: &File<'_>) -> Result<Article, SettingsError> {
    let Some(estimate) = &file.estimate else {
        return Ok(article(
            "Droits de voirie",
            vec!["Aucun tarif n’est en vigueur au premier jour : aucun droit n’est dû.".to_owned()],
            Vec::new(),
        ));
    };
    let version = estimate.version;
    let since = french::day(on("versions.effet", &version.effet)?);
    let mut paragraphs = Vec::new();
    if let Some(exemption) = estimate.exemption {
        paragraphs.push(format!(
            "L’occupation est exonérée de droits : {} ({}).",
            clause(&exemption.libelle),
            clause(&exemption.fondement)
        ));
        return Ok(article("Droits de voirie", paragraphs, Vec::new()));
    }
    if estimate.total.is_zero() {
        paragraphs.push(format!("Selon le tarif en vigueur depuis le {since}, aucun droit n’est dû."));
        return Ok(article("Droits de voirie", paragraphs, Vec::new()));
    }
    paragraphs.push(format!(
        "Les droits de voirie s’élèvent à {}, selon le tarif en vigueur depuis le {since} :",
        french::euros(estimate.total)
    ));
    let (payer, address) = (file.request.payer_name(), file.request.payer_address());
    let address = if address.is_empty() { String::new() } else { format!(", {address}") };
    paragraphs
        .push(format!("Ils sont dus par {payer}{address}, et encaissés par {}.", clause(&file.settings.comptable)));
    paragraphs.push(algorithmic().to_owned());
    let list = estimate.detail().lines().map(str::to_owned).collect();
    Ok(article("Droits de voirie", paragraphs, list))
}

fn execution(file: &File<'_>) -> Article {
    let collectivite = &file.settings.collectivite;
    article(
        "Exécution",
        vec![
            "Le bénéficiaire affiche cet arrêté sur place et le garde à disposition pendant toute l’occupation."
                .to_owned(),
            format!(
                "Les services de {collectivite} et la police municipale exécutent, chacun en ce qui le concerne, cet arrêté, \
                 qui est notifié au bénéficiaire et publié."
            ),
        ],
        Vec::new(),
    )
}

pub(super) fn refusing(file: &File<'_>) -> Vec<Article> {
    let request = &file.request;
    let who = request.applicant_name();
    let what = request.nature.map_or("l’occupation demandée", Nature::in_sentence);
    let when = request.stay.map_or_else(String::new, |stay| format!(", {}", french::stay(stay.first, stay.last)));
    let place = request.place().map(|place| place.line()).unwrap_or_default();
    vec![
        article(
            "Refus",
            vec![format!(
                "L’autorisation demandée par {who} pour {what}{when}, à l’adresse suivante : {place}, est refusée."
            )],
            Vec::new(),
        ),
        article("Exécution", vec!["Cet arrêté est notifié au demandeur.".to_owned()], Vec::new()),
    ]
}
