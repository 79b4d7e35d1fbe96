//! « Vu … » and « Considérant … ».

use parvis_sdk::{SettingsError, date};

use super::{File, Signing, clause};
use crate::{
    french,
    settings::on,
    signature::{Power, visa},
    workflow::Grounds,
};

pub(super) fn granting(file: &File<'_>, signing: Signing<'_>) -> Result<Vec<String>, SettingsError> {
    let mut visas = texts(file);
    if file.matters().traffic {
        visas.push("le code de la route, notamment son article L411-1".to_owned());
        visas.push(
            "l’instruction interministérielle sur la signalisation routière, livre I, huitième partie".to_owned(),
        );
    }
    if let Some(estimate) = &file.estimate {
        let version = estimate.version;
        let date = french::day(on("versions.date", &version.date)?);
        visas.push(format!("la délibération n° {} du {date} fixant les droits de voirie", version.deliberation));
    }
    close(file, signing, &mut visas)?;
    Ok(visas)
}

pub(super) fn refusing(file: &File<'_>, grounds: &Grounds, signing: Signing<'_>) -> Result<Vec<String>, SettingsError> {
    let mut visas = texts(file);
    visas.extend(lines(&grounds.law));
    close(file, signing, &mut visas)?;
    Ok(visas)
}

/// Texts that give the power, then the town's own.
fn texts(file: &File<'_>) -> Vec<String> {
    let settings = file.settings;
    let mut visas = vec![
        "le code général des collectivités territoriales, notamment ses articles L2212-2, L2213-1 et L2213-6"
            .to_owned(),
        "le code général de la propriété des personnes publiques, notamment ses articles L2122-1 à L2122-3 et L2125-1"
            .to_owned(),
        "le code de la voirie routière, notamment son article L113-2".to_owned(),
    ];
    visas.extend(
        [&settings.visa_transfert, &settings.visa_reglement].into_iter().flatten().map(|text| clause(text).to_owned()),
    );
    visas
}

/// Délégation, request and opinions.
fn close(file: &File<'_>, signing: Signing<'_>, visas: &mut Vec<String>) -> Result<(), SettingsError> {
    if let Signing::By(_, Power::Delegated(delegation)) = signing {
        visas.push(visa(delegation)?);
    }
    let filed = file
        .dossier
        .filed_at
        .as_deref()
        .and_then(date)
        .map_or_else(String::new, |day| format!(" reçue le {}", french::day(day)));
    visas.push(format!(
        "la demande n° {}{filed}, présentée par {}",
        file.dossier.number,
        file.request.applicant_name()
    ));
    let opinions =
        [("avis_voirie", "l’avis du service de la voirie"), ("avis_police", "l’avis de la police municipale")];
    for (field, name) in opinions {
        if file.request.answers.has(field) {
            visas.push(name.to_owned());
        }
    }
    Ok(())
}

pub(super) fn reasons(file: &File<'_>) -> Vec<String> {
    let what = file.request.nature.map_or("l’occupation", |nature| nature.in_sentence());
    let mut reasons = vec![format!(
        "que {what} rend nécessaire l’occupation temporaire du domaine public, et qu’elle reste compatible avec son \
         affectation"
    )];
    if file.matters().traffic {
        reasons.push(
            "qu’il appartient à l’autorité de police d’assurer la sécurité des usagers de la voie pendant l’occupation"
                .to_owned(),
        );
    }
    reasons
}

pub(super) fn refusal_reasons(grounds: &Grounds) -> Vec<String> {
    let sentence = |reason: String| {
        let follows = ["que ", "qu’", "qu'"].into_iter().any(|word| reason.starts_with(word));
        if follows { reason } else { format!("ce qui suit : {reason}") }
    };
    lines(&grounds.facts).into_iter().map(sentence).collect()
}

/// Lines of a text of an agent, without « Vu » nor « Considérant que » when she wrote them.
fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(clause)
        .map(|line| line.strip_prefix("Vu ").unwrap_or(line))
        .map(|line| line.strip_prefix("Considérant ").unwrap_or(line))
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}
