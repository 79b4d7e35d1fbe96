//! (b) Filing a complete dossier, from the use case on (`evaluate` and `handle` in the sandbox, the checks, the chain,
//! one durable commit with the outbox), against bare SQLite transactions that write the same rows under the same
//! settings of the file. In turns, on the same disk.

use std::{net::Ipv4Addr, sync::Arc, time::Instant};

use anyhow::{Context, Result, bail};
use parvis_domain::{dossier::Channel, ids::DraftId, policy::Actor};
use parvis_usecases::{
    brouillons::{
        self,
        view::{After, FileOutcome, SaveOutcome, Step},
    },
    dossiers,
    formulaire::Inputs,
    parvis::Town,
    throttle::ClientAddress,
};

use super::{
    Around,
    rows::{Bare, Files},
};
use crate::{
    citizen,
    product::{DEMARCHE, Product},
    table::{Line, spread},
    timing::{Samples, per_second, shown},
};

/// Filings at once, in the second half of the measure.
const AT_ONCE: u32 = 8;

pub(crate) async fn measure(around: Around<'_>) -> Result<Vec<Line>> {
    let product = Product::with_towns(around.folder, around.components).await?;
    let town = product.town().await?;
    let mut citizens = 0..;
    // The first filings open the outbox's place in the index of due work; the one that is copied is like those after it.
    for draft in drafts(&town, 3, &mut citizens).await? {
        file(&town, draft).await?;
    }
    let files = Files::of(&around.folder.join("databases"), town.id);
    let recorded = drafts(&town, 1, &mut citizens).await?;
    let before = files.snapshot().await?;
    for draft in recorded {
        file(&town, draft).await?;
    }
    let mut bare = Bare::between(&files, &before, &files.snapshot().await?, around.folder).await?;

    let (rounds, each) = (around.scale.pick(12, 1), around.scale.pick(25, 2));
    let (mut filings, mut writes) = (Samples::default(), Samples::default());
    for _ in 0..rounds {
        for draft in drafts(&town, each, &mut citizens).await? {
            let started = Instant::now();
            file(&town, draft).await?;
            filings.push(started.elapsed());
        }
        bare.prepare(each).await?;
        for _ in 0..each {
            let started = Instant::now();
            bare.write().await?;
            writes.push(started.elapsed());
        }
    }
    let ratio = writes.median().as_secs_f64() / filings.median().as_secs_f64();
    let one = Line::new("filing a dossier, one after another", spread(&filings));
    let together = together(&town, rounds * each, &mut citizens).await?;
    let alone = per_second(writes.len(), writes.total());
    let many = Line::new(format!("filing a dossier, {AT_ONCE} at once"), format!("{together:.0}/s"));
    let lines = vec![
        one.against(format!("{}: {}", bare.summary(), spread(&writes)), ratio, 0.5),
        many.compared(format!("{alone:.0}/s, the file's only writer"), together / alone),
        Line::new("of which reads, sandbox and checks", shown(filings.median().saturating_sub(writes.median()))),
    ];
    bare.close().await?;
    product.close().await?;
    Ok(lines)
}

/// Filings a second when several citizens file at once.
async fn together(town: &Town, count: u32, citizens: &mut impl Iterator<Item = u32>) -> Result<f64> {
    let drafts = drafts(town, count, citizens).await?;
    let waiting = Arc::new(tokio::sync::Mutex::new(drafts));
    let started = Instant::now();
    let filing: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (town, waiting) = (town.clone(), Arc::clone(&waiting));
            tokio::spawn(async move {
                loop {
                    let Some(draft) = waiting.lock().await.pop() else { return anyhow::Ok(()) };
                    file(&town, draft).await?;
                }
            })
        })
        .collect();
    for citizen in filing {
        citizen.await?.context("filing at once")?;
    }
    Ok(per_second(usize::try_from(count)?, started.elapsed()))
}

/// Complete drafts, ready to be filed.
async fn drafts(town: &Town, count: u32, citizens: &mut impl Iterator<Item = u32>) -> Result<Vec<DraftId>> {
    let mut drafts = Vec::new();
    for citizen in citizens.take(usize::try_from(count)?) {
        drafts.push(complete(town, citizen).await?);
    }
    Ok(drafts)
}

async fn complete(town: &Town, citizen: u32) -> Result<DraftId> {
    let started = brouillons::start(
        town,
        &Actor::Visitor,
        DEMARCHE,
        Channel::Web,
        ClientAddress::new(Ipv4Addr::LOCALHOST.into()),
    )
    .await?;
    let actor = Actor::DraftHolder(started.draft);
    let mut step = started.first;
    for _ in 0..12 {
        let Step::Page(page) = &step else { return Ok(started.draft) };
        let mut inputs = Inputs::new();
        for (name, value) in citizen::answers(page, citizen) {
            inputs.entry(name).or_default().push(value);
        }
        step = match brouillons::save_page(town, &actor, started.draft, page, After::Next, &inputs).await? {
            SaveOutcome::Go(next) => next,
            // What was just answered shows other questions of the same page.
            SaveOutcome::Invalid(view) if view.form.mistakes.is_empty() => step,
            SaveOutcome::Invalid(view) => bail!("the page {page} is refused: {:?}", view.form.mistakes),
            SaveOutcome::Changed(_) | SaveOutcome::Filed(_) => bail!("the page {page} is not saved"),
        };
    }
    bail!("the form has no end")
}

async fn file(town: &Town, draft: DraftId) -> Result<()> {
    match dossiers::file(town, &Actor::DraftHolder(draft), draft).await? {
        FileOutcome::Filed(_) => Ok(()),
        FileOutcome::Elsewhere(step) => bail!("the draft is not complete: {step:?}"),
        FileOutcome::Invalid(view) => bail!("the draft is refused: {:?}", view.problems),
    }
}
