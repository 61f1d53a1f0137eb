//! Clients that send one request after the other, each over a connection of its own.

use crate::server::Server;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// The users that sign in; as many as the large tables hold.
pub const USERS: u64 = 200_000;

#[derive(Clone, Copy)]
pub enum Work {
    Bare,
    Checks,
    Logins,
    /// Each client refreshes the one login that it begins with.
    Refreshes,
}

#[derive(Clone, Copy)]
pub struct Load {
    pub clients: usize,
    pub time: Duration,
}

/// What the clients have seen.
#[derive(Default)]
pub struct Seen {
    pub latencies: Vec<Duration>,
    pub failures: usize,
    pub time: Duration,
}

impl Load {
    pub async fn run(&self, server: &Server, work: Work) -> Seen {
        let next_user = Arc::new(AtomicU64::new(0));
        let mut clients = JoinSet::new();
        for _ in 0..self.clients {
            let client = Client {
                sender: connect(&server.address).await,
                token: String::new(),
                refresh_token: String::new(),
                next_user: next_user.clone(),
            };
            clients.spawn(client.run(work, self.time));
        }
        let mut all = Seen::default();
        for seen in clients.join_all().await {
            all.latencies.extend(seen.latencies);
            all.failures += seen.failures;
            all.time = all.time.max(seen.time);
        }
        all.latencies.sort_unstable();
        all
    }
}

impl Seen {
    /// Adds what was seen later.
    pub fn add(&mut self, later: Self) {
        self.latencies.extend(later.latencies);
        self.latencies.sort_unstable();
        self.failures += later.failures;
        self.time += later.time;
    }
}

struct Client {
    sender: SendRequest<Full<Bytes>>,
    token: String,
    refresh_token: String,
    next_user: Arc<AtomicU64>,
}

impl Client {
    async fn run(mut self, work: Work, time: Duration) -> Seen {
        let mut seen = Seen::default();
        if matches!(work, Work::Checks | Work::Refreshes) {
            let login = self.login_request();
            let envelope = self.send(login).await;
            self.keep_tokens(&envelope);
        }
        let start = Instant::now();
        while start.elapsed() < time {
            let request = match work {
                Work::Bare => request(Method::GET, "/", "", String::new()),
                Work::Checks => request(Method::GET, "/wx/auth/info", &self.token, String::new()),
                Work::Logins => self.login_request(),
                Work::Refreshes => self.refresh_request(),
            };
            let sent = Instant::now();
            let envelope = self.send(request).await;
            seen.latencies.push(sent.elapsed());
            seen.failures += usize::from(envelope["errno"] != 0);
            if matches!(work, Work::Refreshes) {
                self.keep_tokens(&envelope);
            }
        }
        seen.time = start.elapsed();
        seen
    }

    fn login_request(&self) -> Request<Full<Bytes>> {
        // Ever other users, spread over the table.
        let user = self.next_user.fetch_add(1, Ordering::Relaxed) * 7919 % USERS;
        let body = json!({ "code": user.to_string() }).to_string();
        request(Method::POST, "/wx/auth/login_by_weixin", "", body)
    }

    fn refresh_request(&self) -> Request<Full<Bytes>> {
        let body = json!({ "refreshToken": self.refresh_token }).to_string();
        request(Method::POST, "/wx/auth/refresh", "", body)
    }

    fn keep_tokens(&mut self, envelope: &Value) {
        let text = |name: &str| envelope["data"][name].as_str().map(str::to_owned);
        self.token = text("token").unwrap_or_else(|| panic!("{}", envelope["errmsg"]));
        self.refresh_token = text("refreshToken").expect("beside a token");
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> Value {
        let response = self.sender.send_request(request).await.unwrap();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice(&body).unwrap()
    }
}

fn request(method: Method, path: &str, token: &str, body: String) -> Request<Full<Bytes>> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost")
        .header("content-type", "application/json")
        .header("x-litemall-token", token)
        .body(Full::new(body.into()))
        .unwrap()
}

async fn connect(address: &str) -> SendRequest<Full<Bytes>> {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}
