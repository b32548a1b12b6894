//! Load over real HTTP: keep-alive connections that write ready-made bytes and read the answer by its length, so that
//! the client costs as little as it can beside the server it measures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::report::{Measure, Target, median, note, row};

pub const CLIENTS: usize = 16;
const ROUND: Duration = Duration::from_millis(700);
const ROUNDS: usize = 9;

type Request = Arc<dyn Fn() -> String + Send + Sync>;

/// Something to ask, again and again.
#[derive(Clone)]
pub struct Asked {
    address: SocketAddr,
    request: Request,
}

impl Asked {
    pub fn get(address: SocketAddr, path: &str, headers: &str) -> Self {
        let request = format!("GET {path} HTTP/1.1\r\n{headers}\r\n");
        Asked {
            address,
            request: Arc::new(move || request.clone()),
        }
    }

    pub fn post(
        address: SocketAddr,
        path: &str,
        headers: &str,
        body: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self {
        let head = format!("POST {path} HTTP/1.1\r\n{headers}content-type: application/json\r\n");
        let request = move || {
            let body = body();
            format!("{head}content-length: {}\r\n\r\n{body}", body.len())
        };
        Asked {
            address,
            request: Arc::new(request),
        }
    }
}

/// Ours and the limit in alternating short rounds, so that whatever else the machine does falls on both.
pub async fn contest(name: &str, ours: &Asked, limit: &Asked, target: Target) {
    for asked in [ours, limit] {
        drive(asked).await;
    }
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        mine.push(drive(ours).await);
        theirs.push(drive(limit).await);
    }
    let refused: usize = mine.iter().map(|(_, refused)| refused).sum();
    let rate = |all: Vec<(f64, usize)>| Measure::PerSecond(median(all.into_iter().map(|(rate, _)| rate).collect()));
    row(name, rate(mine), Some(rate(theirs)), target);
    if refused > 0 {
        note(&format!("ours refused {refused} with 503: they are not counted"));
    }
}

/// Good answers a second over one round, and how many were refused for want of a connection. The clients have a thread of their own, as they would have a machine.
async fn drive(asked: &Asked) -> (f64, usize) {
    let asked = asked.clone();
    let clients = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let began = Instant::now();
            let clients = (0..CLIENTS).map(|_| client(asked.clone(), began + ROUND));
            let done = futures::future::join_all(clients).await;
            let answered: usize = done.iter().map(|(answered, _)| answered).sum();
            let refused = done.iter().map(|(_, refused)| refused).sum();
            (answered as f64 / began.elapsed().as_secs_f64(), refused)
        })
    });
    tokio::task::spawn_blocking(move || clients.join().expect("the clients end well"))
        .await
        .expect("the clients end well")
}

/// How often a client asks, and for how long.
#[derive(Clone)]
pub struct Pace {
    pub every: Duration,
    pub round: Duration,
}

pub struct Kept {
    pub answered: usize,
    pub refused: usize,
    pub slowest: Duration,
}

/// Clients that each ask their questions in a row, then wait for their next turn; one that is late hurries.
pub async fn paced(clients: Vec<Vec<Asked>>, pace: &Pace) -> Kept {
    let pace = pace.clone();
    let clients = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let step = pace.every / clients.len() as u32;
            let each = clients.into_iter().enumerate();
            let done = futures::future::join_all(each.map(|(at, asked)| at_pace(asked, &pace, step * at as u32))).await;
            done.into_iter().fold(
                Kept {
                    answered: 0,
                    refused: 0,
                    slowest: Duration::ZERO,
                },
                |sum, one| Kept {
                    answered: sum.answered + one.answered,
                    refused: sum.refused + one.refused,
                    slowest: sum.slowest.max(one.slowest),
                },
            )
        })
    });
    tokio::task::spawn_blocking(move || clients.join().expect("the clients end well"))
        .await
        .expect("the clients end well")
}

async fn at_pace(asked: Vec<Asked>, pace: &Pace, after: Duration) -> Kept {
    let began = Instant::now();
    let mut stream = TcpStream::connect(asked[0].address).await.expect("the server listens");
    stream.set_nodelay(true).expect("a socket");
    let mut kept = Kept {
        answered: 0,
        refused: 0,
        slowest: Duration::ZERO,
    };
    let (mut turn, mut bytes) = (after, Vec::with_capacity(64 * 1024));
    while turn < pace.round && began.elapsed() < pace.round {
        tokio::time::sleep(turn.saturating_sub(began.elapsed())).await;
        for asked in &asked {
            let sent = Instant::now();
            stream
                .write_all((asked.request)().as_bytes())
                .await
                .expect("a connection");
            match answer(&mut stream, &mut bytes).await {
                true => kept.answered += 1,
                false => kept.refused += 1,
            }
            kept.slowest = kept.slowest.max(sent.elapsed());
        }
        turn += pace.every;
    }
    kept
}

async fn client(asked: Asked, until: Instant) -> (usize, usize) {
    let mut stream = TcpStream::connect(asked.address).await.expect("the server listens");
    stream.set_nodelay(true).expect("a socket");
    let (mut answered, mut refused, mut kept) = (0, 0, Vec::with_capacity(64 * 1024));
    while Instant::now() < until {
        stream
            .write_all((asked.request)().as_bytes())
            .await
            .expect("a connection");
        match answer(&mut stream, &mut kept).await {
            true => answered += 1,
            false => refused += 1,
        }
    }
    (answered, refused)
}

/// Reads one answer to its end and insists that it is a good one, or a 503.
async fn answer(stream: &mut TcpStream, kept: &mut Vec<u8>) -> bool {
    kept.clear();
    let head = loop {
        assert!(
            stream.read_buf(kept).await.expect("a connection") > 0,
            "the server hung up"
        );
        if let Some(at) = kept.windows(4).position(|end| end == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let text = std::str::from_utf8(&kept[..head]).expect("a head is ASCII");
    let good = text.starts_with("HTTP/1.1 2");
    assert!(good || text.starts_with("HTTP/1.1 503"), "{text}");
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .and_then(|length| length.parse::<usize>().ok())
        .expect("an answer says its length");
    while kept.len() < head + length {
        assert!(
            stream.read_buf(kept).await.expect("a connection") > 0,
            "the server hung up"
        );
    }
    good
}

/// One question and a good answer.
pub async fn once(asked: &Asked) {
    let mut stream = TcpStream::connect(asked.address).await.expect("the server listens");
    stream
        .write_all((asked.request)().as_bytes())
        .await
        .expect("a connection");
    assert!(answer(&mut stream, &mut Vec::new()).await, "a good answer");
}
