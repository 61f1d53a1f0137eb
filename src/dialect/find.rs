//! Looking into an answer: where something is, and whether it says something.

use crate::Payload;
use crate::given::{Given, plain_text};

/// Dotted places in an answer, from its root; the empty one is the whole. The first that holds something counts.
#[derive(Debug, Clone)]
pub(crate) struct Paths(Vec<String>);

impl Paths {
    pub(super) fn read<V: Payload>(given: &Given<V>) -> Self {
        let paths: Vec<_> = given
            .items()
            .iter()
            .map(|path| path.text("", |_| None))
            .collect();
        Paths(paths)
    }

    pub(crate) fn find<V: Payload>(&self, whole: &V) -> Option<V> {
        self.0.iter().find_map(|path| at(whole, path))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts null where these places hold something.
    pub(super) fn cut<V: Payload>(&self, whole: &mut V) {
        for path in &self.0 {
            cut(whole, path);
        }
    }

    /// The places one level higher, but for the root.
    pub(crate) fn above(&self) -> Self {
        let above = |path: &String| Some(path.rsplit_once('.')?.0.to_owned());
        Paths(self.0.iter().filter_map(above).collect())
    }

    /// For an error: the first of them.
    pub(crate) fn name(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }
}

fn cut<V: Payload>(value: &mut V, path: &str) {
    let (name, below) = path.split_once('.').unwrap_or((path, ""));
    if let Some(mut inner) = value.get(name) {
        match below {
            "" => inner = V::null(),
            _ => cut(&mut inner, below),
        }
        value.set(name, inner);
    }
}

/// What stands at a dotted path.
pub(crate) fn at<V: Payload>(whole: &V, path: &str) -> Option<V> {
    let mut names = path.split('.').filter(|name| !name.is_empty());
    names.try_fold(whole.clone(), |value, name| value.get(name))
}

/// What an answer may say: any of several matches, each of which needs all its conditions.
#[derive(Debug, Clone)]
pub(crate) struct Matches(Vec<Vec<Condition>>);

/// One place has one of these values.
#[derive(Debug, Clone)]
struct Condition {
    path: String,
    values: Vec<Plain>,
}

/// Compared by its text: 200 is "200", but "00000" is not 0.
#[derive(Debug, Clone)]
struct Plain {
    text: String,
    /// If the text is one: no text has to be made of a number that is found.
    number: Option<f64>,
}

/// The path that stands for the HTTP status.
const STATUS: &str = "$status";

impl Matches {
    pub(super) fn read<V: Payload>(given: &Given<V>) -> Self {
        Matches(given.items().iter().map(conditions).collect())
    }

    /// Whether an answer says it.
    pub(crate) fn hold<V: Payload>(&self, status: i32, body: Option<&V>) -> bool {
        self.0
            .iter()
            .any(|conditions| all_hold(conditions, status, body))
    }

    /// The same, but a server that has failed says nothing unless a match names its status.
    pub(crate) fn hold_unless_failed<V: Payload>(&self, status: i32, body: Option<&V>) -> bool {
        let mut matches = self.0.iter();
        matches.any(|conditions| {
            let names_status = || conditions.iter().any(|condition| condition.path == STATUS);
            (status < 500 || names_status()) && all_hold(conditions, status, body)
        })
    }

    /// The paths that it looks at.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        let conditions = self.0.iter().flatten();
        conditions.map(|condition| condition.path.as_str())
    }
}

fn all_hold<V: Payload>(conditions: &[Condition], status: i32, body: Option<&V>) -> bool {
    let mut conditions = conditions.iter();
    conditions.all(|condition| condition.holds(status, body))
}

fn conditions<V: Payload>(given: &Given<V>) -> Vec<Condition> {
    let conditions: Vec<_> = given
        .fields()
        .into_iter()
        .map(|(path, values)| Condition {
            path,
            values: some_values(&values),
        })
        .collect();
    if conditions.is_empty() {
        given.refuse("must say which fields have which values");
    }
    conditions
}

fn some_values<V: Payload>(given: &Given<V>) -> Vec<Plain> {
    let values: Vec<_> = given
        .items()
        .iter()
        .map(|value| {
            let text = value.plain();
            let number = V::from_json(&text).and_then(|value| value.as_number());
            Plain { text, number }
        })
        .collect();
    if values.is_empty() {
        given.refuse("must have values");
    }
    values
}

impl Condition {
    fn holds<V: Payload>(&self, status: i32, body: Option<&V>) -> bool {
        if self.path == STATUS {
            return self.has_number(f64::from(status));
        }
        let Some(found) = body.and_then(|body| at(body, &self.path)) else {
            return false;
        };
        match found.as_number() {
            Some(number) => self.has_number(number),
            None => {
                let text = plain_text(&found);
                self.values
                    .iter()
                    .any(|value| Some(&value.text) == text.as_ref())
            }
        }
    }

    fn has_number(&self, number: f64) -> bool {
        self.values.iter().any(|value| value.number == Some(number))
    }
}
