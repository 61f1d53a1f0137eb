//! Texts, byte by byte. The searches of `str` decode characters first, which took 3 KB of wasm and most of the time that a
//! request spends in the module; what is looked for here is ASCII.

/// The parts as one text. The standard library's `concat` makes code for separators of every length.
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut whole = String::new();
    for part in parts {
        whole.push_str(part);
    }
    whole
}

/// Whether `text` has `part` in it, in letters of either case.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    end_of(text, part).is_some()
}

/// Where `part` ends in `text`, in letters of either case.
pub(crate) fn end_of(text: &str, part: &str) -> Option<usize> {
    let mut windows = text.as_bytes().windows(part.len());
    let at = windows.position(|window| window.eq_ignore_ascii_case(part.as_bytes()))?;
    Some(at + part.len())
}

/// Whether `text` has these words in it, and not only as the end of a longer one.
pub(crate) fn has_words(text: &str, words: &str) -> bool {
    let bytes = text.as_bytes();
    let is_inside = |at: usize| at > 0 && bytes[at - 1].is_ascii_alphabetic();
    bytes
        .windows(words.len())
        .enumerate()
        .any(|(at, window)| window.eq_ignore_ascii_case(words.as_bytes()) && !is_inside(at))
}

/// Whether `text` has one of these characters in it.
pub(crate) fn has_any(text: &str, characters: &[u8]) -> bool {
    text.bytes().any(|byte| characters.contains(&byte))
}

/// What stands before the query and the fragment of an address.
pub(crate) fn path(url: &str) -> &str {
    let end = url.bytes().position(|byte| byte == b'?' || byte == b'#');
    end.and_then(|end| url.get(..end)).unwrap_or(url)
}

/// Whether a path leads upwards.
pub(crate) fn climbs(path: &str) -> bool {
    path.as_bytes()
        .split(|byte| *byte == b'/')
        .any(|part| part == b"..")
}

/// A path without the slashes in front of it.
pub(crate) fn without_leading_slashes(mut path: &str) -> &str {
    while let Some(rest) = path.strip_prefix("/") {
        path = rest;
    }
    path
}
