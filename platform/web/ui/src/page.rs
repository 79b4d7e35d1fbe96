//! What surrounds a page: title, header, navigation, footer. Templates of every public extend `layout.html` and hold a
//! [`Page`] named `page`.

use askama::Template;
use parvis_usecases::{
    parvis::{Mode, Town},
    profile::{Conformity, TenantKind},
};
use poem::{
    IntoResponse, Response,
    http::{StatusCode, header},
};

use crate::{WebError, assets, components::Banner, shared::SameForAll, theme, visit::Visit};

/// A link of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub label: String,
    /// The page stands there.
    pub current: bool,
}

/// The navigation of a public.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Nav {
    /// Where the town's name leads.
    pub home: String,
    /// Under the town's name ("Démarches en ligne", "Espace des agents").
    pub place: String,
    /// Links.
    pub items: Vec<NavItem>,
    /// Name of whoever is signed in.
    pub who: Option<String>,
    /// Where signing out posts, when someone is signed in.
    pub sign_out: Option<String>,
}

impl Nav {
    /// The portal's navigation, seen by a visitor.
    pub fn portal(path: &str) -> Self {
        let item = |href: &str, label: &str| NavItem {
            href: href.to_owned(),
            label: label.to_owned(),
            current: path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')),
        };
        Self {
            home: "/".to_owned(),
            place: "Démarches en ligne".to_owned(),
            items: vec![
                item("/demarches", "Démarches"),
                item("/suivi", "Suivre un dossier"),
                item("/compte", "Mon compte"),
            ],
            who: None,
            sign_out: None,
        }
    }

    /// The same for whoever is signed in.
    #[must_use]
    pub fn signed_in(mut self, who: &str, sign_out: &str) -> Self {
        self.who = Some(who.to_owned());
        self.sign_out = Some(sign_out.to_owned());
        self
    }
}

/// What surrounds a page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Title, unique in its journey, without the town.
    pub title: String,
    /// The page shows mistakes: the title says so first.
    pub failed: bool,
    /// Name of the town.
    pub town: String,
    /// "Mairie" or "Communauté de communes", for sentences.
    pub town_hall: &'static str,
    /// First letter of its name, in its mark.
    pub initial: String,
    /// Phone of the town.
    pub phone: String,
    /// E-mail address of the town.
    pub email: String,
    /// State of accessibility, as the law words it.
    pub accessibility: &'static str,
    /// Navigation.
    pub nav: Nav,
    /// Token of the forms of the page.
    pub token: String,
    /// Something just done or worth knowing, at the top.
    pub banner: Option<Banner>,
    /// The page belongs to a form: its script comes along.
    pub live: bool,
    /// Search engines leave it out.
    pub private: bool,
    /// The data are those of the demonstration.
    pub demo: bool,
    /// Addresses of the assets.
    pub sheet: String,
    /// Theme of the town.
    pub theme: String,
    /// Script of every page.
    pub script: String,
    /// Script of forms.
    pub form_script: String,
    /// Icon.
    pub icon: String,
}

impl Page {
    /// A page of the portal for a visitor.
    pub fn new(visit: &Visit, title: &str) -> Self {
        Self::of_town(&visit.town, title, Nav::portal(&visit.path), visit.form_token())
    }

    /// A page of a town.
    pub fn of_town(town: &Town, title: &str, nav: Nav, token: String) -> Self {
        let profile = &town.profile;
        let short = profile.short_name();
        Self {
            title: title.to_owned(),
            failed: false,
            town: short.to_owned(),
            town_hall: match profile.kind {
                TenantKind::Commune => "la mairie",
                TenantKind::Epci => "la communauté de communes",
            },
            initial: initial(short),
            phone: profile.contact.phone.clone(),
            email: profile.contact.email.clone(),
            accessibility: accessibility(profile.legal.accessibility.conformity),
            nav,
            token,
            banner: None,
            live: false,
            private: false,
            demo: town.parvis.config.mode == Mode::Demo,
            sheet: assets::sheet(),
            theme: theme::address(&profile.theme),
            script: assets::script(),
            form_script: assets::form_script(),
            icon: assets::icon(),
        }
    }

    /// With another navigation.
    #[must_use]
    pub fn with_nav(mut self, nav: Nav) -> Self {
        self.nav = nav;
        self
    }

    /// With mistakes: the title starts with "Erreur :".
    #[must_use]
    pub const fn with_mistakes(mut self) -> Self {
        self.failed = true;
        self
    }

    /// With a banner.
    #[must_use]
    pub fn with_banner(mut self, banner: Banner) -> Self {
        self.banner = Some(banner);
        self
    }

    /// With the script of forms.
    #[must_use]
    pub const fn with_form_script(mut self) -> Self {
        self.live = true;
        self
    }

    /// Left out of search engines.
    #[must_use]
    pub const fn private(mut self) -> Self {
        self.private = true;
        self
    }
}

/// How far the portal conforms to the RGAA, as the law words it.
pub const fn accessibility(conformity: Conformity) -> &'static str {
    match conformity {
        Conformity::Totale => "Accessibilité : totalement conforme",
        Conformity::Partielle => "Accessibilité : partiellement conforme",
        Conformity::NonConforme => "Accessibilité : non conforme",
    }
}

/// The letter of the mark: that of the proper name, not of "Commune de".
fn initial(name: &str) -> String {
    let word = name.split([' ', '’', '\'']).rfind(|word| word.chars().next().is_some_and(char::is_uppercase));
    word.and_then(|word| word.chars().next()).unwrap_or('P').to_string()
}

/// A page as a response, kept nowhere unless its handler says otherwise.
pub fn html(status: StatusCode, template: &impl Template) -> Result<Response, WebError> {
    let body = template.render().map_err(WebError::internal)?;
    Ok(Response::builder().status(status).header(header::CONTENT_TYPE, "text/html; charset=utf-8").body(body))
}

/// A page that went well.
pub fn ok(template: &impl Template) -> Result<Response, WebError> {
    html(StatusCode::OK, template)
}

/// A page that went well, and says the same to everyone who is not signed in: it depends on its town and path alone.
pub fn for_all(template: &impl Template) -> Result<Response, WebError> {
    let mut response = ok(template)?;
    response.extensions_mut().insert(SameForAll);
    Ok(response)
}

/// A page with mistakes to correct.
pub fn unprocessable(template: &impl Template) -> Result<Response, WebError> {
    html(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// After a POST: see another page.
pub fn see(path: impl AsRef<str>) -> Response {
    poem::web::Redirect::see_other(path.as_ref()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_holds_the_letter_of_the_town() {
        assert_eq!(initial("Valbrune"), "V");
        assert_eq!(initial("CC Val et Elme"), "E");
    }

    #[test]
    fn the_navigation_says_where_the_page_stands() {
        let nav = Nav::portal("/demarches/domaine-public");
        assert!(nav.items[0].current && !nav.items[1].current);
        assert!(!Nav::portal("/suivi-autre").items[1].current);
    }
}
