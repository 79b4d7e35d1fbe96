//! States and actions of the workflow, by name, and which action stands where: the definition and the rules read the
//! same table.

/// Just filed.
pub const DEPOSE: &str = "depose";
/// An agent reads it.
pub const A_VERIFIER: &str = "a-verifier";
/// The usager is asked for documents.
pub const A_COMPLETER: &str = "a-completer";
/// Being instructed.
pub const EN_INSTRUCTION: &str = "en-instruction";
/// The act waits for its signature.
pub const PROJET_ARRETE: &str = "projet-arrete";
/// The refusal waits for its signature.
pub const PROJET_REFUS: &str = "projet-refus";
/// Signed and notified.
pub const SIGNE: &str = "signe";
/// The occupation is going on.
pub const EN_COURS: &str = "en-cours";
/// The occupation is over.
pub const TERMINEE: &str = "terminee";
/// Refused.
pub const REFUSE: &str = "refuse";
/// Closed for want of an answer.
pub const SANS_SUITE: &str = "sans-suite";
/// Closed since the first day is past.
pub const SANS_OBJET: &str = "sans-objet";
/// Withdrawn.
pub const RETIRE: &str = "retire";
/// Sent to the competent authority.
pub const TRANSMIS: &str = "transmis";
/// Refused by silence.
pub const REJET_IMPLICITE: &str = "rejet-implicite";

/// States in which nothing is decided yet.
pub const OPEN: [&str; 6] = [DEPOSE, A_VERIFIER, A_COMPLETER, EN_INSTRUCTION, PROJET_ARRETE, PROJET_REFUS];

/// Who instructs.
pub const INSTRUCTEUR: &str = "instructeur";
/// Who signs.
pub const SIGNATAIRE: &str = "signataire";
/// Who gives the opinion of the voirie.
pub const VOIRIE: &str = "voirie";
/// Who gives the opinion of the police municipale.
pub const POLICE_MUNICIPALE: &str = "police-municipale";

/// Where an action stands, and who does it.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Action.
    pub action: &'static str,
    /// States.
    pub states: &'static [&'static str],
    /// Function.
    pub function: &'static str,
}

/// Takes the dossier in charge.
pub const INSTRUIRE: Step = Step { action: "instruire", states: &[A_VERIFIER], function: INSTRUCTEUR };
/// Asks for documents.
pub const DEMANDER_PIECES: Step =
    Step { action: "demander-pieces", states: &[A_VERIFIER, EN_INSTRUCTION], function: INSTRUCTEUR };
/// Prepares the act.
pub const PREPARER_ARRETE: Step =
    Step { action: "preparer-arrete", states: &[EN_INSTRUCTION, PROJET_ARRETE], function: INSTRUCTEUR };
/// Prepares a refusal.
pub const PREPARER_REFUS: Step =
    Step { action: "preparer-refus", states: &[EN_INSTRUCTION, PROJET_ARRETE, PROJET_REFUS], function: INSTRUCTEUR };
/// Takes a draft back.
pub const REPRENDRE: Step = Step { action: "reprendre", states: &[PROJET_ARRETE, PROJET_REFUS], function: INSTRUCTEUR };
/// Sends to the competent authority.
pub const TRANSMETTRE: Step =
    Step { action: "transmettre", states: &[A_VERIFIER, EN_INSTRUCTION], function: INSTRUCTEUR };
/// Closes for want of an answer.
pub const CLASSER: Step = Step { action: "classer-sans-suite", states: &[A_COMPLETER], function: INSTRUCTEUR };
/// Signs the act.
pub const SIGNER: Step = Step { action: "signer", states: &[PROJET_ARRETE], function: SIGNATAIRE };
/// Signs the refusal.
pub const SIGNER_REFUS: Step = Step { action: "signer-refus", states: &[PROJET_REFUS], function: SIGNATAIRE };
/// Sends a draft back to the instruction.
pub const RENVOYER: Step = Step { action: "renvoyer", states: &[PROJET_ARRETE, PROJET_REFUS], function: SIGNATAIRE };

/// All of them.
pub const STEPS: [Step; 10] = [
    INSTRUIRE,
    DEMANDER_PIECES,
    PREPARER_ARRETE,
    PREPARER_REFUS,
    REPRENDRE,
    TRANSMETTRE,
    CLASSER,
    SIGNER,
    SIGNER_REFUS,
    RENVOYER,
];
