//! The control URL: `/request/<session>/<token>` with anything behind it, plain or as a WebSocket (voxengine.md §4).

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{
        FromRequestParts, Path, Request, State, WebSocketUpgrade,
        ws::{CloseFrame, Message as Frame, WebSocket},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use bytes::Bytes;
use cordboard_api::live::{ControlAnswer, ControlRequest};
use cordboard_engine::{Answer, AnswerBody, Input, Message, is_shown, limits};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::{
    Sessions,
    live::{Arrived, Letter, Live, Posted, ToSocket, UNREAD_ANSWER_BYTES},
    pool::lock,
};
use crate::{
    connections::Place,
    http::{Received, receive},
};

/// How long an answer is waited for. Semantics §12.4.
const ANSWER_TIME: Duration = Duration::from_secs(90);

/// How long the session may take to accept a WebSocket.
const ARRIVAL_TIME: Duration = Duration::from_secs(30);

/// Bytes of a request's body at most.
const BODY_BYTES: usize = 2 * 1024 * 1024;

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(60);

#[derive(Clone)]
struct Control {
    sessions: Arc<Sessions>,
    room: Arc<Semaphore>,
}

/// Larger bodies for all sessions that are received or wait, in the units of `receive`: 256 MiB, beside the room of the API.
const ROOM: usize = 4_096;

pub fn routes(sessions: Arc<Sessions>) -> Router {
    Router::new()
        .route("/request/{session}/{token}", any(request))
        .route("/request/{session}/{token}/{*rest}", any(request_below))
        .route("/check/{session}/{token}", any(check))
        .with_state(Control { sessions, room: Arc::new(Semaphore::new(ROOM)) })
}

const BUSY: &str = "The session has too much to do; try again.\n";

const ENDED: &str = "There is no such session, or it has ended.\n";

const FAILED: &str = "The scenario failed.\n";

const LATE: &str = "The scenario did not answer in time.\n";

const TEXT: &str = "text/plain; charset=utf-8";

const JSON: &str = "application/json";

fn busy() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], BUSY).into_response()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, ENDED).into_response()
}

impl Control {
    /// The session of this path, if the token is its own. Comparing takes the same time wherever they differ.
    fn session(&self, session: &str, token: &str) -> Option<Arc<Live>> {
        let live = self.sessions.find(session.parse().ok()?)?;
        let (known, given) = (live.token.as_bytes(), token.as_bytes());
        let same = known.len() == given.len() && known.iter().zip(given).fold(0, |differing, (a, b)| differing | (a ^ b)) == 0;
        same.then_some(live)
    }
}

async fn check(State(control): State<Control>, Path((session, token)): Path<(String, String)>) -> Response {
    if control.session(&session, &token).is_some() { "ok\n".into_response() } else { not_found() }
}

async fn request_below(State(control): State<Control>, Path((session, token, _)): Path<(String, String, String)>, request: Request) -> Response {
    serve(control, &session, &token, request).await
}

async fn request(State(control): State<Control>, Path((session, token)): Path<(String, String)>, request: Request) -> Response {
    serve(control, &session, &token, request).await
}

async fn serve(control: Control, session: &str, token: &str, request: Request) -> Response {
    let Some(live) = control.session(session, token) else { return not_found() };
    let is_socket = request.headers().get(header::UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"));
    let mut response = if is_socket { socket(control.sessions, live, request).await } else { plain(&control, &live, request).await };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    // What scenarios do not see is in no recording either.
    let own = headers.iter().filter(|(name, _)| is_shown(name.as_str()));
    own.map(|(name, value)| (spelled(name.as_str()), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect()
}

/// HTTP's usual spelling, `X-Trace`: the sender's own is not known any more.
fn spelled(name: &str) -> String {
    let word = |word: &str| word.chars().enumerate().map(|(at, letter)| if at == 0 { letter.to_ascii_uppercase() } else { letter }).collect::<String>();
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

fn path(request: &Request) -> String {
    request.uri().path_and_query().map_or_else(String::new, |path| path.as_str().to_owned())
}

async fn plain(control: &Control, live: &Arc<Live>, request: Request) -> Response {
    let (method, path, headers) = (request.method().as_str().to_owned(), path(&request), pairs(request.headers()));
    let (content, room) = match tokio::time::timeout(BODY_TIME, receive(&control.room, request.into_body(), BODY_BYTES)).await {
        Ok(Received::Whole(body, room)) => (String::from_utf8_lossy(&body).into_owned(), room),
        Ok(Received::TooLarge) => return (StatusCode::PAYLOAD_TOO_LARGE, format!("A request to a session may have {BODY_BYTES} bytes.\n")).into_response(),
        Ok(Received::NoRoom) => return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], "Too many large requests at once; try again.\n").into_response(),
        Ok(Received::Broken) => return (StatusCode::BAD_REQUEST, "The request's body broke off.\n").into_response(),
        Err(_) => return (StatusCode::REQUEST_TIMEOUT, "The request's body took too long.\n").into_response(),
    };
    match control.sessions.ask(live, Asking { method, path, content, headers }, room).await {
        Asked::Answered(answer) => respond(live, answer),
        Asked::Ended => not_found(),
        Asked::Busy => busy(),
        Asked::Late => (StatusCode::GATEWAY_TIMEOUT, LATE).into_response(),
    }
}

/// A request that a session is asked.
struct Asking {
    method: String,
    /// With the query.
    path: String,
    content: String,
    headers: Vec<(String, String)>,
}

/// What became of it.
enum Asked {
    Answered(Answer),
    Ended,
    Busy,
    Late,
}

impl Sessions {
    /// Asks a session and waits for its answer. `room` is what the content takes of bounded rooms until the session takes it.
    async fn ask(self: &Arc<Self>, live: &Arc<Live>, asking: Asking, room: Option<OwnedSemaphorePermit>) -> Asked {
        let Asking { method, path, content, headers } = asking;
        let number = live.number();
        let (reply, answer) = oneshot::channel();
        lock(&live.outside).requests.insert(number, reply);
        let _owed = Owed { sessions: self.clone(), live: live.clone(), number };
        let size = u32::try_from(content.len() + path.len() + 1_024).unwrap_or(u32::MAX);
        let Ok(share) = live.untaken_requests.clone().try_acquire_many_owned(size) else {
            lock(&live.outside).requests.remove(&number);
            return if live.is_over() { Asked::Ended } else { Asked::Busy };
        };
        let room = room.into_iter().chain([share]).collect();
        let input = Input::Request { request: number, method, path, content, headers };
        match self.post_letter(live, Letter { input, room }) {
            Posted::Wake | Posted::Waiting => {}
            Posted::Full => {
                // The session never hears of it, so there is nothing for it to forget.
                lock(&live.outside).requests.remove(&number);
                return Asked::Busy;
            }
            Posted::Over => return Asked::Ended,
        }
        match tokio::time::timeout(ANSWER_TIME, answer).await {
            Ok(Ok(answer)) => Asked::Answered(answer),
            Ok(Err(_)) => Asked::Ended,
            Err(_) => Asked::Late,
        }
    }

    /// What the control URL of a session answers to a request that came by the API.
    pub(super) async fn answer(self: &Arc<Self>, account_id: i64, session_id: i64, request: ControlRequest) -> ControlAnswer {
        let plain = |status: StatusCode, text: &str| ControlAnswer { status: status.as_u16(), content_type: Some(TEXT), content: text.to_owned() };
        let Some(live) = self.find(session_id).filter(|live| live.account.id() == account_id) else { return plain(StatusCode::NOT_FOUND, ENDED) };
        let path = format!("/request/{}/{}{}", live.id, live.token, request.below);
        let asking = Asking { method: request.method, path, content: request.content, headers: Vec::new() };
        let answer = match self.ask(&live, asking, None).await {
            Asked::Answered(answer) => answer,
            Asked::Ended => return plain(StatusCode::NOT_FOUND, ENDED),
            Asked::Busy => return plain(StatusCode::SERVICE_UNAVAILABLE, BUSY),
            Asked::Late => return plain(StatusCode::GATEWAY_TIMEOUT, LATE),
        };
        let status = status(&answer);
        match answer.body {
            AnswerBody::Empty => match words(status) {
                Some(text) => plain(status, text),
                None => ControlAnswer { status: status.as_u16(), content_type: None, content: String::new() },
            },
            AnswerBody::Text(content) => ControlAnswer { status: status.as_u16(), content_type: Some(TEXT), content },
            AnswerBody::Json(content) => ControlAnswer { status: status.as_u16(), content_type: Some(JSON), content },
        }
    }
}

/// Forgets a request whose caller went away.
struct Owed {
    sessions: Arc<Sessions>,
    live: Arc<Live>,
    number: u64,
}

impl Drop for Owed {
    fn drop(&mut self) {
        // An answered request is not there any more.
        if lock(&self.live.outside).requests.remove(&self.number).is_some() {
            self.sessions.post(&self.live, Input::RequestGone { request: self.number });
        }
    }
}

/// Bytes with the room they take until the client has read them.
struct Roomy {
    text: String,
    _room: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Roomy {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// An answer's text as a body; `None` when too much of what the session answered is not read yet.
fn body(live: &Live, text: String) -> Option<Bytes> {
    let size = u32::try_from(text.len().max(1)).ok()?;
    let room = live.unread_answers.clone().try_acquire_many_owned(size).ok()?;
    Some(Bytes::from_owner(Roomy { text, _room: room }))
}

fn status(answer: &Answer) -> StatusCode {
    StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What an answer of this status without a body says.
fn words(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::NOT_FOUND => Some(ENDED),
        StatusCode::INTERNAL_SERVER_ERROR => Some(FAILED),
        StatusCode::SERVICE_UNAVAILABLE => Some(BUSY),
        _ => None,
    }
}

fn respond(live: &Live, answer: Answer) -> Response {
    let status = status(&answer);
    let kind = if matches!(answer.body, AnswerBody::Json(_)) { JSON } else { TEXT };
    match answer.body {
        AnswerBody::Empty if status == StatusCode::SERVICE_UNAVAILABLE => busy(),
        AnswerBody::Empty => words(status).map_or_else(|| status.into_response(), |text| (status, text).into_response()),
        AnswerBody::Text(text) | AnswerBody::Json(text) => {
            let Some(body) = body(live, text) else {
                let msg = format!("Clients have not read {UNREAD_ANSWER_BYTES} bytes of this session's answers yet; try again.\n");
                return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], msg).into_response();
            };
            (status, [(header::CONTENT_TYPE, kind)], body).into_response()
        }
    }
}

async fn socket(sessions: Arc<Sessions>, live: Arc<Live>, request: Request) -> Response {
    let (method, path, headers) = (request.method().as_str().to_owned(), path(&request), pairs(request.headers()));
    let offered: Vec<String> = request
        .headers()
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    let place = request.extensions().get::<Place>().cloned();
    let (mut parts, _) = request.into_parts();
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade.max_message_size(limits::SOCKET_MESSAGE_BYTES).max_frame_size(limits::SOCKET_MESSAGE_BYTES).protocols(offered),
        Err(refusal) => return refusal.into_response(),
    };
    let arrival = live.number();
    let (reply, answer) = oneshot::channel();
    lock(&live.outside).arrivals.insert(arrival, reply);
    match sessions.post(&live, Input::SocketArrived { arrival, method, path, headers }) {
        Posted::Wake | Posted::Waiting => {}
        Posted::Full => {
            lock(&live.outside).arrivals.remove(&arrival);
            return busy();
        }
        Posted::Over => return not_found(),
    }
    match tokio::time::timeout(ARRIVAL_TIME, answer).await {
        Ok(Ok(Ok(arrived))) => upgrade.on_upgrade(move |socket| async move {
            converse(&sessions, &live, socket, arrived).await;
            drop(place);
        }),
        Ok(Ok(Err(reason))) => (StatusCode::FORBIDDEN, format!("{reason}\n")).into_response(),
        Ok(Err(_)) => not_found(),
        Err(_) => {
            lock(&live.outside).arrivals.remove(&arrival);
            (StatusCode::GATEWAY_TIMEOUT, LATE).into_response()
        }
    }
}

/// Carries messages both ways until either side closes. The session's end closes the channel, and that the socket.
async fn converse(sessions: &Sessions, live: &Arc<Live>, mut socket: WebSocket, mut arrived: Arrived) {
    let number = arrived.socket;
    let Some(mut outgoing) = arrived.outgoing.take() else { return };
    drop(arrived);
    sessions.post(live, Input::SocketOpened { socket: number });
    let last = loop {
        tokio::select! {
            what = outgoing.recv() => match what {
                Some(ToSocket::Message(message)) => {
                    let frame = match message { Message::Text(text) => Frame::Text(text.into()), Message::Bytes(bytes) => Frame::Binary(bytes.into()) };
                    if send(&mut socket, frame).await.is_err() {
                        break Input::SocketClosed { socket: number, code: 1006, reason: String::new(), was_clean: false };
                    }
                }
                Some(ToSocket::Close { code, reason }) => {
                    let _ = send(&mut socket, Frame::Close(Some(CloseFrame { code, reason: reason.clone().into() }))).await;
                    let was_clean = closing(&mut socket).await;
                    break Input::SocketClosed { socket: number, code, reason, was_clean };
                }
                None => {
                    let _ = send(&mut socket, Frame::Close(Some(CloseFrame { code: 1000, reason: "the session has ended".into() }))).await;
                    closing(&mut socket).await;
                    return;
                }
            },
            got = socket.recv() => match got {
                Some(Ok(Frame::Text(text))) => { sessions.post_message(live, Input::SocketMessage { socket: number, message: Message::Text(text.to_string()) }).await; }
                Some(Ok(Frame::Binary(bytes))) => { sessions.post_message(live, Input::SocketMessage { socket: number, message: Message::Bytes(bytes.to_vec()) }).await; }
                Some(Ok(Frame::Close(close))) => {
                    let (code, reason) = close.map_or((1005, String::new()), |close| (close.code, close.reason.to_string()));
                    // The answer to the close goes out while reading on (RFC 6455 §5.5.1).
                    closing(&mut socket).await;
                    break Input::SocketClosed { socket: number, code, reason, was_clean: true };
                }
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
                Some(Err(_)) | None => break Input::SocketClosed { socket: number, code: 1006, reason: String::new(), was_clean: false },
            },
        }
    };
    lock(&live.outside).sockets.remove(&number);
    sessions.post(live, last);
}

/// How long a peer may take for one message, or for its close.
const PEER_TIME: Duration = Duration::from_secs(30);

async fn send(socket: &mut WebSocket, frame: Frame) -> Result<(), ()> {
    tokio::time::timeout(PEER_TIME, socket.send(frame)).await.map_err(|_| ())?.map_err(|_| ())
}

/// Waits for the peer's close. True when it came.
async fn closing(socket: &mut WebSocket) -> bool {
    let wait = async {
        while let Some(Ok(frame)) = socket.recv().await {
            if matches!(frame, Frame::Close(_)) {
                return true;
            }
        }
        false
    };
    tokio::time::timeout(PEER_TIME, wait).await.unwrap_or(false)
}
