//! What stands for the outside world in tests.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use parvis_contract::Definition;
use parvis_domain::{
    digest::Sha256,
    ports::{DocumentError, InstallError, Installed, Installer, Mail, MailError, Mailer, Typesetter},
    rules::{CallError, Context, Decision, DossierView, Event, FormState, Offer, Rules},
    time::{Clock, Entropy, Instant},
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// A clock that moves when it is told to.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    /// From an instant in RFC 3339.
    pub fn at(rfc3339: &str) -> Self {
        let timestamp: jiff::Timestamp = rfc3339.parse().expect("an instant in RFC 3339");
        Self(AtomicI64::new(timestamp.as_microsecond()))
    }

    /// Goes forward.
    pub fn advance(&self, duration: std::time::Duration) {
        self.set(self.now().plus(duration));
    }

    /// Goes to an instant.
    pub fn set(&self, instant: Instant) {
        self.0.store(instant.micros(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Randomness that is the same at each run.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<StdRng>);

impl SeededEntropy {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(buffer);
    }
}

/// A mail server that keeps what it is given.
#[derive(Debug, Default)]
pub struct Mailbox {
    sent: Mutex<Vec<Mail>>,
    failure: Mutex<Option<MailError>>,
}

impl Mailbox {
    /// What was sent, oldest first.
    pub fn sent(&self) -> Vec<Mail> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on every mail fails so; `None` to work again.
    pub fn fail(&self, failure: Option<MailError>) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }
}

impl Mailer for Mailbox {
    fn send(&self, mail: &Mail) -> Result<(), MailError> {
        if let Some(failure) = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Err(failure);
        }
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(mail.clone());
        Ok(())
    }
}

/// A typesetter whose documents hold their data as text.
#[derive(Debug, Clone, Copy)]
pub struct StubTypesetter;

impl Typesetter for StubTypesetter {
    fn typeset(
        &self,
        title: &str,
        source: &str,
        data: &serde_json::Value,
        now: Instant,
    ) -> Result<Vec<u8>, DocumentError> {
        if source.is_empty() {
            return Err(DocumentError::Template("the template is empty".to_owned()));
        }
        Ok(format!("%PDF-1.7\n% {title} {now}\n{data}\n%%EOF\n").into_bytes())
    }

    fn page_image(&self, pdf: &[u8], page: u32, _: u16) -> Result<Option<Vec<u8>>, DocumentError> {
        if !pdf.starts_with(b"%PDF") {
            return Err(DocumentError::Unreadable("not a PDF".to_owned()));
        }
        Ok((page == 0).then(|| b"\x89PNG\r\n\x1a\n".to_vec()))
    }
}

/// Rules of a deployment where nothing is installed.
#[derive(Debug, Clone, Copy)]
pub struct NoRules;

impl Rules for NoRules {
    fn definition(&self, component: Sha256) -> Result<Arc<Definition>, CallError> {
        Err(CallError::Unknown(component))
    }

    fn evaluate(
        &self,
        component: Sha256,
        _: &Context,
        _: &DossierView,
        _: Option<&str>,
    ) -> Result<FormState, CallError> {
        Err(CallError::Unknown(component))
    }

    fn offers(&self, component: Sha256, _: &Context, _: &DossierView) -> Result<Vec<Offer>, CallError> {
        Err(CallError::Unknown(component))
    }

    fn handle(&self, component: Sha256, _: &Context, _: &DossierView, _: &Event) -> Result<Decision, CallError> {
        Err(CallError::Unknown(component))
    }
}

/// Installs the components that its rules know already, by the digest of what stands for their octets.
pub struct FixedInstaller(Arc<dyn Rules>);

impl FixedInstaller {
    /// For these rules.
    pub fn new(rules: Arc<dyn Rules>) -> Self {
        Self(rules)
    }
}

impl Installer for FixedInstaller {
    fn install(&self, component: &[u8]) -> Result<Installed, InstallError> {
        let digest = Sha256::of(component);
        let definition = self.0.definition(digest).map_err(|error| InstallError::NotADemarche(error.to_string()))?;
        Ok(Installed { digest, definition })
    }
}
