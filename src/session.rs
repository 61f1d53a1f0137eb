//! A session, and the rules by which it ages. Nothing here knows a host.

use std::cell::Cell;
use std::fmt;
use std::time::Duration;

use ct_codecs::{Base64UrlSafeNoPadding, Decoder};
use serde::Serialize;

use crate::{Payload, Timestamp, text};

/// The token that the server gave. It never shows itself: neither in `Debug` nor in an error.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// `None` for an empty text: the wire contract treats an empty token as none.
    pub(crate) fn new(text: String) -> Option<Self> {
        (!text.is_empty()).then_some(Token(text))
    }

    /// The secret itself, to be sent or stored.
    pub fn secret(&self) -> &str {
        &self.0
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    pub(crate) fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

/// By which a token is known again without being kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TokenHash(f64);

impl TokenHash {
    /// FNV-1a, because a stored hash has to be the same in each build. The token is random and has ended: its hash needs no
    /// protection against being reversed.
    fn of(token: &str) -> Self {
        let hash = token.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        TokenHash((hash >> 11) as f64) // as much of it as a number of the record holds
    }

    pub(crate) fn from_number(number: f64) -> Self {
        TokenHash(number)
    }

    pub(crate) fn as_number(self) -> f64 {
        self.0
    }
}

/// A token whose place another has taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Replaced {
    pub(crate) token: TokenHash,
    /// When the request that had brought it was started.
    pub(crate) issued_at: Timestamp,
}

/// The server's name for a user, as the login gave it: 12 and "12" are one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity(String);

impl Identity {
    /// `None` for an empty text, which names nobody.
    pub(crate) fn from_text(text: String) -> Option<Self> {
        (!text.is_empty()).then_some(Identity(text))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The user's id, a text or a number.
    pub(crate) fn of<V: Payload>(id: &V) -> Option<Self> {
        let number = || id.as_number().and_then(|_| id.to_json());
        Identity::from_text(id.as_text().or_else(number)?)
    }
}

/// How the user signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Via {
    /// With a code of `wx.login`: the server holds a `session_key` of WeChat's.
    Weixin,
    /// With an account and a password: `wx.checkSession` says nothing about it.
    Account,
    /// With the code of a `getPhoneNumber` button: treated as an account's.
    Phone,
    /// In a way that the client does not know: another program has left the session.
    Unknown,
}

impl Via {
    /// The name in the storage and in the snapshot.
    pub fn name(self) -> &'static str {
        match self {
            Via::Weixin => "weixin",
            Via::Account => "account",
            Via::Phone => "phone",
            Via::Unknown => "unknown",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Via::Weixin, Via::Account, Via::Phone, Via::Unknown]
            .into_iter()
            .find(|via| via.name() == name)
    }
}

/// A signed-in user.
#[derive(Debug, Clone)]
pub struct Session<V> {
    /// Goes with every request.
    pub token: Token,
    /// Who the user is, as the login said; `None` if it did not say.
    pub identity: Option<Identity>,
    /// The server's user, as it came.
    pub user_info: V,
    /// How the user signed in.
    pub via: Via,
    /// When the request that brought the token was started.
    pub issued_at: Timestamp,
    /// When the token ends; `None` if only the server knows.
    pub expires_at: Option<Timestamp>,
    /// With which another token can be asked for.
    pub(crate) refresh: Option<Token>,
    /// The token that this one has replaced, whether it had ended or not.
    pub(crate) replaced: Option<Replaced>,
    /// By which the token of the login is known that the server has replaced by this one since, perhaps several times: all are
    /// one user's.
    pub(crate) continues: Option<TokenHash>,
    /// Whether the storage holds it.
    pub persisted: Cell<bool>,
}

/// What the clock says about a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Good for longer than the margin.
    Fresh,
    /// Still good, but for less than the margin.
    Ending,
    /// Past its end.
    Expired,
    /// The clock cannot tell: no end is known, or the clock was set back. Ask the server.
    Unknown,
}

/// How long a token counts as young: a refusal so soon after its login is more likely about an address than about the token.
const YOUTH: Duration = Duration::from_secs(60);

impl<V: Payload> Session<V> {
    /// A session that a login has just brought.
    pub(crate) fn new(
        token: Token,
        identity: Option<Identity>,
        user_info: V,
        via: Via,
        issued_at: Timestamp,
        expires_at: Option<Timestamp>,
    ) -> Self {
        Session {
            identity,
            token,
            user_info,
            via,
            issued_at,
            expires_at,
            refresh: None,
            continues: None,
            replaced: None,
            persisted: Cell::new(false),
        }
    }

    /// A session that another program has left: nothing is known of its token.
    pub(crate) fn taken_over(token: Token, identity: Option<Identity>, user_info: V) -> Self {
        let issued_at = Timestamp::default();
        Session::new(token, identity, user_info, Via::Unknown, issued_at, None)
    }

    /// The session that a login without a profile has brought to a known user: what the server left out, or brought as null,
    /// stays.
    pub(crate) fn of_known_user(self, user_info: &V) -> Self {
        Session {
            user_info: user_info.merged(&self.user_info.without("")),
            ..self
        }
    }

    /// The same session with another token, and what came with it.
    pub(crate) fn with_token(
        &self,
        token: Token,
        issued_at: Timestamp,
        expires_at: Option<Timestamp>,
    ) -> Self {
        Session {
            replaced: Some(self.to_be_replaced()),
            continues: Some(self.first_token()),
            token,
            issued_at,
            expires_at,
            persisted: Cell::new(false),
            ..self.clone()
        }
    }

    /// The same session, when the server has refused what it was to be refreshed with.
    pub(crate) fn without_refresh(&self) -> Self {
        Session {
            refresh: None,
            persisted: Cell::new(false),
            ..self.clone()
        }
    }

    /// The same session with other fields of the user.
    pub(crate) fn with_user(&self, user_info: V) -> Self {
        Session {
            user_info,
            persisted: Cell::new(false),
            ..self.clone()
        }
    }

    /// Whether both sessions are known to be, or by their token or WeChat's login must be, of one user: a phone has one WeChat
    /// user.
    pub(crate) fn same_user(&self, other: &Self) -> bool {
        match (&self.identity, &other.identity) {
            (Some(identity), Some(other_identity)) => identity == other_identity,
            _ => {
                self.first_token() == other.first_token()
                    || (self.via == Via::Weixin && other.via == Via::Weixin)
            }
        }
    }

    /// Whether a WeChat login that brought this session may be of that user: a phone has one WeChat user.
    pub(crate) fn may_be(&self, identity: Option<&Identity>) -> bool {
        let ids = self.identity.as_ref().zip(identity);
        self.via == Via::Weixin && ids.is_none_or(|(own, other)| own == other)
    }

    /// Names the login that brought it, whatever tokens have followed.
    fn first_token(&self) -> TokenHash {
        self.continues.unwrap_or_else(|| self.token.hash())
    }

    /// What a session knows that takes its place.
    pub(crate) fn to_be_replaced(&self) -> Replaced {
        Replaced {
            token: self.token.hash(),
            issued_at: self.issued_at,
        }
    }

    /// Whether it has taken the place of a session with that token.
    pub(crate) fn replaces(&self, token: TokenHash) -> bool {
        self.replaced
            .is_some_and(|replaced| replaced.token == token)
    }

    pub(crate) fn same_token(&self, other: &Self) -> bool {
        self.token.is(&other.token)
    }

    /// Whether a silent login may take its place: a login with WeChat is somebody else's unless the session is, or may be, of the
    /// phone's WeChat user.
    pub(crate) fn is_renewable(&self) -> bool {
        match self.via {
            Via::Weixin => true,
            Via::Account | Via::Phone => false,
            Via::Unknown => self.identity.is_some(),
        }
    }

    /// Whether both are one session. Some servers give the same token at each login.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.same_token(other) && self.issued_at == other.issued_at
    }

    /// Whether the login that brought it has brought the token that was there before: some servers give the same one each time.
    pub(crate) fn is_brought_again(&self) -> bool {
        self.replaces(self.token.hash())
    }

    pub(crate) fn is_young(&self, now: Timestamp) -> bool {
        is_recent(self.issued_at, now)
    }

    /// How fresh the session is at `now`, with a margin before its end.
    ///
    /// The margin is at most half of the session's whole life: a token of 30 s is not born ending.
    pub fn freshness(&self, now: Timestamp, margin: Duration) -> Freshness {
        let Some(expires_at) = self.expires_at else {
            return Freshness::Unknown;
        };
        let margin = margin.min(expires_at.since(self.issued_at) / 2);
        if now < self.issued_at - margin {
            Freshness::Unknown
        } else if now < expires_at - margin {
            Freshness::Fresh
        } else if now < expires_at {
            Freshness::Ending
        } else {
            Freshness::Expired
        }
    }
}

/// Whether `instant` is less than a minute ago. Of a clock that was set back far, nothing is known.
pub(crate) fn is_recent(instant: Timestamp, now: Timestamp) -> bool {
    now + YOUTH >= instant && now.since(instant) < YOUTH
}

/// What a JWT says; `None` for any other token.
pub(crate) fn jwt_claims<V: Payload>(token: &Token) -> Option<V> {
    let payload = token.secret().split('.').nth(1)?;
    let json = Base64UrlSafeNoPadding::decode_to_vec(payload, None).ok()?;
    // Numbers are looked for: texts in there need not be read right, so each octet may be a character.
    let json: String = json.into_iter().map(char::from).collect();
    V::from_json(&json)
}

/// An RFC 3339 instant. A local time without a zone names a different instant on every device, so it names none.
pub(crate) fn zoned_instant<V: Payload>(value: &V) -> Option<Timestamp> {
    let instant = value.as_text()?;
    let time = instant.get(10..)?; // after the date, whose dashes are no zone
    let zoned = time.ends_with('Z') || time.ends_with('z') || text::has_any(time, b"+-");
    if zoned { V::instant(&instant) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_does_not_show_itself() {
        let token = Token::new("secret-token".into());
        assert_eq!(format!("{token:?}"), "Some([redacted])");
    }
}
