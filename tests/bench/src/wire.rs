//! A client of HTTP/1.1 that costs next to nothing: one connection kept alive, requests written whole.
//!
//! It shares the cores with the server that it measures, so it does only what the measures need.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A connection.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Reply {
    /// Status.
    pub(crate) status: u16,
    head: String,
    /// Body, as it was sent: perhaps compressed.
    pub(crate) body: Vec<u8>,
    /// Octets received, headers included.
    pub(crate) octets: usize,
}

impl Reply {
    /// The first header of this name, in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All headers.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.head.lines().skip(1).filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim()))
    }

    /// The body as text.
    pub(crate) fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.body).context("the page is not text")
    }
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads its response whole.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<Reply> {
        self.stream.write_all(request).await?;
        let head_end = self.until(b"\r\n\r\n", 0).await? + 4;
        let head = String::from_utf8(self.received[..head_end].to_vec())?;
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).context("no status")?;
        let mut reply = Reply { status, head, body: Vec::new(), octets: 0 };
        let end = match reply.header("content-length") {
            Some(length) => {
                let end = head_end + length.parse::<usize>()?;
                self.fill(end).await?;
                reply.body.extend_from_slice(&self.received[head_end..end]);
                end
            }
            None if reply.header("transfer-encoding").is_some() => self.chunks(head_end, &mut reply.body).await?,
            None => head_end,
        };
        reply.octets = end;
        self.received.drain(..end);
        Ok(reply)
    }

    /// Reads chunks until the last one; gives where they end.
    async fn chunks(&mut self, mut at: usize, body: &mut Vec<u8>) -> Result<usize> {
        loop {
            let line_end = self.until(b"\r\n", at).await?;
            let size = std::str::from_utf8(&self.received[at..line_end])?;
            let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16)?;
            let start = line_end + 2;
            self.fill(start + size + 2).await?;
            body.extend_from_slice(&self.received[start..start + size]);
            at = start + size + 2;
            if size == 0 {
                return Ok(at);
            }
        }
    }

    /// Where some octets stand, from a place on.
    async fn until(&mut self, wanted: &[u8], from: usize) -> Result<usize> {
        loop {
            let later = self.received.get(from..).unwrap_or_default();
            if let Some(found) = later.windows(wanted.len()).position(|window| window == wanted) {
                return Ok(from + found);
            }
            self.more().await?;
        }
    }

    async fn fill(&mut self, length: usize) -> Result<()> {
        while self.received.len() < length {
            self.more().await?;
        }
        Ok(())
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.received).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

/// A GET as a browser sends it.
pub(crate) fn get(host: &str, path: &str, encodings: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: parvis-bench\r\nAccept: text/html\r\nAccept-Encoding: \
         {encodings}\r\nAccept-Language: fr\r\nConnection: keep-alive\r\n\r\n"
    )
    .into_bytes()
}
