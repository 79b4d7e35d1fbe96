//! (d) The whole path of a citizen over HTTP, workers at work: the page of the démarche, each page of the form read and
//! posted, the check page, filing, the confirmation. By one citizen after another, then by eight at once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;

use super::Around;
use crate::{
    citizen::Browser,
    product::{HOSTS, Product, Served},
    table::Line,
    timing::{Samples, per_second, shown},
};

pub(crate) async fn measure(around: Around<'_>) -> Result<Vec<Line>> {
    let product = Product::with_towns(around.folder, around.components).await?;
    let served = Arc::new(product.serve().await?);
    let working = product.work();
    let mut lines = Vec::new();
    let mut next = 0;
    walk(&served, 1, around.scale.pick(10, 1), &mut next).await?;
    for (clients, each) in [(1, around.scale.pick(150, 1)), (8, around.scale.pick(60, 1))] {
        let walked = walk(&served, clients, each, &mut next).await?;
        lines.extend(walked.lines(clients));
    }
    working.stop().await?;
    drop(served);
    product.close().await?;
    Ok(lines)
}

/// What some citizens did.
struct Walked {
    requests: Samples,
    paths: Samples,
    elapsed: Duration,
}

impl Walked {
    fn lines(&self, clients: u32) -> [Line; 2] {
        let (median, p95) = (self.requests.median(), self.requests.p95());
        let rate = per_second(self.paths.len(), self.elapsed);
        let pages = self.requests.len() / self.paths.len().max(1);
        let requests = format!("{} p95 {} max {}", shown(median), shown(p95), shown(self.requests.percentile(100)));
        let paths = format!("{rate:.0} filings/s, {} for {pages} requests", shown(self.paths.median()));
        let name = |what: &str| format!("path of a citizen, {clients} at once: {what}");
        let fast = if clients == 1 {
            Line::new(name("whole"), paths)
        } else {
            Line::new(name("whole"), paths).aimed("aim ≥ 100 filings/s", rate >= 100.0)
        };
        [Line::new(name("each request"), requests).aimed("aim p95 ≤ 50 ms", p95 <= Duration::from_millis(50)), fast]
    }
}

async fn walk(served: &Arc<Served>, clients: u32, each: u32, next: &mut u32) -> Result<Walked> {
    let started = Instant::now();
    let running: Vec<_> = (0..clients)
        .map(|_| {
            let first = *next;
            *next += each;
            tokio::spawn(citizens(Arc::clone(served), first..first + each))
        })
        .collect();
    let mut walked = Walked { requests: Samples::default(), paths: Samples::default(), elapsed: Duration::ZERO };
    for citizens in running {
        let (requests, paths) = citizens.await??;
        walked.requests.extend(requests);
        walked.paths.extend(paths);
    }
    walked.elapsed = started.elapsed();
    Ok(walked)
}

/// One citizen after another, each with a connection and cookies of her own.
async fn citizens(served: Arc<Served>, numbers: std::ops::Range<u32>) -> Result<(Samples, Samples)> {
    let (mut requests, mut paths) = (Samples::default(), Samples::default());
    for citizen in numbers {
        let started = Instant::now();
        let mut browser = Browser::open(&served, HOSTS[0], citizen).await?;
        browser.file(citizen).await?;
        paths.push(started.elapsed());
        requests.extend(browser.taken);
    }
    Ok((requests, paths))
}
