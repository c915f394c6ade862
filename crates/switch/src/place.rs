//! Calls that sessions place: to users, to SIP addresses, over the trunk.

use std::{
    collections::VecDeque,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use cordboard_engine::{self as engine, CallEvent, Destination};
use cordboard_media as media;
use cordboard_sip as sip;

use crate::{
    call::{ANSWER_MS, Branch, Call, Failure, Phase, answered_by, description, line, shown, shown_at_end, transport_name},
    io::{Found, Output, Question, SessionInfo},
    switch::{Key, Switch, Waiting},
    trunk::{Account, Denied},
};

/// What `VI-CallTimeout` may be, seconds. voxengine.md §6.
const TIMEOUT_SECONDS: std::ops::RangeInclusive<u64> = 10..=400;

/// RFC 3261 §19.1.2.
const SIP_PORT: u16 = 5060;
const SIPS_PORT: u16 = 5061;

/// A call that waits for a look-up.
#[derive(Clone, Debug)]
pub(crate) struct Placing {
    pub session: Arc<SessionInfo>,
    pub invite: sip::Invite,
    pub transport: sip::Transport,
    pub host: String,
    pub port: u16,
    /// Where it goes, by order of trial: once its host is resolved.
    pub remotes: VecDeque<IpAddr>,
}

/// Why no SIP address may be the trunk's.
const TRUNK_BY_NUMBER: &str = "The address is that of the operator's trunk, which is reached by callPSTN alone.";

/// What the agent takes the number of hops from.
const HOPS_HEADER: &str = "Max-Forwards";

const TOO_MANY_HOPS: &str = "The call that came in may go no further (Max-Forwards): it has been through too many servers, or through this one again and again.";

/// Addresses of the trunk's host that are remembered.
const TRUNK_ADDRESSES: usize = 256;

/// Addresses of one host that a call tries at most. Our own bound: each may cost 64 × T1 of the time that a call has.
const MOST_TRIALS: usize = 4;

/// The header of a call's own time limit.
const TIMEOUT_HEADER: &str = "VI-CallTimeout";

impl Switch {
    pub(crate) fn place(&mut self, session: &Arc<SessionInfo>, number: u64, placing: engine::Placing) {
        let key = Key { session_id: session.session_id, call: number };
        let timeout = placing.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(TIMEOUT_HEADER)).and_then(|(_, value)| value.trim().parse::<u64>().ok());
        let wait_ms = timeout.map_or(ANSWER_MS, |seconds| seconds.clamp(*TIMEOUT_SECONDS.start(), *TIMEOUT_SECONDS.end()) * 1_000);
        let own = |name: &str| [TIMEOUT_HEADER, HOPS_HEADER].iter().any(|own| name.eq_ignore_ascii_case(own));
        let mut headers: Vec<(String, String)> = placing.headers.iter().filter(|(name, _)| !own(name)).cloned().collect();
        let kind = match &placing.to {
            Destination::Pstn(_) => "pstn",
            Destination::User(_) => "user",
            Destination::Sip { .. } => "sip",
        };
        let call = Call::new(kind, false, self.now.monotonic);
        self.calls.insert(key, call);
        let held = self.sessions.entry(key.session_id).or_default();
        held.calls.insert(number);
        let hops = held.hops;
        self.set_due(key, Some(self.now.monotonic.plus(wait_ms)));
        if hops == Some(0) {
            return self.fail(key, 483, "Too Many Hops", Vec::new(), Some(TOO_MANY_HOPS.to_owned()));
        }
        headers.extend(hops.map(|hops| (HOPS_HEADER.to_owned(), hops.to_string())));
        let parts = Parts { callerid: placing.callerid, display_name: placing.display_name, headers };
        match placing.to {
            Destination::User(user) => self.place_to_user(key, session, &user, parts),
            Destination::Sip { uri, auth_user, password, out_proxy } => self.place_to_uri(key, session, &uri, auth_user, password, out_proxy, parts),
            Destination::Pstn(number) => self.place_to_number(key, session, &number, parts),
        }
    }

    fn place_to_user(&mut self, key: Key, session: &Arc<SessionInfo>, user: &str, parts: Parts) {
        let domain = &session.application;
        let to = sip::Uri::sip(Some(user), domain, None);
        let from = parts.from(domain);
        let bindings: Vec<(sip::Uri, sip::Flow)> = self
            .registrar
            .bindings(self.now, &aor(session.account_id, session.application_id, user))
            .into_iter()
            .map(|binding| (binding.contact.clone(), binding.flow))
            .collect();
        if bindings.is_empty() {
            let invite = parts.invite(to.clone(), from, to.to_string());
            let waiting = Placing { session: session.clone(), invite, transport: sip::Transport::Udp, host: String::new(), port: 0, remotes: VecDeque::new() };
            return self.look_up(key, waiting, Question::User { domain: domain.clone(), username: user.to_owned(), as_user: user.to_owned() });
        }
        for (contact, flow) in bindings {
            let invite = parts.invite(contact, from.clone(), to.to_string());
            self.add_branch(key, sip::Target::Flow(flow), invite);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn place_to_uri(
        &mut self,
        key: Key,
        session: &Arc<SessionInfo>,
        uri: &str,
        auth_user: Option<String>,
        password: Option<String>,
        out_proxy: Option<String>,
        parts: Parts,
    ) {
        let Some(to) = sip::Uri::parse(uri).ok().filter(sip::Uri::is_sip) else {
            return self.fail(key, 404, "Not Found", Vec::new(), Some(format!("'{uri}' is no SIP URI; one looks like sip:user@host.")));
        };
        if session.guest {
            return self.fail(key, 403, "Forbidden", Vec::new(), Some("A guest's session calls users of its application alone.".to_owned()));
        }
        if same_application(&to.host, &session.application) {
            let user = to.user.clone().unwrap_or_default();
            return self.place_to_user(key, session, &user, parts);
        }
        if self.is_trunk(&to.host, None) {
            return self.fail(key, 403, "Forbidden", Vec::new(), Some(TRUNK_BY_NUMBER.to_owned()));
        }
        // Who counts parameters writes an empty one for none.
        let [auth_user, password, out_proxy] = [auth_user, password, out_proxy].map(|text| text.filter(|text| !text.is_empty()));
        let via = match out_proxy.as_deref().map(|proxy| sip::Uri::parse(proxy).or_else(|_| sip::Uri::parse(&format!("sip:{proxy}")))) {
            Some(Ok(proxy)) if proxy.is_sip() => Some(proxy),
            Some(_) => return self.fail(key, 404, "Not Found", Vec::new(), Some("The outgoing proxy is no SIP URI and no host.".to_owned())),
            None => None,
        };
        let next = via.as_ref().unwrap_or(&to);
        let transport = transport_of(next);
        let (host, port) = (next.host.clone(), next.port.unwrap_or(if transport == sip::Transport::Tls { SIPS_PORT } else { SIP_PORT }));
        if self.is_trunk(&host, None) {
            return self.fail(key, 403, "Forbidden", Vec::new(), Some(TRUNK_BY_NUMBER.to_owned()));
        }
        let from = parts.from(&session.application);
        let username = auth_user.unwrap_or_else(|| parts.callerid.clone());
        let mut request_uri = to.clone();
        request_uri.headers.clear();
        let mut invite = parts.invite(request_uri, from, to.to_string());
        invite.credentials = password.map(|password| sip::Credentials { username, password });
        if let Some(mut proxy) = via {
            proxy.params.push(("lr".to_owned(), None));
            invite.route = vec![format!("<{proxy}>")];
        }
        let question = Question::Resolve { host: host.clone(), port, trusted: false };
        self.look_up(key, Placing { session: session.clone(), invite, transport, host, port, remotes: VecDeque::new() }, question);
    }

    /// Whether a target that an author chose is the operator's trunk, which may know this server by its address and take any number
    /// from it. On loopback, where peers differ by their ports alone, the port counts, too.
    fn is_trunk(&self, host: &str, address: Option<SocketAddr>) -> bool {
        let Some(trunk) = &self.config.trunk else { return false };
        let named = |host: &str| host.parse::<IpAddr>().is_err() && host.trim_end_matches('.').eq_ignore_ascii_case(trunk.host.trim_end_matches('.'));
        let known = |address: SocketAddr| {
            let ip = address.ip().to_canonical();
            let same_port = address.port() == trunk.port.unwrap_or(SIP_PORT);
            (!ip.is_loopback() || same_port) && (trunk.host.parse() == Ok(ip) || trunk.sources.iter().any(|network| network.contains(&ip)))
        };
        (named(host) && !host.eq_ignore_ascii_case("localhost")) || address.is_some_and(known)
    }

    fn place_to_number(&mut self, key: Key, session: &Arc<SessionInfo>, number: &str, parts: Parts) {
        let refuse = |switch: &mut Self, why: String| switch.fail(key, 403, "Forbidden", Vec::new(), Some(why));
        if session.guest {
            return refuse(self, format!("The call to {number} was not placed: a guest's session reaches no public network."));
        }
        let Some(trunk) = self.config.trunk.clone() else {
            return refuse(self, format!("The call to {number} was not placed: no trunk is configured. The operator's settings are in the section [trunk]."));
        };
        let account = Account { id: session.account_id, name: session.application.split('.').nth(1).unwrap_or_default() };
        let inbound = self.sessions.get(&key.session_id).map(|held| held.callerids.clone()).unwrap_or_default();
        let others: Vec<&str> = inbound.iter().map(String::as_str).collect();
        let outgoing = match trunk.policy.judge(account, number, &parts.callerid, &others) {
            Ok(outgoing) => outgoing,
            Err(Denied::NoNumber) => return self.fail(key, 404, "Not Found", Vec::new(), Some(format!("'{number}' is no telephone number."))),
            Err(Denied::DestinationNotAllowed(number)) => {
                return refuse(self, format!("The destination {number} is not allowed. The operator's setting is trunk.allowed."));
            }
            Err(Denied::CallerIdNotAllowed) => {
                let why = format!(
                    "The caller id '{}' is neither a number of the trunk nor that of an incoming call of the session. The operator's setting is trunk.numbers.",
                    parts.callerid
                );
                return refuse(self, why);
            }
        };
        let parts = Parts { callerid: outgoing.caller_id.to_string(), ..parts };
        let dialled = outgoing.destination.digits().to_owned();
        let port = trunk.port.unwrap_or(if trunk.transport == sip::Transport::Tls { SIPS_PORT } else { SIP_PORT });
        let host = trunk.port.map_or_else(|| trunk.host.clone(), |port| format!("{}:{port}", trunk.host));
        let request_uri = sip::Uri::sip(Some(&dialled), &trunk.host, trunk.port);
        let mut invite = parts.invite(request_uri.clone(), parts.from(&host), request_uri.to_string());
        invite.credentials = trunk.credentials.clone();
        let question = Question::Resolve { host: trunk.host.clone(), port, trusted: true };
        self.look_up(key, Placing { session: session.clone(), invite, transport: trunk.transport, host: trunk.host, port, remotes: VecDeque::new() }, question);
    }

    fn look_up(&mut self, key: Key, placing: Placing, question: Question) {
        if let Some(call) = self.calls.get_mut(&key) {
            call.placing = Some(Box::new(placing));
        }
        if !self.ask(Waiting::Placing(key), question) {
            self.fail(key, 503, "Service Unavailable", Vec::new(), Some("The server has too many look-ups under way.".to_owned()));
        }
    }

    pub(crate) fn placing_found(&mut self, key: Key, found: Found) {
        let Some(placing) = self.calls.get_mut(&key).and_then(|call| call.placing.take()) else { return };
        match found {
            Found::User(user) => {
                let name = placing.invite.request_uri.user.clone().unwrap_or_default();
                let (code, reason, why) = match user {
                    // voxengine.md §8: without a device `Failed` 480.
                    Some(_) => (480, "User offline", format!("No device of user '{name}' is registered.")),
                    None => (404, "Not Found", format!("The application {} has no active user '{name}'.", placing.session.application)),
                };
                self.fail(key, code, reason, Vec::new(), Some(why));
            }
            Found::Resolved(found) if !placing.remotes.is_empty() => self.compare_with_trunk(key, *placing, found),
            Found::Resolved(Ok(addresses)) => {
                let placing = Placing { remotes: self.reachable(placing.transport, &addresses), ..*placing };
                if placing.remotes.is_empty() {
                    let which = if addresses.is_empty() { "" } else { " of a family (IPv4 or IPv6) that SIP listens on" };
                    let why = format!("The host '{}' has no address{which}.", placing.host);
                    return self.fail(key, 503, "Service Unavailable", Vec::new(), Some(why));
                }
                if self.calls.get(&key).is_some_and(|call| call.kind == "sip") {
                    return self.keep_off_trunk(key, placing);
                }
                self.remember_trunk(&addresses);
                self.place_at(key, placing);
            }
            Found::Resolved(Err(why)) => self.fail(key, 503, "Service Unavailable", Vec::new(), Some(why)),
            Found::Failed => {
                let why = "The server could not look the called user up at this moment.".to_owned();
                self.fail(key, 503, "Service Unavailable", Vec::new(), Some(why));
            }
            Found::Listed(_) | Found::Routed(_) | Found::Taken(_) => {}
        }
    }

    /// Of a host's addresses those that messages can go to. Over UDP they leave by a listener of the same family; a connection needs none, but
    /// where there is one its peer can call back.
    fn reachable(&self, transport: sip::Transport, addresses: &[IpAddr]) -> VecDeque<IpAddr> {
        let (near, far): (Vec<IpAddr>, Vec<IpAddr>) = addresses.iter().map(IpAddr::to_canonical).partition(|ip| self.config.sip.listener(transport, *ip).is_some());
        let far = far.into_iter().filter(|_| transport != sip::Transport::Udp);
        near.into_iter().chain(far).take(MOST_TRIALS).collect()
    }

    /// A target that an author chose is resolved. What the carrier answers at is looked up at this moment, because it moves and need not be
    /// where its calls come from.
    fn keep_off_trunk(&mut self, key: Key, placing: Placing) {
        if placing.remotes.iter().any(|ip| self.is_trunk("", Some(SocketAddr::new(*ip, placing.port)))) {
            return self.fail(key, 403, "Forbidden", Vec::new(), Some(TRUNK_BY_NUMBER.to_owned()));
        }
        match self.config.trunk.as_ref().filter(|trunk| trunk.host.parse::<IpAddr>().is_err()) {
            Some(trunk) => {
                let question = Question::Resolve { host: trunk.host.clone(), port: trunk.port.unwrap_or(SIP_PORT), trusted: true };
                self.look_up(key, placing, question);
            }
            None => self.place_at(key, placing),
        }
    }

    fn compare_with_trunk(&mut self, key: Key, placing: Placing, found: Result<Vec<IpAddr>, String>) {
        let port = self.config.trunk.as_ref().and_then(|trunk| trunk.port).unwrap_or(SIP_PORT);
        match found {
            Ok(addresses) => self.remember_trunk(&addresses),
            // What it had before still counts; without any nobody can say that this is not the trunk.
            Err(why) if self.trunk_addresses.is_empty() => {
                let why = format!("The call was not placed, because it could not be compared with the trunk's addresses: {why}");
                return self.fail(key, 503, "Service Unavailable", Vec::new(), Some(why));
            }
            Err(_) => {}
        }
        if placing.remotes.iter().any(|ip| self.trunk_addresses.contains(ip) && (!ip.is_loopback() || placing.port == port)) {
            return self.fail(key, 403, "Forbidden", Vec::new(), Some(TRUNK_BY_NUMBER.to_owned()));
        }
        self.place_at(key, placing);
    }

    fn remember_trunk(&mut self, addresses: &[IpAddr]) {
        for address in addresses.iter().map(IpAddr::to_canonical) {
            self.trunk_addresses.retain(|known| *known != address);
            self.trunk_addresses.push(address);
        }
        let surplus = self.trunk_addresses.len().saturating_sub(TRUNK_ADDRESSES);
        self.trunk_addresses.drain(..surplus);
    }

    /// Calls the first of a host's addresses; the others are kept for when it is not there.
    fn place_at(&mut self, key: Key, mut placing: Placing) {
        let Some(ip) = placing.remotes.pop_front() else { return };
        let target = sip::Target::Address { transport: placing.transport, remote: SocketAddr::new(ip, placing.port), host: placing.host.clone() };
        let elsewhere = (!placing.remotes.is_empty()).then(|| Box::new(placing.clone()));
        self.add_branch(key, target, placing.invite);
        if let Some(branch) = self.calls.get_mut(&key).and_then(|call| call.branches.last_mut()) {
            branch.elsewhere = elsewhere;
        }
    }

    /// An address where nobody is, or that has no room, is not the host's last: RFC 3263 §4.3.
    fn tries_elsewhere(&mut self, key: Key, dialog: sip::CallId, why: &str) -> bool {
        let Some(call) = self.calls.get_mut(&key) else { return false };
        let Some(placing) = call.branch(dialog).and_then(|branch| branch.elsewhere.take()) else { return false };
        for branch in std::mem::take(&mut call.branches) {
            self.drop_branch(&branch, Some(Vec::new()));
        }
        let text = format!("{why} The next address of '{}' is tried.", placing.host);
        self.put(Output::Explain { session_id: key.session_id, call: key.call, text });
        self.place_at(key, *placing);
        true
    }

    /// One dialog more of a placed call: its offer first, then its INVITE.
    fn add_branch(&mut self, key: Key, target: sip::Target, invite: sip::Invite) {
        let dialog = self.agent.call();
        let leg = self.new_leg(key);
        let (transport, source) = match &target {
            sip::Target::Flow(flow) => (flow.transport, flow.remote.ip()),
            sip::Target::Address { transport, remote, .. } => (*transport, remote.ip()),
        };
        let mut branch = Branch::new(dialog, transport, source);
        let web = branch.is_web();
        (branch.leg, branch.invite, branch.describing) = (Some(leg), Some((target, Box::new(invite))), 1);
        let Some(call) = self.calls.get_mut(&key) else { return };
        let tones = call.telephone_event;
        call.branches.push(branch);
        let single = call.branches.len() == 1;
        self.dialogs.insert(dialog, key);
        self.media(media::Command::Offer { leg, web });
        if tones {
            self.media(media::Command::Tones { leg, on: true });
        }
        if single {
            self.rewire(key);
        }
    }

    pub(crate) fn progress(&mut self, dialog: sip::CallId, response: &sip::Response) {
        let Some(key) = self.key_of(dialog) else { return };
        let headers = shown(&response.headers);
        let answer = description(&response.headers, &response.body);
        let Some(call) = self.calls.get_mut(&key) else { return };
        let (alone, audio_started) = (call.branches.len() == 1, call.audio_started);
        let Some(branch) = call.branch(dialog) else { return };
        // Whoever says something is there.
        branch.elsewhere = None;
        let (transport, source) = (transport_name(branch.transport), branch.source);
        match (answer, branch.leg) {
            // Early media of one of several devices would be heard in place of the others' ringing.
            (Some(answer), Some(leg)) if alone => {
                branch.agreed = true;
                self.media(media::Command::Take { leg, answer, source });
                let Some(call) = self.calls.get_mut(&key) else { return };
                if !std::mem::replace(&mut call.audio_started, true) {
                    self.tell(key, CallEvent::AudioStarted { code: response.status, headers, transport });
                }
            }
            // Once for each device (voxengine.md §8), and not over an announcement, which a caller's phone would ring over.
            _ if response.status == 180 && !audio_started && !std::mem::replace(&mut branch.rang, true) => {
                self.tell(key, CallEvent::Ringing { headers });
            }
            _ if response.status == 183 && alone => {
                let Some(call) = self.calls.get_mut(&key) else { return };
                if !std::mem::replace(&mut call.audio_started, true) {
                    self.tell(key, CallEvent::AudioStarted { code: 183, headers, transport });
                }
            }
            _ => {}
        }
    }

    pub(crate) fn answered(&mut self, dialog: sip::CallId, response: &sip::Response) {
        let Some(key) = self.key_of(dialog) else {
            self.sip(sip::Command::Hangup { call: dialog, headers: Vec::new() });
            return;
        };
        let Some(call) = self.calls.get_mut(&key) else { return };
        if call.phase == Phase::Connected {
            return;
        }
        let answer = description(&response.headers, &response.body);
        let (mine, others): (Vec<Branch>, Vec<Branch>) = std::mem::take(&mut call.branches).into_iter().partition(|branch| branch.dialog == dialog);
        call.branches = mine;
        for other in others {
            self.drop_branch(&other, Some(vec![elsewhere()]));
        }
        let Some(call) = self.calls.get_mut(&key) else { return };
        let Some(branch) = call.branches.first_mut() else { return };
        let (transport, source, encrypted) = (transport_name(branch.transport), branch.source, branch.encrypted);
        match (answer, branch.leg) {
            (Some(answer), Some(leg)) => {
                branch.agreed = true;
                self.media(media::Command::Take { leg, answer, source });
            }
            _ if branch.agreed => {}
            _ => {
                let why = "The peer answered without a description of its audio.".to_owned();
                return self.fail(key, 488, "Not Acceptable Here", Vec::new(), Some(why));
            }
        }
        let headers = shown(&response.headers);
        let Some(call) = self.calls.get_mut(&key) else { return };
        call.phase = Phase::Connected;
        call.encrypted |= encrypted;
        call.sip_call_id = line(response.headers.get("Call-ID"));
        let first_audio = !std::mem::replace(&mut call.audio_started, true) && call.kind == "user";
        let (sip_call_id, encrypted) = (call.sip_call_id.clone(), call.encrypted);
        let display_name = answered_by(&response.headers);
        self.connected(key);
        self.rewire(key);
        if first_audio {
            self.tell(key, CallEvent::AudioStarted { code: response.status, headers: headers.clone(), transport: transport.clone() });
        }
        self.tell(key, CallEvent::Connected { sip_call_id, display_name, headers, encrypted, transport });
    }

    pub(crate) fn failed(&mut self, dialog: sip::CallId, status: u16, reason: &str, response: Option<&sip::Response>) {
        let Some(key) = self.key_of(dialog) else { return };
        let reason = &line(Some(reason));
        let headers = response.map(|response| shown_at_end(&response.headers)).unwrap_or_default();
        let branch = self.calls.get_mut(&key).and_then(|call| Some((call.kind, call.branch(dialog)?.source)));
        let mut why = match (response, branch) {
            (None, Some((_, source))) => format!("No answer came from {source}: {status} {reason}."),
            _ => format!("The called side answered {status} {reason}."),
        };
        if matches!((status, branch), (401 | 407, Some(("pstn", _)))) {
            why += match self.config.trunk.as_ref().is_some_and(|trunk| trunk.credentials.is_some()) {
                true => " The carrier does not take trunk.username and trunk.password of the operator's settings.",
                false => " The carrier wants trunk.username and trunk.password, which the operator has not set.",
            };
        }
        let unreachable = status == 503 || (status == 408 && response.is_none());
        if unreachable && self.tries_elsewhere(key, dialog, &why) {
            return;
        }
        self.branch_failed(key, dialog, status, reason, headers, why);
    }

    /// One device less; the call fails with the last one, or with a refusal for all (6xx).
    pub(crate) fn branch_failed(&mut self, key: Key, dialog: sip::CallId, status: u16, reason: &str, headers: Vec<(String, String)>, why: String) {
        let Some(call) = self.calls.get_mut(&key) else { return };
        let (gone, left): (Vec<Branch>, Vec<Branch>) = std::mem::take(&mut call.branches).into_iter().partition(|branch| branch.dialog == dialog);
        call.branches = left;
        let alone = call.branches.is_empty();
        // A device that said something counts more than one that said nothing, and a refusal for all most.
        if status >= 600 || call.failure.as_ref().is_none_or(|before| matches!(before.status, 408 | 480 | 503)) {
            call.failure = Some(Failure { status, reason: reason.to_owned(), headers });
        }
        let failure = call.failure.clone();
        for branch in gone {
            self.drop_branch(&branch, Some(Vec::new()));
        }
        if alone || status >= 600 {
            let Some(Failure { status, reason, headers }) = failure else { return };
            self.fail(key, status, &reason, headers, Some(why));
        } else {
            self.put(Output::Explain { session_id: key.session_id, call: key.call, text: why });
            self.rewire(key);
        }
    }
}

/// Another device took the call, which is none that this one's user missed (RFC 3326 §3.1).
fn elsewhere() -> (String, String) {
    ("Reason".to_owned(), "SIP;cause=200;text=\"Call completed elsewhere\"".to_owned())
}

/// What all branches of a call have in common.
struct Parts {
    callerid: String,
    display_name: String,
    headers: Vec<(String, String)>,
}

impl Parts {
    fn from(&self, domain: &str) -> String {
        let callerid = if self.callerid.is_empty() { "anonymous" } else { &self.callerid };
        let (host, port) = domain.rsplit_once(':').and_then(|(host, port)| Some((host, Some(port.parse().ok()?)))).unwrap_or((domain, None));
        let name = if self.display_name.is_empty() { None } else { Some(self.display_name.clone()) };
        sip::NameAddr { display_name: name, uri: sip::Uri::sip(Some(callerid), host, port), params: Vec::new() }.to_string()
    }

    fn invite(&self, request_uri: sip::Uri, from: String, to: String) -> sip::Invite {
        sip::Invite {
            request_uri,
            from,
            to: format!("<{to}>"),
            contact_user: if self.callerid.is_empty() { "anonymous".to_owned() } else { self.callerid.clone() },
            route: Vec::new(),
            headers: self.headers.clone(),
            body: None,
            credentials: None,
        }
    }
}

/// Where a user's devices are kept.
pub(crate) fn aor(account_id: i64, application_id: i64, user: &str) -> String {
    format!("{account_id}/{application_id}/{}", user.to_lowercase())
}

/// Whether a host names this application: what follows the account's name is not compared.
pub(crate) fn same_application(host: &str, application: &str) -> bool {
    let first_two = |name: &str| {
        let mut labels = name.split('.');
        Some((labels.next()?.to_lowercase(), labels.next()?.to_lowercase()))
    };
    first_two(host).is_some_and(|host| Some(host) == first_two(application))
}

fn transport_of(uri: &sip::Uri) -> sip::Transport {
    let named = uri.params.iter().find(|(name, _)| name == "transport").and_then(|(_, value)| value.as_deref()).unwrap_or_default().to_lowercase();
    match (uri.scheme.as_str(), named.as_str()) {
        ("sips", _) | (_, "tls") => sip::Transport::Tls,
        (_, "tcp") => sip::Transport::Tcp,
        _ => sip::Transport::Udp,
    }
}
