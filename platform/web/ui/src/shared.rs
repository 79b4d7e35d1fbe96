//! Pages that are the same for whoever asks: rendered and compressed once, then given as they are for a minute, as long
//! as nothing is applied to the town.
//!
//! A handler says with [`SameForAll`] that its page depends on the town and on its path alone. The page of someone who
//! carries a cookie of the product is never kept, nor given from here.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use bytes::Bytes;
use parvis_domain::{ids::TenantId, time::Instant};
use parvis_usecases::{catalogue::Catalogue, parvis::Town, profile::Profile};
use poem::{
    Request, Response,
    http::{HeaderMap, Method, StatusCode},
};

use crate::{coding::Coding, cookies::Received};

/// Marks a response that depends on its town and its path alone. The day may show in it, not the minute.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SameForAll;

/// How long a page is given without being made again.
const KEPT: Duration = Duration::from_mins(1);
/// Octets of pages, above which all are made again.
const ROOM: usize = 16 << 20;

/// The pages that are kept.
#[derive(Default)]
pub(crate) struct SharedPages(RwLock<Pages>);

#[derive(Default)]
struct Pages {
    towns: HashMap<TenantId, HashMap<Box<str>, Vec<Kept>>>,
    octets: usize,
}

/// A page in one coding.
struct Kept {
    coding: Coding,
    /// What the page was made of: another one was applied when it is another allocation.
    profile: Arc<Profile>,
    catalogue: Arc<Catalogue>,
    made_at: Instant,
    headers: HeaderMap,
    body: Bytes,
}

impl Kept {
    fn serves(&self, town: &Town, coding: Coding, now: Instant) -> bool {
        self.coding == coding
            && Arc::ptr_eq(&self.profile, &town.profile)
            && Arc::ptr_eq(&self.catalogue, &town.catalogue)
            && now < self.made_at.plus(KEPT)
    }
}

/// Whether a request may be answered with what another one was: nobody is known by it, and it asks nothing of its own.
pub(crate) fn may_share(request: &Request, cookies: &Received) -> bool {
    request.method() == Method::GET && request.uri().query().is_none() && cookies.is_empty()
}

impl SharedPages {
    /// The page of a path, when it was made for this town as it is now.
    pub(crate) fn get(&self, town: &Town, path: &str, coding: Coding) -> Option<Response> {
        let now = town.now();
        let pages = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let kept = pages.towns.get(&town.id)?.get(path)?.iter().find(|kept| kept.serves(town, coding, now))?;
        let mut response = Response::builder().status(StatusCode::OK).body(kept.body.clone());
        response.headers_mut().clone_from(&kept.headers);
        Some(response)
    }

    /// Keeps a page for the next who asks, already in its coding.
    pub(crate) fn keep(&self, town: &Town, path: &str, coding: Coding, headers: HeaderMap, body: Bytes) {
        let kept = Kept {
            coding,
            profile: Arc::clone(&town.profile),
            catalogue: Arc::clone(&town.catalogue),
            made_at: town.now(),
            headers,
            body,
        };
        let mut pages = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let size = kept.body.len() + path.len();
        if pages.octets + size > ROOM {
            *pages = Pages::default();
        }
        let codings = pages.towns.entry(town.id).or_default().entry(path.into()).or_default();
        let before: usize = codings.extract_if(.., |other| other.coding == coding).map(|other| other.body.len()).sum();
        codings.push(kept);
        pages.octets = pages.octets + size - before;
    }
}
