//! Passwords that are tried first: a short list of the most common ones that reach twelve characters, and the patterns
//! that make the rest of such lists.

/// Lower case. Digits at the end are removed before the search, so that one entry stands for its numbered variants.
const COMMON: &[&str] = &[
    "abcdefghijkl",
    "administrateur",
    "administrator",
    "anticonstitutionnellement",
    "azertyuiop",
    "azertyuiopqsdfghjklm",
    "azertyuiopqsdfghjklmwxcvbn",
    "bienvenue",
    "bonjour",
    "bonjourbonjour",
    "changeme",
    "changezmoi",
    "chocolat",
    "chocolatnoir",
    "correcthorsebatterystaple",
    "doudou",
    "francefrance",
    "footballfootball",
    "iloveyou",
    "iloveyouforever",
    "jetaime",
    "jetaimemonamour",
    "jetaimepourlavie",
    "jetaimetrop",
    "letmein",
    "letmeinplease",
    "loulou",
    "mairie",
    "maisonmaison",
    "marseille",
    "monamour",
    "monmotdepasse",
    "motdepasse",
    "motdepassefacile",
    "motdepassesecret",
    "nepasoublier",
    "olympiquedemarseille",
    "parismarseille",
    "parissaintgermain",
    "passe",
    "password",
    "passwordpassword",
    "princesse",
    "qsdfghjklm",
    "qwerty",
    "qwertyuiop",
    "qwertyuiopasdfgh",
    "qwertyuiopasdfghjkl",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiop",
    "secret",
    "soleil",
    "sunshine",
    "thisismypassword",
    "trustnoone",
    "unmotdepasse",
    "welcome",
];

/// Whether a password, in lower case, is one of those tried first.
pub(super) fn is_common(password: &str) -> bool {
    let plain: String = password.chars().filter(|c| c.is_alphanumeric()).collect();
    let bare = without_affixes(&plain);
    bare.is_empty()
        || COMMON.contains(&bare)
        || COMMON.iter().any(|common| is_repetition_of(&plain, common))
        || is_periodic(password)
        || is_sequence(&plain)
}

/// Whether a password is a word, or the word several times, with digits or signs around.
pub(super) fn is_repetition_of(password: &str, word: &str) -> bool {
    if word.chars().count() < 3 || !password.contains(word) {
        return false;
    }
    password.replace(word, "").chars().all(|c| !c.is_alphabetic())
}

fn without_affixes(plain: &str) -> &str {
    plain.trim_matches(|c: char| c.is_ascii_digit())
}

/// One to four characters said again and again.
fn is_periodic(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    (1..=4).any(|period| chars.iter().zip(chars.iter().skip(period)).all(|(one, next)| one == next))
}

/// Characters that follow one another ("123456789012", "abcdefghijkl", downwards too).
fn is_sequence(plain: &str) -> bool {
    let codes: Vec<i64> = plain.chars().map(|c| i64::from(u32::from(c))).collect();
    [1, -1].iter().any(|step| {
        codes
            .iter()
            .zip(codes.iter().skip(1))
            .all(|(one, next)| next - one == *step || (*one, *next) == (i64::from(b'9'), i64::from(b'0')) && *step == 1)
    })
}
