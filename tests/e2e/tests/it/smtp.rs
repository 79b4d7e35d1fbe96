//! A mail relay of our own: it takes mails, refuses some addresses, or is out of order, as a test says.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, Result};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

/// How the relay answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It takes mails.
    Works,
    /// It turns everyone away for now.
    OutOfOrder,
}

/// A mail as it was taken: whom it is for, and its text on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) to: String,
    pub(crate) text: String,
}

#[derive(Debug)]
struct State {
    mood: Mood,
    taken: Vec<Taken>,
}

/// The relay, listening until it is dropped.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
    listening: tokio::task::JoinHandle<()>,
}

impl Relay {
    /// Listens on a free port.
    pub(crate) async fn start(mood: Mood) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State { mood, taken: Vec::new() }));
        let shared = Arc::clone(&state);
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move { converse(stream, &shared).await });
            }
        });
        Ok(Self { address, state, listening })
    }

    pub(crate) fn set(&self, mood: Mood) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).mood = mood;
    }

    /// The mails taken so far.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).taken.clone()
    }

    /// How many mails an address got.
    pub(crate) fn count(&self, address: &str) -> usize {
        self.taken().iter().filter(|mail| mail.to == address).count()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// An address that the relay refuses for good.
fn is_unknown(address: &str) -> bool {
    address.starts_with("inconnue@")
}

/// One exchange (RFC 5321), as far as a client that sends one mail needs.
async fn converse(stream: TcpStream, state: &Mutex<State>) -> Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading);
    let mood = state.lock().unwrap_or_else(PoisonError::into_inner).mood;
    if mood == Mood::OutOfOrder {
        return say(&mut writing, "421 4.3.2 Service not available").await;
    }
    say(&mut writing, "220 relay.example ESMTP").await?;
    let mut to = String::new();
    while let Some(command) = line(&mut lines).await? {
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" | "HELO" => say(&mut writing, "250-relay.example\r\n250 8BITMIME").await?,
            "RCPT" => {
                to = command.split(['<', '>']).nth(1).context("an address")?.to_owned();
                let answer = if is_unknown(&to) { "550 5.1.1 No such user here" } else { "250 2.1.5 OK" };
                say(&mut writing, answer).await?;
            }
            "DATA" => {
                say(&mut writing, "354 End with a dot").await?;
                let mut text = String::new();
                while let Some(read) = line(&mut lines).await?.filter(|read| read != ".") {
                    text.push_str(read.strip_prefix('.').unwrap_or(&read));
                    text.push('\n');
                }
                let taken = Taken { to: to.clone(), text };
                state.lock().unwrap_or_else(PoisonError::into_inner).taken.push(taken);
                say(&mut writing, "250 2.0.0 Taken").await?;
            }
            "QUIT" => return say(&mut writing, "221 2.0.0 Bye").await,
            _ => say(&mut writing, "250 2.0.0 OK").await?,
        }
    }
    Ok(())
}

async fn say(writing: &mut OwnedWriteHalf, answer: &str) -> Result<()> {
    Ok(writing.write_all(format!("{answer}\r\n").as_bytes()).await?)
}

/// A line without its end; `None` when the client left.
async fn line(lines: &mut BufReader<OwnedReadHalf>) -> Result<Option<String>> {
    let mut read = String::new();
    let length = lines.read_line(&mut read).await?;
    Ok((length > 0).then(|| read.trim_end_matches(['\r', '\n']).to_owned()))
}
