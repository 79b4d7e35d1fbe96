//! The forms of a definition: the citizen's pages, internal fields, the forms of actions, the settings.
//!
//! An answer names its field by id alone, so the id of a field is unique among the whole citizen's form, pages and
//! blocks included. Forms of actions and settings are apart, each unique in itself.

use parvis_contract::{Definition, Field, Kind};
use parvis_domain::journey::RESERVED_PAGES;

use super::{Flaws, conditions::Earlier, fields};

pub(super) fn check(definition: &Definition, flaws: &mut Flaws) {
    let mut earlier = Earlier::default();
    flaws.require("definition", !definition.pages.is_empty(), "it has no page");
    for page in &definition.pages {
        let place = format!("page `{}`", page.id);
        flaws.id(&place, &page.id);
        if RESERVED_PAGES.contains(&page.id.as_str()) {
            let reserved = RESERVED_PAGES.join("`, `");
            flaws
                .add(&place, format!("this id is an address of every form; give another one (reserved: `{reserved}`)"));
        }
        flaws.filled(&place, "title", &page.title);
        flaws.require(&place, !page.fields.is_empty(), "it has no field");
        earlier.check(&place, page.condition.as_ref(), flaws);
        walk(definition, &place, &page.fields, &mut earlier, flaws);
    }
    flaws.unique("page titles", definition.pages.iter().map(|page| page.title.as_str()));
    walk(definition, "internal fields", &definition.internal_fields, &mut earlier, flaws);
    let fields = definition.pages.iter().flat_map(|page| &page.fields).chain(&definition.internal_fields);
    let pages = definition.pages.iter().map(|page| page.id.as_str());
    flaws.unique("pages and fields", pages.chain(ids(fields)));

    for action in &definition.actions {
        let place = format!("action `{}`", action.id);
        walk(definition, &place, &action.form, &mut earlier.clone(), flaws);
        flaws.unique(&place, ids(&action.form));
    }
    walk(definition, "settings", &definition.settings, &mut Earlier::default(), flaws);
    flaws.unique("settings", definition.settings.iter().map(|setting| setting.id.as_str()));
}

fn walk<'a>(definition: &Definition, place: &str, list: &'a [Field], earlier: &mut Earlier<'a>, flaws: &mut Flaws) {
    for field in list {
        let place = format!("{place}, field `{}`", field.id);
        earlier.check(&place, field.condition.as_ref(), flaws);
        fields::check(definition, &place, field, flaws);
        if let Kind::Block { fields: inner, .. } = &field.kind {
            let nested = inner.iter().any(|field| matches!(field.kind, Kind::Block { .. }));
            flaws.require(&place, !nested, "a block cannot hold a block");
            flaws.unique(&place, inner.iter().map(|field| field.id.as_str()));
            // What stands in a row is read in that row only.
            walk_row(definition, &place, inner, &mut earlier.clone(), flaws);
        }
        earlier.meet(&field.id);
    }
}

fn walk_row<'a>(definition: &Definition, place: &str, list: &'a [Field], earlier: &mut Earlier<'a>, flaws: &mut Flaws) {
    for field in list {
        let place = format!("{place}, field `{}`", field.id);
        earlier.check(&place, field.condition.as_ref(), flaws);
        fields::check(definition, &place, field, flaws);
        earlier.meet(&field.id);
    }
}

fn ids<'a>(fields: impl IntoIterator<Item = &'a Field>) -> impl Iterator<Item = &'a str> {
    fields.into_iter().flat_map(|field| {
        let inner = match &field.kind {
            Kind::Block { fields, .. } => fields.as_slice(),
            _ => &[],
        };
        std::iter::once(field.id.as_str()).chain(inner.iter().map(|field| field.id.as_str()))
    })
}
