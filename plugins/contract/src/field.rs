//! Fields of forms, of agents' actions and of settings.

use serde::{Deserialize, Serialize};

use crate::Condition;

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Stable id, the author's, never reused with another meaning; unique in the démarche (in its block for a block's).
    pub id: String,
    /// Label, in the citizen's words.
    pub label: String,
    /// One short sentence under the label, without link.
    #[serde(default)]
    pub hint: Option<String>,
    /// Kind of answer.
    pub kind: Kind,
    /// Whether it must be answered.
    #[serde(default)]
    pub required: Required,
    /// Why it is asked (RGPD); shown in the register and by the plugin's documentation.
    pub purpose: String,
    /// Personal or sensitive datum.
    #[serde(default)]
    pub sensitivity: Sensitivity,
    /// Where a first value comes from.
    #[serde(default)]
    pub prefill: Option<Prefill>,
    /// Shown as a column in the agents' lists.
    #[serde(default)]
    pub column: bool,
    /// Token of the `autocomplete` attribute (WCAG 1.3.5).
    #[serde(default)]
    pub autocomplete: Option<String>,
    /// Shown only when this holds.
    #[serde(default)]
    pub condition: Option<Condition>,
    /// Who gives the answer.
    #[serde(default)]
    pub filled_by: FilledBy,
    /// Dossiers can be counted and found by this answer.
    #[serde(default)]
    pub key: bool,
    /// A computed value is told to whoever fills the form, such as an estimate; others serve agents and lists.
    #[serde(default)]
    pub told: bool,
}

/// Kind of answer, with its own bounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Kind {
    /// One line, or several.
    Text {
        /// What the line must look like.
        #[serde(default)]
        format: TextFormat,
        /// Longest accepted text, in characters.
        max_length: u16,
        /// Lines shown; 1 is a single-line input.
        #[serde(default = "one")]
        lines: u8,
    },
    /// E-mail address.
    Email,
    /// French or international phone number.
    Phone,
    /// Whole number.
    Integer {
        /// Smallest accepted value.
        min: i32,
        /// Largest accepted value.
        max: i32,
        /// Unit shown after the input.
        #[serde(default)]
        unit: Option<String>,
    },
    /// Exact decimal.
    Decimal {
        /// Smallest accepted value, as text ("0.10").
        min: String,
        /// Largest accepted value, as text.
        max: String,
        /// Digits accepted after the comma.
        places: u8,
        /// Unit shown after the input.
        #[serde(default)]
        unit: Option<String>,
    },
    /// Amount in euros, exact to the centime.
    Amount,
    /// Yes or no, by two radio buttons.
    Boolean,
    /// A box to tick, on the honour of who files.
    Consent,
    /// A date.
    Date,
    /// A local date and time.
    DateTime,
    /// One among several.
    Choice {
        /// What is offered.
        options: Options,
        /// How it is shown.
        #[serde(default)]
        style: ChoiceStyle,
    },
    /// Several among several.
    Choices {
        /// What is offered.
        options: Options,
    },
    /// Postal address: lines, postal code, town; free text where unknown. A JSON value
    /// `{"street": "", "postal_code": "", "town": "", "note": ""}`.
    Address,
    /// Supporting documents.
    Pieces {
        /// Accepted types.
        accept: Vec<Accept>,
        /// Most files.
        max_files: u8,
        /// The instruction cannot go on without it (article L114-5 du CRPA).
        essential: bool,
        /// The text that requires it.
        basis: String,
    },
    /// SIRET of an establishment, key checked.
    Siret,
    /// SIREN of an undertaking, key checked.
    Siren,
    /// RNA number of an association, "W" and nine digits.
    Rna,
    /// Registration plate.
    Plate,
    /// Text shown between questions; it has no answer.
    Information {
        /// Paragraph.
        text: String,
    },
    /// A set of fields that repeats.
    Block {
        /// Fields of one row.
        fields: Vec<Field>,
        /// Fewest rows.
        min: u16,
        /// Most rows.
        max: u16,
        /// Name of one row, "Véhicule".
        item: String,
    },
}

const fn one() -> u8 {
    1
}

/// What a line of text must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TextFormat {
    /// Anything.
    #[default]
    Free,
    /// A person's name: no spelling help.
    Name,
    /// French postal code.
    PostalCode,
    /// A reference: letters, digits, spaces, hyphens, slashes and dots.
    Reference,
}

/// Type of file, recognised by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Accept {
    /// PDF.
    Pdf,
    /// JPEG image.
    Jpeg,
    /// PNG image.
    Png,
    /// HEIC image, kept without preview.
    Heic,
}

/// Whether a field must be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Required {
    /// By everyone.
    #[default]
    Yes,
    /// By nobody.
    No,
    /// By the usager; an agent who files for someone may leave it empty.
    Usager,
}

/// Personal or sensitive datum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Sensitivity {
    /// About no one.
    #[default]
    None,
    /// Personal datum.
    Personal,
    /// Hidden from roles without the right to sensitive answers.
    Sensitive,
}

/// Where a first value comes from; the citizen can change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Prefill {
    /// Given name of the account.
    GivenName,
    /// Family name of the account.
    FamilyName,
    /// E-mail of the account.
    Email,
    /// Phone of the account.
    Phone,
}

/// Who gives the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FilledBy {
    /// The citizen, or an agent in her name.
    #[default]
    Usager,
    /// Agents only.
    Agents,
    /// The démarche computes it.
    Computed,
}

/// Where choices come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Options {
    /// Written in the definition.
    Fixed(Vec<Choice>),
    /// Rows of a block of the settings.
    Setting {
        /// Id of the block.
        block: String,
        /// Field of the row that is stored.
        value: String,
        /// Field of the row that is shown.
        label: String,
    },
    /// Given by `evaluate`.
    Evaluated,
}

/// One of the choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// One sentence under the label.
    #[serde(default)]
    pub hint: Option<String>,
}

/// How one choice is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ChoiceStyle {
    /// Radio buttons.
    #[default]
    Radio,
    /// A list to open.
    List,
}

impl Kind {
    /// Whether the kind holds an answer (an information text does not).
    pub const fn is_question(&self) -> bool {
        !matches!(self, Self::Information { .. })
    }
}
