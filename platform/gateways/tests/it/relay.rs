//! A tiny SMTP server for one connection, which answers as the test wants and tells what it heard.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    thread::{self, JoinHandle},
};

/// What the server answers; `None` closes the connection instead.
pub(crate) struct Answers {
    pub(crate) greeting: Option<&'static str>,
    pub(crate) extensions: &'static [&'static str],
    pub(crate) auth: Option<&'static str>,
    pub(crate) mail: Option<&'static str>,
    pub(crate) rcpt: Option<&'static str>,
    pub(crate) message: Option<&'static str>,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            greeting: Some("220 relais.example"),
            extensions: &["8BITMIME"],
            auth: Some("235 bienvenue"),
            mail: Some("250 entendu"),
            rcpt: Some("250 entendu"),
            message: Some("250 parti"),
        }
    }
}

pub(crate) struct Relay {
    pub(crate) port: u16,
    server: JoinHandle<Vec<String>>,
}

impl Relay {
    pub(crate) fn answering(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut heard = Vec::new();
            // A connection that the client broke ends the exchange like any other.
            let _end = serve(&stream, &answers, &mut heard);
            heard
        });
        Self { port, server }
    }

    /// Every line that was heard, once the connection is over.
    pub(crate) fn heard(self) -> Vec<String> {
        self.server.join().unwrap()
    }
}

fn serve(stream: &TcpStream, answers: &Answers, heard: &mut Vec<String>) -> Option<()> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    say(stream, answers.greeting)?;
    while let Some(line) = lines.next() {
        heard.push(line.clone());
        match line.split(' ').next().unwrap_or_default() {
            "EHLO" => {
                for extension in answers.extensions {
                    say(stream, Some(&format!("250-{extension}")))?;
                }
                say(stream, Some("250 AUTH PLAIN"))?;
            }
            "AUTH" => say(stream, answers.auth)?,
            "MAIL" => say(stream, answers.mail)?,
            "RCPT" => say(stream, answers.rcpt)?,
            "DATA" => {
                say(stream, Some("354 go"))?;
                heard.extend(lines.by_ref().take_while(|line| line != "."));
                say(stream, answers.message)?;
            }
            "QUIT" => return say(stream, Some("221 au revoir")),
            _ => say(stream, Some("502 inconnu"))?,
        }
    }
    None
}

fn say(mut stream: &TcpStream, answer: Option<&str>) -> Option<()> {
    stream.write_all(format!("{}\r\n", answer?).as_bytes()).ok()
}
