//! Conditions may name only what stands before them: the walk of a form reads answers once, in order.

use std::collections::HashSet;

use parvis_contract::Condition;

use super::Flaws;

/// Fields met so far, in the order of the form.
#[derive(Debug, Clone, Default)]
pub(super) struct Earlier<'a>(HashSet<&'a str>);

impl<'a> Earlier<'a> {
    pub(super) fn meet(&mut self, field: &'a str) {
        self.0.insert(field);
    }

    pub(super) fn check(&self, place: &str, condition: Option<&Condition>, flaws: &mut Flaws) {
        let Some(condition) = condition else { return };
        for field in condition.fields().into_iter().filter(|field| !self.0.contains(field)) {
            flaws.add(place, format!("its condition names `{field}`, which is not an earlier field"));
        }
    }
}
