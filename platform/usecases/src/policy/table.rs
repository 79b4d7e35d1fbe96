//! From `policy.csv` to a table: casbin decides once per role and permission when the policy is loaded, never after.
//!
//! A tenant's lines refine the defaults; some of them nobody may grant, because a role would lose its meaning.

use casbin::{CoreApi, DefaultModel, Enforcer, StringAdapter};
use parvis_domain::policy::{Permission, Role};

/// The casbin model.
const MODEL: &str = include_str!("../../policy/model.conf");
/// The defaults.
const DEFAULTS: &str = include_str!("../../policy/default.csv");

/// Why a policy is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// A line is not `p, role, class, action, allow|deny`.
    #[error("policy line {line}: expected \"p, role, class, action, allow\" or \"…, deny\"")]
    Malformed {
        /// Number of the line, from 1.
        line: usize,
    },
    /// A word is unknown.
    #[error("policy line {line}: {word:?} is unknown")]
    Unknown {
        /// Number of the line, from 1.
        line: usize,
        /// The word.
        word: String,
    },
    /// A line would grant what that role never has.
    #[error("policy line {line}: {role} can never be allowed {class}, {action}")]
    Never {
        /// Number of the line, from 1.
        line: usize,
        /// Role.
        role: &'static str,
        /// Class.
        class: &'static str,
        /// Action.
        action: &'static str,
    },
    /// The engine refuses the whole.
    #[error("the policy cannot be compiled: {0}")]
    Engine(String),
}

/// The policy of a tenant: for each role, the set of its permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyTable {
    permissions: [u32; Role::ALL.len()],
}

impl PolicyTable {
    /// The defaults, refined by a tenant's lines (empty for none).
    pub async fn compile(tenant: &str) -> Result<Self, PolicyError> {
        let mut csv = checked(DEFAULTS)?;
        csv.push_str(&checked(tenant)?);
        let engine = |error: casbin::Error| PolicyError::Engine(error.to_string());
        let model = DefaultModel::from_str(MODEL).await.map_err(engine)?;
        let enforcer = Enforcer::new(model, StringAdapter::new(csv)).await.map_err(engine)?;
        let mut permissions = [0; Role::ALL.len()];
        for (role, set) in Role::ALL.into_iter().zip(&mut permissions) {
            for permission in Permission::ALL {
                let (class, action) = permission.name();
                if enforcer.enforce((role.name(), class, action)).map_err(engine)? {
                    *set |= bit(permission);
                }
            }
        }
        Ok(Self { permissions })
    }

    /// Whether a role has a permission.
    pub fn has(&self, role: Role, permission: Permission) -> bool {
        let held = Role::ALL.into_iter().zip(self.permissions).find(|(other, _)| *other == role);
        held.is_some_and(|(_, set)| set & bit(permission) != 0)
    }
}

/// The whole policy as a table of ticks, reviewed under version control.
pub fn truth_table(table: &PolicyTable) -> String {
    use std::fmt::Write as _;

    let mut out = format!("{:<24}", "");
    for role in Role::ALL {
        let _ = write!(out, " {:<14}", role.name());
    }
    let mut out = format!("{}\n", out.trim_end());
    for permission in Permission::ALL {
        let (class, action) = permission.name();
        let mut line = format!("{:<24}", format!("{class} {action}"));
        for role in Role::ALL {
            let _ = write!(line, " {:<14}", if table.has(role, permission) { "yes" } else { "-" });
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

const fn bit(permission: Permission) -> u32 {
    1 << permission as u32
}

/// What a role can never be granted, whatever a tenant writes.
const fn never(role: Role, permission: Permission) -> bool {
    use Permission as P;

    let platform = matches!(permission, P::PlatformOperate);
    match role {
        Role::Operator => !platform,
        Role::Administrateur => !matches!(permission, P::CatalogueRead | P::OutboxManage | P::TenantManage),
        Role::Usager => !matches!(
            permission,
            P::CatalogueRead
                | P::DossierFile
                | P::DossierList
                | P::DossierRead
                | P::DossierReadSensitive
                | P::DossierMessage
                | P::DossierComplete
                | P::DossierWithdraw
        ),
        Role::Signataire => platform || matches!(permission, P::DossierCorrect | P::TenantManage | P::DossierFile),
        Role::Accueil => platform || matches!(permission, P::DossierAct | P::TenantManage | P::DossierFile),
        Role::Instructeur | Role::Responsable => platform || matches!(permission, P::TenantManage | P::DossierFile),
    }
}

/// The lines of a policy without comments, every word of them known.
fn checked(csv: &str) -> Result<String, PolicyError> {
    let mut out = String::new();
    for (index, text) in csv.lines().enumerate() {
        let line = index + 1;
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let words: Vec<&str> = text.split(',').map(str::trim).collect();
        let ["p", role, class, action, effect] = words[..] else { return Err(PolicyError::Malformed { line }) };
        let unknown = |word: &str| PolicyError::Unknown { line, word: word.to_owned() };
        let role = Role::named(role).ok_or_else(|| unknown(role))?;
        let permission = Permission::ALL
            .into_iter()
            .find(|permission| permission.name() == (class, action))
            .ok_or_else(|| unknown(&format!("{class}, {action}")))?;
        let (class, action) = permission.name();
        match effect {
            "allow" if never(role, permission) => {
                return Err(PolicyError::Never { line, role: role.name(), class, action });
            }
            "allow" | "deny" => {}
            other => return Err(unknown(other)),
        }
        out.extend(["p, ", role.name(), ", ", class, ", ", action, ", ", effect, "\n"]);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_default_policy_is_the_reviewed_truth_table() {
        let table = PolicyTable::compile("").await.unwrap();
        let reviewed = include_str!("../../policy/truth-table.txt");
        assert_eq!(truth_table(&table), reviewed, "review the change, then write the table above to the file");
    }

    #[tokio::test]
    async fn a_tenant_may_take_away_and_may_give() {
        let lines = "p, accueil, dossier, list, deny\np, accueil, dossier, message, allow\n";
        let table = PolicyTable::compile(lines).await.unwrap();
        assert!(!table.has(Role::Accueil, Permission::DossierList));
        assert!(table.has(Role::Accueil, Permission::DossierMessage));
    }

    #[tokio::test]
    async fn an_unknown_word_is_refused_by_its_line() {
        let refused = PolicyTable::compile("# ours\np, maire, dossier, read, allow\n").await;
        assert_eq!(refused, Err(PolicyError::Unknown { line: 2, word: "maire".to_owned() }));
        let refused = PolicyTable::compile("p, accueil, dossier, burn, allow").await;
        assert_eq!(refused, Err(PolicyError::Unknown { line: 1, word: "dossier, burn".to_owned() }));
        assert_eq!(PolicyTable::compile("accueil may read").await, Err(PolicyError::Malformed { line: 1 }));
    }

    #[tokio::test]
    async fn no_tenant_lets_its_administrator_or_the_operator_read_dossiers() {
        for role in ["administrateur", "operator"] {
            let refused = PolicyTable::compile(&format!("p, {role}, dossier, read, allow")).await;
            assert!(matches!(refused, Err(PolicyError::Never { line: 1, .. })), "{role}: {refused:?}");
        }
    }
}
