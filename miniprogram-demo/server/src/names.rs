//! Names of people: one way to write each, and nothing in one that cannot be seen.

use unicode_normalization::UnicodeNormalization;

/// Joins emoji to one, such as a family.
const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// `name` in its composed form (NFC), so that what looks the same is the same. `None` if it has characters that are not
/// seen, or that change the order in which others are.
pub fn normalised(name: &str) -> Option<String> {
    let name: String = name.nfc().collect();
    let mut before = ' ';
    for character in name.chars() {
        let joins_emoji = character == ZERO_WIDTH_JOINER && is_emoji(before);
        if is_invisible(character) && !joins_emoji {
            return None;
        }
        before = character;
    }
    Some(name)
}

fn is_emoji(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

/// Control characters, and Unicode's default ignorable and bidirectional ones, without the variation selectors.
fn is_invisible(character: char) -> bool {
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
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}
