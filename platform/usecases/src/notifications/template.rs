//! Templates of mails: `{{ name }}` is replaced by a variable, and nothing else is interpreted.
//!
//! Strict on purpose: a variable that is missing is an error, not an empty place in a letter to a citizen.

use serde_json::{Map, Value};

/// Why a template cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A variable has no value.
    #[error("the variable {0:?} has no value")]
    Missing(String),
    /// A `{{` has no `}}`.
    #[error("a variable is not closed")]
    Unclosed,
}

/// Fills a template. Numbers and booleans are written as JSON writes them, `null` as nothing, lists one item a line.
pub fn fill(template: &str, variables: &Map<String, Value>) -> Result<String, TemplateError> {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let (name, remainder) = after.split_once("}}").ok_or(TemplateError::Unclosed)?;
        let name = name.trim();
        let value = variables.get(name).ok_or_else(|| TemplateError::Missing(name.to_owned()))?;
        out.push_str(&written(value));
        rest = remainder;
    }
    out.push_str(rest);
    Ok(out)
}

fn written(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(|item| format!("- {}", written(item))).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn a_variable_is_replaced_once_and_never_interpreted() {
        let filled = fill("Bonjour {{ nom }}.", &variables(&serde_json::json!({"nom": "{{ secret }}"})));
        assert_eq!(filled, Ok("Bonjour {{ secret }}.".to_owned()));
    }

    #[test]
    fn a_missing_variable_is_an_error() {
        assert_eq!(fill("{{nom}}", &Map::new()), Err(TemplateError::Missing("nom".to_owned())));
    }

    #[test]
    fn a_variable_that_is_not_closed_is_an_error() {
        assert_eq!(fill("Bonjour {{ nom", &Map::new()), Err(TemplateError::Unclosed));
    }

    #[test]
    fn a_list_is_written_one_item_a_line() {
        let filled = fill("{{ pieces }}", &variables(&serde_json::json!({"pieces": ["Plan", "Photo"]})));
        assert_eq!(filled, Ok("- Plan\n- Photo".to_owned()));
    }
}
