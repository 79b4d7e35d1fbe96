//! Documents through the real pipeline: recognised by their content, kept encrypted, given back as they came, shown as
//! images when they can be.

use anyhow::{Context, Result};
use reqwest::{StatusCode, header};

use crate::{
    demo::{Demo, Visitor},
    filing::{Filed, VALBRUNE},
};

/// A PDF of two pages.
const TWO_PAGES: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>endobj\n\
4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// A PNG of one red pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\xdac\
\xf8\xcf\xc0\0\0\x03\x01\x01\0\xf7\x03AC\0\0\0\0IEND\xaeB`\x82";

/// The head of a photo of a phone: the box that says HEIC, and what follows it.
fn heic() -> Vec<u8> {
    let mut photo = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08mdat".to_vec();
    photo.extend((0..200_000_u32).map(|index| index.to_le_bytes()[1]));
    photo
}

/// What a file is served as.
struct Served {
    status: StatusCode,
    media_type: String,
    disposition: String,
    content: Vec<u8>,
}

async fn served(visitor: &Visitor, path: &str) -> Result<Served> {
    let response = visitor.client.get(visitor.absolute(path)).send().await?;
    let header = |name: header::HeaderName| {
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let (media_type, disposition) = (header(header::CONTENT_TYPE), header(header::CONTENT_DISPOSITION));
    Ok(Served { status: response.status(), media_type, disposition, content: response.bytes().await?.to_vec() })
}

/// Width and height of a PNG.
fn size_of(png: &[u8]) -> Result<(u32, u32)> {
    let number = |at: usize| {
        let octets = png.get(at..at + 4).and_then(|octets| octets.try_into().ok());
        octets.map(u32::from_be_bytes).context("a PNG")
    };
    Ok((number(16)?, number(20)?))
}

#[tokio::test]
async fn documents_are_kept_as_they_came_and_shown_when_they_can_be() -> Result<()> {
    let demo = Demo::start().await?;
    let citizen = demo.visitor(VALBRUNE)?;
    let mut pieces = citizen.up_to_pieces().await?;
    for (field, name, content) in [
        ("assurance", "assurance.pdf", TWO_PAGES.to_vec()),
        ("autres_pieces", "photo.HEIC", heic()),
        ("autres_pieces", "devanture.png", PNG.to_vec()),
        ("autres_pieces", "abîmé.pdf", b"%PDF-1.7 cut short".to_vec()),
    ] {
        pieces = citizen.upload(&pieces, &format!("/pieces/{field}"), name, content).await?;
        assert!(pieces.text().contains(name.split('.').next().unwrap_or_default()), "{name}: {}", pieces.text());
    }
    let check = citizen.submit(&pieces, "/pieces", &[]).await?;
    let filed = Filed::from(&citizen.submit(&check, "/deposer", &[]).await?)?;

    let agent = demo.agent("instructrice").await?;
    let dossier = agent.dossier(&filed).await?;
    let links = dossier.named_links("main a[href*='/pieces/']");
    let of = |name: &str| {
        let found = links.iter().find(|(to, words)| words.contains(name) && !to.contains("/apercu/"));
        found.map(|(to, _)| to.clone()).with_context(|| format!("no {name} among {links:?}"))
    };
    let shown = |to: &str| links.iter().any(|(preview, _)| *preview == format!("{to}/apercu/0"));

    let insurance = of("assurance.pdf")?;
    assert!(shown(&insurance), "a PDF has page images");
    for (page, proportions) in [(0, (900, 1350)), (1, (900, 450))] {
        let image = served(&agent, &format!("{insurance}/apercu/{page}")).await?;
        assert_eq!((image.status, image.media_type.as_str()), (StatusCode::OK, "image/png"));
        assert_eq!(size_of(&image.content)?, proportions, "page {page}");
    }
    assert_eq!(served(&agent, &format!("{insurance}/apercu/2")).await?.status, StatusCode::NOT_FOUND);

    let photo = of("photo")?;
    assert!(!shown(&photo), "a HEIC photo has no preview");
    assert_eq!(served(&agent, &format!("{photo}/apercu/0")).await?.status, StatusCode::NOT_FOUND);
    let kept = served(&agent, &photo).await?;
    assert_eq!((kept.status, kept.media_type.as_str()), (StatusCode::OK, "image/heic"));
    assert!(kept.disposition.starts_with("attachment") && kept.content == heic(), "given back as it came");

    let front = of("devanture.png")?;
    assert!(shown(&front), "an image is shown");
    let image = served(&agent, &format!("{front}/apercu/0")).await?;
    assert_eq!((image.status, image.media_type.as_str()), (StatusCode::OK, "image/png"));
    assert_eq!((image.disposition.as_str(), image.content.as_slice()), ("inline", PNG));

    let damaged = served(&agent, &format!("{}/apercu/0", of("abîmé")?)).await?;
    assert_eq!(damaged.status, StatusCode::CONFLICT);
    assert!(String::from_utf8_lossy(&damaged.content).contains("téléchargez-le"), "said in words");

    let stranger = demo.visitor(VALBRUNE)?;
    assert!(!stranger.get(&insurance).await?.path.starts_with("/agents/dossiers"), "she is asked to sign in");
    let neighbour = demo.agent_of("saint-elme-les-bois", "instructrice").await?;
    assert_eq!(neighbour.get(&insurance).await?.status, StatusCode::NOT_FOUND);
    assert_nothing_in_clear(&demo)
}

/// What the vault holds says nothing without its keys.
fn assert_nothing_in_clear(demo: &Demo) -> Result<()> {
    let (mut folders, mut objects) = (vec![demo.data().to_owned()], 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if folder.components().any(|part| part.as_os_str() == "vault") {
                let content = std::fs::read(entry.path())?;
                let clear = [&b"ftypheic"[..], b"IHDR", b"MediaBox"]
                    .iter()
                    .any(|mark| content.windows(mark.len()).any(|window| window == *mark));
                assert!(!clear, "{} is in clear", entry.path().display());
                objects += 1;
            }
        }
    }
    assert!(objects >= 4, "{objects} objects in the vault");
    Ok(())
}

#[tokio::test]
async fn a_program_is_refused_whatever_its_name() -> Result<()> {
    let demo = Demo::start().await?;
    let citizen = demo.visitor(VALBRUNE)?;
    let pieces = citizen.up_to_pieces().await?;
    let mut itself = std::fs::read(std::env::current_exe()?)?;
    itself.truncate(64 * 1024);
    let page = b"<!doctype html><script>alert(1)</script>".to_vec();
    let both = [PNG, b"%PDF-1.7"].concat();
    for (name, content) in [("plan.pdf", itself), ("photo.jpg", page), ("plan.png", both)] {
        let refused = citizen.upload(&pieces, "/pieces/autres_pieces", name, content).await?;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.text().contains("Choisissez un fichier de type"), "{}", refused.text());
        assert!(refused.text().contains(name), "the sentence names the file: {}", refused.text());
    }
    let empty = citizen.upload(&pieces, "/pieces/autres_pieces", "vide.pdf", Vec::new()).await?;
    assert!(empty.text().contains("Choisissez un fichier qui n’est pas vide"), "{}", empty.text());
    let after = citizen.get(&pieces.path).await?;
    assert!(!after.text().contains("plan.pdf") && !after.text().contains("photo.jpg"), "nothing was kept");
    Ok(())
}
