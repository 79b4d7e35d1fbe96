//! The name of an object: its tenant, then 128 random bits. Nothing of the document shows in it.

use std::fmt;

use parvis_domain::{ids::TenantId, time::Entropy};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ObjectName {
    pub(crate) tenant: TenantId,
    random: u128,
}

impl ObjectName {
    /// A name never given before.
    pub(crate) fn new(tenant: TenantId, entropy: &dyn Entropy) -> Self {
        let mut random = [0; 16];
        entropy.fill(&mut random);
        Self { tenant, random: u128::from_be_bytes(random) }
    }

    /// A name of this tenant, as [`fmt::Display`] wrote it; `None` for any other text.
    pub(crate) fn parse(tenant: TenantId, object_key: &str) -> Option<Self> {
        let (_, random) = object_key.split_once('/')?;
        Self::of_file(tenant, random).filter(|name| name.to_string() == object_key)
    }

    /// The name whose file is called so.
    pub(crate) fn of_file(tenant: TenantId, file_name: &str) -> Option<Self> {
        let random = Uuid::try_parse(file_name).ok()?.as_u128();
        Some(Self { tenant, random }).filter(|name| name.file_name() == file_name)
    }

    /// Name of its file.
    pub(crate) fn file_name(self) -> String {
        format!("{:032x}", self.random)
    }

    /// Name of the folder of its file: a tenant's objects are spread over 256 of them.
    pub(crate) fn shard(self) -> String {
        format!("{:02x}", self.random >> 120)
    }

    /// What a sealed object is bound to; `use_of` tells the wrapped key from the chunks.
    pub(crate) fn context(self, use_of: &'static [u8]) -> Vec<u8> {
        [use_of, self.tenant.uuid().as_bytes(), &self.random.to_be_bytes()].concat()
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:032x}", self.tenant, self.random)
    }
}

/// Context of an object's wrapped key.
pub(crate) const KEY_CONTEXT: &[u8] = b"parvis object key ";
/// Context of an object's chunks.
pub(crate) const CHUNK_CONTEXT: &[u8] = b"parvis object ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_another_shape_or_tenant_is_refused() {
        let tenant = TenantId::from_uuid(Uuid::from_u128(1));
        let random = "00112233445566778899aabbccddeeff";
        assert!(ObjectName::parse(tenant, &format!("{tenant}/{random}")).is_some());
        let other = TenantId::from_uuid(Uuid::from_u128(2));
        for text in [
            format!("{other}/{random}"),
            format!("{tenant}/../{random}"),
            format!("{tenant}/{}", random.to_uppercase()),
            format!("{tenant}/00112233-4455-6677-8899-aabbccddeeff"),
            format!("{tenant}/{random}/"),
            random.to_owned(),
            String::new(),
        ] {
            assert_eq!(ObjectName::parse(tenant, &text), None, "{text}");
        }
    }
}
