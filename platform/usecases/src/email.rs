//! E-mail addresses as accounts know them: one way to write each.

/// An address in lower case, when it can be one: one `@`, something before, a dotted domain after, no space nor control
/// character, 254 characters at most (RFC 5321).
pub fn normalised(typed: &str) -> Option<String> {
    let address = typed.trim();
    let (local, domain) = address.split_once('@')?;
    let wrong = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '<' | '>' | ',' | ';' | '"');
    let labels = domain.split('.');
    let known = !local.is_empty()
        && local.len() <= 64
        && address.len() <= 254
        && !local.contains(wrong)
        && !domain.contains(wrong)
        && domain.contains('.')
        && labels.clone().all(|label| !label.is_empty());
    known.then(|| address.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn an_address_is_written_one_way() {
        assert_eq!(normalised(" Camille@Exemple.FR ").as_deref(), Some("camille@exemple.fr"));
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for wrong in
            ["", "camille", "@exemple.fr", "camille@exemple", "a b@exemple.fr", "a@b@c.fr", "a@b..fr", "a\r\n@b.fr"]
        {
            assert_eq!(normalised(wrong), None, "{wrong:?}");
        }
    }
}
