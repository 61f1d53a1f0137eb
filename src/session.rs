//! A session, and the rules by which it ages. Nothing here knows a host.

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
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
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
}

impl Via {
    /// The name in the storage.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Via::Weixin => "weixin",
            Via::Account => "account",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Via::Weixin, Via::Account]
            .into_iter()
            .find(|via| via.name() == name)
    }
}

/// A signed-in user.
#[derive(Debug, Clone)]
pub struct Session<V> {
    /// Goes with every request.
    pub token: Token,
    /// The server's user, as it came.
    pub user_info: V,
    /// How the user signed in.
    pub via: Via,
    /// When the request that brought the token was started, by the device's clock.
    pub issued_at: Timestamp,
    /// When the token ends, by the device's clock; `None` if only the server knows.
    pub expires_at: Option<Timestamp>,
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

impl<V: Payload> Session<V> {
    /// Whether both sessions are known to be, or with WeChat's login must be, of one user: a phone has one WeChat user.
    pub(crate) fn same_user(&self, other: &Self) -> bool {
        match (user_id(&self.user_info), user_id(&other.user_info)) {
            (Some(id), Some(other_id)) => id.is(&other_id),
            _ => self.via == Via::Weixin && other.via == Via::Weixin,
        }
    }

    pub(crate) fn same_token(&self, other: &Self) -> bool {
        self.token.0 == other.token.0
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

/// The server's name for the user: `userId` here, `id` in sibling dialects; a number or a text. `None` if it is anything else.
fn user_id<V: Payload>(user_info: &V) -> Option<V> {
    let id = user_info.get("userId").or_else(|| user_info.get("id"))?;
    id.is(&id).then_some(id)
}

/// When the token of a login answer ends, by the device's clock: from the first of these that can be relied on.
///
/// 1. `expiresIn`, a life in seconds, counted from `started_at`;
/// 2. the JWT's own life, `exp - iat`, counted from `started_at`: the server's clock and the device's may disagree, so
///    `exp` alone says nothing;
/// 3. `tokenExpire`, an instant with a zone, if the device's clock has not passed it already.
///
/// `None` means that only the server knows. `started_at` is from before the request, so that a phone that slept while it
/// waited does not think the token younger than it is.
pub(crate) fn expiry<V: Payload>(
    answer: &V,
    token: &Token,
    started_at: Timestamp,
) -> Option<Timestamp> {
    let life_s = answer
        .number_at("expiresIn")
        .or_else(|| jwt_life_s::<V>(token));
    match life_s {
        Some(life_s) => {
            let life = Duration::try_from_secs_f64(life_s).ok()?;
            (!life.is_zero()).then(|| started_at + life)
        }
        None => zoned_instant(&answer.get("tokenExpire")?).filter(|instant| *instant > started_at),
    }
}

/// `exp - iat` of a JWT, in seconds; `None` for any other token.
fn jwt_life_s<V: Payload>(token: &Token) -> Option<f64> {
    let payload = token.secret().split('.').nth(1)?;
    let json = Base64UrlSafeNoPadding::decode_to_vec(payload, None).ok()?;
    let claims = V::from_json(str::from_utf8(&json).ok()?)?;
    Some(claims.number_at("exp")? - claims.number_at("iat")?)
}

/// An RFC 3339 instant. A local time without a zone names a different instant on every device, so it names none.
fn zoned_instant<V: Payload>(value: &V) -> Option<Timestamp> {
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
