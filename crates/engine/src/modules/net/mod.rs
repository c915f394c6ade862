//! Outgoing HTTP and mail: who is under way, who waits, and the limits of voxengine.md §6.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rquickjs::{Ctx, Value};
use serde_json::json;

use super::{Bytes, Ops, js, thrown};
use crate::{
    host::{Host, Stage},
    io::{HttpAnswer, HttpRequest, Mail, Output},
    limits,
};

#[derive(Default)]
pub struct Requests {
    http: BTreeMap<u64, Wanted>,
    waiting_http: VecDeque<(u64, HttpRequest)>,
    mails: BTreeSet<u64>,
    waiting_mails: VecDeque<(u64, Mail)>,
    /// Requests over the limit, whose promises resolve with code 0.
    overflowed: VecDeque<(u64, Wanted)>,
    /// Whether the one request of `Terminating` was made.
    last_made: bool,
}

/// What a request over the limit is told. voxengine.md §6
const TOO_MANY: &str = "Exceeded the HTTP connection count limit!";

/// How an answer is to be given to the scenario.
struct Wanted {
    raw_output: bool,
    logged: bool,
}

impl Requests {
    pub fn active(&self) -> usize {
        self.http.len() - self.waiting_http.len() + self.mails.len() - self.waiting_mails.len()
    }

    fn waiting_bytes(&self) -> usize {
        self.waiting_http.iter().map(|(_, http)| http.body.as_ref().map_or(0, Vec::len)).sum()
    }

    pub fn has_overflowed(&self) -> bool {
        !self.overflowed.is_empty()
    }

    /// Forgets everything: what is still open was waited for long enough.
    pub fn forget(&mut self) {
        self.drop_waiting();
        self.http.clear();
        self.mails.clear();
    }

    /// Forgets what has not begun (voxengine.md §5: without a callback).
    pub fn drop_waiting(&mut self) -> usize {
        for (id, _) in &self.waiting_http {
            self.http.remove(id);
        }
        for (id, _) in &self.waiting_mails {
            self.mails.remove(id);
        }
        let dropped = self.waiting_http.len() + self.waiting_mails.len() + self.overflowed.len();
        self.overflowed.clear();
        self.waiting_http.clear();
        self.waiting_mails.clear();
        dropped
    }
}

/// Whether a request may begin in this stage.
fn may_begin(host: &Host) -> Result<(), String> {
    match host.stage {
        Stage::Running => Ok(()),
        Stage::Terminating if !host.net.last_made => Ok(()),
        Stage::Terminating => Err("exactly one HTTP request may be made while the session is terminating".to_owned()),
        Stage::Draining | Stage::Terminated => Err("an HTTP request is not possible: the session is ending".to_owned()),
    }
}

fn begin(host: &mut Host, http: HttpRequest, wanted: Wanted) -> u64 {
    let id = host.number();
    if host.stage == Stage::Terminating {
        host.net.last_made = true;
    }
    if wanted.logged {
        let body = http.body.as_ref().map_or(0, Vec::len);
        host.log(&format!(
            "Executing JS command: HttpRequest with params [id = {id}; method = {}; url = {}; body = {body} bytes; ]",
            http.method,
            without_query(&http.url)
        ));
    }
    host.net.http.insert(id, wanted);
    if host.net.http.len() - host.net.waiting_http.len() > limits::HTTP_ACTIVE {
        host.net.waiting_http.push_back((id, http));
    } else {
        host.outputs.push_back(Output::Http { request: id, http });
    }
    id
}

/// Queries and user parts hold keys and passwords too often for a log.
pub fn without_query(url: &str) -> String {
    let plain = url.split(['?', '#']).next().unwrap_or_default();
    match plain.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            format!("{scheme}://{}{path}", authority.rsplit('@').next().unwrap_or_default())
        }
        None => plain.to_owned(),
    }
}

/// Takes an answer and gives the result object for the scenario, as JSON, if it still waits for one.
pub fn answered(host: &mut Host, id: u64, answer: HttpAnswer) -> Option<(serde_json::Value, Option<Vec<u8>>)> {
    let wanted = host.net.http.remove(&id)?;
    let result = result(host, id, &wanted, answer);
    if let Some((next, http)) = host.net.waiting_http.pop_front() {
        host.outputs.push_back(Output::Http { request: next, http });
    }
    Some(result)
}

/// The result of the next request over the limit.
pub fn overflow(host: &mut Host) -> Option<(u64, serde_json::Value)> {
    let (id, wanted) = host.net.overflowed.pop_front()?;
    let (result, _) = result(host, id, &wanted, HttpAnswer::Failed { code: 0, error: TOO_MANY.to_owned() });
    Some((id, result))
}

fn result(host: &mut Host, id: u64, wanted: &Wanted, answer: HttpAnswer) -> (serde_json::Value, Option<Vec<u8>>) {
    let (result, data) = match answer {
        HttpAnswer::Answered { status, headers, raw_headers, body } => {
            let text = String::from_utf8_lossy(&body).into_owned();
            let headers: Vec<_> = headers.into_iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
            (json!({"code": status, "text": text, "headers": headers, "raw_headers": raw_headers}), wanted.raw_output.then_some(body))
        }
        HttpAnswer::Failed { code, error } => (json!({"code": code, "text": "", "headers": [], "raw_headers": "", "error": error}), None),
    };
    if wanted.logged {
        host.log(&format!("Sent event to JS HttpRequestResult with params [id = {id}; code = {}; ]", result["code"]));
    }
    (result, data)
}

/// Takes the outcome of a mail and lets the next one begin. False when nobody waits for it.
pub fn mail_sent(host: &mut Host, id: u64) -> bool {
    if !host.net.mails.remove(&id) {
        return false;
    }
    if let Some((mail, message)) = host.net.waiting_mails.pop_front() {
        host.outputs.push_back(Output::Mail { mail, message });
    }
    true
}

/// `[url, method, headers, params, body, timeout, connectionTimeout, rawOutput, enableSystemLog]`, as `net.js` makes it.
type Made<'js> = rquickjs::Array<'js>;

fn read(made: &Made<'_>) -> rquickjs::Result<Result<(HttpRequest, Wanted), String>> {
    let (url, method): (String, String) = (made.get(0)?, made.get(1)?);
    let (headers, params): (String, String) = (made.get(2)?, made.get(3)?);
    let body: Value = made.get(4)?;
    let body = match body.as_string() {
        Some(text) => Some(text.to_string()?.into_bytes()),
        None if body.is_undefined() => None,
        None => Some(made.get::<Bytes>(4)?.0),
    };
    let (timeout, connect, raw_output, logged): (f64, f64, bool, bool) = (made.get(5)?, made.get(6)?, made.get(7)?, made.get(8)?);
    let pairs = |text: &str| serde_json::from_str::<Vec<(String, String)>>(text).map_err(|error| error.to_string());
    Ok((|| {
        if body.as_ref().is_some_and(|body| body.len() > limits::HTTP_BODY_BYTES) {
            return Err(format!("postData may have {} bytes", limits::HTTP_BODY_BYTES));
        }
        if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-') || method.len() > 32 {
            return Err(format!("method '{}' is none of HTTP", method.chars().take(32).collect::<String>()));
        }
        let (headers, params) = (pairs(&headers)?, pairs(&params)?);
        let address: usize = url.len() + params.iter().map(|(name, value)| name.len() + value.len() + 2).sum::<usize>();
        if address > limits::URL_BYTES {
            return Err(format!("a URL and its params may have {} bytes", limits::URL_BYTES));
        }
        let size: usize = headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
        if size > limits::HEADERS_BYTES {
            return Err(format!("headers may have {} bytes in all", limits::HEADERS_BYTES));
        }
        if let Some((name, _)) = headers.iter().find(|(name, value)| !super::is_token(name) || value.contains(['\r', '\n', '\0'])) {
            return Err(format!("header '{}' is none of HTTP", name.chars().take(50).collect::<String>()));
        }
        // Both times may only be lowered.
        let ms = |seconds: f64, most: f64| super::native((if seconds > 0.0 { seconds.min(most) } else { most }) * 1_000.0).max(1);
        let http = HttpRequest {
            url,
            method: method.to_ascii_uppercase(),
            headers,
            params,
            body,
            timeout_ms: ms(timeout, limits::HTTP_SECONDS),
            connect_timeout_ms: ms(connect, limits::HTTP_CONNECT_SECONDS),
        };
        Ok((http, Wanted { raw_output, logged }))
    })())
}

pub fn install(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    let host = ops.host();
    ops.add("http", move |ctx: Ctx<'_>, made: Made<'_>, throws: bool| {
        let (http, wanted) = thrown(&ctx, read(&made)?)?;
        let mut host = host.lock();
        let body = http.body.as_ref().map_or(0, Vec::len);
        if host.net.waiting_bytes() + body > limits::HTTP_WAITING_BYTES {
            return thrown(&ctx, Err(format!("the bodies of waiting HTTP requests may have {} bytes in all", limits::HTTP_WAITING_BYTES)));
        }
        if let Err(refusal) = may_begin(&host) {
            return thrown(&ctx, Err(refusal));
        }
        if host.net.http.len() >= limits::HTTP_ALL {
            if throws {
                return thrown(&ctx, Err(TOO_MANY.to_owned()));
            }
            // The promise resolves with code 0 (voxengine.md §6), in a turn of its own like every answer.
            let id = host.number();
            host.net.overflowed.push_back((id, wanted));
            return Ok(js(id));
        }
        Ok(js(begin(&mut host, http, wanted)))
    })?;
    let host = ops.host();
    ops.add("mail", move |ctx: Ctx<'_>, made: String| {
        let mail: Mail = thrown(&ctx, serde_json::from_str(&made).map_err(|error| format!("the mail cannot be read: {error}")))?;
        let mut host = host.lock();
        // The one thing that Terminating may begin is an HTTP request (voxengine.md §5).
        let checked = host.running("A mail").and_then(|()| {
            if host.net.mails.len() >= limits::MAIL_ALL {
                return Err(format!("Exceeded the SMTP connection count limit! At most {} mails may be under way.", limits::MAIL_ALL));
            }
            if made.len() > limits::HTTP_BODY_BYTES || mail.to.len() + mail.cc.len() + mail.bcc.len() > 100 {
                return Err(format!("a mail may have {} bytes and 100 recipients", limits::HTTP_BODY_BYTES));
            }
            Ok(())
        });
        thrown(&ctx, checked)?;
        let id = host.number();
        host.log(&format!(
            "Executing JS command: SendMail with params [id = {id}; server = {}; recipients = {}; ]",
            mail.server,
            mail.to.len() + mail.cc.len() + mail.bcc.len()
        ));
        host.net.mails.insert(id);
        if host.net.mails.len() - host.net.waiting_mails.len() > limits::MAIL_ACTIVE {
            host.net.waiting_mails.push_back((id, mail));
        } else {
            host.outputs.push_back(Output::Mail { mail: id, message: mail });
        }
        Ok::<f64, rquickjs::Error>(js(id))
    })
}
