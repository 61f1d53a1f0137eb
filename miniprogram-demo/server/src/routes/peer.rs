//! Where a request comes from.

use crate::envelope::ApiError;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};

/// To which a proxy appends the address that it was asked from.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The client's address.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Middleware: finds out the client's address. That is the one at the other end of the connection, unless the proxy that
/// stands there is trusted to name another.
pub async fn identify(
    State(trust_proxy): State<bool>,
    ConnectInfo(connection): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let forwarded = trust_proxy
        .then(|| forwarded_for(request.headers()))
        .flatten();
    let address = forwarded.unwrap_or(connection.ip()).to_canonical();
    request.extensions_mut().insert(Peer(address));
    next.run(request).await
}

/// The last address is the proxy's word; those before it came from the client, which may have made them up.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(FORWARDED_FOR).iter().next_back()?;
    let last = last.to_str().ok()?.rsplit(',').next()?.trim();
    // Some proxies name the port, too.
    let with_port = || last.parse::<SocketAddr>().map(|address| address.ip());
    last.parse().or_else(|_| with_port()).ok()
}

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let peer = parts.extensions.get().copied();
        peer.ok_or_else(|| ApiError::Internal("the client's address is not known".into()))
    }
}
