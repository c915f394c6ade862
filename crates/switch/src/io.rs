//! What comes into the switch and what goes out of it.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use cordboard_media as media;
use cordboard_sip as sip;
use ipnet::IpNet;

/// A look-up that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What does not change while the switch lives.
#[derive(Clone, Debug)]
pub struct Config {
    pub sip: sip::Config,
    /// What users authenticate for: the realm of every digest.
    pub realm: String,
    /// What follows an account's name in names of applications.
    pub domain: String,
    pub trunk: Option<Trunk>,
    /// For nonces.
    pub secret: [u8; 32],
    /// For tags, branches and Call-IDs.
    pub seed: [u8; 32],
}

/// The way to the public network.
#[derive(Clone, Debug)]
pub struct Trunk {
    pub host: String,
    pub port: Option<u16>,
    pub transport: sip::Transport,
    pub credentials: Option<sip::Credentials>,
    /// Where its calls come from.
    pub sources: Vec<IpNet>,
    pub policy: crate::trunk::Trunk,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Input {
    /// From the network.
    Sip(sip::Input),
    Media(media::Event),
    /// What a session wants done: of its outputs, those of calls and players.
    Session {
        session: Arc<SessionInfo>,
        output: cordboard_engine::Output,
    },
    /// A session has ended; what is left of it is released.
    SessionEnded {
        session_id: i64,
    },
    /// The answer to a question.
    Found {
        ticket: Ticket,
        found: Found,
    },
    /// Somebody must prove himself again. Told when that is durable.
    Revoked(Revoked),
    /// Nothing of SIP has come over this connection for some minutes: it is closed unless it carries a call, a request or a registration.
    Idle {
        flow: sip::Flow,
    },
    /// A deadline may be due.
    Tick,
    /// The node stops: calls that come in are refused.
    Drain,
}

/// One thing to be done.
#[derive(Clone, Debug)]
pub enum Output {
    /// `Send`, `Connect` and `Close` alone.
    Sip(sip::Output),
    Media(media::Command),
    /// Over this connection somebody proved who he is; those over which nobody does are closed first.
    Proved {
        flow: sip::Flow,
    },
    /// Give the player what it plays: fetch or speak it, then `media::Command::Load`.
    Fetch {
        player: media::PlayerId,
        session_id: i64,
        sound: cordboard_engine::Sound,
    },
    /// Something for a session's mailbox.
    Session {
        session_id: i64,
        input: cordboard_engine::Input,
    },
    /// Look something up; `Input::Found` brings the answer.
    Ask {
        ticket: Ticket,
        question: Question,
    },
    /// Why a session's call did not succeed, for its history.
    Explain {
        session_id: i64,
        /// The session's number of the call.
        call: u64,
        text: String,
    },
    /// Why a call was refused that belongs to no session.
    Refused {
        from: SocketAddr,
        method: String,
        /// The request URI.
        to: String,
        status: u16,
        why: String,
    },
}

/// A session whose calls these are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    pub session_id: i64,
    pub account_id: i64,
    pub application_id: i64,
    /// The full name, which is the domain of its users.
    pub application: String,
    /// A guest's session reaches no public network.
    pub guest: bool,
}

/// What the switch wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Who answers challenges with this user name, for the application that the domain names? A call credential's name is not
    /// its user's, whom the request names `as_user`.
    User { domain: String, username: String, as_user: String },
    /// Use a credential up that serves one connection.
    Take { credential: i64 },
    /// Does the account of the application take calls from this address of a stranger? A refusal (403) is written into its history; where
    /// there is no such application (404) the stranger hears the same.
    Listed(Box<Origin>),
    /// Find the rule, begin its session. What refuses it is written into the account's history.
    Route(Box<Origin>),
    /// The addresses of a host that an author, or the operator (`trusted`), chose; judged unless trusted.
    Resolve { host: String, port: u16, trusted: bool },
}

/// A call that came in, as it is looked for a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub from: Caller,
    pub domain: String,
    pub destination: String,
    pub callerid: String,
    pub source: IpAddr,
    /// The trunk's number and what the configuration binds to it.
    pub trunk: Option<Bound>,
}

/// What a number of the trunk leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// `application` or `application.account`.
    pub application: String,
    pub rule: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Authenticated.
    User(Arc<User>),
    /// An address on the account's list.
    Listed,
    /// Not known yet.
    Stranger,
    Trunk,
}

/// A user that may authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub account_id: i64,
    pub application_id: i64,
    /// The full name of the application.
    pub application: String,
    pub user_id: Option<i64>,
    pub name: String,
    pub display_name: String,
    pub ha1: sip::digest::Ha1s,
    /// Calls its own application alone and no public network, and registers nothing.
    pub guest: bool,
    /// The credential that serves one connection, if it is one.
    pub once: Option<i64>,
}

#[derive(Clone, Debug)]
pub enum Found {
    User(Option<Arc<User>>),
    /// Whether it was not used before.
    Taken(bool),
    Listed(Answer),
    /// The session that was begun, with its `Start` in the mailbox.
    Routed(Result<Arc<SessionInfo>, Answer>),
    Resolved(Result<Vec<IpAddr>, String>),
    /// To `User` and `Take`: nothing could be looked up, which says nothing of who asks.
    Failed,
}

/// Whose registrations end, and the connections that their credentials serve: after a new password, or because there is no such user,
/// application or account any more. Calls of devices under way go on; those over such a connection end with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// `name` is the one that it was registered under.
    User {
        account_id: i64,
        application_id: i64,
        user_id: i64,
        name: String,
    },
    Application {
        account_id: i64,
        application_id: i64,
    },
    Account {
        account_id: i64,
    },
}

/// Whether something may be, and the SIP status and the reason if not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub allowed: bool,
    pub status: u16,
    pub why: String,
}
