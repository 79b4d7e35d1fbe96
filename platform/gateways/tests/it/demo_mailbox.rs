//! The demo's mailbox keeps what it is given, within bounds.

use std::sync::Arc;

use parvis_domain::ports::{Mail, Mailer};
use parvis_gateways::DemoMailbox;

use crate::{NoonOfNovember, mail};

#[test]
fn a_mail_is_listed_as_it_was_sent_newest_first_and_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let open = || DemoMailbox::open(folder.path().to_owned(), Arc::new(NoonOfNovember)).unwrap();
    let second = Mail { subject: "Deuxième".to_owned(), ..mail() };
    open().send(&mail()).unwrap();
    open().send(&second).unwrap();
    let listed = open().list(10).unwrap();
    assert_eq!(listed.iter().map(|listed| &listed.mail).collect::<Vec<_>>(), [&second, &mail()]);
    assert_eq!(open().list(1).unwrap(), listed[..1]);
    assert_eq!(open().find(1).unwrap().unwrap().mail, mail());
    assert_eq!(open().find(3).unwrap(), None);
}

#[test]
fn the_oldest_mails_leave_first() {
    let folder = tempfile::tempdir().unwrap();
    let mailbox = DemoMailbox::open(folder.path().to_owned(), Arc::new(NoonOfNovember)).unwrap();
    for _ in 0..505 {
        mailbox.send(&mail()).unwrap();
    }
    let numbers: Vec<u64> = mailbox.list(usize::MAX).unwrap().iter().map(|mail| mail.number).collect();
    assert_eq!((numbers.len(), numbers.first(), numbers.last()), (500, Some(&505), Some(&6)));
}
