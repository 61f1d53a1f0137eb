//! What a page wants to send, checked.

use std::rc::Rc;
use std::time::Duration;

use super::login::Renewal;
use crate::dialect::{Holes, METHODS, Outcome, Purpose, Response};
use crate::error::failed;
use crate::{Api, Asked, Config, Host, LoginError, Payload, Result, duration_of_ms, text};

const SHORTEST_TIMEOUT: Duration = Duration::from_millis(1);
/// `wx` itself waits no longer, whatever it is asked for.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(60);

/// A step of a login goes as nobody, leads to no login, and ends with it; what its answer means is for the app to see.
const NOT_OF_STEPS: [&str; 4] = ["auth", "relogin", "refusals", "signal"];

/// A request, an upload or a download of the app's.
pub(super) struct Outgoing<V> {
    pub(super) api: Api,
    /// The options for `wx`, with an absolute URL and without the token.
    pub(super) options: V,
    pub(super) timeout: Duration,
    /// Whether it waits for its place among the others: a step of a login does not.
    pub(super) waits: bool,
    /// Whether it goes to our server: only then does it carry the token.
    pub(super) ours: bool,
    /// Whether "signed out" leads to no login and no second try: it is a login itself, or the page wants it so.
    pub(super) exempt: bool,
    pub(super) auth: Auth,
    /// How the session may be renewed for it.
    pub(super) renewal: Renewal,
    /// Whether a refusal of the business rejects.
    pub(super) rejects: bool,
    pub(super) asked: Rc<Asked>,
    /// Whether the page has asked for something other than JSON.
    raw: bool,
}

/// As whom a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Auth {
    /// As the user, if somebody is signed in.
    Optional,
    /// As the user, who signs in first.
    Required,
    /// As nobody.
    None,
}

impl<V: Payload> Outgoing<V> {
    /// A request that the dialect describes.
    pub(super) fn ours(config: &Config<V>, purpose: Purpose, holes: &Holes<V>) -> Result<Self> {
        let (options, asked) = config.dialect.request(purpose, holes)?;
        Ok(Outgoing {
            api: Api::Request,
            asked,
            options,
            timeout: config.timeout,
            waits: true,
            ours: true,
            exempt: false,
            auth: Auth::Optional,
            renewal: Renewal::Any,
            rejects: false,
            raw: false,
        })
    }

    /// A step of a login that the app's own function makes.
    pub(super) fn step(config: &Config<V>, options: V) -> Result<Self> {
        let mut others = NOT_OF_STEPS.into_iter();
        if let Some(name) = others.find(|name| options.get(name).is_some()) {
            return argument(name, "is not for a step of a login");
        }
        let outgoing = Outgoing::new(config, Api::Request, options)?;
        match outgoing.ours {
            true => Ok(Outgoing {
                waits: false,
                ..outgoing
            }),
            false => argument("url", "must be below baseUrl or one of hosts"),
        }
    }

    /// Whether it is for the user who is signed in: else it is nobody's affair who signs in or out meanwhile.
    pub(super) fn is_as_user(&self) -> bool {
        self.ours && self.auth != Auth::None
    }

    /// Sends it, dressed if it goes to our server.
    pub(super) async fn send<H: Host<Value = V>>(
        &self,
        host: &H,
        config: &Config<V>,
        options: V,
    ) -> Result<V> {
        let answer = match self.api {
            Api::UploadFile => host.upload(options, self.timeout),
            Api::DownloadFile => host.download(options, self.timeout),
            _ => host.request(options, self.timeout),
        };
        answer.await.map_err(|failure| {
            // What follows our root in an error of WeChat's may hold a token or a code.
            let roots = if self.ours {
                config.dialect.roots.as_slice()
            } else {
                &[]
            };
            LoginError::of_call(self.api, failure, roots, Some(&self.asked))
        })
    }

    /// The answer to it, as `wx` has given it.
    pub(super) fn response(&self, answer: &V) -> Response<V> {
        let mut response = Response::new(answer, Some(&self.asked));
        if self.api == Api::UploadFile {
            response = response.parsed();
        }
        if self.raw {
            response = response.raw();
        }
        response
    }

    /// What an answer means. Another server's refusal is no refusal of our token.
    pub(super) fn outcome(&self, config: &Config<V>, response: Response<V>) -> Result<Outcome<V>> {
        if self.ours {
            response.outcome(&config.dialect)
        } else {
            response.foreign().map(Outcome::Answered)
        }
    }

    /// Checks the options. Options that only `wx` knows pass through.
    pub(super) fn new(config: &Config<V>, api: Api, mut options: V) -> Result<Self> {
        if api == Api::UploadFile {
            required(&options, "filePath")?;
            required(&options, "name")?;
            object(&options, "formData")?;
        }
        object(&options, "header")?;
        let url = required(&options, "url")?;
        let method = match api {
            Api::UploadFile => "POST",
            Api::DownloadFile => "GET",
            _ => method(&options)?,
        };
        let target = Target::of(config, url, method)?;
        // Not before it is known to be an object, which has a URL.
        options.set_text("url", &target.url);
        if api == Api::Request {
            options.set_text("method", method);
        }
        if target.ours && config.dialect.needs_fields() {
            object(&options, "data")?;
        }
        let auth = auth(&options)?;
        let relogin = options.get("relogin");
        let refusals = optional(&options, "refusals")?;
        if auth.is_some() || relogin.is_some() || refusals.is_some() {
            let others = options.without("auth").without("relogin");
            options = others.without("refusals"); // not for `wx`
        }
        let rejects = match refusals.as_deref() {
            None => config.rejects_refusals,
            Some("resolve") => false,
            Some("reject") => true,
            Some(_) => return argument("refusals", "must be resolve or reject"),
        };
        let auth = auth.unwrap_or(Auth::Optional);
        let relogin = relogin.and_then(|relogin| relogin.truth());
        Ok(Outgoing {
            raw: method == "HEAD" || api == Api::DownloadFile || wants_other_than_json(&options),
            api,
            timeout: timeout(config, api, &options)?,
            waits: true,
            options,
            ours: target.ours,
            exempt: target.logs_in || auth == Auth::None || relogin == Some(false),
            auth,
            renewal: Renewal::Any,
            rejects: rejects && target.ours,
            asked: config.dialect.asked_at(method, &target.url),
        })
    }
}

/// How long it may take: by default as long as one step of the client, or for a file, as long as `wx` itself waits.
fn timeout<V: Payload>(config: &Config<V>, api: Api, given: &V) -> Result<Duration> {
    let Some(timeout) = given.get("timeout") else {
        return Ok(match api {
            Api::UploadFile | Api::DownloadFile => LONGEST_TIMEOUT,
            _ => config.timeout,
        });
    };
    let timeout = timeout.as_number().and_then(duration_of_ms);
    match timeout.filter(|timeout| (SHORTEST_TIMEOUT..=LONGEST_TIMEOUT).contains(timeout)) {
        Some(timeout) => Ok(timeout),
        None => argument("timeout", "must be from 1 to 60000 ms"),
    }
}

fn wants_other_than_json<V: Payload>(given: &V) -> bool {
    let data_type = given.text_at("dataType");
    data_type.is_some_and(|name| name != "json") || given.get("responseType").is_some()
}

fn auth<V: Payload>(given: &V) -> Result<Option<Auth>> {
    match optional(given, "auth")?.as_deref() {
        None => Ok(None),
        Some("optional") => Ok(Some(Auth::Optional)),
        Some("required") => Ok(Some(Auth::Required)),
        Some("none") => Ok(Some(Auth::None)),
        Some(_) => argument("auth", "must be optional, required or none"),
    }
}

/// The method as `wx` wants it: in capitals.
fn method<V: Payload>(given: &V) -> Result<&'static str> {
    let Some(name) = optional(given, "method")? else {
        return Ok("GET");
    };
    let mut methods = METHODS.into_iter();
    match methods.find(|method| method.eq_ignore_ascii_case(&name)) {
        Some(method) => Ok(method),
        None => argument("method", "is no HTTP method"),
    }
}

/// Where a request goes.
struct Target {
    /// The absolute URL.
    url: String,
    /// Whether it is below the base URL.
    ours: bool,
    /// Whether it is one of those that sign in or out.
    logs_in: bool,
}

impl Target {
    fn of<V: Payload>(config: &Config<V>, url: String, method: &str) -> Result<Self> {
        let url = url.split('#').next().unwrap_or_default().to_owned(); // a fragment is not sent
        let absolute = url.starts_with("https://") || url.starts_with("http://");
        let path = if absolute {
            config.dialect.below_root(&url)
        } else {
            Some(text::without_leading_slashes(&url))
        };
        let Some(path) = path else {
            return Ok(Target {
                url,
                ours: false,
                logs_in: false,
            });
        };
        // What a server would resolve to some place above the base must not get the token.
        let plain = text::path(path);
        let odd =
            |byte: u8| byte <= b' ' || byte == b'\\' || byte == b';' || (byte == b':' && !absolute);
        if plain.bytes().any(odd) || text::climbs(plain) || disguised(plain) {
            return argument("url", "must be a plain path below baseUrl, or an https URL");
        }
        let url = match absolute {
            true => url,
            false => text::concat(&[&config.base_url, path]),
        };
        Ok(Target {
            ours: true,
            logs_in: config.dialect.logs_in(&url, method),
            url,
        })
    }
}

/// Whether there is a dot or a slash in it that some servers decode before they look at the path.
fn disguised(path: &str) -> bool {
    let escapes = ["%2e", "%2f", "%5c"];
    text::has_any(path, b"%") && escapes.iter().any(|escape| text::contains(path, escape))
}

/// An argument that cannot be used.
pub(super) fn argument<T>(name: &'static str, problem: &'static str) -> Result<T> {
    Err(failed(LoginError::InvalidArgument { name, problem }))
}

/// A text that has to be there.
pub(super) fn required<V: Payload>(options: &V, name: &'static str) -> Result<String> {
    match options.full_text_at(name) {
        Some(text) => Ok(text),
        None => argument(name, "must be a text that is not empty"),
    }
}

fn optional<V: Payload>(options: &V, name: &'static str) -> Result<Option<String>> {
    match options.get(name).map(|value| value.as_text()) {
        Some(None) => argument(name, "must be a text"),
        text => Ok(text.flatten()),
    }
}

fn object<V: Payload>(options: &V, name: &'static str) -> Result<()> {
    match options.get(name) {
        Some(value) if !value.is_object() => argument(name, "must be an object"),
        _ => Ok(()),
    }
}
