//! A session as this node holds it: its mailbox, and the ends of everything that it has outside.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};

use cordboard_api::{caller::Account, wire::Utc};
use cordboard_engine::{Answer, Brake, CallEvent, Frame, Input, Instant, Message, Now, Profile, Recording, Session, Watch};
use cordboard_switch::SessionInfo;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    task::AbortHandle,
};

use super::{Sessions, pool::lock};

/// Things that wait for a session at most. More is refused where it comes from.
pub const MAILBOX: usize = 2_000;

/// Messages to a WebSocket's peer that wait to be sent.
pub const SOCKET_QUEUE: usize = 1_024;

/// Bytes of messages to a WebSocket's peer that wait to be sent.
pub const SOCKET_QUEUE_BYTES: usize = 16 * 1024 * 1024;

/// Bytes of requests that wait for their session.
const UNTAKEN_REQUEST_BYTES: usize = 16 * 1024 * 1024;

/// Bytes of messages of all its WebSockets that wait for a session. Peers wait with the next ones.
const UNTAKEN_MESSAGE_BYTES: usize = 8 * 1024 * 1024;

/// Bytes of a session's answers that wait for clients to read them.
pub const UNREAD_ANSWER_BYTES: usize = 16 * 1024 * 1024;

pub struct Live {
    pub id: i64,
    pub account: Account,
    pub application_id: i64,
    pub application_name: String,
    pub rule_id: i64,
    pub rule_name: String,
    pub user_id: Option<i64>,
    pub bind_key_id: Option<String>,
    /// What the switch knows of it.
    pub info: Arc<SessionInfo>,
    /// The call that began it, for the history, unless the session hears of it.
    pub arriving: Option<Arriving>,
    /// Why its calls did not succeed, by their numbers, for the history.
    pub explanations: Mutex<BTreeMap<u64, String>>,
    pub started_at: Utc,
    pub token: String,
    pub brake: Brake,
    pub watch: Watch,
    /// Where the application keeps what its sessions are told.
    pub recorder: Option<Mutex<Recorder>>,
    session: Mutex<Option<Session>>,
    mailbox: Mutex<Mailbox>,
    pub outside: Mutex<Outside>,
    /// Room for requests, and for messages of WebSockets, that the session has not taken yet, bytes. Closed with the session.
    pub untaken_requests: Arc<Semaphore>,
    pub untaken_messages: Arc<Semaphore>,
    /// Room for answers that are not read yet, bytes.
    pub unread_answers: Arc<Semaphore>,
    over: AtomicBool,
    last_number: AtomicU64,
}

/// A call for which a session begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arriving {
    /// Who is called.
    pub local_number: String,
    /// Who calls.
    pub remote_number: String,
    /// `pstn`, `user` or `sip`.
    pub remote_number_type: &'static str,
    /// It is of a guest.
    pub guest: bool,
}

/// Bytes of inputs that a recording holds at most.
const RECORDED_BYTES: usize = 32 * 1024 * 1024;

/// What a session was told so far.
pub struct Recorder {
    pub recording: Recording,
    bytes: usize,
}

impl Recorder {
    /// Keeps an input. Nothing is kept behind one that has no room, because what follows would not play.
    pub fn keep(&mut self, session_id: i64, now: Now, input: &Input) {
        if self.bytes > RECORDED_BYTES {
            return;
        }
        self.bytes += size(input);
        if self.bytes > RECORDED_BYTES {
            tracing::warn!(session = session_id, "the recording of a session is full: it holds {RECORDED_BYTES} bytes of inputs");
            return;
        }
        self.recording.frames.push(Frame { now, input: input.clone() });
    }
}

fn pairs(headers: &[(String, String)]) -> usize {
    headers.iter().map(|(name, value)| name.len() + value.len()).sum()
}

/// What a peer's words take of an event.
fn of_call(event: &CallEvent) -> usize {
    match event {
        CallEvent::Message { text, headers } => text.len() + pairs(headers),
        CallEvent::Info { mime_type, body, headers } | CallEvent::ReInvite { mime_type, body, headers } | CallEvent::ReInviteAccepted { mime_type, body, headers } => {
            mime_type.len() + body.len() + pairs(headers)
        }
        CallEvent::Ringing { headers }
        | CallEvent::AudioStarted { headers, .. }
        | CallEvent::Connected { headers, .. }
        | CallEvent::Failed { headers, .. }
        | CallEvent::Disconnected { headers, .. } => pairs(headers),
        _ => 0,
    }
}

/// About what an input takes in memory.
fn size(input: &Input) -> usize {
    use cordboard_engine::HttpAnswer;
    128 + match input {
        Input::Request { content, path, headers, .. } => content.len() + path.len() + headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>(),
        Input::SocketMessage { message: Message::Text(text), .. } => text.len(),
        Input::SocketMessage { message: Message::Bytes(bytes), .. } => bytes.len(),
        Input::HttpAnswered { answer: HttpAnswer::Answered { body, raw_headers, .. }, .. } => body.len() + 2 * raw_headers.len(),
        Input::Call { event, .. } => of_call(event),
        Input::Alerting { alerting, .. } => {
            alerting.to_uri.len() + alerting.from_uri.len() + alerting.destination.len() + alerting.callerid.len() + alerting.custom_data.len() + pairs(&alerting.headers)
        }
        Input::Managed { answer, .. } | Input::Stored { result: Ok(answer), .. } => answer.to_string().len(),
        _ => 0,
    }
}

#[derive(Default)]
struct Mailbox {
    letters: VecDeque<Letter>,
    /// In the pool's queue, or running.
    scheduled: bool,
    /// A tick is among the letters; one is as good as ten.
    tick_waits: bool,
    /// When the clock is to ring for it.
    deadline: Option<Instant>,
}

pub struct Letter {
    pub input: Input,
    /// What it takes of bounded rooms, given back once the session has taken it.
    pub room: Vec<OwnedSemaphorePermit>,
}

/// What a session has outside.
#[derive(Default)]
pub struct Outside {
    pub requests: BTreeMap<u64, oneshot::Sender<Answer>>,
    pub arrivals: BTreeMap<u64, oneshot::Sender<Result<Arrived, String>>>,
    pub sockets: BTreeMap<u64, SocketSender>,
    pub tasks: BTreeMap<u64, AbortHandle>,
}

/// An accepted WebSocket: its number and what it is to send. If nobody takes it, because the peer went away before it was
/// open, the session hears of its close.
pub struct Arrived {
    pub socket: u64,
    pub outgoing: Option<SocketReceiver>,
    pub sessions: Arc<Sessions>,
    pub live: Arc<Live>,
}

impl Drop for Arrived {
    fn drop(&mut self) {
        if self.outgoing.is_some() {
            self.sessions.socket_gone(&self.live, self.socket);
        }
    }
}

/// Both ends of what is to be sent to a WebSocket's peer, bounded in messages and in bytes.
pub fn socket_queue() -> (SocketSender, SocketReceiver) {
    let (sender, receiver) = mpsc::channel(SOCKET_QUEUE);
    let bytes = Arc::new(AtomicUsize::new(0));
    (SocketSender { sender, bytes: bytes.clone() }, SocketReceiver { receiver, bytes })
}

pub struct SocketSender {
    sender: mpsc::Sender<ToSocket>,
    bytes: Arc<AtomicUsize>,
}

impl SocketSender {
    /// False when too much waits already.
    pub fn send(&self, what: ToSocket) -> bool {
        let size = what.size();
        if self.bytes.fetch_add(size, Ordering::Relaxed) + size > SOCKET_QUEUE_BYTES {
            return false;
        }
        !matches!(self.sender.try_send(what), Err(mpsc::error::TrySendError::Full(_)))
    }
}

pub struct SocketReceiver {
    receiver: mpsc::Receiver<ToSocket>,
    bytes: Arc<AtomicUsize>,
}

impl SocketReceiver {
    /// The next thing to send; `None` when the session is gone.
    pub async fn recv(&mut self) -> Option<ToSocket> {
        let what = self.receiver.recv().await?;
        self.bytes.fetch_sub(what.size(), Ordering::Relaxed);
        Some(what)
    }
}

pub enum ToSocket {
    Message(Message),
    Close { code: u16, reason: String },
}

impl ToSocket {
    fn size(&self) -> usize {
        match self {
            Self::Message(Message::Text(text)) => text.len(),
            Self::Message(Message::Bytes(bytes)) => bytes.len(),
            Self::Close { .. } => 0,
        }
    }
}

/// Whether a peer may send things like this without end.
fn is_endless(input: &Input) -> bool {
    let of_call = |event: &CallEvent| {
        matches!(
            event,
            CallEvent::Ringing { .. } | CallEvent::Tone { .. } | CallEvent::Message { .. } | CallEvent::Info { .. } | CallEvent::Held { .. } | CallEvent::Silent { .. }
        )
    };
    match input {
        Input::Request { .. } | Input::SocketArrived { .. } => true,
        Input::Call { event, .. } => of_call(event),
        _ => false,
    }
}

/// What posting led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// The session is to be put into the pool's queue.
    Wake,
    /// It is there, or runs.
    Waiting,
    /// The mailbox is full.
    Full,
    Over,
}

impl Live {
    pub fn new(start: cordboard_api::live::Start, arriving: Option<Arriving>, profile: Profile, session: Session, started_at: Utc) -> Self {
        let info = SessionInfo {
            session_id: start.session_id,
            account_id: start.account.id(),
            application_id: start.application_id,
            application: start.application_name.clone(),
            guest: arriving.as_ref().is_some_and(|arriving| arriving.guest),
        };
        Self {
            info: Arc::new(info),
            arriving,
            explanations: Mutex::default(),
            id: start.session_id,
            account: start.account,
            application_id: start.application_id,
            application_name: start.application_name,
            rule_id: start.rule_id,
            rule_name: start.rule_name,
            user_id: start.user_id,
            bind_key_id: start.bind_key_id,
            started_at,
            token: start.token,
            brake: session.brake(),
            watch: session.watch(),
            recorder: start.recorded.then(|| Mutex::new(Recorder { recording: Recording { profile, frames: Vec::new() }, bytes: 0 })),
            session: Mutex::new(Some(session)),
            mailbox: Mutex::default(),
            outside: Mutex::default(),
            untaken_requests: Arc::new(Semaphore::new(UNTAKEN_REQUEST_BYTES)),
            untaken_messages: Arc::new(Semaphore::new(UNTAKEN_MESSAGE_BYTES)),
            unread_answers: Arc::new(Semaphore::new(UNREAD_ANSWER_BYTES)),
            over: AtomicBool::new(false),
            last_number: AtomicU64::new(0),
        }
    }

    /// A number for something outside.
    pub fn number(&self) -> u64 {
        self.last_number.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// Nothing is taken any more, and what waits is dropped. The first one to say so learns that it was.
    pub fn set_over(&self) -> bool {
        let letters = {
            let mut mailbox = lock(&self.mailbox);
            if self.over.swap(true, Ordering::AcqRel) {
                return false;
            }
            std::mem::take(&mut mailbox.letters)
        };
        drop(letters);
        self.untaken_requests.close();
        self.untaken_messages.close();
        true
    }

    pub fn post(&self, letter: Letter) -> Posted {
        let mut mailbox = lock(&self.mailbox);
        if self.is_over() {
            return Posted::Over;
        }
        // What ends or feeds the session always finds room: its number is bounded where it begins.
        if mailbox.letters.len() >= MAILBOX && is_endless(&letter.input) {
            return Posted::Full;
        }
        if letter.input != Input::Tick || !std::mem::replace(&mut mailbox.tick_waits, true) {
            mailbox.letters.push_back(letter);
        }
        if std::mem::replace(&mut mailbox.scheduled, true) { Posted::Waiting } else { Posted::Wake }
    }

    /// Whether it has still to run its scenarios for the first time.
    pub fn begins(&self) -> bool {
        lock(&self.mailbox).letters.front().is_some_and(|letter| letter.input == Input::Start)
    }

    pub fn take_session(&self) -> Option<Session> {
        lock(&self.session).take()
    }

    pub fn take_letter(&self) -> Option<Letter> {
        let mut mailbox = lock(&self.mailbox);
        let letter = mailbox.letters.pop_front()?;
        if letter.input == Input::Tick {
            mailbox.tick_waits = false;
        }
        Some(letter)
    }

    /// Puts the session back. True when more waits for it, so that it stays scheduled.
    pub fn put_back(&self, session: Session, due: bool) -> bool {
        *lock(&self.session) = Some(session);
        let mut mailbox = lock(&self.mailbox);
        // Behind what waits already, so that neither holds up the other.
        if due && !std::mem::replace(&mut mailbox.tick_waits, true) {
            mailbox.letters.push_back(Letter { input: Input::Tick, room: Vec::new() });
        }
        mailbox.scheduled = !mailbox.letters.is_empty();
        mailbox.scheduled
    }

    /// The clock rang: it holds no deadline of this session any more.
    pub fn rang(&self) {
        lock(&self.mailbox).deadline = None;
    }

    /// Remembers when the clock is to ring, and gives the former time if it differs.
    pub fn set_deadline(&self, deadline: Option<Instant>) -> Option<Option<Instant>> {
        let mut mailbox = lock(&self.mailbox);
        (mailbox.deadline != deadline).then(|| std::mem::replace(&mut mailbox.deadline, deadline))
    }
}
