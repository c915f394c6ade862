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
    /// A call came in. Its number is the switch's; numbers of placed calls are the session's, and no two are alike.
    Alerting {
        call: u64,
        alerting: Box<Alerting>,
    },
    /// Something happened to a call.
    Call {
        call: u64,
        event: CallEvent,
    },
    /// Something happened to a player, or to what a call says or plays.
    Player {
        player: u64,
        event: PlayerEvent,
    },
    /// Something for the scenario's author to know, a sentence. The log says it once.
    Note {
        text: String,
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
    /// Place a call, under a number that nothing else of the session has.
    Place {
        call: u64,
        placing: Box<Placing>,
    },
    /// Do something to a call that is not over.
    Call {
        call: u64,
        action: CallAction,
    },
    /// Make a player. It plays by itself once it has its sound, unless it is paused.
    Play {
        player: u64,
        play: Play,
    },
    /// Do something to a player.
    Player {
        player: u64,
        action: PlayerAction,
    },
    /// `to` hears `from` in place of what it heard.
    Wire {
        from: Unit,
        to: u64,
    },
    /// `to` hears nothing, if it hears `from`.
    Unwire {
        from: Unit,
        to: u64,
    },
    /// The last output. Calls that are left end with it.
    Ended(End),
}

/// A call that came in, as `CallAlerting` tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerting {
    pub callerid: String,
    pub destination: String,
    pub display_name: String,
    pub to_uri: String,
    pub from_uri: String,
    /// `X-…` and `User-to-User` in the sender's spelling.
    pub headers: Vec<(String, String)>,
    /// `VI-CallData` of a client, or empty.
    pub custom_data: String,
    /// `pstn`, `user` or `sip`.
    pub client_type: String,
}

/// A call that a scenario places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placing {
    pub to: Destination,
    pub callerid: String,
    pub display_name: String,
    /// `X-…`, `User-to-User` and `VI-CallTimeout`.
    pub headers: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Destination {
    /// A number of the public network.
    Pstn(String),
    /// A user of the session's application.
    User(String),
    /// A SIP URI, and what it is challenged with.
    Sip { uri: String, auth_user: Option<String>, password: Option<String>, out_proxy: Option<String> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CallEvent {
    /// 180 without media.
    Ringing {
        headers: Vec<(String, String)>,
    },
    /// 183, or a 180 with media.
    AudioStarted {
        code: u16,
        headers: Vec<(String, String)>,
        transport: String,
    },
    FirstAudioPacketReceived,
    Connected {
        sip_call_id: String,
        display_name: String,
        headers: Vec<(String, String)>,
        encrypted: bool,
        transport: String,
    },
    /// An outgoing call that was not answered.
    Failed {
        code: u16,
        reason: String,
        headers: Vec<(String, String)>,
    },
    /// An answered call, or an incoming one, is over.
    Disconnected {
        reason: String,
        internal_code: u16,
        headers: Vec<(String, String)>,
    },
    /// `kind` 1: telephone-event, 2: in-band, 3: SIP INFO.
    Tone {
        tone: char,
        kind: u8,
    },
    Message {
        text: String,
        #[serde(default)]
        headers: Vec<(String, String)>,
    },
    Info {
        mime_type: String,
        body: String,
        headers: Vec<(String, String)>,
    },
    Held {
        on: bool,
    },
    /// No RTP for 7 s, or RTP again.
    Silent {
        on: bool,
    },
    /// The peer wants a re-INVITE to change something that scenarios decide.
    ReInvite {
        mime_type: String,
        body: String,
        headers: Vec<(String, String)>,
    },
    ReInviteAccepted {
        mime_type: String,
        body: String,
        headers: Vec<(String, String)>,
    },
    ReInviteRejected {
        code: u16,
        headers: Vec<(String, String)>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallAction {
    /// 180.
    Ring {
        headers: Vec<(String, String)>,
    },
    /// 183 with media.
    EarlyMedia {
        headers: Vec<(String, String)>,
    },
    /// 200. `Connected` follows.
    Answer {
        headers: Vec<(String, String)>,
        display_name: String,
    },
    /// A final answer from 300 to 699. `Disconnected` follows.
    Reject {
        code: u16,
        headers: Vec<(String, String)>,
    },
    /// CANCEL, BYE or 603. `Failed` or `Disconnected` follows.
    Hangup {
        headers: Vec<(String, String)>,
    },
    /// Which tones are reported: of RTP, of SIP INFO.
    Tones {
        telephone_event: bool,
        info: bool,
    },
    Digits {
        digits: String,
    },
    Message {
        text: String,
    },
    Info {
        mime_type: String,
        body: String,
        headers: Vec<(String, String)>,
    },
    ReInvite {
        mime_type: String,
        body: String,
        headers: Vec<(String, String)>,
    },
    AcceptReInvite {
        mime_type: String,
        body: String,
        headers: Vec<(String, String)>,
    },
    RejectReInvite {
        code: u16,
        headers: Vec<(String, String)>,
    },
}

/// What is played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Play {
    pub what: Sound,
    pub looped: bool,
    /// It waits for `PlayerAction::Resume`.
    pub paused: bool,
    /// It is for a call, and begins once that can be heard, so that no syllable is lost.
    #[serde(default)]
    pub waits: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sound {
    /// A file, fetched by the guarded client. The body is that of a POST.
    Url { url: String, method: String, headers: Vec<(String, String)>, body: Option<Vec<u8>> },
    /// A text, spoken. `voice` is the opaque constant of `Language` or `VoiceList`, or empty.
    Speech { text: String, voice: String },
    /// A ToneScript.
    Tone { script: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlayerAction {
    Pause,
    Resume,
    /// From the end if negative.
    Mark {
        offset_ms: i64,
    },
    /// No event follows.
    Stop,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PlayerEvent {
    Ready { duration_ms: u64 },
    Started { duration_ms: u64 },
    Marked { offset_ms: i64 },
    Finished { error: Option<String> },
}

/// What sound comes from, by the number of the call or the player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    Call(u64),
    Player(u64),
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
    /// Why the scenario did not end by its own will, a sentence: an error, or a turn without end.
    pub fault: Option<String>,
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
    /// The session's number of the call.
    pub call: u64,
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
    /// Why the session refused it, or ended it against the scenario's will, a sentence.
    pub explanation: Option<String>,
}

/// Whether scenarios see a header of a request to the control URL: `X-…` alone (voxengine.md §4).
pub fn is_shown(header: &str) -> bool {
    header.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"))
}
