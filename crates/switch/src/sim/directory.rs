//! Look-ups, answered from tables: users, lists, rules, hosts.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    sync::Arc,
};

use cordboard_engine as engine;
use cordboard_sip::digest::Ha1s;

use super::{Happening, Lane, Mind, World};
use crate::{Answer, Caller, Found, Origin, Question, User, place::same_application};

pub const REALM: &str = "cordboard.test";

/// The one application.
pub const APPLICATION: &str = "demo.owner.cordboard.test";

#[derive(Debug, Default)]
pub struct Directory {
    /// By the name that answers challenges.
    pub users: BTreeMap<String, Arc<User>>,
    /// Credentials that were used up.
    pub used: BTreeSet<i64>,
    /// Addresses of strangers that may call in.
    pub listed: BTreeSet<IpAddr>,
    /// What sessions of calls to a destination do; `*` for all others.
    pub rules: BTreeMap<String, Mind>,
    pub hosts: BTreeMap<String, Vec<IpAddr>>,
    /// What was asked, the newest last; kept for stories.
    pub asked: Vec<Question>,
}

impl Directory {
    /// A user whose password is its name turned round.
    pub fn user(&mut self, name: &str) {
        self.add(name, name, false, None);
    }

    pub fn password(&mut self, username: &str, password: &str) {
        if let Some(user) = self.users.get_mut(username) {
            Arc::make_mut(user).ha1 = Ha1s::new(username, REALM, password);
        }
    }

    pub fn add(&mut self, username: &str, name: &str, guest: bool, once: Option<i64>) {
        let user = User {
            account_id: 1,
            application_id: 1,
            application: APPLICATION.to_owned(),
            user_id: Some(i64::try_from(self.users.len()).unwrap_or_default()),
            name: name.to_owned(),
            display_name: name.to_uppercase(),
            ha1: Ha1s::new(username, REALM, &password(username)),
            guest,
            once,
        };
        self.users.insert(username.to_owned(), Arc::new(user));
    }
}

/// The password of everybody.
pub(super) fn password(username: &str) -> String {
    username.chars().rev().collect()
}

impl World {
    pub(super) fn look_up(&mut self, question: Question) -> Found {
        if self.records {
            self.directory.asked.push(question.clone());
        }
        match question {
            Question::User { domain, username, .. } => Found::User(self.directory.users.get(&username).filter(|_| same_application(&domain, APPLICATION)).cloned()),
            Question::Take { credential } => Found::Taken(self.directory.used.insert(credential)),
            Question::Listed(origin) => Found::Listed(if self.directory.listed.contains(&origin.source) {
                Answer { allowed: true, status: 200, why: String::new() }
            } else {
                Answer { allowed: false, status: 403, why: "not on the list".to_owned() }
            }),
            Question::Route(origin) => Found::Routed(self.route(&origin)),
            Question::Resolve { host, .. } => Found::Resolved(match host.parse() {
                Ok(address) => Ok(vec![address]),
                Err(_) => self.directory.hosts.get(&host).cloned().ok_or_else(|| format!("The host '{host}' does not exist.")),
            }),
        }
    }

    fn route(&mut self, origin: &Origin) -> Result<Arc<crate::SessionInfo>, Answer> {
        let mind = self.directory.rules.get(&origin.destination).or_else(|| self.directory.rules.get("*")).cloned();
        let known = origin.trunk.is_some() || same_application(&origin.domain, APPLICATION);
        let Some(mind) = mind.filter(|_| known) else {
            return Err(Answer { allowed: false, status: 404, why: "no rule".to_owned() });
        };
        let guest = matches!(&origin.from, Caller::User(user) if user.guest);
        let session_id = self.begin_session(mind, guest);
        let info = self.info(session_id, guest);
        Ok(info)
    }

    /// A session begins, with its `Start` in the mailbox.
    pub fn begin_session(&mut self, mind: Mind, guest: bool) -> i64 {
        self.last_session += 1;
        let session_id = self.last_session;
        let info = self.info(session_id, guest);
        let session = self.make_session(info, mind);
        self.sessions.insert(session_id, session);
        self.ledger.began(session_id);
        self.in_order(Lane::ToSession(session_id), 0, Happening::ToSession(session_id, engine::Input::Start));
        session_id
    }
}
