//! The words of the back office for what views hold as values: instants, channels, urgency. One trait, so that every
//! template says them the same way.

use jiff::tz::TimeZone;
use parvis_contract::ActionStyle;
use parvis_domain::{dossier::Channel, time::Instant};
use parvis_ui::text;
use parvis_usecases::dossiers::view::{ActionView, DeadlineView, PieceLine, PieceSource, Urgency};

/// What templates ask to say a value.
pub(crate) trait Say {
    /// Zone of the town.
    fn zone(&self) -> &TimeZone;

    /// "lundi 23 novembre 2026".
    fn day(&self, at: impl AsInstant) -> String {
        text::day_of(at.instant(), self.zone())
    }

    /// "23/11/2026".
    fn short(&self, at: impl AsInstant) -> String {
        text::short_date(at.instant().date(self.zone()))
    }

    /// "lundi 23 novembre 2026 à 14 h 30".
    fn moment(&self, at: impl AsInstant) -> String {
        text::moment(at.instant(), self.zone())
    }

    /// "06 12 34 56 78".
    fn phone(&self, stored: &str) -> String {
        parvis_domain::french::phone(stored)
    }

    /// How the request came.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates lend what they name")]
    fn channel(&self, channel: &Channel) -> &'static str {
        match channel {
            Channel::Web => "en ligne",
            Channel::Guichet => "au guichet",
            Channel::Telephone => "par téléphone",
            Channel::Courrier => "par courrier",
            Channel::Api => "par un autre service",
        }
    }

    /// Class of a deadline's tag; the word of [`Say::urgency`] says the same without colour.
    fn tone(&self, deadline: &DeadlineView) -> &'static str {
        match deadline.urgency {
            Urgency::Far => "",
            Urgency::Near => "warning",
            Urgency::Late => "error",
        }
    }

    /// Word of a deadline.
    fn urgency(&self, deadline: &DeadlineView) -> &'static str {
        match deadline.urgency {
            Urgency::Far => "",
            Urgency::Near => " (bientôt)",
            Urgency::Late => " (dépassée)",
        }
    }

    /// Class of an action's button.
    fn style(&self, action: &ActionView) -> &'static str {
        match action.style {
            ActionStyle::Primary => "",
            ActionStyle::Secondary => "secondary",
            ActionStyle::Danger => "danger",
        }
    }

    /// Where a document comes from.
    fn source(&self, piece: &PieceLine) -> &'static str {
        match piece.source {
            PieceSource::Given => "fourni par le demandeur",
            PieceSource::Produced => "produit par la collectivité",
        }
    }

    /// "1,2 Mo".
    fn size(&self, piece: &PieceLine) -> String {
        text::size(piece.size)
    }
}

/// An instant, by value or by reference: templates have both.
pub(crate) trait AsInstant {
    fn instant(&self) -> Instant;
}

impl AsInstant for Instant {
    fn instant(&self) -> Instant {
        *self
    }
}

impl AsInstant for &Instant {
    fn instant(&self) -> Instant {
        **self
    }
}
