//! The mailbox of `parvis demo`: mails are delivered into a folder, one JSON file each, and shown on a local page. It
//! stands in for the relay and the citizens' mailboxes at once; `serve` never uses it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use parvis_domain::{
    ports::{Attachment, Mail, MailError, Mailer},
    time::{Clock, Instant},
};
use serde::{Deserialize, Serialize};

/// How many mails are kept: the oldest leave first.
const KEPT: usize = 500;

/// Delivers into a folder; its page lists the newest first.
pub struct DemoMailbox {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
    /// One delivery at a time, so that the numbers follow one another.
    delivery: Mutex<()>,
}

/// A mail that was delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoMail {
    /// Number in the mailbox, from 1.
    pub number: u64,
    /// When it was delivered.
    pub received_at: Instant,
    /// The mail.
    pub mail: Mail,
}

impl DemoMailbox {
    /// Opens the mailbox, created when missing.
    pub fn open(folder: PathBuf, clock: Arc<dyn Clock>) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, clock, delivery: Mutex::new(()) })
    }

    /// At most `limit` mails, newest first.
    pub fn list(&self, limit: usize) -> io::Result<Vec<DemoMail>> {
        self.numbers()?.into_iter().rev().take(limit).map(|number| self.read(number)).collect()
    }

    /// A mail by its number; `None` when it is not kept, or no longer.
    pub fn find(&self, number: u64) -> io::Result<Option<DemoMail>> {
        match self.read(number) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some),
        }
    }

    fn deliver(&self, mail: &Mail) -> io::Result<()> {
        let _one_at_a_time = self.delivery.lock().unwrap_or_else(PoisonError::into_inner);
        let numbers = self.numbers()?;
        let number = numbers.last().map_or(1, |last| last + 1);
        let unfinished = self.folder.join("unfinished");
        fs::write(&unfinished, serde_json::to_vec(&File::of(mail, self.clock.now()))?)?;
        fs::rename(unfinished, self.path(number))?;
        for old in numbers.iter().take((numbers.len() + 1).saturating_sub(KEPT)) {
            fs::remove_file(self.path(*old))?;
        }
        Ok(())
    }

    /// Numbers of the mails kept, in order.
    fn numbers(&self) -> io::Result<Vec<u64>> {
        let mut numbers = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            let name = PathBuf::from(file?.file_name());
            if name.extension().is_some_and(|extension| extension == "json") {
                numbers
                    .extend(name.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse::<u64>().ok()));
            }
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn read(&self, number: u64) -> io::Result<DemoMail> {
        read_file(&self.path(number)).map(|file| file.into_mail(number))
    }

    fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number:08}.json"))
    }
}

impl Mailer for DemoMailbox {
    fn send(&self, mail: &Mail) -> Result<(), MailError> {
        self.deliver(mail).map_err(|error| MailError::Unavailable(error.to_string()))
    }
}

fn read_file(path: &Path) -> io::Result<File> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

/// A mail on disk.
#[derive(Serialize, Deserialize)]
struct File {
    received_at: Instant,
    message_id: String,
    from: String,
    from_name: String,
    reply_to: Option<String>,
    to: String,
    subject: String,
    body: String,
    attachments: Vec<AttachedFile>,
}

#[derive(Serialize, Deserialize)]
struct AttachedFile {
    name: String,
    media_type: String,
    content: Vec<u8>,
}

impl File {
    fn of(mail: &Mail, received_at: Instant) -> Self {
        let attached = |Attachment { name, media_type, content }| AttachedFile { name, media_type, content };
        let Mail { message_id, from, from_name, reply_to, to, subject, body, attachments } = mail.clone();
        let attachments = attachments.into_iter().map(attached).collect();
        Self { received_at, message_id, from, from_name, reply_to, to, subject, body, attachments }
    }

    fn into_mail(self, number: u64) -> DemoMail {
        let attachment = |AttachedFile { name, media_type, content }| Attachment { name, media_type, content };
        let Self { received_at, message_id, from, from_name, reply_to, to, subject, body, attachments } = self;
        let attachments = attachments.into_iter().map(attachment).collect();
        let mail = Mail { message_id, from, from_name, reply_to, to, subject, body, attachments };
        DemoMail { number, received_at, mail }
    }
}
