//! (f) What a first visit transfers: the home page, then every file that it names, as a browser that reads brotli and
//! gzip asks for them. Nothing else is loaded: no page names a file of another site.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::Around;
use crate::{
    citizen::look,
    product::{DEMARCHE, HOSTS, Product, Served},
    table::Line,
};

const BROWSER: &str = "br, gzip";
const KILOBYTE: usize = 1000;

pub(crate) async fn measure(around: Around<'_>) -> Result<Vec<Line>> {
    let product = Product::with_towns(around.folder, around.components).await?;
    let served = product.serve().await?;
    let (home, _) = look(&served, HOSTS[0], "/", BROWSER).await?;
    let mut whole = home.octets;
    let mut parts = Vec::new();
    for path in named(&served, "/").await? {
        let (file, _) = look(&served, HOSTS[0], &path, BROWSER).await?;
        whole += file.octets;
        let kind = path.rsplit('.').next().unwrap_or_default();
        parts.push(format!("{kind} {}", octets(file.octets)));
    }
    let (presented, _) = look(&served, HOSTS[0], &format!("/demarches/{DEMARCHE}"), BROWSER).await?;
    let encoding = home.header("content-encoding").unwrap_or("identity").to_owned();
    let aim = |limit: usize| format!("aim < {} kB", limit / KILOBYTE);
    let page = |name: &str, transferred: usize, limit: usize| {
        let measured = format!("{} ({encoding}, headers included)", octets(transferred));
        Line::new(name, measured).aimed(aim(limit), transferred < limit)
    };
    let lines = vec![
        page("weight of the home page", home.octets, 30 * KILOBYTE),
        page("weight of the démarche's page", presented.octets, 30 * KILOBYTE),
        page("weight of a first visit, all files", whole, 100 * KILOBYTE).beside(format!(
            "page {}, {}",
            octets(home.octets),
            parts.join(", ")
        )),
    ];
    drop(served);
    product.close().await?;
    Ok(lines)
}

/// Files that a page names: style sheets, scripts, icons, images.
async fn named(served: &Served, path: &str) -> Result<BTreeSet<String>> {
    let (page, _) = look(served, HOSTS[0], path, "identity").await?;
    let text = page.text().context("the home page")?;
    let tags = text.split('<').filter(|tag| ["link ", "script ", "img "].iter().any(|kind| tag.starts_with(kind)));
    let files = tags.filter_map(|tag| {
        let value = tag.split_once("href=\"").or_else(|| tag.split_once("src=\""))?.1;
        value.split('"').next().map(str::to_owned)
    });
    Ok(files.collect())
}

fn octets(count: usize) -> String {
    format!("{}.{} kB", count / KILOBYTE, count % KILOBYTE / 100)
}
