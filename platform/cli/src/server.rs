//! The server: routes of every public behind one door, health of the process, and an orderly stop.

use std::{
    fs::{File, TryLockError},
    net::SocketAddr,
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use parvis_ui::{Web, shell};
use parvis_usecases::{parvis::Parvis, workers};
use poem::{
    Endpoint, EndpointExt, Request, Response, Route, Server, handler,
    http::{StatusCode, header},
    listener::{Acceptor, Listener, TcpListener},
    web::Data,
};
use tokio::sync::watch;

use crate::{assemble::data_folder, mails::Mailbox};

/// How long requests under way may take to end once the process is asked to stop.
const DRAIN: Duration = Duration::from_secs(25);

/// An address that is bound, and what will answer at it.
pub(crate) struct Bound {
    acceptor: poem::listener::TcpAcceptor,
    /// The address, with the port that was taken.
    pub(crate) address: SocketAddr,
}

/// Binds an address.
pub(crate) async fn bind(address: SocketAddr) -> Result<Bound> {
    let acceptor = TcpListener::bind(address)
        .into_acceptor()
        .await
        .with_context(|| format!("cannot listen on {address}: is another program using this port?"))?;
    let bound = acceptor.local_addr().first().and_then(|local| local.as_socket_addr().copied()).unwrap_or(address);
    Ok(Bound { acceptor, address: bound })
}

/// Makes this process the only server of its data, as long as the file stays open: it remembers what it
/// wrote in the index of due work, and wakes its own workers. Other commands work on the same data meanwhile.
pub(crate) fn alone(data: &Path) -> Result<File> {
    data_folder(data)?;
    let path = data.join("serving.lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("another process serves {}\nhint: stop it first, or serve other data", data.display())
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
    }
}

/// Serves until SIGTERM or Ctrl-C: then lets requests end, stops the workers, and closes the databases.
pub(crate) async fn run(bound: Bound, web: Arc<Web>, mailbox: Option<Mailbox>) -> Result<()> {
    let parvis = Arc::clone(&web.parvis);
    let left = parvis.vault.remove_unfinished()?;
    if left > 0 {
        tracing::info!(left, "removed what interrupted uploads left");
    }
    let (stop, stopping) = watch::channel(false);
    let workers = tokio::spawn(workers::run(Arc::clone(&parvis), stopping));
    let routes = Front {
        town: parvis_api::never_html(shell(Arc::clone(&web), towns(&web))),
        health: health(&parvis).boxed(),
        mailbox,
    };
    Server::new_with_acceptor(bound.acceptor)
        .run_with_graceful_shutdown(routes, asked_to_stop(), Some(DRAIN))
        .await
        .context("the server stopped")?;
    tracing::info!("stopping");
    stop.send_replace(true);
    workers.await.context("the workers did not stop")?;
    parvis.store.close().await.context("the database did not close")?;
    Ok(())
}

/// Routes of a town, for every public.
fn towns(web: &Web) -> Route {
    parvis_portal::routes(web).nest("/agents", parvis_backoffice::routes()).nest(parvis_api::API, parvis_api::routes())
}

/// Before the door: the health of the process needs no town, and the demonstration's mailbox is none.
struct Front<E> {
    town: E,
    health: poem::endpoint::BoxEndpoint<'static>,
    mailbox: Option<Mailbox>,
}

impl<E: Endpoint<Output = Response>> Endpoint for Front<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if matches!(request.uri().path(), "/healthz" | "/readyz") {
            return self.health.call(request).await;
        }
        if let Some(mailbox) = &self.mailbox
            && request.header(header::HOST).is_some_and(Mailbox::answers_at)
        {
            return Ok(mailbox.answer(&request).await);
        }
        self.town.call(request).await
    }
}

fn health(parvis: &Arc<Parvis>) -> impl Endpoint<Output = Response> + 'static + use<> {
    Route::new().at("/healthz", healthz).at("/readyz", readyz).data(Arc::clone(parvis)).map_to_response()
}

/// The process lives.
#[handler]
fn healthz() -> &'static str {
    "ok\n"
}

/// The process can serve: its databases answer. Mails that are held are told, and prevent nothing.
#[handler]
async fn readyz(Data(parvis): Data<&Arc<Parvis>>) -> Response {
    match parvis.ready().await {
        Ok(()) => Response::builder().body(match parvis.relay.trouble() {
            None => "ok\n".to_owned(),
            Some((trouble, since)) => format!("ok\nmails are held since {since}: {trouble}\n"),
        }),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            Response::builder().status(StatusCode::SERVICE_UNAVAILABLE).body("the database does not answer\n")
        }
    }
}

async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
