//! A request that the dialect describes, with holes for what the client knows.

use crate::dialect::find::at;
use crate::given::{Given, plain_text, problem_of_header, problem_of_name};
use crate::{Payload, text};

/// The methods of `wx.request`.
pub(crate) const METHODS: [&str; 8] = [
    "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT",
];

/// A request to be filled in.
#[derive(Debug, Clone)]
pub(crate) struct Call<V> {
    /// Absolute. May have holes.
    url: String,
    method: &'static str,
    sent_as: SentAs,
    /// What is sent, with holes; `None` for no body.
    send: Option<V>,
    header: Option<V>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SentAs {
    Json,
    Form,
    Query,
}

/// What a hole `$name` is filled with, and `$name.field` with a field of it: an object with these names.
#[derive(Clone)]
pub(crate) struct Holes<V>(V);

pub(super) const CALL: [&str; 5] = ["url", "method", "as", "send", "header"];

impl<V: Payload> Call<V> {
    /// Reads the call in a slot, if there is one, whose holes may have these names.
    pub(super) fn read(
        given: &Given<V>,
        method: &'static str,
        root: &dyn Fn(&Given<V>) -> String,
        holes: &[&str],
    ) -> Option<Self> {
        given.value.as_ref()?;
        let url = given.field("url");
        check(&url, holes);
        let (send, header) = (given.field("send"), given.field("header"));
        check(&send, holes);
        check(&header, holes);
        for (name, field) in header.fields() {
            if let Some(problem) = problem_of_header(&name) {
                field.refuse(problem);
            }
        }
        Some(Call {
            url: root(&url),
            method: read_method(&given.field("method"), method),
            sent_as: match given.field("as").text("json", problem_of_form).as_str() {
                "form" => SentAs::Form,
                "query" => SentAs::Query,
                _ => SentAs::Json,
            },
            send: send.value,
            header: header.value,
        })
    }

    /// The options for `wx.request`.
    pub(crate) fn options(&self, holes: &Holes<V>) -> V {
        let mut options = V::object();
        options.set_text("method", self.method);
        let mut header = self.header.as_ref().and_then(|header| holes.filled(header));
        let mut url = holes.filled_text(&self.url, V::encoded);
        match self.send.as_ref().and_then(|send| holes.filled(send)) {
            Some(data) if self.sent_as == SentAs::Query => url = with_query(&url, &data),
            Some(data) => options.set("data", data),
            None => {}
        }
        if self.sent_as == SentAs::Form {
            let form = header.get_or_insert_with(V::object);
            form.set_text("content-type", "application/x-www-form-urlencoded");
        }
        if let Some(header) = header {
            options.set("header", header);
        }
        options.set_text("url", &url);
        options
    }

    pub(super) fn method(&self) -> &'static str {
        self.method
    }

    /// The address, with its holes.
    pub(super) fn template(&self) -> &str {
        &self.url
    }

    /// Whether it has a hole of this name.
    pub(super) fn uses(&self, name: &str) -> bool {
        let parts = [
            Some(V::text(&self.url)),
            self.send.clone(),
            self.header.clone(),
        ];
        let mut parts = parts.iter().flatten();
        parts.any(|part| has_hole(part, name))
    }

    /// Whether such a request is this one, whatever is in its holes and behind it in its query.
    pub(crate) fn is(&self, url: &str, method: &str) -> bool {
        self.method == method && fits(&self.url, url)
    }
}

/// Whether an address is a template's. A hole is filled with a part of a path or of a query.
fn fits(template: &str, url: &str) -> bool {
    let mut parts = template.splitn(2, '$');
    let Some(rest) = url.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let Some(hole) = parts.next() else {
        let next = rest.bytes().next();
        return next.is_none_or(|byte| matches!(byte, b'?' | b'&' | b'#'));
    };
    let behind = variable(hole).1;
    let ends = |byte: u8| matches!(byte, b'/' | b'?' | b'&' | b'#');
    let longest = rest.bytes().position(ends).unwrap_or(rest.len());
    (0..=longest).any(|at| rest.get(at..).is_some_and(|rest| fits(behind, rest)))
}

fn problem_of_form(name: &str) -> Option<&'static str> {
    let known = ["json", "form", "query"].contains(&name);
    (!known).then_some("must be json, form or query")
}

fn read_method<V: Payload>(given: &Given<V>, default: &'static str) -> &'static str {
    let name = given.text(default, problem_of_name);
    let mut methods = METHODS.into_iter();
    methods.find(|method| *method == name).unwrap_or_else(|| {
        given.refuse("must be an HTTP method in capitals");
        default
    })
}

/// Refuses holes with other names.
fn check<V: Payload>(given: &Given<V>, holes: &[&str]) {
    match &given.value {
        Some(value) if value.is_object() => {
            for (_, field) in given.fields() {
                check(&field, holes);
            }
        }
        Some(value) => {
            let holes = if value.items().is_some() { &[] } else { holes }; // none is filled in a list
            let text = plain_text(value).unwrap_or_default();
            let mut names = text.split('$').skip(1).map(|rest| variable(rest).0);
            if !names.all(|name| holes.contains(&first(name))) {
                given.refuse("has a $name that is not known here");
            }
        }
        None => {}
    }
}

fn has_hole<V: Payload>(template: &V, name: &str) -> bool {
    match template.as_text() {
        Some(text) => {
            let mut holes = text.split('$').skip(1);
            holes.any(|rest| first(variable(rest).0) == name)
        }
        None => {
            let mut fields = template.keys().into_iter();
            fields.any(|field| {
                template
                    .get(&field)
                    .is_some_and(|value| has_hole(&value, name))
            })
        }
    }
}

/// The name that a text begins with, and the rest.
fn variable(text: &str) -> (&str, &str) {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_';
    let end = text.bytes().position(|byte| !is_name(byte));
    text.split_at(end.unwrap_or(text.len()))
}

/// `unfinished` of `unfinished.openid`.
fn first(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// An address with the fields of an object in its query.
pub(crate) fn with_query<V: Payload>(url: &str, fields: &V) -> String {
    let mut url = url.to_owned();
    for name in fields.keys() {
        let value = fields.get(&name).as_ref().and_then(plain_text);
        url = with_parameter::<V>(&url, &name, &value.unwrap_or_default());
    }
    url
}

/// An address without the parameters of that name in its query.
pub(crate) fn without_parameter<V: Payload>(url: &str, name: &str) -> String {
    let name = V::encoded(name);
    let mut kept = text::path(url).to_owned();
    let query = url.get(kept.len() + 1..);
    let pairs = query.into_iter().flat_map(|query| query.split('&'));
    let mut separator = "?";
    for pair in pairs.filter(|pair| pair.split('=').next() != Some(&name)) {
        kept = text::concat(&[&kept, separator, pair]);
        separator = "&";
    }
    kept
}

/// An address with one more parameter in its query.
pub(crate) fn with_parameter<V: Payload>(url: &str, name: &str, value: &str) -> String {
    let separator = if text::has_any(url, b"?") { "&" } else { "?" };
    text::concat(&[url, separator, &V::encoded(name), "=", &V::encoded(value)])
}

impl<V: Payload> Holes<V> {
    pub(crate) fn new() -> Self {
        Holes(V::object())
    }

    pub(crate) fn with(mut self, name: &str, value: V) -> Self {
        self.0.set(name, value);
        self
    }

    /// The same with another value for `name`; this one stays as it is.
    pub(crate) fn and(&self, name: &str, value: V) -> Self {
        Holes(self.0.merged(&V::object())).with(name, value)
    }

    /// All that is known, by its names.
    pub(crate) fn all(&self) -> &V {
        &self.0
    }

    /// A copy of the template, filled in. A field that is nothing but a hole is left out where nothing is known for it.
    fn filled(&self, template: &V) -> Option<V> {
        if let Some(text) = template.as_text() {
            return match text.strip_prefix('$').map(variable) {
                Some((name, "")) => Some(at(&self.0, name)?.copy()),
                _ => Some(V::text(&self.filled_text(&text, str::to_owned))),
            };
        }
        if !template.is_object() {
            return Some(template.clone());
        }
        let mut filled = V::object();
        for name in template.keys() {
            let value = template.get(&name);
            if let Some(value) = value.and_then(|value| self.filled(&value)) {
                filled.set(&name, value);
            }
        }
        Some(filled)
    }

    fn filled_text(&self, template: &str, written: fn(&str) -> String) -> String {
        let mut parts = template.split('$');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = variable(part);
            let value = at(&self.0, name).as_ref().and_then(plain_text);
            filled.push_str(&written(&value.unwrap_or_default()));
            filled.push_str(rest);
        }
        filled
    }
}
