//! Who acts and what may be done: the words of the policy. The decision itself is a table compiled by `usecases`.

use serde::{Deserialize, Serialize};

use crate::ids::{AgentId, DossierId, DraftId, UsagerId};

/// A role that an agent holds in a tenant. The usager and the operator are not given as roles: they are what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Citizen, with an account or with a tracking code.
    Usager,
    /// Agent d'accueil: files for someone, sees the progress.
    Accueil,
    /// Instructs.
    Instructeur,
    /// Signs; never instructs.
    Signataire,
    /// Responsable de service: instructs, assigns, closes.
    Responsable,
    /// Administers the tenant: agents, démarches, settings; reads no dossier.
    Administrateur,
    /// Operates the platform: never a dossier's content.
    Operator,
}

impl Role {
    /// All roles, in the order of the reviewed table.
    pub const ALL: [Self; 7] = [
        Self::Usager,
        Self::Accueil,
        Self::Instructeur,
        Self::Signataire,
        Self::Responsable,
        Self::Administrateur,
        Self::Operator,
    ];

    /// Name in `policy.csv` and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usager => "usager",
            Self::Accueil => "accueil",
            Self::Instructeur => "instructeur",
            Self::Signataire => "signataire",
            Self::Responsable => "responsable",
            Self::Administrateur => "administrateur",
            Self::Operator => "operator",
        }
    }

    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// What is asked of the policy; a closed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Read the catalogue of a tenant.
    CatalogueRead,
    /// Fill and file a form, for oneself.
    DossierFile,
    /// File a form for someone at the desk or on the phone.
    DossierFileFor,
    /// See a dossier in lists, with its progress.
    DossierList,
    /// Read a dossier: answers, pieces, history, messages.
    DossierRead,
    /// Read answers marked sensitive.
    DossierReadSensitive,
    /// Write to the other side.
    DossierMessage,
    /// Write an internal note.
    DossierNote,
    /// Assign to oneself or a colleague.
    DossierAssign,
    /// Do an action of the workflow under the function of the role.
    DossierAct,
    /// Correct answers, as a traced event.
    DossierCorrect,
    /// Complete a dossier after a request.
    DossierComplete,
    /// Withdraw.
    DossierWithdraw,
    /// See and replay what could not leave the outbox.
    OutboxManage,
    /// Manage agents, démarches and settings of the tenant.
    TenantManage,
    /// Install components, create tenants, read technical figures.
    PlatformOperate,
}

impl Permission {
    /// All permissions, in the order of the reviewed table.
    pub const ALL: [Self; 16] = [
        Self::CatalogueRead,
        Self::DossierFile,
        Self::DossierFileFor,
        Self::DossierList,
        Self::DossierRead,
        Self::DossierReadSensitive,
        Self::DossierMessage,
        Self::DossierNote,
        Self::DossierAssign,
        Self::DossierAct,
        Self::DossierCorrect,
        Self::DossierComplete,
        Self::DossierWithdraw,
        Self::OutboxManage,
        Self::TenantManage,
        Self::PlatformOperate,
    ];

    /// Resource class and action, as `policy.csv` writes them.
    pub const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::CatalogueRead => ("catalogue", "read"),
            Self::DossierFile => ("dossier", "file"),
            Self::DossierFileFor => ("dossier", "file-for"),
            Self::DossierList => ("dossier", "list"),
            Self::DossierRead => ("dossier", "read"),
            Self::DossierReadSensitive => ("dossier", "read-sensitive"),
            Self::DossierMessage => ("dossier", "message"),
            Self::DossierNote => ("dossier", "note"),
            Self::DossierAssign => ("dossier", "assign"),
            Self::DossierAct => ("dossier", "act"),
            Self::DossierCorrect => ("dossier", "correct"),
            Self::DossierComplete => ("dossier", "complete"),
            Self::DossierWithdraw => ("dossier", "withdraw"),
            Self::OutboxManage => ("outbox", "manage"),
            Self::TenantManage => ("tenant", "manage"),
            Self::PlatformOperate => ("platform", "operate"),
        }
    }
}

/// A role of an agent in a tenant, and the services where it holds; none means every service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Role.
    pub role: Role,
    /// Services of the tenant where it holds; empty for all.
    pub services: Vec<String>,
    /// Functions held in démarches besides the one of the role's own name ("voirie", "police-municipale").
    pub functions: Vec<String>,
}

/// Who acts, once authenticated. Every use case takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody yet: a visitor, or the holder of a draft's cookie.
    Visitor,
    /// A visitor who holds the cookie of one draft.
    DraftHolder(DraftId),
    /// Whoever gave the number and the tracking code of one dossier.
    Tracker(DossierId),
    /// A citizen's account.
    Usager(UsagerId),
    /// An agent, with what she holds in this tenant.
    Agent {
        /// Who.
        id: AgentId,
        /// What she holds here.
        grants: Vec<Grant>,
    },
    /// The operator of the platform, from the command line or the console.
    Operator,
    /// The platform itself: workers and the law's clock.
    System,
}

/// What `allow` needs to know of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Dossier.
    pub dossier: DossierId,
    /// Service it is given to.
    pub service: String,
    /// Démarche.
    pub demarche: String,
    /// Account it belongs to.
    pub usager: Option<UsagerId>,
    /// Nobody but the DPO may read or write it (article 18 du RGPD).
    pub restricted: bool,
}

/// Which dossiers an actor may see in a list; the store turns it into a WHERE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierScope {
    /// Dossiers of these services; `None` for all.
    pub services: Option<Vec<String>>,
    /// Dossiers of this account only.
    pub usager: Option<UsagerId>,
    /// This dossier only.
    pub dossier: Option<DossierId>,
    /// No dossier at all: wins over the rest.
    pub nothing: bool,
    /// Answers marked sensitive are hidden.
    pub hides_sensitive: bool,
    /// Restricted dossiers are left out.
    pub hides_restricted: bool,
}
