//! (a) The public page of a démarche through the whole product (town, session, policy, catalogue, template, headers,
//! compression), against a bare handler that sends the same octets under the same headers.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use bytes::Bytes;
use poem::{
    Body, Endpoint, Request, Response,
    http::{HeaderName, HeaderValue, StatusCode},
};

use super::Around;
use crate::{
    citizen::look,
    product::{DEMARCHE, HOSTS, Product, serve},
    table::Line,
    timing::{Samples, median_of, per_second, shown},
    wire::{Connection, Reply, get},
};

/// Connections kept alive, each with one request at a time.
const CONNECTIONS: u32 = 16;

pub(crate) async fn measure(around: Around<'_>) -> Result<Vec<Line>> {
    let product = Product::with_towns(around.folder, around.components).await?;
    let served = product.serve().await?;
    let mut lines = Vec::new();
    for (what, encodings, aim) in [("compressed (br)", "br, gzip", true), ("not compressed", "identity", false)] {
        let path = format!("/demarches/{DEMARCHE}");
        let (sample, _) = look(&served, HOSTS[0], &path, encodings).await?;
        let bare = serve(Bare::like(&sample)?).await?;
        let request = get(HOSTS[0], &path, encodings);
        let (mut full, mut plain) = (Rounds::default(), Rounds::default());
        let length = Duration::from_millis(around.scale.pick(1500, 60).into());
        for _ in 0..around.scale.pick(5, 1) {
            full.add(round(served.address, &request, length).await?);
            plain.add(round(bare.address, &request, length).await?);
        }
        let ratio = full.rate() / plain.rate();
        let name = format!("a public page, {what}, {} octets, {CONNECTIONS} connections", sample.body.len());
        let line = Line::new(name, full.shown());
        lines.push(if aim { line.against(plain.shown(), ratio, 0.5) } else { line.compared(plain.shown(), ratio) });
    }
    drop(served);
    product.close().await?;
    Ok(lines)
}

/// Answers anything with the same octets and headers.
struct Bare {
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Bare {
    fn like(reply: &Reply) -> Result<Self> {
        let by_server = ["content-length", "transfer-encoding", "connection", "date"];
        let kept = reply.headers().filter(|(name, _)| !by_server.contains(&name.to_ascii_lowercase().as_str()));
        let headers: Result<Vec<_>> =
            kept.map(|(name, value)| Ok((name.parse::<HeaderName>()?, value.parse::<HeaderValue>()?))).collect();
        Ok(Self { headers: headers?, body: Bytes::from(reply.body.clone()) })
    }
}

impl Endpoint for Bare {
    type Output = Response;

    async fn call(&self, _: Request) -> poem::Result<Response> {
        let mut response = Response::builder().status(StatusCode::OK).body(Body::from(self.body.clone()));
        for (name, value) in &self.headers {
            response.headers_mut().append(name.clone(), value.clone());
        }
        Ok(response)
    }
}

/// What rounds on one server gave.
#[derive(Default)]
struct Rounds {
    rates: Vec<f64>,
    taken: Samples,
}

impl Rounds {
    fn add(&mut self, (rate, taken): (f64, Samples)) {
        self.rates.push(rate);
        self.taken.extend(taken);
    }

    fn rate(&self) -> f64 {
        median_of(&self.rates)
    }

    fn shown(&self) -> String {
        format!("{:.0} req/s, {} p95 {}", self.rate(), shown(self.taken.median()), shown(self.taken.p95()))
    }
}

/// Asks the same page on every connection for some time.
async fn round(address: SocketAddr, request: &[u8], length: Duration) -> Result<(f64, Samples)> {
    let over = Arc::new(AtomicBool::new(false));
    let request: Arc<[u8]> = Arc::from(request);
    let started = Instant::now();
    let clients: Vec<_> =
        (0..CONNECTIONS).map(|_| tokio::spawn(client(address, Arc::clone(&request), Arc::clone(&over)))).collect();
    tokio::time::sleep(length).await;
    over.store(true, Ordering::Relaxed);
    let mut all = Samples::default();
    for client in clients {
        all.extend(client.await??);
    }
    Ok((per_second(all.len(), started.elapsed()), all))
}

async fn client(address: SocketAddr, request: Arc<[u8]>, over: Arc<AtomicBool>) -> Result<Samples> {
    let mut connection = Connection::open(address).await?;
    let mut taken = Samples::default();
    while !over.load(Ordering::Relaxed) {
        let started = Instant::now();
        let reply = connection.send(&request).await?;
        taken.push(started.elapsed());
        ensure!(reply.status == 200, "the page answers {}", reply.status);
    }
    Ok(taken)
}
