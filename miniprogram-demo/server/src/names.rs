//! Names of people: one way to write each, and nothing in one that cannot be seen.

use unicode_normalization::UnicodeNormalization;

/// Joins emoji to one, such as a family.
const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// Asks for the text or the emoji form of the character before it.
const EMOJI_SELECTORS: std::ops::RangeInclusive<char> = '\u{fe0e}'..='\u{fe0f}';
/// Makes a key of the digit before it.
const KEYCAP: char = '\u{20e3}';

/// `name` in its composed form (NFC), so that what looks the same is the same. `None` if it has characters that are not
/// seen, or that change the order in which others are.
pub fn normalised(name: &str) -> Option<String> {
    let name: String = name.nfc().collect();
    let characters: Vec<char> = name.chars().collect();
    let is_seen = |index: usize| {
        let (before, after) = characters.split_at(index);
        let after = after.get(1..).unwrap_or_default();
        !is_invisible(characters[index]) || shapes(characters[index], before, after)
    };
    (0..characters.len()).all(is_seen).then_some(name)
}

/// Whether `name` has characters that only shape their neighbours: with or without one, a name may look the same.
pub fn has_shaping_characters(name: &str) -> bool {
    name.contains(|character| character == ZERO_WIDTH_JOINER || is_selector(character))
}

/// Whether an invisible character has something to shape where it stands.
fn shapes(character: char, before: &[char], after: &[char]) -> bool {
    let Some(&last) = before.last() else {
        return false;
    };
    if character == ZERO_WIDTH_JOINER {
        let is_whole = is_emoji(last) || EMOJI_SELECTORS.contains(&last);
        is_whole && after.first().is_some_and(|&next| is_emoji(next))
    } else if EMOJI_SELECTORS.contains(&character) {
        is_emoji(last) || (is_key(last) && after.first() == Some(&KEYCAP))
    } else {
        is_selector(character) && is_ideograph(last)
    }
}

fn is_emoji(character: char) -> bool {
    matches!(
        character,
        '©' | '®'
            | '\u{203c}'
            | '\u{2049}'
            | '\u{2122}'
            | '\u{2139}'
            | '\u{2190}'..='\u{2bff}'
            | '\u{3030}'
            | '\u{303d}'
            | '\u{3297}'
            | '\u{3299}'
            | '\u{1f000}'..='\u{1faff}'
    )
}

fn is_key(character: char) -> bool {
    matches!(character, '0'..='9' | '#' | '*')
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Chooses among the forms of the character before it.
fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Control characters, Unicode's default ignorable and bidirectional ones, and the empty braille pattern.
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}
