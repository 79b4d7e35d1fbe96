//! The inputs of pages that are not a démarche's form, and a page that holds only them: sign in, a tracking code.

use askama::Template;
use parvis_usecases::formulaire::Inputs;

use super::{Back, Banner, Button, ButtonStyle, ErrorEntry, ErrorSummary, Link, html_safe};
use crate::{
    fields::{ANSWER, Attributes},
    page::{self, Page},
    posted::Fields,
};

/// An input with its label.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/input.html")]
pub struct Input {
    /// Id and name.
    pub id: &'static str,
    /// Label.
    pub label: String,
    /// "text", "email", "password", "textarea".
    pub kind: &'static str,
    /// One short sentence.
    pub hint: Option<String>,
    /// What was typed; never given back for a password.
    pub value: String,
    /// What is wrong.
    pub error: Option<String>,
    /// Token of the `autocomplete` attribute.
    pub autocomplete: &'static str,
    /// Class of its width.
    pub width: &'static str,
    /// Keyboard (`inputmode`); empty for the usual one.
    pub mode: &'static str,
    /// It may be left empty.
    pub optional: bool,
}

impl Input {
    /// A line of text.
    pub fn text(id: &'static str, label: &str) -> Self {
        Self { id, label: label.to_owned(), kind: "text", width: "w20", ..Self::default() }
    }

    /// An e-mail address.
    pub fn email(id: &'static str, label: &str) -> Self {
        Self { kind: "email", autocomplete: "email", ..Self::text(id, label) }
    }

    /// A password: `autocomplete` says which one.
    pub fn password(id: &'static str, label: &str, autocomplete: &'static str) -> Self {
        Self { kind: "password", autocomplete, ..Self::text(id, label) }
    }

    /// Several lines.
    pub fn lines(id: &'static str, label: &str) -> Self {
        Self { kind: "textarea", width: "", ..Self::text(id, label) }
    }

    /// With a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }

    /// With what was typed.
    #[must_use]
    pub fn with_value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self
    }

    /// With its autocomplete token.
    #[must_use]
    pub const fn with_autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = token;
        self
    }

    /// It may be left empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// With what is wrong.
    #[must_use]
    pub fn with_error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    fn attributes(&self) -> Attributes {
        let mut described: Vec<String> = Vec::new();
        if self.hint.is_some() {
            described.push(format!("{}-aide", self.id));
        }
        if self.error.is_some() {
            described.push(format!("{}-erreur", self.id));
        }
        let mut attributes = Attributes::default()
            .with_text("inputmode", self.mode)
            .with_text("autocomplete", self.autocomplete)
            .with_text("aria-describedby", &described.join(" "));
        if self.kind != "textarea" {
            attributes = attributes.with_text("spellcheck", "false");
        }
        if self.error.is_some() {
            attributes = attributes.with_text("aria-invalid", "true");
        }
        attributes
    }
}

/// A page that holds one short form.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/form.html")]
pub struct FormPage {
    /// What surrounds it.
    pub page: Page,
    /// The way back.
    pub back: Option<Back>,
    /// Mistakes; filled by [`Self::answer`].
    pub summary: ErrorSummary,
    /// The `h1`.
    pub title: String,
    /// Banners.
    pub notices: Vec<Banner>,
    /// Paragraphs before the form.
    pub lead: Vec<String>,
    /// Where it posts.
    pub action: String,
    /// Hidden inputs.
    pub hidden: Vec<(String, String)>,
    /// Inputs.
    pub inputs: Vec<Input>,
    /// Its button.
    pub button: Button,
    /// Links under the form.
    pub links: Vec<Link>,
}

impl FormPage {
    /// A page with one form; its title is the page's.
    pub fn new(page: Page, action: &str, button: &str) -> Self {
        Self {
            title: page.title.clone(),
            page: page.private(),
            back: None,
            summary: ErrorSummary::default(),
            notices: Vec::new(),
            lead: Vec::new(),
            action: action.to_owned(),
            hidden: Vec::new(),
            inputs: Vec::new(),
            button: Button::new(ButtonStyle::Primary, button),
            links: Vec::new(),
        }
    }

    /// With a paragraph.
    #[must_use]
    pub fn with_lead(mut self, paragraph: &str) -> Self {
        self.lead.push(paragraph.to_owned());
        self
    }

    /// With an input.
    #[must_use]
    pub fn with_input(mut self, input: Input) -> Self {
        self.inputs.push(input);
        self
    }

    /// With a hidden input.
    #[must_use]
    pub fn with_hidden(mut self, name: &str, value: &str) -> Self {
        self.hidden.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With answers that were posted elsewhere, as hidden inputs: nothing typed is lost.
    #[must_use]
    pub fn with_answers(mut self, inputs: &Inputs) -> Self {
        let answers = inputs.iter().filter(|(name, _)| name.starts_with(ANSWER));
        for (name, value) in answers.flat_map(|(name, values)| values.iter().map(move |value| (name, value))) {
            self.hidden.push((name.clone(), value.clone()));
        }
        self
    }

    /// With a link under the form.
    #[must_use]
    pub fn with_link(mut self, href: &str, label: &str) -> Self {
        self.links.push(Link::new(href, label));
        self
    }

    /// With the way back.
    #[must_use]
    pub fn with_back(mut self, back: Back) -> Self {
        self.back = Some(back);
        self
    }

    /// With a banner.
    #[must_use]
    pub fn with_notice(mut self, banner: Banner) -> Self {
        self.notices.push(banner);
        self
    }

    /// With what was typed given back, passwords apart.
    #[must_use]
    pub fn with_typed(mut self, fields: &Fields) -> Self {
        for input in self.inputs.iter_mut().filter(|input| input.kind != "password") {
            input.value = fields.text(input.id).to_owned();
        }
        self
    }

    /// With what is wrong with an input; about the first one when none has that id.
    #[must_use]
    pub fn with_mistake(mut self, id: &str, sentence: &str) -> Self {
        let index = self.inputs.iter().position(|input| input.id == id).unwrap_or_default();
        if let Some(input) = self.inputs.get_mut(index) {
            input.error = Some(sentence.to_owned());
        }
        self
    }

    /// The response: 200, or 422 with the mistakes of the inputs at the top.
    pub fn answer(mut self) -> Result<poem::Response, crate::WebError> {
        let entries = self.inputs.iter().filter_map(|input| {
            let message = input.error.clone()?;
            Some(ErrorEntry { href: Some(format!("#{}", input.id)), message })
        });
        self.summary.entries.extend(entries);
        if self.summary.is_empty() {
            page::ok(&self)
        } else {
            self.page.failed = true;
            page::unprocessable(&self)
        }
    }
}

html_safe!(Input);
