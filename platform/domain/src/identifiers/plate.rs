//! Registration plates of vehicles.

use super::compact;

/// Why a text is not a registration plate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlateError {
    /// A plate has letters and digits only.
    #[error("a plate has no {0:?}")]
    WrongCharacter(char),
    /// French plates use neither I, nor O, nor U.
    #[error("a French plate has no letter {0}")]
    ForbiddenLetter(char),
    /// Neither a French plate nor anything like a foreign one.
    #[error("not a registration plate")]
    Form,
}

/// A plate: "AB-123-CD" (since 2009), "1234 AB 44" (before), or a foreign one in capital letters, without spaces.
pub fn plate(typed: &str) -> Result<String, PlateError> {
    let code = compact(typed);
    if let Some(c) = code.chars().find(|c| !c.is_ascii_alphanumeric()) {
        return Err(PlateError::WrongCharacter(c));
    }
    let runs = runs(&code);
    let shape: Vec<(bool, usize)> =
        runs.iter().map(|run| (run.starts_with(|c: char| c.is_ascii_digit()), run.len())).collect();
    match (shape.as_slice(), runs.as_slice()) {
        ([(false, 2), (true, 3), (false, 2)], [left, number, right]) => {
            match left.chars().chain(right.chars()).find(|c| matches!(c, 'I' | 'O' | 'U')) {
                Some(letter) => Err(PlateError::ForbiddenLetter(letter)),
                None => Ok(format!("{left}-{number}-{right}")),
            }
        }
        ([(true, 1..=4), (false, 2..=3), (true, 2..=3)], [number, letters, place]) => {
            Ok(format!("{number} {letters} {place}"))
        }
        ([(true, 1..=4), (false, 2..=3), (true, 1), (false, 1)], [number, letters, two, side])
            if two == "2" && matches!(side.as_str(), "A" | "B") =>
        {
            Ok(format!("{number} {letters} 2{side}"))
        }
        _ if (4..=10).contains(&code.len()) && code.chars().any(|c| c.is_ascii_digit()) => Ok(code),
        _ => Err(PlateError::Form),
    }
}

/// Runs of letters and runs of digits.
fn runs(code: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    for c in code.chars() {
        match runs.last_mut() {
            Some(run) if run.chars().all(|last| last.is_ascii_digit() == c.is_ascii_digit()) => run.push(c),
            _ => runs.push(c.to_string()),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plates_of_both_french_series_are_written_in_one_form() {
        assert_eq!(plate("ab 123 cd"), Ok("AB-123-CD".to_owned()));
        assert_eq!(plate("AB-123-CD"), Ok("AB-123-CD".to_owned()));
        assert_eq!(plate("1234 ab 44"), Ok("1234 AB 44".to_owned()));
        assert_eq!(plate("123ABC974"), Ok("123 ABC 974".to_owned()));
        assert_eq!(plate("1234 AB 2a"), Ok("1234 AB 2A".to_owned()));
    }

    #[test]
    fn a_letter_taken_for_a_digit_is_named() {
        assert_eq!(plate("AO-123-CD"), Err(PlateError::ForbiddenLetter('O')));
    }

    #[test]
    fn a_foreign_plate_is_kept_as_it_is() {
        assert_eq!(plate("1-abc-234"), Ok("1 ABC 234".to_owned()));
        assert_eq!(plate("B AB 1234"), Ok("BAB1234".to_owned()));
    }

    #[test]
    fn a_word_is_no_plate() {
        assert_eq!(plate("camion"), Err(PlateError::Form));
        assert_eq!(plate("AB/123"), Err(PlateError::WrongCharacter('/')));
    }
}
