//! Where users can be reached: the location table of a registrar (RFC 3261 §10.3, RFC 5626).

mod kept;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    sync::Arc,
};

use cordboard_now::{Instant, Now};

pub use self::kept::Kept;

use crate::{
    fields::{Contacts, NameAddr, seconds},
    flow::{Flow, Transport},
    io::Reply,
    message::Request,
    syntax::Malformed,
    uri::Uri,
};

/// Seconds of a binding for which none are asked for: RFC 3261 §10.2.1.1, also for values that are no number (§20.19).
pub const DEFAULT_SECONDS: u32 = 3_600;
/// Seconds of a binding at most; our own choice, what the standard lets every phone ask for (RFC 3261 §10.3 step 7).
pub const MOST_SECONDS: u32 = 3_600;
/// Seconds of a binding at least, else 423; our own choice, RFC 3261 §10.3 allows anything up to an hour.
pub const LEAST_SECONDS: u32 = 60;
/// The same over WebSocket and behind NAT, where a REGISTER keeps the way open: some NATs forget UDP after 30 s (RFC 4787 §4.3).
pub const LEAST_SECONDS_KEPT_OPEN: u32 = 10;
/// How often a device behind NAT is asked something over UDP: some NATs forget a way after 30 s (RFC 4787 §4.3), and not every phone keeps
/// its own open (RFC 5626 §4.4).
pub const KEEP_ALIVE_MS: u64 = 25_000;
/// Bindings of one address of record, and contacts of one REGISTER, at most; our own bound. A further device takes the place of the one that
/// was heard of least recently.
pub const MOST_BINDINGS: usize = 10;
/// Bindings in all, about 100 MiB at their usual size; our own bound. Over it new ones are refused with 503.
pub const MOST_BINDINGS_IN_ALL: usize = 100_000;
/// Bytes of a contact's URI, and of an instance, at most; our own bound, push tokens in parameters take some hundred.
pub const CONTACT_BYTES: usize = 1_024;
/// Characters of a Call-ID that are compared; our own bound.
const CALL_ID_CHARS: usize = 128;
/// Characters of a user agent's name that are kept; our own bound.
const USER_AGENT_CHARS: usize = 128;

/// One way to reach a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The Request-URI of calls to it.
    pub contact: Uri,
    /// The way back, through NAT or over the connection that the device opened.
    pub flow: Flow,
    /// `+sip.instance`, without quotes (RFC 5626 §4.1).
    pub instance: Option<String>,
    /// Counts only beside an instance.
    pub reg_id: Option<u32>,
    /// Thousandths; the higher is called first.
    pub q: u16,
    pub user_agent: Option<String>,
    pub expires: Instant,
    /// When its last REGISTER came.
    pub seen: Instant,
    call_id: String,
    cseq: u32,
}

/// What a 200 to REGISTER says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// All bindings that there are now.
    pub bindings: Vec<Binding>,
    /// Contact for each, with its seconds, and Require if RFC 5626 wants it.
    pub headers: Vec<(String, String)>,
}

impl Registered {
    pub fn reply(self) -> Reply {
        Reply { status: 200, headers: self.headers, ..Reply::default() }
    }
}

/// Why a REGISTER changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub reason: &'static str,
    pub headers: Vec<(String, String)>,
}

impl Refusal {
    fn new(status: u16, reason: &'static str) -> Self {
        Self { status, reason, headers: Vec::new() }
    }

    pub fn reply(self) -> Reply {
        Reply { status: self.status, reason: self.reason.to_owned(), headers: self.headers, ..Reply::default() }
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        Self::new(400, malformed.0)
    }
}

/// The bindings of all users. Who may register what is decided before.
#[derive(Debug, Default)]
pub struct Registrar {
    users: BTreeMap<Arc<str>, Vec<Binding>>,
    count: usize,
    changes: u64,
    /// When bindings of whom end.
    ends: BTreeSet<(Instant, Arc<str>)>,
    /// Who is reached over a connection.
    connections: BTreeMap<Flow, BTreeSet<Arc<str>>>,
    /// Ways through NAT over UDP, and when the next keep-alive is due on each.
    ways: BTreeMap<Flow, Way>,
    keep_alives: BTreeSet<(Instant, Flow)>,
}

/// A way through NAT that bindings share.
#[derive(Debug)]
struct Way {
    due: Instant,
    bindings: usize,
    contact: Uri,
}

impl Registrar {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an authenticated REGISTER for an address of record, which the caller spells always alike. All of it is done or none; without
    /// Contact nothing is changed.
    ///
    /// # Errors
    /// `Refusal`: 400 for contacts that cannot be used, 423 for too short a time, 500 for a request that comes after a later one, 503 when the
    /// table is full.
    pub fn register(&mut self, now: Now, aor: &str, flow: Flow, request: &Request) -> Result<Registered, Refusal> {
        let moment = now.monotonic;
        self.tick(now);
        let order = Order { call_id: request.headers.call_id()?.chars().take(CALL_ID_CHARS).collect(), cseq: request.headers.cseq()?.number };
        let mut bindings = self.users.get(aor).cloned().unwrap_or_default();
        match request.headers.contacts()? {
            Contacts::All => {
                if request.headers.expires() != Some(0) {
                    return Err(Refusal::new(400, "Expires of * is not 0"));
                }
                for binding in &bindings {
                    order.follows(binding)?;
                }
                bindings.clear();
            }
            Contacts::Some(contacts) => {
                if contacts.len() > MOST_BINDINGS {
                    return Err(Refusal::new(400, "Too many contacts"));
                }
                for contact in contacts {
                    change(&mut bindings, moment, flow, request, &order, contact)?;
                }
                while bindings.len() > MOST_BINDINGS {
                    let oldest = bindings.iter().enumerate().min_by_key(|(at, binding)| (binding.seen, *at)).map_or(0, |(at, _)| at);
                    bindings.remove(oldest);
                }
            }
        }
        let others = self.count - self.users.get(aor).map_or(0, Vec::len);
        if bindings.len() > self.count - others && others + bindings.len() > MOST_BINDINGS_IN_ALL {
            return Err(Refusal { headers: vec![("Retry-After".to_owned(), "60".to_owned())], ..Refusal::new(503, "Too many registrations") });
        }
        self.replace(aor, bindings.clone());
        let mut headers: Vec<_> = bindings.iter().map(|binding| ("Contact".to_owned(), binding.field(moment))).collect();
        // RFC 5626 §6: tells the device that its flow is what counts.
        if request.headers.lists("Supported", "outbound") && bindings.iter().any(|binding| binding.flow == flow && binding.reg_id.is_some()) {
            headers.push(("Require".to_owned(), "outbound".to_owned()));
        }
        Ok(Registered { bindings, headers })
    }

    /// The ways to reach a user, in the order in which they are to be tried: by q, then the one that was heard of last.
    pub fn bindings(&self, now: Now, aor: &str) -> Vec<&Binding> {
        let mut found: Vec<_> = self.users.get(aor).into_iter().flatten().filter(|binding| binding.expires > now.monotonic).collect();
        found.sort_by_key(|binding| std::cmp::Reverse((binding.q, binding.seen)));
        found
    }

    /// A connection is gone: its bindings go with it. Tells whose they were.
    pub fn closed(&mut self, flow: Flow) -> Vec<String> {
        let users = self.connections.remove(&flow).unwrap_or_default();
        for aor in &users {
            let kept = self.users.get(aor).into_iter().flatten().filter(|binding| binding.flow != flow).cloned().collect();
            self.replace(aor, kept);
        }
        users.iter().map(|aor| aor.to_string()).collect()
    }

    /// A user is gone or has another password. Gives the bindings that there were.
    pub fn remove(&mut self, aor: &str) -> Vec<Binding> {
        let gone = self.users.get(aor).cloned().unwrap_or_default();
        self.replace(aor, Vec::new());
        gone
    }

    /// All users whose address of record begins so are gone.
    pub fn remove_all(&mut self, prefix: &str) {
        let gone: Vec<Arc<str>> =
            self.users.range::<str, _>((Bound::Included(prefix), Bound::Unbounded)).map(|(aor, _)| aor).take_while(|aor| aor.starts_with(prefix)).cloned().collect();
        for aor in gone {
            self.replace(&aor, Vec::new());
        }
    }

    /// When the next binding ends, or the next keep-alive is due.
    pub fn deadline(&self) -> Option<(Instant, &'static str)> {
        let end = self.ends.first().map(|(moment, _)| (*moment, "a registration ends"));
        let keep_alive = self.keep_alives.first().map(|(moment, _)| (*moment, "a keep-alive is due"));
        [end, keep_alive].into_iter().flatten().min()
    }

    /// The next device behind NAT that is to be asked something now, so that its answer keeps the way open; none until the next deadline.
    pub fn keep_alive(&mut self, now: Now) -> Option<(Flow, Uri)> {
        let (due, flow) = *self.keep_alives.first().filter(|(due, _)| *due <= now.monotonic)?;
        self.keep_alives.remove(&(due, flow));
        let way = self.ways.get_mut(&flow)?;
        way.due = now.monotonic.plus(KEEP_ALIVE_MS);
        self.keep_alives.insert((way.due, flow));
        Some((flow, way.contact.clone()))
    }

    /// Drops the bindings that have ended. Tells whose they were.
    pub fn tick(&mut self, now: Now) -> Vec<String> {
        let mut users = Vec::new();
        while let Some((moment, aor)) = self.ends.first().cloned() {
            if moment > now.monotonic {
                break;
            }
            let kept = self.users.get(&aor).into_iter().flatten().filter(|binding| binding.expires > now.monotonic).cloned().collect();
            self.replace(&aor, kept);
            users.push(aor.to_string());
        }
        users
    }

    /// Whether anybody is reached over a connection.
    pub fn is_used(&self, flow: &Flow) -> bool {
        self.connections.contains_key(flow)
    }

    /// Bindings in all.
    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn replace(&mut self, aor: &str, bindings: Vec<Binding>) {
        self.changes += 1;
        let aor: Arc<str> = self.users.get_key_value(aor).map_or_else(|| aor.into(), |(known, _)| Arc::clone(known));
        for binding in self.users.remove(&aor).unwrap_or_default() {
            self.count -= 1;
            self.ends.remove(&(binding.expires, Arc::clone(&aor)));
            self.leave(&binding);
            if let Some(users) = self.connections.get_mut(&binding.flow) {
                users.remove(&aor);
                if users.is_empty() {
                    self.connections.remove(&binding.flow);
                }
            }
        }
        self.count += bindings.len();
        for binding in &bindings {
            self.ends.insert((binding.expires, Arc::clone(&aor)));
            if binding.flow.transport != Transport::Udp {
                self.connections.entry(binding.flow).or_default().insert(Arc::clone(&aor));
            } else if is_behind_nat(binding.flow, &binding.contact) {
                self.enter(binding);
            }
        }
        if !bindings.is_empty() {
            self.users.insert(aor, bindings);
        }
    }
}

impl Registrar {
    /// A REGISTER has just kept the way open itself.
    fn enter(&mut self, binding: &Binding) {
        let due = binding.seen.plus(KEEP_ALIVE_MS);
        let way = self.ways.entry(binding.flow).or_insert_with(|| Way { due, bindings: 0, contact: binding.contact.clone() });
        self.keep_alives.remove(&(way.due, binding.flow));
        way.due = way.due.max(due);
        way.bindings += 1;
        self.keep_alives.insert((way.due, binding.flow));
    }

    fn leave(&mut self, binding: &Binding) {
        let Some(way) = self.ways.get_mut(&binding.flow).filter(|_| is_behind_nat(binding.flow, &binding.contact)) else { return };
        way.bindings -= 1;
        if way.bindings == 0 {
            self.keep_alives.remove(&(way.due, binding.flow));
            self.ways.remove(&binding.flow);
        }
    }
}

/// The place of a REGISTER in its series.
struct Order {
    call_id: String,
    cseq: u32,
}

impl Order {
    /// RFC 3261 §10.3 steps 6 and 7.
    fn follows(&self, binding: &Binding) -> Result<(), Refusal> {
        if binding.call_id == self.call_id && self.cseq <= binding.cseq { Err(Refusal::new(500, "Out of order")) } else { Ok(()) }
    }
}

/// Adds, refreshes or removes one binding.
fn change(bindings: &mut Vec<Binding>, now: Instant, flow: Flow, request: &Request, order: &Order, contact: NameAddr) -> Result<(), Refusal> {
    let instance = contact.param("+sip.instance").filter(|instance| !instance.is_empty()).map(str::to_owned);
    let reg_id = contact.param("reg-id").and_then(|id| id.parse().ok()).filter(|id| *id > 0 && instance.is_some());
    if !contact.uri.is_sip() || contact.uri.to_string().len() > CONTACT_BYTES || instance.as_ref().is_some_and(|instance| instance.len() > CONTACT_BYTES) {
        return Err(Refusal::new(400, "Unusable Contact"));
    }
    let asked = match contact.param("expires") {
        Some(value) => seconds(value).unwrap_or(DEFAULT_SECONDS),
        None if request.headers.get("Expires").is_some() => request.headers.expires().unwrap_or(DEFAULT_SECONDS),
        None => DEFAULT_SECONDS,
    };
    let known = bindings.iter().position(|known| match reg_id {
        Some(_) if known.reg_id.is_some() => known.instance == instance && known.reg_id == reg_id,
        _ => known.contact.equivalent(&contact.uri),
    });
    if let Some(known) = known {
        order.follows(&bindings[known])?;
    }
    if asked == 0 {
        if let Some(known) = known {
            bindings.remove(known);
        }
        return Ok(());
    }
    let least = if keeps_open(flow, &contact.uri) { LEAST_SECONDS_KEPT_OPEN } else { LEAST_SECONDS };
    if asked < least {
        return Err(Refusal { headers: vec![("Min-Expires".to_owned(), least.to_string())], ..Refusal::new(423, "") });
    }
    let binding = Binding {
        flow,
        instance,
        reg_id,
        q: contact.param("q").map_or(1_000, thousandths),
        user_agent: request.headers.get("User-Agent").map(|name| name.chars().take(USER_AGENT_CHARS).collect()),
        expires: now.plus(u64::from(asked.min(MOST_SECONDS)) * 1_000),
        seen: now,
        call_id: order.call_id.clone(),
        cseq: order.cseq,
        contact: contact.uri,
    };
    match known {
        Some(known) => bindings[known] = binding,
        None => bindings.push(binding),
    }
    Ok(())
}

/// Whether the REGISTER itself keeps the way to a device open.
fn keeps_open(flow: Flow, contact: &Uri) -> bool {
    matches!(flow.transport, Transport::Ws | Transport::Wss) || is_behind_nat(flow, contact)
}

/// Whether a device names another host than it sends from.
fn is_behind_nat(flow: Flow, contact: &Uri) -> bool {
    contact.host.parse::<std::net::IpAddr>().map_or(true, |told| told.to_canonical() != flow.remote.ip().to_canonical())
}

/// `qvalue`: RFC 3261 §25.1. What is not one is as good as none.
fn thousandths(q: &str) -> u16 {
    let (whole, part) = q.split_once('.').unwrap_or((q, ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return 1_000;
    }
    match whole {
        "0" => format!("{part:0<3}").parse().unwrap_or(1_000),
        _ => 1_000,
    }
}

impl Binding {
    /// Seconds until it ends, rounded up.
    pub fn seconds(&self, now: Instant) -> u64 {
        self.expires.0.saturating_sub(now.0).div_ceil(1_000)
    }

    /// The value of Contact in an answer.
    fn field(&self, now: Instant) -> String {
        let mut contact = NameAddr::new(self.contact.clone());
        contact.set_param("expires", Some(&self.seconds(now).to_string()));
        if self.q < 1_000 {
            contact.set_param("q", Some(&format!("0.{:03}", self.q)));
        }
        let mut field = contact.to_string();
        // Always in quotes: RFC 5626 §4.1.
        if let Some(instance) = &self.instance {
            field.push_str(&format!(";+sip.instance={}", crate::syntax::Quoted(instance)));
        }
        if let Some(reg_id) = self.reg_id {
            field.push_str(&format!(";reg-id={reg_id}"));
        }
        field
    }
}

#[cfg(test)]
mod tests;
