//! A request once it has passed the door: its town, its number, its client's address, its cookies.

use std::{net::IpAddr, sync::Arc};

use parvis_domain::time::Instant;
use parvis_usecases::{parvis::Town, throttle::ClientAddress};
use poem::{FromRequest, Request, RequestBody};

use crate::{
    WebError,
    cookies::{Received, Transport},
    csrf,
    shell::Web,
};

/// A request once it has passed the door. Handlers take it as an argument.
#[derive(Clone)]
pub struct Visit {
    /// The town of the host.
    pub town: Town,
    /// The product's face.
    pub web: Arc<Web>,
    /// Number of the request, in the log and on error pages.
    pub request_id: Arc<str>,
    /// The client's address; the unspecified one when the connection has none.
    pub client: IpAddr,
    /// The product's own cookies.
    pub cookies: Arc<Received>,
    /// Path asked.
    pub path: Arc<str>,
    /// When it came.
    pub at: Instant,
}

impl Visit {
    /// A token for the forms of a page.
    pub fn form_token(&self) -> String {
        csrf::token(&self.town.parvis.config.key, &*self.town.parvis.entropy, &self.cookies)
    }

    /// Whether a token serves the holder of these cookies.
    pub fn accepts(&self, token: &str) -> bool {
        csrf::holds(&self.town.parvis.config.key, &self.cookies, token)
    }

    /// Whether a token serves to open a draft or a session: as [`Self::accepts`], or made before any cookie came.
    pub fn accepts_to_open(&self, token: &str) -> bool {
        self.accepts(token) || csrf::is_unbound(&self.town.parvis.config.key, token)
    }

    /// How pages travel.
    pub fn transport(&self) -> Transport {
        self.web.transport()
    }

    /// The client's address, for throttles.
    pub fn client_address(&self) -> ClientAddress {
        ClientAddress::new(self.client)
    }
}

impl<'a> FromRequest<'a> for Visit {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        request.extensions().get::<Self>().cloned().ok_or_else(|| WebError::NotFound.into())
    }
}
