//! What comes into an agent and what goes out of it.

use std::net::SocketAddr;

use crate::{
    flow::{Flow, Transport},
    message::{Request, Response},
    uri::Uri,
};

/// A call as the agent and its user name it: one INVITE dialog, or an attempt at one. `Agent::call` reserves one for a
/// call that is placed; the agent numbers those that come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// A request that waits for `Command::Reply`, or one of ours that waits for its `Event::Replied`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// One thing that happens to an agent.
#[derive(Clone, Debug)]
pub enum Input {
    /// A whole datagram, or a whole message of a WebSocket.
    Packet {
        flow: Flow,
        bytes: Vec<u8>,
    },
    /// A piece of a stream.
    Bytes {
        flow: Flow,
        bytes: Vec<u8>,
    },
    /// A connection that was asked for is open. It is numbered by the driver, as accepted ones are.
    Connected {
        ticket: u64,
        flow: Flow,
    },
    ConnectFailed {
        ticket: u64,
        reason: String,
    },
    /// A connection is gone, however it came about.
    Closed {
        flow: Flow,
    },
    /// A deadline may be due.
    Tick,
    Do(Command),
}

/// One thing that an agent wants done.
#[derive(Clone, Debug)]
pub enum Output {
    /// A datagram, a WebSocket's message, or a piece of a stream.
    Send {
        flow: Flow,
        bytes: Vec<u8>,
    },
    /// Open a connection; `host` is the name that TLS checks.
    Connect {
        ticket: u64,
        transport: Transport,
        remote: SocketAddr,
        host: String,
    },
    /// Close a connection whose peer does not speak SIP or says too much.
    Close {
        flow: Flow,
    },
    Event(Event),
}

/// Where a request goes. Names are resolved and judged before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Over this flow alone: a registered phone's, or a WebSocket.
    Flow(Flow),
    /// To an address, over an open connection to it if there is one. `host` is the name that TLS checks.
    Address { transport: Transport, remote: SocketAddr, host: String },
}

/// What challenges are answered with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub username: String,
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Credentials({}, …)", self.username)
    }
}

/// An answer to a request.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    pub status: u16,
    /// The standard phrase if empty.
    pub reason: String,
    pub headers: Vec<(String, String)>,
    /// Content type and content.
    pub body: Option<(String, Vec<u8>)>,
    /// Whether a final answer other than 2xx to an INVITE, or any to another request, is not remembered: the same request again comes to
    /// the user again. For what strangers are told, so that a flood of them leaves nothing behind (RFC 3261 §8.2.7).
    pub forget: bool,
}

/// What the agent's user wants.
#[derive(Clone, Debug)]
pub enum Command {
    /// Place a call. Challenges (401, 407) are answered by the agent once per realm.
    Invite { call: CallId, target: Target, invite: Box<Invite> },
    /// Answer the INVITE of a call that came in: 1xx any number of times (100 once), then one final. 2xx is repeated until the ACK.
    Answer { call: CallId, reply: Reply },
    /// End a call in whatever state it is: CANCEL, BYE, a final answer 480 to an INVITE that came in, or nothing if it is over.
    /// The end is reported at once by `Ended` or `Failed`; what the peer has to hear the agent finishes by itself.
    Hangup { call: CallId, headers: Vec<(String, String)> },
    /// A request inside a call's dialog (INFO, MESSAGE, re-INVITE, UPDATE, REFER, NOTIFY). `Replied` brings its final answer.
    Inside { call: CallId, request: RequestId, method: String, headers: Vec<(String, String)>, body: Option<(String, Vec<u8>)> },
    /// A request outside of any call (REGISTER, OPTIONS, MESSAGE). `Replied` brings its final answer.
    Outside { request: RequestId, target: Target, outside: Box<Outside> },
    /// Answer a request that came as `Requested` or `Outside`: 1xx any number of times, then one final, within 64 × T1 unless it is an
    /// INVITE. Contact may be among the fields except in a 1xx or 2xx to INVITE and UPDATE.
    Reply { request: RequestId, reply: Reply },
}

#[derive(Clone, Debug)]
pub struct Invite {
    pub request_uri: Uri,
    /// With display name: header values, without tag.
    pub from: String,
    pub to: String,
    /// The user part of our Contact.
    pub contact_user: String,
    pub route: Vec<String>,
    pub headers: Vec<(String, String)>,
    pub body: Option<(String, Vec<u8>)>,
    pub credentials: Option<Credentials>,
}

#[derive(Clone, Debug)]
pub struct Outside {
    pub method: String,
    pub request_uri: Uri,
    pub from: String,
    pub to: String,
    pub contact_user: Option<String>,
    /// Call-ID and CSeq of requests that belong together, such as the refreshes of a registration.
    pub series: Option<(String, u32)>,
    pub headers: Vec<(String, String)>,
    pub body: Option<(String, Vec<u8>)>,
    pub credentials: Option<Credentials>,
}

/// What the agent tells its user.
#[derive(Clone, Debug)]
pub enum Event {
    /// An INVITE outside of any dialog. 100 is sent after 200 ms, or as soon as the user asks for it. It waits for `Command::Answer`.
    Incoming { call: CallId, flow: Flow, request: Box<Request> },
    /// A provisional answer above 100 to a call that was placed. Answers of several branches (RFC 3261 §13.2.2.4) look alike.
    Progress { call: CallId, response: Box<Response> },
    /// A 2xx to a call that was placed; the ACK has been sent. A second 2xx of another branch is acknowledged and ended by the agent.
    Answered { call: CallId, response: Box<Response> },
    /// The ACK to our 2xx, with its body if there is one.
    Acknowledged { call: CallId, body: Option<(String, Vec<u8>)> },
    /// A call that was placed was not answered: a final answer, 408 without one, 503 where nothing could be sent, 487 after our hang-up.
    Failed { call: CallId, status: u16, reason: String, response: Option<Box<Response>> },
    /// A call that came in is over before its answer: CANCEL (487), or nobody took the answer. Or an established call ended: BYE of
    /// the peer (its request), our own hang-up, no ACK, a dead flow.
    Ended { call: CallId, why: Why, request: Option<Box<Request>> },
    /// A request inside a dialog that waits for `Command::Reply`: re-INVITE, INFO, MESSAGE, UPDATE, REFER, NOTIFY, OPTIONS. What is
    /// out of order, unknown or crossing has been answered by the agent.
    Requested { call: CallId, request: RequestId, message: Box<Request> },
    /// A request outside of any dialog that waits for `Command::Reply`: REGISTER, OPTIONS, MESSAGE, …
    Outside { request: RequestId, flow: Flow, message: Box<Request> },
    /// The final answer to `Command::Inside` or `Command::Outside`; 408 and 503 of our own have no message.
    Replied { request: RequestId, status: u16, reason: String, response: Option<Box<Response>> },
    /// A connection is gone; its registrations with it.
    FlowClosed { flow: Flow },
}

/// Why a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The caller's CANCEL.
    Cancelled,
    /// The peer's BYE.
    Bye,
    /// Our own `Hangup`, or a final answer of ours.
    Local,
    /// No ACK came for our 2xx: RFC 3261 §13.3.1.4.
    NoAck,
    /// A request inside the dialog was answered with 481 or 408 (RFC 3261 §12.2.1.2), or its connection is gone.
    Lost,
}
