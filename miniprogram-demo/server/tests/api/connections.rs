//! Clients that connect and do not behave.

use crate::passwords::MEMORY_CEILING;
use crate::support::{Backend, PATIENCE, TOKEN_HEADER, errno, json_of};
use reqwest::multipart::{Form, Part};
use serde_json::json;
use std::io::ErrorKind;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

const HALF_A_HEADER: &[u8] = b"GET /wx/auth/info HTTP/1.1\r\nhost: h\r\nx-l";
const LOGGED_OUT: &[u8] = b"GET /wx/auth/info HTTP/1.1\r\nhost: h\r\n\r\n";

async fn connect(backend: &Backend) -> TcpStream {
    TcpStream::connect(backend.address()).await.unwrap()
}

/// Returns when the program closes the connection.
async fn closed(mut connection: TcpStream) {
    let mut buffer = [0; 4096];
    while connection
        .read(&mut buffer)
        .await
        .is_ok_and(|length| length > 0)
    {}
}

/// Connects from one of this machine's other addresses.
async fn connect_from(backend: &Backend, address: Ipv4Addr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((address, 0).into()).unwrap();
    let backend = backend.address().parse().unwrap();
    socket.connect(backend).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_connections_that_use_up_all_descriptors_do_not_stop_the_service() {
    log_in_beside_silent_connections(256, 300).await;
}

/// They come from many addresses, so a login has to wait until they are cut off.
pub async fn log_in_beside_silent_connections(descriptors: u32, connections: u32) {
    let backend = Backend::start_with_descriptors(descriptors, &[]);
    let mut silent = Vec::new();
    for number in 0..connections {
        let address = Ipv4Addr::from_bits(Ipv4Addr::new(127, 0, 1, 1).to_bits() + number % 100);
        silent.push(connect_from(&backend, address).await);
    }
    let login = timeout(PATIENCE, backend.login("amy", json!({}))).await;
    assert_eq!(errno(&login.expect("the service has stopped")), 0);
    assert!(backend.log().contains("connections are open"));
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_connections_of_one_address_keep_nobody_else_waiting() {
    let backend = Backend::start_with_descriptors(256, &[]);
    let crowd = Ipv4Addr::new(127, 0, 0, 2);
    let mut silent = Vec::new();
    for _ in 0..300 {
        silent.push(connect_from(&backend, crowd).await);
    }
    assert_eq!(errno(&backend.login("amy", json!({})).await), 0);
    let still_open = silent[0].try_read(&mut [0]);
    assert!(
        still_open.is_err_and(|error| error.kind() == ErrorKind::WouldBlock),
        "the login waited until silent connections were cut off"
    );
    assert!(backend.log().contains("127.0.0.2 has"), "nothing is logged");
    // Their places are free again.
    drop(silent);
    let served = async {
        loop {
            let mut connection = connect_from(&backend, crowd).await;
            let mut answer = [0; 12];
            if connection.write_all(LOGGED_OUT).await.is_ok()
                && connection.read_exact(&mut answer).await.is_ok()
            {
                break;
            }
        }
    };
    let served = timeout(PATIENCE, served).await;
    assert!(served.is_ok(), "the address is shut out");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_no_address_is_too_many() {
    let backend = Backend::start_with_args(&["--trust-proxy"]);
    let mut silent = Vec::new();
    for _ in 0..600 {
        silent.push(connect_from(&backend, Ipv4Addr::new(127, 0, 0, 2)).await);
    }
    let mut last = silent.pop().unwrap();
    last.write_all(LOGGED_OUT).await.unwrap();
    let mut answer = [0; 12];
    last.read_exact(&mut answer).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_no_header_or_half_of_one_or_nothing_more_is_cut_off() {
    let backend = Backend::start();
    let silent = connect(&backend).await;
    let mut half = connect(&backend).await;
    half.write_all(HALF_A_HEADER).await.unwrap();
    let mut idle = connect(&backend).await;
    idle.write_all(LOGGED_OUT).await.unwrap();
    for (connection, name) in [(silent, "silent"), (half, "half"), (idle, "idle")] {
        let end = timeout(PATIENCE, closed(connection)).await;
        assert!(end.is_ok(), "the {name} connection is still open");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_trickles_in_is_cut_off_too() {
    let backend = Backend::start();
    let (mut reader, mut writer) = connect(&backend).await.into_split();
    writer.write_all(HALF_A_HEADER).await.unwrap();
    let trickle = tokio::spawn(async move {
        while writer.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(100)).await;
        }
    });
    let mut rest = Vec::new();
    let end = timeout(PATIENCE, reader.read_to_end(&mut rest)).await;
    assert!(end.is_ok(), "the connection is still open");
    trickle.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_no_answers_is_cut_off() {
    let backend = Backend::start();
    // A small buffer, which is soon full of answers.
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let address = backend.address().parse().unwrap();
    let mut connection = socket.connect(address).await.unwrap();
    let requests = LOGGED_OUT.repeat(1000);
    let end = timeout(PATIENCE, async {
        while connection.write_all(&requests).await.is_ok() {}
    });
    assert!(end.await.is_ok(), "the connection is still open");
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_of_strangers_are_not_kept_in_memory() {
    upload_as_strangers(200).await;
}

pub async fn upload_as_strangers(times: u32) {
    // Else this machine's one address would have too many connections.
    let backend = Backend::start_with_args(&["--trust-proxy"]);
    let mut uploads = JoinSet::new();
    for _ in 0..times {
        let part = Part::bytes(vec![7; 2 * 1024 * 1024]).file_name("a.png");
        let upload = backend.post("storage/upload");
        uploads.spawn(json_of(upload.multipart(Form::new().part("file", part))));
    }
    for envelope in uploads.join_all().await {
        assert_eq!(errno(&envelope), 501);
    }
    let peak = backend.peak_memory();
    assert!(peak <= MEMORY_CEILING, "{peak} MB");
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_that_stall_are_not_kept_in_memory() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let start = "--x\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n";
    let header = format!(
        "POST /wx/storage/upload HTTP/1.1\r\nhost: h\r\n{TOKEN_HEADER}: {token}\r\n\
         content-type: multipart/form-data; boundary=x\r\ncontent-length: 2000000\r\n\r\n{start}"
    );
    let mut stalled = Vec::new();
    for _ in 0..100 {
        let mut connection = connect(&backend).await;
        connection.write_all(header.as_bytes()).await.unwrap();
        connection.write_all(&[7; 1_900_000]).await.unwrap();
        stalled.push(connection);
    }
    backend.wait_until_all_is_read().await;
    assert_eq!(errno(&backend.info(&token).await), 0);
    let peak = backend.peak_memory();
    assert!(peak <= MEMORY_CEILING, "{peak} MB");
}
