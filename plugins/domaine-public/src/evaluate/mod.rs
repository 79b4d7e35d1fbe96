//! While the form is being filled: the estimate, what blocks, what only warns.
//!
//! The administration is régulièrement saisie by any request (article L112-8 du CRPA): a late or an early request, a
//! narrow passage or another road manager are told, and never prevent filing.

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use parvis_sdk::{
    Answers, Context, Dossier, FormState, SettingsError, Value,
    calendar::{Calendar, days_between, plus_days},
};
use rust_decimal::Decimal;

use crate::{
    french,
    place::{Place, place_of},
    request::{LONGEST_DAYS, Nature, Request},
    settings::{Competence, Settings},
    states,
    tariff::{Estimate, estimate_request},
};

/// The least width that a pedestrian needs, in metres (arrêté du 15 janvier 2007).
const LEAST_PASSAGE: Decimal = Decimal::from_parts(140, 0, 0, false, 2);

/// The largest ground of a temporary occupation, in square metres.
const LARGEST_GROUND: Decimal = Decimal::from_parts(5_000, 0, 0, false, 0);

/// What is shown, computed and wrong.
pub fn evaluate(context: &Context, draft: &Dossier, step: Option<&str>) -> FormState {
    let mut state = FormState::default();
    match step {
        Some(action) if states::STEPS.iter().any(|step| step.action == action) => {
            evaluate_action(&Request::new(Answers::new(&draft.answers)), &mut state);
        }
        _ => {
            if let Err(error) = evaluate_form(context, draft, &mut state) {
                // A wrong setting is the town's fault: the citizen goes on, the service is told by the trace.
                state.trace.push(error.to_string());
            }
        }
    }
    state
}

fn evaluate_form(context: &Context, draft: &Dossier, state: &mut FormState) -> Result<(), SettingsError> {
    let request = Request::new(Answers::new(&draft.answers));
    let settings = Settings::of(context)?;
    let place = place_of(&settings, &request);
    check_place(&settings, &request, &place, state);
    if let Some(calendar) = Calendar::new(context) {
        check_dates(&settings, &request, calendar, state);
    }
    check_measures(&request, state);
    check_works(&request, state);
    let estimate = estimate_request(&settings, &request, place.zone)?;
    state.computed.extend(computed(&settings, &request, &place));
    let (amount, detail) = match &estimate {
        Some(estimate) => (Value::of_decimal(estimate.total), Value::of_text(estimate.detail())),
        None => (Value::Empty, Value::Empty),
    };
    state.compute("montant_estime", amount);
    state.compute("detail_estime", detail);
    check_exemption(&settings, &request, estimate.as_ref(), state);
    Ok(())
}

/// What lists and the inbox show, from the answers as they stand.
pub fn computed(settings: &Settings<'_>, request: &Request<'_>, place: &Place<'_>) -> Vec<parvis_sdk::Answer> {
    use parvis_sdk::answer;
    let text = |text: String| if text.is_empty() { Value::Empty } else { Value::Text(text) };
    let deadline = request
        .stay
        .map_or(Value::Empty, |stay| Value::of_date(plus_days(stay.first, -i64::from(settings.affichage_jours))));
    vec![
        answer("zone", text(settings.zone(place.zone).unwrap_or(place.zone).to_owned())),
        answer("gestionnaire", text(place.manager.map_or_else(String::new, |manager| manager.nom.to_string()))),
        answer("echeance_travail", deadline),
        answer("resume", text(summary(request))),
        answer("nom_contact", text(request.applicant_name())),
    ]
}

/// "Échafaudage, 12 rue Pasteur, du 3 au 8 mars": one line that tells a request from others.
pub fn summary(request: &Request<'_>) -> String {
    let mut parts = Vec::new();
    parts.extend(request.nature.map(|nature| nature.title().to_owned()));
    parts.extend(
        request.place().map(|place| if place.street.is_empty() { place.note } else { place.street }.to_string()),
    );
    parts.extend(request.stay.map(|stay| french::stay(stay.first, stay.last)));
    parts.retain(|part| !part.trim().is_empty());
    parts.join(", ")
}

fn check_place(settings: &Settings<'_>, request: &Request<'_>, place: &Place<'_>, state: &mut FormState) {
    if let Some(manager) = place.manager {
        let street = place.street.map_or("Cette voie", |street| &*street.nom);
        let (name, phone) = (&manager.nom, &manager.telephone);
        let told = match manager.competence {
            Competence::Avis => return,
            Competence::Permission => format!(
                "{street} est gérée par {name}. Si l’installation est fixée dans le sol, la permission de voirie se \
                 demande aussi à {name}, au {phone}."
            ),
            Competence::Tout => format!(
                "{street} dépend de {name}, qui délivre l’autorisation. Vous pouvez l’appeler au {phone}. Si vous \
                 déposez ici, votre demande lui est transmise."
            ),
        };
        state.warn("adresse_occupation", "autre-gestionnaire", told);
    } else if place.street.is_none() && request.place().is_some_and(|place| !place.street.trim().is_empty()) {
        let zone = settings.zone(place.zone).unwrap_or(place.zone);
        state.warn(
            "adresse_occupation",
            "voie-inconnue",
            format!("Cette voie n’est pas dans la liste du service. L’estimation suit le tarif « {zone} » ; le service vérifie."),
        );
    }
}

fn check_dates(settings: &Settings<'_>, request: &Request<'_>, calendar: Calendar<'_>, state: &mut FormState) {
    let first = request.answers.date("date_debut");
    let last = request.answers.date("date_fin");
    if first.is_none() || last.is_some() && first != last {
        state.hide("creneau");
    }
    let Some(first) = first else { return };
    if first < calendar.today() {
        return state.block(
            "date_debut",
            "debut-passe",
            "Le premier jour est déjà passé. Indiquez une date à partir d’aujourd’hui.",
        );
    }
    if let Some(last) = last {
        check_length(request, first, last, state);
    }
    check_notice(settings, first, calendar, state);
}

fn check_length(request: &Request<'_>, first: Date, last: Date, state: &mut FormState) {
    if last < first {
        return state.block(
            "date_fin",
            "fin-avant-debut",
            "Le dernier jour est avant le premier. Vérifiez les deux dates.",
        );
    }
    let days = days_between(first, last) + 1;
    if days > i64::from(LONGEST_DAYS) {
        return state.block(
            "date_fin",
            "trop-long",
            "Une occupation temporaire dure trois ans au plus. Indiquez un dernier jour plus proche.",
        );
    }
    if request.nature == Some(Nature::Demenagement) && days > 7 {
        state.warn(
            "date_fin",
            "demenagement-long",
            "Un déménagement dure rarement plus d’une semaine. Vérifiez les dates.",
        );
    }
}

fn check_notice(settings: &Settings<'_>, first: Date, calendar: Calendar<'_>, state: &mut FormState) {
    let (notice, phone) = (settings.preavis_jours_ouvres, &settings.telephone);
    if is_urgent(settings, first, calendar) {
        state.warn(
            "date_debut",
            "delai-court",
            format!(
                "Il reste moins de {notice} jours ouvrés avant le premier jour. La demande est traitée en urgence, sans \
                 garantie de réponse à temps : appelez aussi le service au {phone}."
            ),
        );
    } else if days_between(calendar.today(), first) > i64::from(settings.anticipation_jours) {
        let days = settings.anticipation_jours;
        state.warn(
            "date_debut",
            "demande-anticipee",
            format!(
                "Le premier jour est dans plus de {days} jours. La demande est étudiée à l’approche de cette date."
            ),
        );
    }
}

/// Whether the first day comes before the notice that the service wants.
pub fn is_urgent(settings: &Settings<'_>, first: Date, calendar: Calendar<'_>) -> bool {
    calendar.worked_days_before(first) < u32::from(settings.preavis_jours_ouvres)
}

fn check_measures(request: &Request<'_>, state: &mut FormState) {
    let measures = request.measures;
    if request.answers.has("largeur") && measures.ground() > LARGEST_GROUND {
        state.block(
            "largeur",
            "emprise-impossible",
            "L’emprise dépasse 5 000 m². Vérifiez la longueur et la largeur, en mètres.",
        );
    }
    // Parking places are two metres wide at least, even when cars stand across the street.
    let least = measures.places * Decimal::TWO;
    if request.answers.has("longueur") && measures.places > Decimal::ONE && measures.length < least {
        state.block(
            "places",
            "places-impossibles",
            "Ce nombre de places ne tient pas dans la longueur indiquée. Vérifiez l’un et l’autre.",
        );
    }
    if let Some(passage) = request.answers.decimal("passage_pietons")
        && passage < LEAST_PASSAGE
    {
        state.warn(
            "passage_pietons",
            "passage-etroit",
            "Un passage de 1,40 m est nécessaire aux fauteuils et aux poussettes. Sinon, l’arrêté prévoit un passage protégé \
             en face.",
        );
    }
}

fn check_works(request: &Request<'_>, state: &mut FormState) {
    if request.answers.yes("travaux_facade") && !request.answers.has("declaration_prealable") {
        state.warn(
            "declaration_prealable",
            "declaration-absente",
            "Des travaux de façade ou de toit demandent le plus souvent une déclaration préalable. Envoyez sa référence dès \
             que vous l’avez.",
        );
    }
}

fn check_exemption(
    settings: &Settings<'_>,
    request: &Request<'_>,
    estimate: Option<&Estimate<'_>>,
    state: &mut FormState,
) {
    if settings.exonerations.is_empty() {
        state.hide("exoneration");
    }
    let Some(asked) = request.answers.text("exoneration") else { return };
    let label = settings.exonerations.iter().find(|exemption| exemption.code == asked);
    let granted = estimate.is_some_and(|estimate| estimate.exemption.is_some());
    if let (Some(exemption), false, true) = (label, granted, estimate.is_some()) {
        state.warn(
            "exoneration",
            "exoneration-ecartee",
            format!(
                "Ce motif ne concerne pas votre demande : « {} ». Le montant est estimé sans lui.",
                exemption.libelle
            ),
        );
    }
}

/// The form of an action: what its inputs must hold beyond being answered.
fn evaluate_action(request: &Request<'_>, state: &mut FormState) {
    for (field, message) in [
        ("motif_droit", "Indiquez les textes qui conduisent au refus."),
        ("motif_fait", "Indiquez ce qui, dans cette demande, conduit au refus."),
    ] {
        if request.answers.value(field).is_some() && !request.answers.has(field) {
            state.block(field, "motif-vide", message);
        }
    }
    for asked in request.answers.choices("pieces_demandees") {
        if !is_asked_of(asked, request.nature) {
            state.block(
                "pieces_demandees",
                "piece-sans-objet",
                "Ce document n’est pas dans le formulaire de cette demande. Choisissez « Autre document » et précisez.",
            );
        }
    }
}

/// Whether the form of a kind of occupation holds a supporting document.
pub fn is_asked_of(piece: &str, nature: Option<Nature>) -> bool {
    match piece {
        "plan" => matches!(nature, Some(Nature::Echafaudage | Nature::Terrasse | Nature::Chantier)),
        "assurance" => nature == Some(Nature::Benne),
        _ => true,
    }
}
