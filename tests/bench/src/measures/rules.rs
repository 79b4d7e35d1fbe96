//! (c) `evaluate` of the démarche on twenty answers: a fresh store and a fresh instance at each call, limits, conversion
//! both ways and checks included; against the same rules compiled natively and called on the same values.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use parvis_domain::{
    rules::{Context, DossierView, Rules},
    settings::Settings,
    value::{Answer, Answers},
};
use parvis_domaine_public::DomainePublic;
use parvis_sdk::Demarche;
use serde_json::json;

use super::Around;
use crate::{
    product::{DEMARCHE, Product},
    table::{Line, spread},
    timing::{Samples, shown},
};

pub(crate) async fn measure(around: Around<'_>) -> Result<Vec<Line>> {
    let product = Product::with_towns(around.folder, around.components).await?;
    let town = product.town().await?;
    let offered = town.catalogue.get(DEMARCHE).expect("the town offers the démarche").clone();
    let context = context(std::sync::Arc::clone(&offered.settings));
    let view = DossierView {
        number: String::new(),
        revision: 1,
        state: String::new(),
        filed_at: None,
        answers: answers()?,
        memory: serde_json::Value::Null,
    };
    ensure!(view.answers.len() == 20, "twenty answers, not {}", view.answers.len());
    let (native_context, native_dossier) = (native::context(&context), native::dossier(&view));
    let runs = around.scale.pick(4000, 20);
    let host = product.host.clone();
    let (sandboxed, native) = tokio::task::spawn_blocking(move || -> Result<(Samples, Samples)> {
        let (mut sandboxed, mut native) = (Samples::default(), Samples::default());
        for run in 0..runs + runs / 10 {
            let started = Instant::now();
            black_box(host.evaluate(offered.component, &context, &view, Some("occupation"))?);
            let took = started.elapsed();
            let started = Instant::now();
            black_box(DomainePublic::evaluate(&native_context, &native_dossier, Some("occupation")));
            if run >= runs / 10 {
                sandboxed.push(took);
                native.push(started.elapsed());
            }
        }
        Ok((sandboxed, native))
    })
    .await??;
    product.close().await?;
    let median = sandboxed.median();
    let ratio = native.median().as_secs_f64() / median.as_secs_f64();
    let name = "evaluate on 20 answers, one thread";
    Ok(vec![
        Line::new(name, spread(&sandboxed)).within(median, Duration::from_micros(60)),
        Line::new("the same against the rules run natively", shown(median)).compared(spread(&native), ratio),
    ])
}

/// A Monday, in a town, for a visitor.
fn context(settings: std::sync::Arc<Settings>) -> Context {
    use parvis_domain::{
        calendar::{Calendar, Region},
        rules::{ActorKind, RulesActor},
    };
    let closed = Calendar::new(Region::Metropole).closed_days(jiff::civil::date(2026, 11, 23), 24);
    Context {
        now: "2026-11-23T10:00:00+01:00".to_owned(),
        zone: "Europe/Paris".to_owned(),
        closed_days: closed.into_iter().map(|day| day.to_string()).collect(),
        language: "fr".to_owned(),
        channel: "web".to_owned(),
        trial: false,
        seed: "0".repeat(64),
        actor: RulesActor { kind: ActorKind::Usager, id: String::new(), function: String::new() },
        settings,
        replies: Vec::new(),
        extra: Answers::default(),
    }
}

/// A complete request for an échafaudage on the pavement.
fn answers() -> Result<Answers> {
    let address =
        |street: &str| json!({ "json": { "street": street, "postal_code": "23910", "town": "Valbrune", "note": "" } });
    let text = |text: &str| json!({ "text": text });
    let list = [
        ("type_demandeur", text("entreprise")),
        ("raison_sociale", text("Toitures du Val")),
        ("siret", text("73282932000074")),
        ("prenom", text("Ana")),
        ("nom", text("Duval")),
        ("adresse", address("4 rue des Lilas")),
        ("courriel", text("ana@toitures.example")),
        ("telephone", text("0199001234")),
        ("payeur_autre", json!({ "boolean": false })),
        ("adresse_occupation", address("12 bis rue Pasteur")),
        ("nature", text("echafaudage")),
        ("ancrage", json!({ "boolean": false })),
        ("date_debut", json!({ "date": "2027-02-01" })),
        ("date_fin", json!({ "date": "2027-02-12" })),
        ("longueur", json!({ "decimal": "6" })),
        ("largeur", json!({ "decimal": "1.50" })),
        ("fermetures", json!({ "choices": ["trottoir"] })),
        ("passage_pietons", json!({ "decimal": "1.40" })),
        ("intervenant", text("Toitures du Val")),
        ("astreinte", text("0199005678")),
    ];
    let answers = list.into_iter().map(|(field, value)| {
        Ok(serde_json::from_value::<Answer>(json!({ "at": { "field": field }, "value": value }))?)
    });
    Ok(Answers::from(answers.collect::<Result<Vec<_>>>()?))
}

/// The same values, as the démarche sees them.
mod native {
    use parvis_domain::{
        rules::{Context as Given, DossierView},
        value::Value as Held,
    };
    use parvis_sdk::{Actor, ActorKind, Answer, Context, Dossier, Target, Value};

    pub(super) fn context(given: &Given) -> Context {
        Context {
            now: given.now.clone(),
            zone: given.zone.clone(),
            closed_days: given.closed_days.clone(),
            language: given.language.clone(),
            channel: given.channel.clone(),
            trial: given.trial,
            seed: given.seed.clone(),
            actor: Actor { kind: ActorKind::Usager, id: String::new(), function: String::new() },
            settings: given.settings.json().to_owned(),
            replies: Vec::new(),
            extra: Vec::new(),
        }
    }

    pub(super) fn dossier(view: &DossierView) -> Dossier {
        let answers = view
            .answers
            .iter()
            .map(|(at, held)| Answer { at: Target { field: at.field.clone(), row: at.row }, value: value(held) });
        Dossier {
            number: view.number.clone(),
            revision: view.revision,
            state: view.state.clone(),
            filed_at: view.filed_at.clone(),
            answers: answers.collect(),
            memory: view.memory.to_string(),
        }
    }

    fn value(held: &Held) -> Value {
        match held {
            Held::Empty | Held::Pieces(_) => Value::Empty,
            Held::Text(text) => Value::of_text(text),
            Held::Integer(number) => Value::Integer(*number),
            Held::Decimal(number) => Value::Decimal(number.to_string()),
            Held::Boolean(answer) => Value::Boolean(*answer),
            Held::Date(date) => Value::Date(date.to_string()),
            Held::Instant(local) => Value::Instant(local.to_string()),
            Held::Choices(list) => Value::Choices(list.clone()),
            Held::Json(json) => Value::Json(json.to_string()),
        }
    }
}
