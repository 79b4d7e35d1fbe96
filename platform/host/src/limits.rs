//! What a call may use. The defaults are the contract; a deployment may raise them up to the ceilings, never above.

use std::time::Duration;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// What a démarche may use, by call unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Fuel of any call: deterministic, hence the contract.
    pub fuel: u64,
    /// Fuel added for each declared field.
    pub fuel_per_field: u64,
    /// Wall clock, the seatbelt under the fuel.
    pub wall_clock: Duration,
    /// Linear memory of the instance, in octets.
    pub linear_memory: u64,
    /// What the guest may hand back, in octets.
    pub output: u64,
    /// What the guest is given, in octets.
    pub input: u64,
    /// Answers given or handed back.
    pub answers: u64,
    /// Effects of one decision.
    pub effects: u64,
    /// The démarche's own memory in a dossier, in octets of JSON.
    pub memory: u64,
    /// Size of a component, in octets.
    pub component: u64,
}

/// What one call may spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    pub(crate) fuel: u64,
    pub(crate) wall_clock: Duration,
}

/// Wall clock of the one call that reads the definition when a component is installed: nobody waits for it, and the fuel
/// bounds it all the same.
const DESCRIBING: Duration = Duration::from_secs(10);

/// A limit set above its ceiling, or to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the limit `{name}` must stand between 1 and {ceiling}")]
pub struct LimitError {
    /// Name of the limit.
    pub name: &'static str,
    /// Its ceiling.
    pub ceiling: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: 50_000_000,
            fuel_per_field: 20_000,
            wall_clock: Duration::from_millis(250),
            linear_memory: 32 * MIB,
            output: MIB,
            input: MIB,
            answers: 2_000,
            effects: 64,
            memory: 32 * KIB,
            component: 4 * MIB,
        }
    }
}

impl Limits {
    /// The most that a deployment may set.
    pub const CEILING: Self = Self {
        fuel: 1_000_000_000,
        fuel_per_field: 20_000,
        wall_clock: Duration::from_secs(2),
        linear_memory: 128 * MIB,
        output: 4 * MIB,
        input: MIB,
        answers: 2_000,
        effects: 256,
        memory: 256 * KIB,
        component: 24 * MIB,
    };

    /// Refuses a limit of nothing or above its ceiling.
    pub fn check(&self) -> Result<(), LimitError> {
        let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let ceiling = Self::CEILING;
        let pairs = [
            ("fuel", self.fuel, ceiling.fuel),
            ("fuel_per_field", self.fuel_per_field, ceiling.fuel_per_field),
            ("wall_clock (ms)", millis(self.wall_clock), millis(ceiling.wall_clock)),
            ("linear_memory", self.linear_memory, ceiling.linear_memory),
            ("output", self.output, ceiling.output),
            ("input", self.input, ceiling.input),
            ("answers", self.answers, ceiling.answers),
            ("effects", self.effects, ceiling.effects),
            ("memory", self.memory, ceiling.memory),
            ("component", self.component, ceiling.component),
        ];
        pairs
            .into_iter()
            .find(|(_, value, ceiling)| *value == 0 || value > ceiling)
            .map_or(Ok(()), |(name, _, ceiling)| Err(LimitError { name, ceiling }))
    }

    /// What reading the definition may spend.
    pub(crate) const fn to_describe(&self) -> Budget {
        Budget { fuel: self.fuel, wall_clock: DESCRIBING }
    }

    /// What a call of a démarche that declares this many fields may spend.
    pub(crate) fn for_fields(&self, fields: usize) -> Budget {
        let fields = u64::try_from(fields).unwrap_or(u64::MAX);
        let fuel = self.fuel.saturating_add(self.fuel_per_field.saturating_mul(fields)).min(Self::CEILING.fuel);
        Budget { fuel, wall_clock: self.wall_clock }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_and_the_ceilings_are_accepted() {
        assert_eq!(Limits::default().check(), Ok(()));
        assert_eq!(Limits::CEILING.check(), Ok(()));
    }

    #[test]
    fn a_limit_above_its_ceiling_is_refused_by_name() {
        let limits = Limits { effects: 257, ..Limits::default() };
        assert_eq!(limits.check(), Err(LimitError { name: "effects", ceiling: 256 }));
    }

    #[test]
    fn a_limit_of_nothing_is_refused() {
        let limits = Limits { fuel: 0, ..Limits::default() };
        assert_eq!(limits.check().unwrap_err().name, "fuel");
    }

    #[test]
    fn fuel_grows_with_the_form_up_to_the_ceiling() {
        assert_eq!(Limits::default().for_fields(10).fuel, 50_200_000);
        assert_eq!(Limits::CEILING.for_fields(10).fuel, Limits::CEILING.fuel);
    }

    #[test]
    fn the_wall_clock_of_calls_is_not_that_of_installing() {
        let hurried = Limits { wall_clock: Duration::from_millis(1), ..Limits::default() };
        assert_eq!(hurried.for_fields(10).wall_clock, Duration::from_millis(1));
        assert_eq!(hurried.to_describe().wall_clock, DESCRIBING);
    }
}
