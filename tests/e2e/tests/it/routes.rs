//! Every route is refused without rights; the routes are read from the sources, so that none is forgotten.

use anyhow::{Context, Result};
use reqwest::{Method, StatusCode};

use crate::{
    demo::{Demo, root},
    filing::VALBRUNE,
};

/// An id that nobody has.
const UNKNOWN: &str = "01a20abc-df3c-77d2-a62e-cf9c9faded06";

/// Routes that a source declares, with an unknown id in place of each parameter.
fn declared(source: &str) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(root().join(source)).with_context(|| source.to_owned())?;
    let paths = text.split(".at(\"").skip(1).filter_map(|rest| rest.split('"').next());
    Ok(paths.map(filled).collect())
}

fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix(':') {
        None => part,
        Some("page") => "occupation",
        Some("action") => "instruire",
        Some("field") => "plan",
        Some(_) => UNKNOWN,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Who sees nothing of the dossiers of Valbrune: its administrator, and the agents of another town.
const BLIND: [(&str, &str); 3] =
    [("valbrune", "admin"), ("saint-elme-les-bois", "instructrice"), ("saint-elme-les-bois", "responsable")];

#[tokio::test]
async fn a_dossier_and_a_form_at_the_desk_exist_for_who_may_see_them_only() -> Result<()> {
    let demo = Demo::start().await?;
    let filed = demo.visitor(VALBRUNE)?.file_removal().await?;
    let desk = demo.agent("accueil").await?;
    let ask = desk.get("/agents/deposer").await?;
    let begun = desk.submit(&ask, "/agents/deposer", &[("demarche", "domaine-public"), ("canal", "guichet")]).await?;
    let draft = begun.path.split('/').nth(3).context("the draft")?;
    let dossier = filed.dossier.rsplit('/').next().context("the dossier")?;

    let held: Vec<String> = declared("platform/web/backoffice/src/lib.rs")?
        .into_iter()
        .filter_map(|path| {
            let (folder, rest) = path.trim_start_matches('/').split_once('/')?;
            let id = match folder {
                "dossiers" => dossier,
                "brouillons" => draft,
                _ => return None,
            };
            Some(format!("/agents/{folder}/{}", rest.replacen(UNKNOWN, id, 1)))
        })
        .collect();
    assert!(held.len() >= 15, "{held:?}");
    for (town, who) in BLIND {
        let agent = demo.agent_of(town, who).await?;
        let token = agent.get("/agents/connexion").await?.form_to("/agents/connexion")?;
        for path in &held {
            for answered in [agent.get(path).await?, agent.post(path, &token).await?] {
                let (status, path) = (answered.status, &answered.path);
                assert!(status.is_client_error(), "{who} of {town}: {path}: {status} {}", answered.text());
                assert!(!answered.body.contains("Lilas") && !answered.body.contains(&filed.number), "{who}: {path}");
            }
        }
    }
    Ok(())
}

/// What a visitor gets, redirections left alone.
async fn answered(demo: &Demo, method: Method, path: &str) -> Result<(StatusCode, String)> {
    let visitor = demo.still_visitor(VALBRUNE)?;
    let request = visitor.client.request(method, visitor.absolute(path)).header("origin", &visitor.base);
    let response = request.send().await?;
    let to = response.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
    Ok((response.status(), to))
}

#[tokio::test]
async fn every_route_is_refused_without_rights() -> Result<()> {
    let demo = Demo::start().await?;

    let open = ["/connexion", "/code"];
    let agents = declared("platform/web/backoffice/src/lib.rs")?;
    assert!(agents.len() >= 20, "{agents:?}");
    for path in agents.iter().filter(|path| !open.contains(&path.as_str())) {
        for method in [Method::GET, Method::POST] {
            let (status, to) = answered(&demo, method.clone(), &format!("/agents{path}")).await?;
            let signs_in = status == StatusCode::SEE_OTHER && to.starts_with("/agents/connexion");
            let refused = status.is_client_error();
            assert!(signs_in || refused, "{method} /agents{path}: {status} {to}");
        }
    }

    let portal = declared("platform/web/portal/src/lib.rs")?;
    let held = portal.iter().filter(|path| path.contains(UNKNOWN));
    for path in held {
        for method in [Method::GET, Method::POST] {
            let (status, to) = answered(&demo, method.clone(), path).await?;
            let leads_elsewhere = status == StatusCode::SEE_OTHER;
            assert!(leads_elsewhere || status.is_client_error(), "{method} {path}: {status} {to}");
        }
    }
    for path in ["", "/depot", "/recepisse", "/completer", "/retirer", &format!("/documents/{UNKNOWN}")] {
        let (status, _) = answered(&demo, Method::GET, &format!("/dossiers/{UNKNOWN}{path}")).await?;
        assert_eq!(status, StatusCode::NOT_FOUND, "/dossiers/…{path}");
    }

    let accounts = declared("platform/web/portal/src/compte/mod.rs")?;
    for path in accounts
        .iter()
        .filter(|path| ["/compte", "/compte/profil", "/compte/changer-mot-de-passe"].contains(&path.as_str()))
    {
        let (status, to) = answered(&demo, Method::GET, path).await?;
        assert!(status == StatusCode::SEE_OTHER && to.starts_with("/compte/connexion"), "{path}: {status} {to}");
    }
    Ok(())
}
