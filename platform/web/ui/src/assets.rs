//! The few files that pages load, embedded in the program, named by their content and cached for ever.
//!
//! Nothing is ever loaded from another site.

#![expect(clippy::needless_pass_by_value, reason = "handlers take what they extract by value")]

use std::sync::LazyLock;

use parvis_domain::digest::Sha256;
use poem::{
    Response,
    http::{StatusCode, header},
};

use crate::{Visit, WebError, shared::SameForAll, theme};

/// How long a file named by its content is kept by browsers: a year.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// A file of the program.
struct Asset {
    name: String,
    media_type: &'static str,
    content: &'static [u8],
}

impl Asset {
    fn new(stem: &str, extension: &str, media_type: &'static str, content: &'static [u8]) -> Self {
        Self { name: format!("{stem}-{}.{extension}", short_digest(content)), media_type, content }
    }
}

/// The first 64 bits of a file's digest: enough to tell its versions apart.
fn short_digest(content: &[u8]) -> String {
    Sha256::of(content).to_string().chars().take(16).collect()
}

static SHEET: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("parvis", "css", "text/css; charset=utf-8", include_bytes!("../assets/parvis.css")));
static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("parvis", "js", "text/javascript; charset=utf-8", include_bytes!("../assets/parvis.js"))
});
static FORM_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("formulaire", "js", "text/javascript; charset=utf-8", include_bytes!("../assets/formulaire.js"))
});
static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("parvis", "svg", "image/svg+xml", include_bytes!("../assets/parvis.svg")));

/// Address of the sheet.
pub fn sheet() -> String {
    address(&SHEET.name)
}

/// Address of the script of every page.
pub fn script() -> String {
    address(&SCRIPT.name)
}

/// Address of the script of the pages of forms.
pub fn form_script() -> String {
    address(&FORM_SCRIPT.name)
}

/// Address of the icon.
pub fn icon() -> String {
    address(&ICON.name)
}

fn address(name: &str) -> String {
    format!("/assets/{name}")
}

/// What tells one version of the program's sheets from another.
pub(crate) fn version() -> String {
    short_digest(SHEET.content)
}

/// The routes of the assets, for any public.
pub fn routes(route: poem::Route) -> poem::Route {
    route.at("/assets/:file", poem::get(serve))
}

#[poem::handler]
fn serve(visit: Visit, poem::web::Path(file): poem::web::Path<String>) -> Result<Response, WebError> {
    if file == theme::file_name(&visit.town.profile.theme) {
        return Ok(cached("text/css; charset=utf-8", theme::sheet(&visit.town.profile.theme).into_bytes()));
    }
    of_program(&visit.path).ok_or(WebError::NotFound)
}

/// The file of the program at a path: the same for every host, with a town or without.
pub fn of_program(path: &str) -> Option<Response> {
    let file = path.strip_prefix("/assets/")?;
    let assets = [&*SHEET, &*SCRIPT, &*FORM_SCRIPT, &*ICON];
    assets.into_iter().find(|asset| asset.name == file).map(|asset| cached(asset.media_type, asset.content))
}

fn cached(media_type: &'static str, content: impl Into<poem::Body>) -> Response {
    Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, media_type)
        .header(header::CACHE_CONTROL, IMMUTABLE)
        .extension(SameForAll)
        .body(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_content() {
        assert!(sheet().starts_with("/assets/parvis-"));
        assert_ne!(short_digest(b"one"), short_digest(b"two"));
    }

    #[test]
    fn the_sheet_asks_nothing_of_another_site() {
        let sheet = std::str::from_utf8(SHEET.content).unwrap();
        assert!(!sheet.contains("http:") && !sheet.contains("https:") && !sheet.contains("@import"));
    }
}
