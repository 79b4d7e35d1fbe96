//! Mails of the demonstration, which keeps each as a file.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::demo::Demo;

impl Demo {
    /// The first mail whose subject holds these words; mails leave by the outbox, soon after the act.
    pub(crate) async fn mail_about(&self, words: &str) -> Result<Value> {
        self.mail(words, |mail| holds(&mail["subject"], words)).await
    }

    /// The same, to an address.
    pub(crate) async fn mail_to(&self, address: &str, words: &str) -> Result<Value> {
        self.mail(words, |mail| mail["to"] == address && holds(&mail["subject"], words)).await
    }

    async fn mail(&self, words: &str, is_it: impl Fn(&Value) -> bool) -> Result<Value> {
        let found = async {
            loop {
                if let Some(mail) = self.mails()?.into_iter().find(&is_it) {
                    return anyhow::Ok(mail);
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), found).await.with_context(|| format!("no mail about {words}"))?
    }

    /// The mails that left so far.
    pub(crate) fn mails(&self) -> Result<Vec<Value>> {
        let files = std::fs::read_dir(self.data().join("mails"))?.collect::<std::io::Result<Vec<_>>>()?;
        let finished = files.into_iter().map(|file| file.path()).filter(|path| path.extension().is_some());
        finished.map(|path| Ok(serde_json::from_slice(&std::fs::read(path)?)?)).collect()
    }
}

fn holds(text: &Value, words: &str) -> bool {
    text.as_str().is_some_and(|text| text.contains(words))
}
