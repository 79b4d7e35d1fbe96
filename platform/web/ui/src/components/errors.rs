//! Pages of failure: what happened, what became of the answers, what to do. No code, no blame.

use askama::Template;
use poem::{
    Response,
    http::{HeaderValue, StatusCode, header},
};

use crate::{
    WebError, assets,
    components::Link,
    page::{self, Nav, Page},
    text,
    visit::Visit,
};

#[derive(Template)]
#[template(path = "errors/page.html")]
struct ErrorPage {
    page: Page,
    paragraphs: Vec<String>,
    links: Vec<Link>,
    reference: String,
}

#[derive(Template)]
#[template(path = "errors/bare.html")]
struct BarePage {
    title: &'static str,
    paragraphs: &'static [&'static str],
    reference: String,
    sheet: String,
}

/// What a page of failure says.
struct Words {
    title: &'static str,
    paragraphs: Vec<String>,
    links: Vec<Link>,
}

/// The page of a failure in a town.
pub fn page(visit: &Visit, error: Option<&WebError>, status: StatusCode) -> Response {
    let words = words(error, status, &visit.path, visit.town.parvis.config.limits.piece_octets);
    let nav = if visit.path.starts_with("/agents") {
        Nav { home: "/agents".to_owned(), place: "Espace des agents".to_owned(), ..Nav::default() }
    } else {
        Nav::portal(&visit.path)
    };
    let error_page = ErrorPage {
        page: Page::new(visit, words.title).with_nav(nav).private(),
        paragraphs: words.paragraphs,
        links: words.links,
        reference: visit.request_id.to_string(),
    };
    let mut response = page::html(status, &error_page)
        .unwrap_or_else(|_| Response::builder().status(StatusCode::INTERNAL_SERVER_ERROR).body(words.title));
    if let Some(seconds) = error.and_then(WebError::retry_after) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The page shown where there is no town.
pub(crate) fn page_without_town(error: &WebError, reference: &str) -> Response {
    let (status, title, paragraphs): (_, _, &[&str]) = match error {
        WebError::UnknownTown => (
            StatusCode::NOT_FOUND,
            "Adresse inconnue",
            &["Aucune collectivité n’est servie à cette adresse.", "Vérifiez l’adresse, lettre par lettre."],
        ),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Service momentanément indisponible",
            &["Ce qui était enregistré est conservé.", "Réessayez dans quelques minutes."],
        ),
    };
    let bare = BarePage { title, paragraphs, reference: reference.to_owned(), sheet: assets::sheet() };
    page::html(status, &bare).unwrap_or_else(|_| Response::builder().status(status).body(title))
}

fn words(error: Option<&WebError>, status: StatusCode, path: &str, file_limit: u64) -> Words {
    let too_large = format!(
        "Ce fichier dépasse la limite de {} : il n’a pas été ajouté. Vos réponses et vos autres fichiers sont conservés.",
        text::size(file_limit)
    );
    let (title, paragraphs): (&'static str, Vec<&str>) = match (error, status) {
        (Some(WebError::CrossSite), _) => (
            "Cette page n’est plus à jour",
            vec![
                "Ce que vous venez d’envoyer n’a pas été pris en compte : la page d’où vous venez était trop ancienne, ou \
                 appartenait à un autre site.",
                "Ce que vous aviez enregistré auparavant est conservé. Revenez à la page précédente, rechargez-la, puis \
                 recommencez.",
            ],
        ),
        (Some(WebError::Refused(sentence)), _) if !sentence.is_empty() => {
            ("Cette action n’est pas possible maintenant", vec![sentence, "Ce qui était enregistré est conservé."])
        }
        (Some(WebError::Conflict), _) => (
            "Ce dossier vient de changer",
            vec![
                "Quelqu’un d’autre l’a modifié au même moment. Rien n’a été enregistré de votre dernière action.",
                "Revenez au dossier pour voir son état, puis recommencez si c’est toujours utile.",
            ],
        ),
        (_, StatusCode::FORBIDDEN) => (
            "Vous n’avez pas accès à cette page",
            vec!["Cette page est réservée à d’autres personnes. Rien n’a été modifié."],
        ),
        (_, StatusCode::NOT_FOUND) => (
            "Page introuvable",
            vec![
                "Si vous avez saisi l’adresse, vérifiez-la.",
                "Si vous avez suivi un lien, la page a peut-être été retirée, ou n’est ouverte qu’à une autre personne : \
                 connectez-vous, ou donnez votre numéro de dossier et son code de suivi.",
            ],
        ),
        (_, StatusCode::METHOD_NOT_ALLOWED) => (
            "Cette page s’ouvre autrement",
            vec!["Cette adresse ne se visite pas directement. Vos réponses enregistrées sont conservées."],
        ),
        (Some(WebError::TooLong), _) => (
            "Votre texte est trop long",
            vec![
                "Cette page n’a pas été enregistrée : ce que vous y avez écrit dépasse ce que nous pouvons recevoir. Ce \
                 qui était enregistré auparavant est conservé.",
                "Revenez à la page précédente, votre texte y est encore, et raccourcissez-le. Un long texte peut être joint \
                 comme fichier PDF.",
            ],
        ),
        (_, StatusCode::PAYLOAD_TOO_LARGE) => (
            "Le fichier est trop lourd",
            vec![
                &too_large,
                "Revenez à la page précédente et choisissez un fichier plus léger, par exemple une photo en qualité \
                 moyenne ou un PDF compressé.",
            ],
        ),
        (_, StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST) => (
            "Votre envoi n’a pas pu être lu",
            vec!["Ce que vous aviez enregistré est conservé. Revenez à la page précédente et recommencez."],
        ),
        (_, StatusCode::TOO_MANY_REQUESTS) => (
            "Trop d’essais en peu de temps",
            vec!["Pour protéger les dossiers, nous limitons le nombre d’essais. Réessayez dans quelques minutes."],
        ),
        (Some(WebError::Demarche), _) => (
            "Cette démarche ne fonctionne pas en ce moment",
            vec![
                "Un problème technique l’empêche de répondre. Ce que vous aviez enregistré est conservé.",
                "Réessayez dans quelques minutes. Si cela dure, appelez la collectivité : ses coordonnées sont en bas de                  page.",
            ],
        ),
        (_, StatusCode::SERVICE_UNAVAILABLE) => (
            "Service momentanément indisponible",
            vec![
                "Beaucoup de personnes utilisent le service en ce moment. Ce que vous aviez enregistré est conservé.",
                "Réessayez dans quelques instants.",
            ],
        ),
        _ => (
            "Un problème est survenu de notre côté",
            vec![
                "Votre dernière action n’a peut-être pas été prise en compte. Ce que vous aviez enregistré auparavant est \
                 conservé.",
                "Réessayez dans quelques minutes.",
            ],
        ),
    };
    Words { title, paragraphs: paragraphs.into_iter().map(str::to_owned).collect(), links: links(path) }
}

fn links(path: &str) -> Vec<Link> {
    if path.starts_with("/agents") {
        return vec![Link::new("/agents", "Revenir à l’espace des agents")];
    }
    let mut pieces = path.split('/').skip(1);
    let mut links = Vec::new();
    if let (Some("brouillons"), Some(draft)) = (pieces.next(), pieces.next()) {
        links.push(Link::new(&format!("/brouillons/{draft}"), "Reprendre votre demande là où elle en était"));
    }
    links.push(Link::new("/", "Aller à l’accueil"));
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_of_failure_says_what_became_of_the_answers_without_blame() {
        for status in [403, 404, 405, 413, 422, 429, 500, 503] {
            let words = words(None, StatusCode::from_u16(status).unwrap(), "/brouillons/0/lieu", 1024);
            let text = format!("{} {}", words.title, words.paragraphs.join(" ")).to_lowercase();
            for forbidden in ["désolé", "oups", "invalide", "interdit", "s’il vous plaît", "maintenance", "erreur"]
            {
                assert!(!text.contains(forbidden), "{status}: {forbidden}");
            }
            assert!(words.links.iter().any(|link| link.href == "/brouillons/0"), "{status}");
        }
    }
}
