//! What comes into a session and what goes out of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Everything that a session is told when it is made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Profile {
    pub session_id: i64,
    pub account_id: i64,
    pub application_id: i64,
    /// The full name.
    pub application_name: String,
    pub rule_id: i64,
    pub rule_name: String,
    pub user_id: Option<i64>,
    /// In the rule's order.
    pub scenarios: Vec<Scenario>,
    pub custom_data: String,
    pub access_url: String,
    pub access_secure_url: String,
    pub log_url: String,
    /// What no line of the log may show: the control URL's token.
    pub token: String,
    pub secrets: BTreeMap<String, String>,
    /// Whether a key is bound to the rule, so that scenarios may call the Management API.
    pub may_manage: bool,
    pub idle_ms: u64,
    /// For what authors see of chance.
    pub seed: [u8; 32],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    pub name: String,
    pub script: String,
}

/// One thing that happens to a session. Numbers of requests, sockets and the like are those of the outputs that began them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// The first one: runs the scenarios, then their `Started` handlers.
    Start,
    /// A deadline may be due.
    Tick,
    /// Somebody called the control URL; the driver numbers it.
    Request {
        request: u64,
        method: String,
        path: String,
        content: String,
        headers: Vec<(String, String)>,
    },
    /// Nobody waits for the answer to this request any more.
    RequestGone {
        request: u64,
    },
    /// Somebody opens the control URL as a WebSocket; the driver numbers it, apart from the session's own sockets.
    SocketArrived {
        arrival: u64,
        method: String,
        path: String,
        headers: Vec<(String, String)>,
    },
    SocketOpened {
        socket: u64,
    },
    SocketMessage {
        socket: u64,
        message: Message,
    },
    SocketClosed {
        socket: u64,
        code: u16,
        reason: String,
        was_clean: bool,
    },
    SocketFailed {
        socket: u64,
        reason: String,
    },
    HttpAnswered {
        request: u64,
        answer: HttpAnswer,
    },
    /// Code 0 when it was sent, the SMTP code or a negative one of ours otherwise.
    MailSent {
        mail: u64,
        code: i64,
        error: Option<String>,
    },
    /// A storage operation ended with a result, or with a reason for the promise's rejection.
    Stored {
        request: u64,
        result: Result<Value, String>,
    },
    /// A call of the Management API ended with the body of its answer.
    Managed {
        request: u64,
        answer: Value,
    },
    /// An administrator ends the session, or the node stops.
    Stop {
        finish_reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    Text(String),
    Bytes(Vec<u8>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum HttpAnswer {
    Answered {
        status: u16,
        headers: Vec<(String, String)>,
        raw_headers: String,
        body: Vec<u8>,
    },
    /// A code of voxengine.md §18, with words.
    Failed {
        code: i64,
        error: String,
    },
}

/// One thing that a session wants done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Output {
    /// A line of the session's log, of the turn's moment.
    Log(String),
    /// The answer to a request at the control URL.
    Answer {
        request: u64,
        answer: Answer,
    },
    /// Becomes an own socket, by this number.
    SocketAccept {
        arrival: u64,
        socket: u64,
    },
    SocketRefuse {
        arrival: u64,
        reason: String,
    },
    SocketConnect {
        socket: u64,
        request: WebSocketRequest,
    },
    SocketSend {
        socket: u64,
        message: Message,
    },
    SocketClose {
        socket: u64,
        code: u16,
        reason: String,
    },
    Http {
        request: u64,
        http: HttpRequest,
    },
    Mail {
        mail: u64,
        message: Mail,
    },
    Store {
        request: u64,
        operation: StorageOperation,
    },
    /// A call of the Management API with wire names.
    Manage {
        request: u64,
        method: String,
        parameters: Vec<(String, String)>,
    },
    /// The last output.
    Ended(End),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub status: u16,
    pub body: AnswerBody,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnswerBody {
    Empty,
    Text(String),
    Json(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebSocketRequest {
    pub url: String,
    pub protocols: Vec<String>,
    pub headers: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpRequest {
    pub url: String,
    pub method: String,
    pub headers: Vec<(String, String)>,
    /// To be added to the URL's query.
    pub params: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
    pub timeout_ms: u64,
    pub connect_timeout_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    pub server: String,
    #[serde(default)]
    pub port: Option<u16>,
    #[serde(default)]
    pub login: Option<String>,
    #[serde(default)]
    pub password: Option<String>,
    pub from: String,
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub bcc: Vec<String>,
    pub subject: String,
    pub text: String,
    #[serde(default)]
    pub html: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StorageOperation {
    Get { key: String },
    Put { key: String, value: String, ttl_seconds: Option<i64> },
    Remove { key: String },
    Keys { pattern: Option<String>, count: i64 },
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    pub finish_reason: String,
    pub custom_data: String,
    pub calls: Vec<Leg>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    Incoming,
    Outgoing,
}

/// A call as the history keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    pub direction: Direction,
    /// Milliseconds since 1970, UTC.
    pub started_at_ms: i64,
    pub duration_seconds: i64,
    pub local_number: String,
    pub remote_number: String,
    /// `pstn`, `user` or `sip`.
    pub remote_number_type: String,
    pub successful: bool,
    pub custom_data: Option<String>,
    pub end_code: i64,
    pub end_reason: String,
}

/// Whether scenarios see a header of a request to the control URL: `X-…` alone (voxengine.md §4).
pub fn is_shown(header: &str) -> bool {
    header.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"))
}
