//! Agents at work on a dossier, as far as a test wants.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::StatusCode;

use crate::{
    demo::{Demo, Page, Visitor},
    filing::{Filed, VALBRUNE},
};

/// The first answers of each action that a test needs to go on.
const GRANT: [(&str, &str); 1] = [("f.prescriptions", "Laisser 1,40 m aux piétons.")];

impl Filed {
    /// Where agents see the dossier.
    pub(crate) fn at_work(&self) -> String {
        let id = self.dossier.rsplit('/').next().unwrap_or_default();
        format!("/agents/dossiers/{id}")
    }
}

impl Demo {
    /// An agent of Valbrune, signed in.
    pub(crate) async fn agent(&self, who: &str) -> Result<Visitor> {
        let agent = self.visitor(VALBRUNE)?;
        agent.sign_in_agent(who).await?;
        Ok(agent)
    }

    /// An agent of another town, signed in.
    pub(crate) async fn agent_of(&self, town: &str, who: &str) -> Result<Visitor> {
        let agent = self.visitor(&format!("{town}.localhost"))?;
        agent.sign_in_agent_of(town, who).await?;
        Ok(agent)
    }
}

impl Visitor {
    /// The dossier on the agent's screen.
    pub(crate) async fn dossier(&self, filed: &Filed) -> Result<Page> {
        self.get(&filed.at_work()).await
    }

    /// Does an action of the workflow, through its button or through its form; the page that follows.
    pub(crate) async fn act(&self, filed: &Filed, action: &str, answers: &[(&str, &str)]) -> Result<Page> {
        let at = format!("{}/actions/{action}", filed.at_work());
        let dossier = self.dossier(filed).await?;
        if dossier.form_to(&at).is_ok() {
            return self.submit(&dossier, &at, answers).await;
        }
        let form = self.get(&at).await?;
        if form.status != StatusCode::OK {
            return Ok(form);
        }
        self.submit(&form, &at, answers).await
    }

    /// The same, when it must succeed.
    pub(crate) async fn acts(&self, filed: &Filed, action: &str, answers: &[(&str, &str)]) -> Result<Page> {
        let done = self.act(filed, action, answers).await?;
        ensure!(done.status == StatusCode::OK && done.path == filed.at_work(), "{action}: {}", done.text());
        Ok(done)
    }

    /// From the filing to the draft that waits for its signature.
    pub(crate) async fn prepares(&self, filed: &Filed) -> Result<Page> {
        self.acts(filed, "instruire", &[]).await?;
        self.acts(filed, "preparer-arrete", &GRANT).await
    }

    /// The document of a page whose name holds these words; documents are made soon after the act.
    pub(crate) async fn document(&self, path: &str, words: &str) -> Result<Vec<u8>> {
        let found = async {
            loop {
                let page = self.get(path).await?;
                let links = page.named_links("main a[href*='/pieces/'], main a[href*='/documents/']");
                let found = links.into_iter().find(|(to, name)| name.contains(words) && !to.contains("/apercu/"));
                if let Some((address, _)) = found {
                    return anyhow::Ok(address);
                }
            }
        };
        let found = tokio::time::timeout(Duration::from_secs(30), found).await;
        self.bytes(&found.with_context(|| format!("no document « {words} » on {path}"))??).await
    }
}
