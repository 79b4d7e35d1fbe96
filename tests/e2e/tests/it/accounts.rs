//! A citizen with an account.

use anyhow::{Context, Result, ensure};

use crate::demo::{Demo, Page, Visitor};

/// Password of the accounts of the tests.
pub(crate) const PASSWORD: &str = "un chat dort sur le toit";

impl Demo {
    /// Someone who created an account and confirmed its address by mail.
    pub(crate) async fn citizen_with_account(&self, host: &str, email: &str) -> Result<Visitor> {
        let citizen = self.visitor(host)?;
        let ask = citizen.get("/compte/creer").await?;
        let answers = [("prenom", "Léa"), ("nom", "Martin"), ("email", email), ("mot-de-passe", PASSWORD)];
        citizen.submit(&ask, "/compte/creer", &answers).await?;
        let mail = self.mail_to(email, "Confirmez votre adresse").await?;
        let body = mail["body"].as_str().context("body")?;
        let link = body.split("/compte/confirmer/").nth(1).and_then(|rest| rest.split_whitespace().next());
        let confirm = citizen.get(&format!("/compte/confirmer/{}", link.context("the link")?)).await?;
        let inside = citizen.submit(&confirm, &confirm.path, &[("mot-de-passe", PASSWORD)]).await?;
        ensure!(inside.path == "/compte", "on {}: {}", inside.path, inside.text());
        Ok(citizen)
    }
}

impl Visitor {
    /// Signs in to the account, on the page that asks it.
    pub(crate) async fn sign_in(&self, on: &Page, email: &str, password: &str) -> Result<Page> {
        self.submit(on, "/compte/connexion", &[("email", email), ("mot-de-passe", password)]).await
    }
}
