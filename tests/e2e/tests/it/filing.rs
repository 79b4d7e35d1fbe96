//! A citizen of Valbrune who fills the form as far as a test wants.

use anyhow::{Context, Result, ensure};
use reqwest::StatusCode;

use crate::demo::{Page, Visitor};

pub(crate) const VALBRUNE: &str = "valbrune.localhost";

pub(crate) const APPLICANT: [(&str, &str); 8] = [
    ("f.type_demandeur", "particulier"),
    ("f.prenom", "Léa"),
    ("f.nom", "Martin"),
    ("f.adresse.street", "3 rue des Lilas"),
    ("f.adresse.postal_code", "75001"),
    ("f.adresse.town", "Valbrune"),
    ("f.courriel", "lea@exemple.example"),
    ("f.payeur_autre", "non"),
];

const PHONE: (&str, &str) = ("f.telephone", "01 99 00 11 22");

pub(crate) const PLACE: [(&str, &str); 3] = [
    ("f.adresse_occupation.street", "12 rue de la République"),
    ("f.adresse_occupation.postal_code", "75001"),
    ("f.adresse_occupation.town", "Valbrune"),
];

pub(crate) const DATES: [(&str, &str); 6] = [
    ("f.date_debut.day", "12"),
    ("f.date_debut.month", "3"),
    ("f.date_debut.year", "2031"),
    ("f.date_fin.day", "14"),
    ("f.date_fin.month", "3"),
    ("f.date_fin.year", "2031"),
];

pub(crate) const REMOVAL: [(&str, &str); 3] = [("f.nature", "demenagement"), ("f.longueur", "10"), ("f.places", "2")];

pub(crate) const SKIP: [(&str, &str); 8] = [
    ("f.nature", "benne"),
    ("f.longueur", "5"),
    ("f.largeur", "2,5"),
    ("f.places", "2"),
    ("f.nombre", "1"),
    ("f.intervenant", "Bennes du Val"),
    ("f.astreinte", "01 99 00 22 33"),
    ("f.travaux_facade", "non"),
];

/// The smallest file that is a PDF.
pub(crate) const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n\
trailer<</Root 1 0 R>>\n%%EOF\n";

/// What the citizen is told once her request is filed.
#[derive(Debug, Clone)]
pub(crate) struct Filed {
    pub(crate) number: String,
    pub(crate) code: String,
    pub(crate) dossier: String,
}

impl Filed {
    pub(crate) fn from(page: &Page) -> Result<Self> {
        let text = page.text();
        let dossier = page.path.strip_suffix("/depot").context("the confirmation")?.to_owned();
        Ok(Self {
            number: word_after(&text, "Numéro de dossier :")?,
            code: word_after(&text, "Code de suivi :")?,
            dossier,
        })
    }
}

impl Filed {
    /// The same for an account, which needs no code.
    pub(crate) fn of_account(page: &Page) -> Result<Self> {
        let dossier = page.path.strip_suffix("/depot").context("the confirmation")?.to_owned();
        Ok(Self { number: word_after(&page.text(), "Numéro de dossier :")?, code: String::new(), dossier })
    }
}

fn word_after(text: &str, label: &str) -> Result<String> {
    let rest = text.split(label).nth(1).with_context(|| format!("no « {label} » in: {text}"))?;
    Ok(rest.split_whitespace().next().unwrap_or_default().to_owned())
}

impl Visitor {
    /// Opens a draft; its first page.
    pub(crate) async fn start(&self) -> Result<Page> {
        let presented = self.get("/demarches/domaine-public").await?;
        self.submit(&presented, "/commencer", &[]).await
    }

    /// Sends a page of the form; once more when its answers bring other questions.
    pub(crate) async fn answer(&self, on: &Page, answers: &[(&str, &str)]) -> Result<Page> {
        let sent = self.submit(on, &on.path, answers).await?;
        if sent.path == on.path { self.submit(&sent, &on.path, answers).await } else { Ok(sent) }
    }

    /// Up to the page of the occupation.
    pub(crate) async fn up_to_occupation(&self) -> Result<Page> {
        let first = self.start().await?;
        let place = self.answer(&first, &[&APPLICANT[..], &[PHONE]].concat()).await?;
        let occupation = self.answer(&place, &PLACE).await?;
        ensure!(occupation.path.ends_with("/occupation"), "on {}: {}", occupation.path, occupation.text());
        Ok(occupation)
    }

    /// Up to the documents of a skip.
    pub(crate) async fn up_to_pieces(&self) -> Result<Page> {
        let occupation = self.up_to_occupation().await?;
        let pieces = self.answer(&occupation, &[&SKIP[..], &DATES].concat()).await?;
        ensure!(pieces.path.ends_with("/pieces"), "on {}: {}", pieces.path, pieces.text());
        Ok(pieces)
    }

    /// Up to the page that files a removal.
    pub(crate) async fn up_to_check(&self) -> Result<Page> {
        self.up_to_check_with(&[]).await
    }

    async fn up_to_check_with(&self, more: &[(&str, &str)]) -> Result<Page> {
        let occupation = self.up_to_occupation().await?;
        let pieces = self.answer(&occupation, &[&REMOVAL[..], &DATES, more].concat()).await?;
        let check = self.answer(&pieces, &[]).await?;
        ensure!(check.path.ends_with("/verifier"), "on {}: {}", check.path, check.text());
        Ok(check)
    }

    /// Files a removal.
    pub(crate) async fn file_removal(&self) -> Result<Filed> {
        self.file_removal_with(&[]).await
    }

    /// Files a removal with more answers about the occupation.
    pub(crate) async fn file_removal_with(&self, more: &[(&str, &str)]) -> Result<Filed> {
        let check = self.up_to_check_with(more).await?;
        let filed = self.submit(&check, "/deposer", &[]).await?;
        ensure!(filed.status == StatusCode::OK, "{}: {}", filed.status, filed.text());
        Filed::from(&filed)
    }

    /// Opens a dossier by its number and its code.
    pub(crate) async fn track(&self, filed: &Filed) -> Result<Page> {
        let ask = self.get("/suivi").await?;
        self.submit(&ask, "/suivi", &[("numero", &filed.number), ("code", &filed.code)]).await
    }

    /// Signs an agent of Valbrune in; her inbox.
    pub(crate) async fn sign_in_agent(&self, who: &str) -> Result<Page> {
        self.sign_in_agent_of("valbrune", who).await
    }

    /// Signs an agent of a town in; her inbox.
    pub(crate) async fn sign_in_agent_of(&self, town: &str, who: &str) -> Result<Page> {
        let ask = self.get("/agents/connexion").await?;
        let email = format!("{who}@{town}.example");
        let inbox = self
            .submit(&ask, "/agents/connexion", &[("email", &email), ("password", "parvis en demonstration")])
            .await?;
        ensure!(inbox.path == "/agents/", "{who} is on {}: {}", inbox.path, inbox.text());
        Ok(inbox)
    }
}
