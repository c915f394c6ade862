//! What a session wants of the world, as tasks that bring the world's answer back to its mailbox.

use std::{future::Future, sync::Arc, time::Duration};

use cordboard_api::wire::Answer as ApiAnswer;
use cordboard_engine::{HttpAnswer, HttpRequest, Input, Mail, Message, Output, StorageOperation, WebSocketRequest};
use serde_json::{Value, json};

use super::{
    Sessions,
    live::{Arrived, Letter, Live, SOCKET_QUEUE, SOCKET_QUEUE_BYTES, SocketReceiver, ToSocket, socket_queue},
    pool::lock,
};
use crate::{
    clock,
    way_out::{self, WsConnection, WsReceived, WsToSend},
};

/// What a message takes beside its bytes.
const LETTER_BYTES: usize = 256;

/// Time for a mail; the way out allows less.
const MAIL_TIME: Duration = Duration::from_secs(90);

/// How long a peer may go on after this side has closed.
const CLOSE_TIME: Duration = Duration::from_secs(10);

impl Sessions {
    pub(super) fn go_out(&self, live: &Arc<Live>, output: Output) {
        match output {
            Output::Answer { request, answer } => {
                if let Some(waiting) = lock(&live.outside).requests.remove(&request) {
                    let _ = waiting.send(answer);
                }
            }
            Output::Http { request, http } => self.task(live, |sessions, live| async move {
                let answer = sessions.http(http).await;
                sessions.post(&live, Input::HttpAnswered { request, answer });
            }),
            Output::Mail { mail, message } => self.task(live, |sessions, live| async move {
                let (code, error) = sessions.mail(message).await;
                sessions.post(&live, Input::MailSent { mail, code, error });
            }),
            Output::Store { request, operation } => self.task(live, |sessions, live| async move {
                let result = sessions.store(&live, operation).await;
                sessions.post(&live, Input::Stored { request, result });
            }),
            Output::Manage { request, method, parameters } => self.task(live, |sessions, live| async move {
                let answer = sessions.manage(&live, &method, &parameters).await;
                sessions.post(&live, Input::Managed { request, answer });
            }),
            Output::SocketConnect { socket, request } => {
                let (sender, receiver) = socket_queue();
                lock(&live.outside).sockets.insert(socket, sender);
                // It outlives the session by its closing handshake, so it is no task that ends with it.
                if let Some(sessions) = self.pool.get().map(|pool| pool.crew().clone()) {
                    let live = live.clone();
                    self.runtime.spawn(async move { sessions.socket(&live, socket, request, receiver).await });
                }
            }
            Output::SocketAccept { arrival, socket } => {
                let (sender, receiver) = socket_queue();
                let Some(sessions) = self.pool.get().map(|pool| pool.crew().clone()) else { return };
                let mut outside = lock(&live.outside);
                outside.sockets.insert(socket, sender);
                let waiting = outside.arrivals.remove(&arrival);
                drop(outside);
                let arrived = Arrived { socket, outgoing: Some(receiver), sessions, live: live.clone() };
                if let Some(waiting) = waiting {
                    // Where nobody waits any more, it is dropped and the session hears of it.
                    let _ = waiting.send(Ok(arrived));
                }
            }
            Output::SocketRefuse { arrival, reason } => {
                if let Some(waiting) = lock(&live.outside).arrivals.remove(&arrival) {
                    let _ = waiting.send(Err(reason));
                }
            }
            Output::SocketSend { socket, message } => self.to_socket(live, socket, ToSocket::Message(message)),
            Output::SocketClose { socket, code, reason } => self.to_socket(live, socket, ToSocket::Close { code, reason }),
            Output::Place { .. } | Output::Call { .. } | Output::Play { .. } | Output::Player { .. } | Output::Wire { .. } | Output::Unwire { .. } => {
                self.calls.session_wants(&live.info, output);
            }
            Output::Log(_) | Output::Ended(_) => {}
        }
    }

    /// Runs something for a session; it ends with it.
    pub(super) fn task<F: Future<Output = ()> + Send + 'static>(&self, live: &Arc<Live>, work: impl FnOnce(Arc<Self>, Arc<Live>) -> F) {
        let Some(sessions) = self.pool.get().map(|pool| pool.crew().clone()) else { return };
        let number = live.number();
        let work = work(sessions, live.clone());
        let done = live.clone();
        let mut outside = lock(&live.outside);
        let task = self.runtime.spawn(async move {
            work.await;
            lock(&done.outside).tasks.remove(&number);
        });
        outside.tasks.insert(number, task.abort_handle());
        // The session may have been given up meanwhile.
        if live.is_over() {
            task.abort();
        }
    }

    /// Hands a WebSocket's message to the session once there is room for it; a session that is over takes none.
    pub(super) async fn post_message(&self, live: &Arc<Live>, input: Input) {
        let size = match &input {
            Input::SocketMessage { message: Message::Text(text), .. } => text.len(),
            Input::SocketMessage { message: Message::Bytes(bytes), .. } => bytes.len(),
            _ => 0,
        };
        let size = u32::try_from(size + LETTER_BYTES).unwrap_or(u32::MAX);
        if let Ok(room) = live.untaken_messages.clone().acquire_many_owned(size).await {
            self.post_letter(live, Letter { input, room: vec![room] });
        }
    }

    /// An accepted WebSocket whose peer went away before it was open.
    pub(super) fn socket_gone(&self, live: &Arc<Live>, socket: u64) {
        lock(&live.outside).sockets.remove(&socket);
        self.post(live, Input::SocketClosed { socket, code: 1006, reason: String::new(), was_clean: false });
    }

    fn to_socket(&self, live: &Arc<Live>, socket: u64, what: ToSocket) {
        let mut outside = lock(&live.outside);
        let full = match outside.sockets.get(&socket) {
            Some(sender) => !sender.send(what),
            None => false,
        };
        if full {
            outside.sockets.remove(&socket);
            drop(outside);
            self.post(
                live,
                Input::SocketFailed { socket, reason: format!("the peer does not take what is sent: {SOCKET_QUEUE} messages or {SOCKET_QUEUE_BYTES} bytes wait") },
            );
        }
    }

    async fn http(&self, http: HttpRequest) -> HttpAnswer {
        let url = with_params(&http.url, &http.params);
        let request = way_out::HttpRequest {
            headers: http.headers,
            body: http.body.unwrap_or_default(),
            connect_timeout: Duration::from_millis(http.connect_timeout_ms),
            timeout: Duration::from_millis(http.timeout_ms),
            ..way_out::HttpRequest::new(&http.method, &url)
        };
        match self.way_out.request(request).await {
            Ok(answer) => HttpAnswer::Answered { status: answer.status, headers: answer.headers, raw_headers: answer.raw_headers, body: answer.body },
            Err(failure) => HttpAnswer::Failed { code: i64::from(failure.code()), error: failure.text().to_owned() },
        }
    }

    async fn mail(&self, mail: Mail) -> (i64, Option<String>) {
        let mail = way_out::Mail {
            server: mail.server,
            port: mail.port,
            login: mail.login.unwrap_or_default(),
            password: mail.password.unwrap_or_default(),
            from: mail.from,
            to: mail.to,
            cc: mail.cc,
            bcc: mail.bcc,
            subject: mail.subject,
            text: mail.text,
            html: mail.html.unwrap_or_default(),
            timeout: MAIL_TIME,
        };
        match self.way_out.send(mail).await {
            Ok(()) => (0, None),
            Err(failure) => (i64::from(failure.code), Some(failure.text)),
        }
    }

    async fn store(&self, live: &Live, operation: StorageOperation) -> Result<Value, String> {
        let (api, account, application_id, now) = (&self.api, &live.account, live.application_id, clock::now());
        let item = |item: cordboard_api::scenario::storage::Item, expires: Option<i64>| json!({"key": item.key, "value": item.value, "expireAt": expires.unwrap_or(item.expires_at.0.div_euclid(1_000))});
        let result = match operation {
            StorageOperation::Get { key } => api.storage_get(account, application_id, &key, now).await.map(|found| found.map_or(Value::Null, |found| item(found, None))),
            StorageOperation::Put { key, value, ttl_seconds } => {
                api.storage_put(account, application_id, &key, &value, ttl_seconds, now).await.map(|stored| item(stored, None))
            }
            // The removed item with no time left (voxengine.md §24).
            StorageOperation::Remove { key } => {
                api.storage_remove(account, application_id, &key, now).await.map(|found| found.map_or(Value::Null, |found| item(found, Some(now.0.div_euclid(1_000)))))
            }
            StorageOperation::Keys { pattern, count } => {
                api.storage_keys(account, application_id, pattern.as_deref(), count, now).await.map(|keys| json!({"keys": keys}))
            }
        };
        result.map_err(|errors| {
            for error in errors.0.iter().filter(|error| error.inside.is_some()) {
                tracing::error!(session = live.id, inside = error.inside.as_deref(), "a storage operation failed inside");
            }
            errors.0.first().map_or_else(String::new, |error| error.msg.clone())
        })
    }

    async fn manage(&self, live: &Live, method: &str, parameters: &[(String, String)]) -> Value {
        let refused = |msg: &str| json!({"error": {"code": 104, "msg": msg}});
        let Some(key_id) = &live.bind_key_id else { return refused("No service account is bound to the rule.") };
        let outgoing = self.api.manage(&live.account, key_id, method, parameters, clock::now()).await;
        match outgoing.answer {
            ApiAnswer::Json(json) => serde_json::from_slice(&json).unwrap_or_else(|_| refused("The answer is no JSON.")),
            _ => refused("A scenario cannot take an answer that is a file."),
        }
    }

    async fn socket(&self, live: &Arc<Live>, socket: u64, request: WebSocketRequest, outgoing: SocketReceiver) {
        let request = way_out::WsRequest { protocols: request.protocols, headers: request.headers, ..way_out::WsRequest::new(&request.url) };
        match self.way_out.connect(request).await {
            Err(failure) => {
                self.post(live, Input::SocketFailed { socket, reason: failure.text().to_owned() });
            }
            Ok(connection) => {
                tracing::debug!(session = live.id, socket, protocol = connection.protocol, headers = ?connection.headers, "a WebSocket is open");
                self.post(live, Input::SocketOpened { socket });
                self.serve_socket(live, socket, connection, outgoing).await;
            }
        }
        lock(&live.outside).sockets.remove(&socket);
    }

    async fn serve_socket(&self, live: &Arc<Live>, socket: u64, connection: WsConnection, mut outgoing: SocketReceiver) {
        let WsConnection { mut sender, mut receiver, .. } = connection;
        let sending = async {
            while let Some(what) = outgoing.recv().await {
                let (message, last) = match what {
                    ToSocket::Message(Message::Text(text)) => (WsToSend::Text(text), false),
                    ToSocket::Message(Message::Bytes(bytes)) => (WsToSend::Binary(bytes), false),
                    ToSocket::Close { code, reason } => (WsToSend::Close { code, reason }, true),
                };
                // A connection that breaks is heard of on the receiving side.
                if sender.send(message).await.is_err() || last {
                    return;
                }
            }
            // The session is gone without a word.
            let _ = sender.send(WsToSend::Close { code: 1000, reason: "the session has ended".to_owned() }).await;
        };
        let receiving = async {
            loop {
                let input = match receiver.receive().await {
                    WsReceived::Text(text) => Input::SocketMessage { socket, message: Message::Text(text) },
                    WsReceived::Binary(bytes) => Input::SocketMessage { socket, message: Message::Bytes(bytes) },
                    WsReceived::Close { code, reason, was_clean } => return Input::SocketClosed { socket, code, reason, was_clean },
                    WsReceived::Failed(failure) => return Input::SocketFailed { socket, reason: failure.text().to_owned() },
                };
                self.post_message(live, input).await;
            }
        };
        tokio::pin!(receiving);
        let last = tokio::select! {
            last = &mut receiving => last,
            () = sending => tokio::time::timeout(CLOSE_TIME, receiving).await.unwrap_or(Input::SocketClosed { socket, code: 1006, reason: String::new(), was_clean: false }),
        };
        self.post(live, last);
    }
}

/// A URL with more in its query.
fn with_params(url: &str, params: &[(String, String)]) -> String {
    if params.is_empty() {
        return url.to_owned();
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(params);
    let (plain, fragment) = url.split_once('#').map_or((url, None), |(plain, fragment)| (plain, Some(fragment)));
    let joint = if plain.contains('?') { '&' } else { '?' };
    format!("{plain}{joint}{}{}", query.finish(), fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default())
}
