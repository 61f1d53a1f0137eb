//! A network between the backend and its database, which delays, holds back or refuses.

use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

const BUFFER: usize = 16 * 1024;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// As a proxy does that has no server behind it: it accepts connections and closes them.
    Cut,
    /// Answers are held back from this statement on.
    HoldsAnswersTo(&'static str),
    HoldsAnswers,
}

/// A link, which lasts as long as the test.
pub struct Link {
    /// The database's address behind the link.
    pub url: String,
    state: watch::Sender<State>,
}

impl Link {
    /// A link to the database at `url`, on which each packet to it takes so long.
    pub async fn to(url: &str, delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = listener.local_addr().unwrap().to_string();
        let far = address_in(url);
        let state = watch::Sender::new(State::Open);
        let link_state = state.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(connect(near, far, delay, link_state.clone()));
            }
        });
        Self {
            url: url.replace(&far.to_string(), &near),
            state,
        }
    }

    /// Closes all connections, and each new one.
    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// From the next `statement` on no answer comes through.
    pub fn hold_answers_to(&self, statement: &'static str) {
        self.state.send_replace(State::HoldsAnswersTo(statement));
    }

    /// What was held back comes through, and all that follows.
    pub fn open(&self) {
        self.state.send_replace(State::Open);
    }
}

async fn connect(near: TcpStream, far: SocketAddr, delay: Duration, state: watch::Sender<State>) {
    let mut changes = state.subscribe();
    let pass = async {
        let far = TcpStream::connect(far).await.unwrap();
        let (near_read, near_write) = near.into_split();
        let (far_read, far_write) = far.into_split();
        tokio::join!(
            pass_statements(near_read, far_write, delay, &state),
            pass_answers(far_read, near_write, state.subscribe()),
        );
    };
    tokio::select! {
        () = pass => {}
        _ = changes.wait_for(|state| *state == State::Cut) => {}
    }
}

fn notice_statement(bytes: &[u8], state: &watch::Sender<State>) {
    state.send_if_modified(|state| {
        let State::HoldsAnswersTo(statement) = *state else {
            return false;
        };
        let comes = bytes
            .windows(statement.len())
            .any(|window| window == statement.as_bytes());
        if comes {
            *state = State::HoldsAnswers;
        }
        comes
    });
}

fn address_in(url: &str) -> SocketAddr {
    let (_, rest) = url.split_once('@').unwrap();
    let (address, _) = rest.split_once('/').unwrap();
    address.parse().unwrap()
}

async fn pass_statements(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    delay: Duration,
    state: &watch::Sender<State>,
) {
    let mut buffer = vec![0; BUFFER];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        notice_statement(&buffer[..length], state);
        sleep(delay).await;
        if to.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}

async fn pass_answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut state: watch::Receiver<State>,
) {
    let mut buffer = vec![0; BUFFER];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let held = state.wait_for(|state| *state != State::HoldsAnswers).await;
        drop(held.unwrap());
        if to.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}
