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

/// What stands at a dotted path.
pub(crate) fn at<V: Payload>(whole: &V, path: &str) -> Option<V> {
    let mut names = path.split('.').filter(|name| !name.is_empty());
    names.try_fold(whole.clone(), |value, name| value.get(name))
}

/// What an answer may say: any of several matches, each of which needs all its conditions.
#[derive(Debug, Clone)]
pub(crate) struct Matches(Vec<Vec<Condition>>);

/// One place has one of these values, compared by their texts: 200 is "200", but "00000" is not 0.
#[derive(Debug, Clone)]
struct Condition {
    path: String,
    values: Vec<String>,
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

fn some_values<V: Payload>(given: &Given<V>) -> Vec<String> {
    let values: Vec<_> = given.items().iter().map(Given::plain).collect();
    if values.is_empty() {
        given.refuse("must have values");
    }
    values
}

impl Condition {
    fn holds<V: Payload>(&self, status: i32, body: Option<&V>) -> bool {
        let found = match self.path.as_str() {
            STATUS => Some(status.to_string()),
            path => body
                .and_then(|body| at(body, path))
                .as_ref()
                .and_then(plain_text),
        };
        found.is_some_and(|found| self.values.contains(&found))
    }
}
