//! One request from bytes to bytes.

use std::{net::IpAddr, panic::AssertUnwindSafe, sync::Arc};

use bytes::Bytes;
use futures_util::FutureExt;

use crate::{
    Api,
    auth::{Proof, may_write},
    call::{Arguments, Call, not_yet_available},
    caller::{Account, Caller, Identity, Witness},
    codes,
    error::{Error, Errors, Result, quote},
    registry::{Access, Catalogue, Entry, Kind, METHODS, Method},
    roles::Role,
    wire::{self, Answer, Field, Params, Utc},
};

/// An HTTP request to the API as the server hands it over.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The method that the path names, if it names one.
    pub path_method: Option<String>,
    /// The query, undecoded and without `?`.
    pub query: String,
    pub content_type: Option<String>,
    pub authorization: Option<String>,
    /// The token of the panel session, where the request came in through the panel, even when it brought none.
    pub panel_session: Option<String>,
    pub body: Bytes,
    pub ip: IpAddr,
    pub now: Utc,
}

/// What goes back. Refusals are 200, too: the official clients read no other body (semantics §3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    pub answer: Answer,
    /// The code of the refusal, for logs and metrics.
    pub code: Option<codes::Code>,
    /// The method, when it is a known one.
    pub method: Option<&'static str>,
    /// 200 except where a method's documentation names another (semantics §3.3).
    pub status: u16,
}

/// Bytes of a body at most, for methods without a file parameter. Semantics §2.15.
pub const BODY_BYTES: usize = 1024 * 1024;

/// Bytes of a body at most, for methods with a file parameter. Semantics §2.15.
pub const UPLOAD_BYTES: usize = 32 * 1024 * 1024;

/// Bytes that a request may have whose path names this method; without a method in the path, the most that any takes.
pub fn body_limit(path_method: Option<&str>) -> usize {
    let takes_file = |name: &str| match Catalogue::get().find(name) {
        Some(Entry::Real(method)) => (method.fields)().iter().any(|field| field.kind == "file"),
        _ => false,
    };
    let any = || METHODS.iter().any(|method| (method.fields)().iter().any(|field| field.kind == "file"));
    if path_method.map_or_else(any, takes_file) { UPLOAD_BYTES } else { BODY_BYTES }
}

/// The answer to a body over the limit.
pub fn too_large(limit: usize) -> Outgoing {
    Outgoing::refused(None, &Error::new(codes::ARGUMENTS, format!("The request's body is too large; at most {limit} bytes are allowed here.")).into())
}

impl Outgoing {
    pub fn refused(method: Option<&'static str>, errors: &Errors) -> Self {
        for error in errors.0.iter().filter(|error| error.inside.is_some()) {
            tracing::error!(method, code = error.code.0, inside = error.inside.as_deref(), "a request failed inside");
        }
        let status = errors.0.iter().find_map(|error| error.http_status).unwrap_or(200);
        Self { answer: Answer::Json(errors.body()), code: Some(errors.first_code()), method, status }
    }
}

impl Api {
    /// Answers a request. Never fails and never panics: whatever happens is an answer.
    pub async fn handle(self: &Arc<Self>, incoming: Incoming) -> Outgoing {
        let mut method = None;
        let answered = AssertUnwindSafe(self.answer(incoming, &mut method)).catch_unwind().await;
        match answered {
            Ok(Ok(answer)) => Outgoing { answer, code: None, method, status: 200 },
            Ok(Err(errors)) => Outgoing::refused(method, &errors),
            Err(_) => Outgoing::refused(method, &Error::internal(codes::INTERNAL, "a handler panicked").into()),
        }
    }

    /// Answers a call whose caller is known already: a scenario's.
    pub(crate) async fn handle_as(self: &Arc<Self>, account: Account, caller: Caller, name: &str, params: Params, now: Utc) -> Outgoing {
        let mut method = None;
        let answer = async {
            let entry = Catalogue::get().find(name).ok_or_else(|| unknown(name))?;
            method = Some(entry.name());
            may_write(&account, &entry)?;
            self.run(account, caller, entry, &params, 0, IpAddr::from([127, 0, 0, 1]), now).await
        };
        match AssertUnwindSafe(answer).catch_unwind().await {
            Ok(Ok(answer)) => Outgoing { answer, code: None, method, status: 200 },
            Ok(Err(errors)) => Outgoing::refused(method, &errors),
            Err(_) => Outgoing::refused(method, &Error::internal(codes::INTERNAL, "a handler panicked").into()),
        }
    }

    async fn answer(self: &Arc<Self>, incoming: Incoming, named: &mut Option<&'static str>) -> Result<Answer> {
        let content_type = incoming.content_type.as_deref();
        let size = incoming.body.len();
        let params = wire::body::params(&incoming.query, content_type, incoming.body).await?;
        let name = method_name(incoming.path_method.as_deref(), params.text("cmd"))?;
        let entry = Catalogue::get().find(name).ok_or_else(|| unknown(name))?;
        *named = Some(entry.name());
        let proof = Proof {
            authorization: incoming.authorization.as_deref(),
            panel_session: incoming.panel_session.as_deref(),
            params: &params,
            ip: incoming.ip,
            now: incoming.now,
        };
        let (account, caller) = self.authenticate(&proof, &entry).await?;
        if params.raw_body().is_some() && matches!(entry, Entry::Real(method) if !method.takes_raw_body) {
            permitted(&caller, &entry)?;
            return Err(wire::body::unwanted_raw_body(content_type).into());
        }
        self.run(account, caller, entry, &params, size, incoming.ip, incoming.now).await
    }

    /// Runs a method for a caller: rights, limits, the audit log's arguments, the handler.
    #[allow(clippy::too_many_arguments)]
    async fn run(self: &Arc<Self>, account: Account, caller: Caller, entry: Entry, params: &Params, size: usize, ip: IpAddr, now: Utc) -> Result<Answer> {
        permitted(&caller, &entry)?;
        if let Identity::Key { id, .. } = &caller.identity {
            self.usage.count(id, entry.name(), now);
        }
        let method = match entry {
            Entry::Real(method) => method,
            Entry::Declared(row) => return Err(not_yet_available(row.name).into()),
        };
        let fields = fields(method);
        let limit = if fields.iter().any(|field| field.kind == "file") { UPLOAD_BYTES } else { BODY_BYTES };
        if size > limit {
            return Err(Error::new(codes::ARGUMENTS, format!("The request's body is too large; at most {limit} bytes are allowed here.")).into());
        }
        let arguments = if method.kind == Kind::Write { Arguments::of(params, fields) } else { Arguments::default() };
        let call = Call { api: self.clone(), account, caller, now, ip, command: method.name, arguments };
        (method.run)(&call, params).await
    }
}

fn unknown(name: &str) -> Error {
    Error::new(codes::UNKNOWN_COMMAND, format!("Unknown command {}.", quote(name)))
}

/// The path wins; a `cmd` that differs from it is an error (semantics §1.2).
fn method_name<'a>(path: Option<&'a str>, cmd: Option<&'a str>) -> Result<&'a str> {
    match (path, cmd) {
        (Some(path), Some(cmd)) if path != cmd => {
            Err(Error::field(codes::ARGUMENTS, "cmd", format!("The path names {} and 'cmd' names {}; send one of them.", quote(path), quote(cmd))).into())
        }
        (Some(name), _) | (None, Some(name)) => Ok(name),
        (None, None) => Err(Error::field(codes::COMMAND_MISSING, "cmd", "Name a method: /platform_api/METHOD, or /platform_api with 'cmd'.").into()),
    }
}

/// The fields of a method, made once.
fn fields(method: &'static Method) -> &'static [Field] {
    static FIELDS: std::sync::OnceLock<std::collections::BTreeMap<&'static str, Vec<Field>>> = std::sync::OnceLock::new();
    let all = FIELDS.get_or_init(|| METHODS.iter().map(|method| (method.name, (method.fields)())).collect());
    all.get(method.name).map_or(&[], Vec::as_slice)
}

/// ACCESS, before any parameter is parsed.
fn permitted(caller: &Caller, entry: &Entry) -> Result<()> {
    let (may, whose) = match entry.access() {
        Access::OlderCredentials => {
            (!caller.is_key() && caller.panel_session().is_none(), "is for the account's own credentials; a service account signs a JWT instead.")
        }
        Access::SignIn => (matches!(caller.witness, Witness::SignIn(_)), "needs the password of the account or of a subuser."),
        Access::PanelSession | Access::SignedIn => (caller.panel_session().is_some(), "is for those who are signed in to the panel."),
        Access::Basic | Access::AnyRole | Access::Roles(_) => return holds_right(caller, entry),
    };
    if may { Ok(()) } else { Err(Error::new(codes::ACCESS_DENIED, format!("{} {whose}", entry.name())).into()) }
}

fn holds_right(caller: &Caller, entry: &Entry) -> Result<()> {
    if Catalogue::get().holds(&caller.rights, entry.name()) {
        return Ok(());
    }
    let roles: Vec<&str> = Role::ALL.into_iter().filter(|role| entry.allows(*role)).map(Role::name).collect();
    Err(Error::new(codes::ACCESS_DENIED, format!("{} needs one of the roles {}.", entry.name(), roles.join(", "))).into())
}
