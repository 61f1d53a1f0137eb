//! What an app has given: read and checked value by value, so that an error names the place of what cannot work.

use std::cell::OnceCell;
use std::time::Duration;

use crate::host::integer;
use crate::{LoginError, Payload, duration_of_ms, text};

/// A value, or that there is none, and its place, such as `dialect.login.url`.
///
/// Reading goes on after a problem, with something in place of what has it: so each value is read in one way only.
pub(crate) struct Given<'a, V> {
    place: String,
    pub(crate) value: Option<V>,
    /// The first one.
    problem: &'a OnceCell<LoginError>,
}

impl<'a, V: Payload> Given<'a, V> {
    /// All that was given.
    pub(crate) fn all(value: &V, problem: &'a OnceCell<LoginError>) -> Self {
        Given {
            place: String::new(),
            value: Some(value.clone()),
            problem,
        }
    }

    /// The field `name`.
    pub(crate) fn field(&self, name: &str) -> Self {
        let place = match self.place.as_str() {
            "" => name.to_owned(),
            place => text::concat(&[place, ".", name]),
        };
        Given {
            place,
            ..self.with(self.value.as_ref().and_then(|value| value.get(name)))
        }
    }

    /// This, or `default` in the same place if nothing was given.
    pub(crate) fn or(&self, default: &Self) -> Self {
        self.with(self.value.clone().or(default.value.clone()))
    }

    /// Another value in the same place.
    pub(crate) fn with(&self, value: Option<V>) -> Self {
        Given {
            place: self.place.clone(),
            value,
            problem: self.problem,
        }
    }

    /// The items of a list; what is no list is the only one.
    pub(crate) fn items(&self) -> Vec<Self> {
        let items = self.value.as_ref().map(|value| match value.items() {
            Some(items) => items,
            None => vec![value.clone()],
        });
        let items = items.unwrap_or_default().into_iter();
        items.map(|item| self.with(Some(item))).collect()
    }

    /// The fields of an object, each with its name.
    pub(crate) fn fields(&self) -> Vec<(String, Self)> {
        let names = self.value.as_ref().map(|value| match value.is_object() {
            true => value.keys(),
            false => {
                self.refuse("must be an object");
                Vec::new()
            }
        });
        let names = names.unwrap_or_default().into_iter();
        names
            .map(|name| {
                let field = self.field(&name);
                (name, field)
            })
            .collect()
    }

    /// This, an object with none but these fields.
    pub(crate) fn known(self, names: &[&str]) -> Self {
        for (name, field) in self.fields() {
            if !names.contains(&name.as_str()) {
                field.refuse("is unknown");
            }
        }
        self
    }

    /// The text, as `problem_of` allows it; `default` if nothing was given.
    pub(crate) fn text(
        &self,
        default: &str,
        problem_of: fn(&str) -> Option<&'static str>,
    ) -> String {
        let text = match &self.value {
            Some(value) => value.as_text(),
            None => Some(default.to_owned()),
        };
        let problem = text.as_deref().map_or(Some("must be a text"), problem_of);
        if let Some(problem) = problem {
            self.refuse(problem);
        }
        text.unwrap_or_default()
    }

    /// The root of a server's addresses, with a slash behind it, so that paths can be put there.
    pub(crate) fn root(&self, problem_of: fn(&str) -> Option<&'static str>) -> String {
        let mut root = self.text("", problem_of);
        if !root.ends_with('/') {
            root += "/";
        }
        root
    }

    /// The text, number or truth value as a text.
    pub(crate) fn plain(&self) -> String {
        let plain = self.value.as_ref().filter(|value| !value.is_object());
        plain.and_then(plain_text).unwrap_or_else(|| {
            self.refuse("must be a text, a number, true or false");
            String::new()
        })
    }

    /// The number of ms within limits; `default` if nothing was given.
    pub(crate) fn duration(&self, default: f64, min: f64, max: f64) -> Duration {
        let ms = match &self.value {
            Some(value) => value.as_number(),
            None => Some(default),
        };
        let ms = ms.filter(|ms| *ms >= min && *ms <= max);
        ms.and_then(duration_of_ms).unwrap_or_else(|| {
            self.refuse("must be a number of ms within its limits");
            Duration::ZERO
        })
    }

    /// The whole number from 1 to `most`, which is the default.
    pub(crate) fn count(&self, most: u32) -> u32 {
        let count = match &self.value {
            Some(value) => value.as_number().and_then(integer),
            None => i32::try_from(most).ok(),
        };
        let count = count.and_then(|count| u32::try_from(count).ok());
        let count = count.filter(|count| (1..=most).contains(count));
        count.unwrap_or_else(|| {
            self.refuse("must be a whole number within its limits");
            most
        })
    }

    /// Says what is wrong with it.
    pub(crate) fn refuse(&self, problem: &'static str) {
        let field = match self.place.as_str() {
            "" => "options".to_owned(),
            place => place.to_owned(),
        };
        let _ = self
            .problem
            .set(LoginError::InvalidConfig { field, problem });
    }
}

/// A text as it is, anything else as its JSON text.
pub(crate) fn plain_text<V: Payload>(value: &V) -> Option<String> {
    value.as_text().or_else(|| value.to_json())
}

/// What is wrong with a name: only that it is empty.
pub(crate) fn problem_of_name(name: &str) -> Option<&'static str> {
    name.is_empty()
        .then_some("must be a text that is not empty")
}

/// What is wrong with a header's name.
pub(crate) fn problem_of_header(name: &str) -> Option<&'static str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let plain = !name.is_empty() && name.bytes().all(fits);
    (!plain).then_some("must be a header's name: letters, digits and dashes")
}

/// What is wrong with a text that goes into a header.
pub(crate) fn problem_of_header_text(text: &str) -> Option<&'static str> {
    text.bytes()
        .any(|byte| byte.is_ascii_control())
        .then_some("must be a text without line breaks")
}

pub(crate) fn problem_of_root(url: &str) -> Option<&'static str> {
    problem_of_address(url, false)
}

/// The same where another machine may be reached without TLS.
pub(crate) fn problem_of_open_root(url: &str) -> Option<&'static str> {
    problem_of_address(url, true)
}

fn problem_of_address(url: &str, open: bool) -> Option<&'static str> {
    let blank = |byte: u8| byte.is_ascii_whitespace() || byte.is_ascii_control();
    if text::has_any(url, b"?#@\\") || url.bytes().any(blank) {
        return Some("must be a plain address: no query, fragment, user name or space");
    }
    let ends = |rest: &str| rest.is_empty() || rest.starts_with('/') || rest.starts_with(':');
    let safe = match url.strip_prefix("https://") {
        Some(rest) if ends(rest) => return Some("has no host"),
        Some(_) => true,
        None => url.strip_prefix("http://").is_some_and(|rest| {
            let local = ["localhost", "127.0.0.1", "[::1]"].iter();
            let mut behind = local.filter_map(|host| rest.strip_prefix(host));
            behind.any(ends) || open && !ends(rest)
        }),
    };
    (!safe).then_some("must start with https:// (or http://localhost while developing)")
}
