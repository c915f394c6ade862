//! What strangers and tenants must not reach.

use std::{net::SocketAddr, sync::Arc};

use cordboard_engine::{self as engine, CallEvent, Destination, Placing};
use cordboard_now::{Chance, Instant, Now};
use cordboard_sip as sip;

use crate::{Answer, Config, Found, Input, Output, Question, SessionInfo, Switch, Ticket, Trunk, User, trunk};

const REALM: &str = "realm";
const SDP: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";

struct World {
    switch: Switch,
    now: Now,
    chance: Chance,
    outputs: Vec<Output>,
    count: u32,
    /// What is signed in place of the Request-URI.
    signed: Option<sip::Uri>,
}

impl World {
    fn new() -> Self {
        let lines = vec![trunk::Line::parse("+15550100=demo").unwrap()];
        let policy = trunk::Trunk::new(lines, vec![trunk::Allowed::parse("*").unwrap()], 1);
        let trunk = Trunk {
            host: "carrier.example".to_owned(),
            port: None,
            transport: sip::Transport::Udp,
            credentials: None,
            sources: vec!["198.51.100.7/32".parse().unwrap()],
            policy,
        };
        let listener = sip::Listener { transport: sip::Transport::Udp, local: "192.0.2.1:5060".parse().unwrap(), advertised: None };
        let config = Config {
            sip: sip::Config { listeners: vec![listener], ..sip::Config::default() },
            realm: REALM.to_owned(),
            domain: "example".to_owned(),
            trunk: Some(trunk),
            secret: [1; 32],
            seed: [2; 32],
        };
        Self {
            switch: Switch::new(config),
            now: Now { monotonic: Instant(1), utc_ms: 1_700_000_000_000 },
            chance: Chance::new(&[3; 32]),
            outputs: Vec::new(),
            count: 0,
            signed: None,
        }
    }

    fn put(&mut self, input: Input) {
        self.switch.handle(self.now, input);
        self.outputs.extend(std::iter::from_fn(|| self.switch.poll()));
    }

    fn later(&mut self, ms: u64) {
        self.now.monotonic = self.now.monotonic.plus(ms);
        self.put(Input::Tick);
    }

    fn send(&mut self, flow: sip::Flow, message: &sip::Request) {
        self.put(Input::Sip(sip::Input::Packet { flow, bytes: message.to_bytes() }));
    }

    fn found(&mut self, ticket: Ticket, found: Found) {
        self.put(Input::Found { ticket, found });
    }

    fn request(&mut self, method: &str, from: &str, to: &str) -> sip::Request {
        self.count += 1;
        let mut request = sip::Request::new(method, sip::Uri::parse(to).unwrap());
        let (count, via) = (self.count, format!("SIP/2.0/WS host.invalid;branch=z9hG4bK{};rport", self.count));
        for (name, value) in [
            ("Via", via),
            ("From", format!("<{from}>;tag=1")),
            ("To", format!("<{to}>")),
            ("Call-ID", format!("call-{count}")),
            ("CSeq", format!("1 {method}")),
            ("Max-Forwards", "70".to_owned()),
            ("Contact", "<sip:me@192.0.2.9>".to_owned()),
            ("Content-Type", "application/sdp".to_owned()),
        ] {
            request.headers.push(name, value);
        }
        request.body = SDP.into();
        request
    }

    /// The final response that was sent last.
    fn response(&self) -> sip::Response {
        let sent = self.outputs.iter().rev().filter_map(|output| match output {
            Output::Sip(sip::Output::Send { bytes, .. }) => sip::Message::parse(bytes).ok(),
            _ => None,
        });
        sent.filter_map(|message| if let sip::Message::Response(response) = message { Some(response) } else { None }).find(|response| response.status >= 200).unwrap()
    }

    fn question(&self) -> Option<(Ticket, Question)> {
        self.outputs.iter().rev().find_map(|output| if let Output::Ask { ticket, question } = output { Some((*ticket, question.clone())) } else { None })
    }

    /// Sends a request, answers its challenge, and gives the ticket of the user's look-up if there is one.
    fn with_password(&mut self, flow: sip::Flow, request: &sip::Request, username: &str) -> Option<Ticket> {
        self.send(flow, request);
        let challenge = sip::digest::challenges(&self.response()).remove(0);
        self.outputs.clear();
        self.count += 1;
        let mut again = request.clone();
        let credentials = sip::Credentials { username: username.to_owned(), password: "secret".to_owned() };
        let (name, value) = challenge.answer(&request.method, self.signed.as_ref().unwrap_or(&request.uri), &credentials, 1, &mut self.chance);
        again.headers.push(name, value);
        again.headers.set("Via", format!("SIP/2.0/WS host.invalid;branch=z9hG4bK{};rport", self.count));
        again.headers.set("CSeq", format!("2 {}", request.method));
        self.send(flow, &again);
        self.question().map(|(ticket, _)| ticket)
    }

    fn sessions_of(&self) -> usize {
        self.outputs.iter().filter(|output| matches!(output, Output::Session { input: engine::Input::Alerting { .. }, .. })).count()
    }

    fn place(&mut self, placing: Placing) {
        self.put(Input::Session { session: session(), output: engine::Output::Place { call: 1, placing: Box::new(placing) } });
    }

    fn failure(&self) -> Option<u16> {
        self.outputs.iter().find_map(|output| match output {
            Output::Session { input: engine::Input::Call { event: CallEvent::Failed { code, .. }, .. }, .. } => Some(*code),
            _ => None,
        })
    }
}

fn session() -> Arc<SessionInfo> {
    Arc::new(SessionInfo { session_id: 7, account_id: 1, application_id: 1, application: "demo.owner.example".to_owned(), guest: false })
}

fn web(connection: u64) -> sip::Flow {
    flow(sip::Transport::Ws, "192.0.2.9:5000", connection)
}

fn flow(transport: sip::Transport, remote: &str, connection: u64) -> sip::Flow {
    sip::Flow { transport, local: "192.0.2.1:5060".parse().unwrap(), remote: remote.parse::<SocketAddr>().unwrap(), connection }
}

/// A user with the password that `with_password` knows.
fn user(name: &str) -> Arc<User> {
    let ha1 = sip::digest::Ha1s::new(name, REALM, "secret");
    Arc::new(User { name: name.to_owned(), ha1, guest: false, once: None, ..User::clone(&guest()) })
}

fn guest() -> Arc<User> {
    Arc::new(User {
        account_id: 1,
        application_id: 1,
        application: "demo.owner.example".to_owned(),
        user_id: Some(1),
        name: "alice".to_owned(),
        display_name: String::new(),
        ha1: sip::digest::Ha1s::new("call.1", REALM, "secret"),
        guest: true,
        once: Some(5),
    })
}

#[test]
fn a_call_credential_calls_its_own_application_alone() {
    let mut world = World::new();
    let own = world.request("INVITE", "sip:alice@demo.owner.example", "sip:menu@demo.owner.example");
    let ticket = world.with_password(web(1), &own, "call.1").unwrap();
    world.found(ticket, Found::User(Some(guest())));
    let (ticket, question) = world.question().unwrap();
    assert!(matches!(question, Question::Take { credential: 5 }));
    world.found(ticket, Found::Taken(true));
    assert!(matches!(world.question(), Some((_, Question::Route(_)))));
    world.outputs.clear();
    let foreign = world.request("INVITE", "sip:alice@shop.acme.example", "sip:support@shop.acme.example");
    assert_eq!(world.with_password(web(1), &foreign, "call.1"), None);
    assert_eq!(world.response().status, 403);
}

#[test]
fn what_a_user_signs_for_a_stranger_opens_nothing_here() {
    for (signed, is_ours) in
        [("sip:menu@demo.owner.example", true), ("sip:192.0.2.1:5060", true), ("sip:bob@evil.example", false), ("sip:bob@203.0.113.66", false), ("tel:1", false)]
    {
        let mut world = World::new();
        let request = world.request("INVITE", "sip:alice@demo.owner.example", "sip:menu@demo.owner.example");
        world.signed = Some(sip::Uri::parse(signed).unwrap());
        let ticket = world.with_password(web(1), &request, "call.1").unwrap();
        world.outputs.clear();
        world.found(ticket, Found::User(Some(guest())));
        assert_eq!(world.question().is_some(), is_ours, "{signed}");
    }
}

#[test]
fn a_call_credential_serves_no_datagrams() {
    let mut world = World::new();
    let request = world.request("INVITE", "sip:alice@demo.owner.example", "sip:menu@demo.owner.example");
    let ticket = world.with_password(flow(sip::Transport::Udp, "192.0.2.9:5000", 0), &request, "call.1").unwrap();
    world.outputs.clear();
    world.found(ticket, Found::User(Some(guest())));
    assert!(world.question().is_none());
    assert_eq!(world.response().status, 403);
}

#[test]
fn a_browser_behind_the_trunks_address_is_not_the_trunk() {
    for (transport, connection, is_trunk) in
        [(sip::Transport::Ws, 3, false), (sip::Transport::Wss, 3, false), (sip::Transport::Udp, 0, true), (sip::Transport::Tcp, 3, true)]
    {
        let mut world = World::new();
        let request = world.request("INVITE", "sip:15550199@carrier.example", "sip:15550100@192.0.2.1");
        let flow = flow(transport, "198.51.100.7:5060", connection);
        match transport {
            sip::Transport::Tcp => world.put(Input::Sip(sip::Input::Bytes { flow, bytes: request.to_bytes() })),
            _ => world.send(flow, &request),
        }
        assert_eq!(matches!(world.question(), Some((_, Question::Route(_)))), is_trunk, "{transport:?}");
    }
}

#[test]
fn a_browsers_address_proves_nothing() {
    let mut world = World::new();
    let request = world.request("INVITE", "sip:a@elsewhere.example", "sip:menu@demo.owner.example");
    world.send(web(1), &request);
    assert!(world.question().is_none());
    assert_eq!(world.response().status, 407);
}

#[test]
fn what_a_listed_address_calls_itself_is_no_caller_id_of_the_trunk() {
    for (remote, to, is_trunk) in [("192.0.2.9:5060", "sip:menu@demo.owner.example", false), ("198.51.100.7:5060", "sip:15550100@192.0.2.1", true)] {
        let mut world = World::new();
        let request = world.request("INVITE", "sip:+4930123@elsewhere.example", to);
        world.send(flow(sip::Transport::Udp, remote, 0), &request);
        if !is_trunk {
            let (ticket, _) = world.question().unwrap();
            world.found(ticket, Found::Listed(Answer { allowed: true, status: 200, why: String::new() }));
        }
        let (ticket, _) = world.question().unwrap();
        world.found(ticket, Found::Routed(Ok(session())));
        assert_eq!(world.sessions_of(), 1);
        let placing = Placing { to: Destination::Pstn("15559999".to_owned()), callerid: "+4930123".to_owned(), display_name: String::new(), headers: Vec::new() };
        world.place(placing);
        assert_eq!(world.failure(), (!is_trunk).then_some(403));
    }
}

#[test]
fn the_trunk_is_no_sip_address() {
    let sip = |uri: &str, out_proxy: Option<&str>| Placing {
        to: Destination::Sip { uri: uri.to_owned(), auth_user: None, password: None, out_proxy: out_proxy.map(str::to_owned) },
        callerid: "alice".to_owned(),
        display_name: String::new(),
        headers: Vec::new(),
    };
    for (placing, address, failure) in [
        (sip("sip:+1900@carrier.example", None), None, Some(403)),
        (sip("sip:+1900@Carrier.Example.;transport=tcp", None), None, Some(403)),
        (sip("sip:+1900@elsewhere.example", Some("carrier.example")), None, Some(403)),
        (sip("sip:+1900@198.51.100.7", None), Some("198.51.100.7"), Some(403)),
        (sip("sip:+1900@alias.example:5070", None), Some("198.51.100.7"), Some(403)),
        // Where the carrier is reached, but sends nothing from.
        (sip("sip:+1900@198.51.100.99", None), Some("198.51.100.99"), Some(403)),
        (sip("sip:+1900@[::ffff:198.51.100.99]:5070", None), Some("::ffff:198.51.100.99"), Some(403)),
        (sip("sip:bob@elsewhere.example", Some("198.51.100.99")), Some("198.51.100.99"), Some(403)),
        (sip("sip:bob@elsewhere.example", None), Some("203.0.113.5"), None),
    ] {
        let mut world = World::new();
        world.place(placing.clone());
        if let Some(address) = address {
            let (ticket, _) = world.question().unwrap();
            world.found(ticket, Found::Resolved(Ok(vec![address.parse().unwrap()])));
        }
        if let Some((ticket, Question::Resolve { host, trusted: true, .. })) = world.question() {
            assert_eq!(host, "carrier.example");
            world.found(ticket, Found::Resolved(Ok(vec!["198.51.100.98".parse().unwrap(), "198.51.100.99".parse().unwrap()])));
        }
        assert_eq!(world.failure(), failure, "{placing:?}");
        assert_eq!(world.outputs.iter().any(|output| matches!(output, Output::Media(cordboard_media::Command::Offer { .. }))), failure.is_none());
    }
}

#[test]
fn a_trunk_that_is_not_found_is_where_it_was() {
    for (found, before, failure) in
        [("198.51.100.99", false, Some(503)), ("203.0.113.5", false, Some(503)), ("198.51.100.99", true, Some(403)), ("203.0.113.5", true, None)]
    {
        let mut world = World::new();
        let resolved = |world: &mut World, address: Option<&str>| {
            let (ticket, _) = world.question().unwrap();
            let found = address.map(|address| vec![address.parse().unwrap()]).ok_or_else(|| "no answer".to_owned());
            world.outputs.clear();
            world.found(ticket, Found::Resolved(found));
        };
        let placing = |to| Placing { to, callerid: "+15550100".to_owned(), display_name: String::new(), headers: Vec::new() };
        if before {
            world.place(placing(Destination::Pstn("+15559999".to_owned())));
            resolved(&mut world, Some("198.51.100.99"));
            world.put(Input::SessionEnded { session_id: 7 });
        }
        world.place(placing(Destination::Sip { uri: format!("sip:+1900@{found}"), auth_user: None, password: None, out_proxy: None }));
        resolved(&mut world, Some(found));
        resolved(&mut world, None);
        assert_eq!(world.failure(), failure, "{found}");
    }
}

#[test]
fn refused_strangers_leave_nothing_behind() {
    let mut world = World::new();
    for _ in 0..300 {
        let request = world.request("INVITE", "sip:a@b.example", "sip:1@192.0.2.1");
        world.send(flow(sip::Transport::Udp, "203.0.113.5:5060", 0), &request);
        let request = world.request("OPTIONS", "sip:a@b.example", "sip:1@192.0.2.1");
        world.send(flow(sip::Transport::Udp, "203.0.113.5:5060", 0), &request);
    }
    assert_eq!((world.switch.agent.sizes().transactions, world.switch.kept()), (0, 0));
}

#[test]
fn a_callers_name_is_one_line() {
    let mut world = World::new();
    let request = world.request("INVITE", "sip:eve%0A2026-01-01%00@elsewhere.example", "sip:15550100%0D@192.0.2.1");
    world.send(flow(sip::Transport::Udp, "192.0.2.9:5060", 0), &request);
    let request = world.request("INVITE", "sip:eve%0A2026-01-01%00@elsewhere.example", "sip:menu%0A@demo.owner.example");
    world.send(flow(sip::Transport::Udp, "192.0.2.9:5060", 0), &request);
    let Some((_, Question::Listed(origin))) = world.question() else { panic!("no look-up") };
    assert!(!origin.callerid.contains(char::is_control) && !origin.destination.contains(char::is_control), "{origin:?}");
}

#[test]
fn a_peer_that_never_speaks_is_asked_whether_it_is_there() {
    let mut world = World::new();
    let request = world.request("INVITE", "sip:4930123@carrier.example", "sip:15550100@192.0.2.1");
    let carrier = flow(sip::Transport::Udp, "198.51.100.7:5060", 0);
    world.send(carrier, &request);
    let (ticket, _) = world.question().unwrap();
    world.found(ticket, Found::Routed(Ok(session())));
    let call = world
        .outputs
        .iter()
        .find_map(|output| if let Output::Session { input: engine::Input::Alerting { call, .. }, .. } = output { Some(*call) } else { None })
        .unwrap();
    let answer = engine::CallAction::Answer { headers: Vec::new(), display_name: String::new() };
    world.put(Input::Session { session: session(), output: engine::Output::Call { call, action: answer } });
    let leg = world.outputs.iter().find_map(|output| if let Output::Media(cordboard_media::Command::Answer { leg, .. }) = output { Some(*leg) } else { None }).unwrap();
    world.put(Input::Media(cordboard_media::Event::Described { leg, sdp: SDP.into(), encrypted: false }));
    let mut ack = request.clone();
    ack.method = "ACK".to_owned();
    ack.headers.set("CSeq", "1 ACK".to_owned());
    ack.headers.set("Via", "SIP/2.0/UDP h.invalid;branch=z9hG4bKack;rport".to_owned());
    ack.headers.set("To", world.response().headers.get("To").unwrap().to_owned());
    world.send(carrier, &ack);
    // It is gone without a word: the question is not answered.
    for _ in 0..200 {
        world.later(1_000);
    }
    assert!(world.outputs.iter().any(|output| matches!(output, Output::Session { input: engine::Input::Call { event: CallEvent::Disconnected { .. }, .. }, .. })));
    world.put(Input::SessionEnded { session_id: 7 });
    assert_eq!(world.switch.kept(), 0);
}

#[test]
fn a_session_sees_so_much_of_headers_and_no_more() {
    let mut headers = sip::Headers::new();
    for _ in 0..100 {
        headers.push("X-Long", "a".repeat(1_000));
    }
    assert_eq!(crate::call::shown(&headers).len(), 8);
}

/// The look-up of a call of somebody from one address to an application; `None` if there is none.
fn guess(world: &mut World, name: &str) -> Option<Ticket> {
    let request = world.request("INVITE", &format!("sip:{name}@demo.owner.example"), "sip:menu@demo.owner.example");
    world.with_password(flow(sip::Transport::Udp, "192.0.2.9:5000", 0), &request, name)
}

#[test]
fn an_account_of_ones_own_buys_no_guesses_at_others() {
    let mut world = World::new();
    let mut guesses = 0;
    while let Some(ticket) = guess(&mut world, "alice") {
        world.found(ticket, Found::User(None));
        assert_eq!(world.response().status, 407);
        guesses += 1;
        assert!(guesses <= 10);
        let ticket = guess(&mut world, "mallory").unwrap();
        world.found(ticket, Found::User(Some(user("mallory"))));
        assert!(matches!(world.question(), Some((_, Question::Route(_)))));
    }
    assert_eq!((guesses, world.response().status), (10, 403));
}

#[test]
fn guesses_that_are_looked_up_all_at_once_are_counted_before_the_right_one_counts() {
    let mut world = World::new();
    let tickets: Vec<Ticket> = (0..11).map(|_| guess(&mut world, "alice").unwrap()).collect();
    let (last, wrong) = tickets.split_last().unwrap();
    for ticket in wrong {
        world.found(*ticket, Found::User(None));
    }
    world.outputs.clear();
    world.found(*last, Found::User(Some(user("alice"))));
    assert_eq!((world.question(), world.response().status), (None, 403));
}

/// A database that is away for a moment bans nobody.
#[test]
fn a_look_up_that_fails_is_no_wrong_password() {
    let mut world = World::new();
    let here = flow(sip::Transport::Udp, "192.0.2.9:5000", 0);
    for phone in 0..12 {
        for method in ["REGISTER", "INVITE"] {
            let name = format!("phone{phone}");
            let request = world.request(method, &format!("sip:{name}@demo.owner.example"), &format!("sip:{name}@demo.owner.example"));
            let ticket = world.with_password(here, &request, &name).unwrap();
            world.found(ticket, Found::Failed);
            let response = world.response();
            assert_eq!((response.status, response.headers.get("Retry-After")), (503, Some("10")), "{method}");
        }
    }
    assert_eq!(world.switch.kept(), 0);
    let ticket = guess(&mut world, "alice").unwrap();
    world.found(ticket, Found::User(Some(user("alice"))));
    assert!(matches!(world.question(), Some((_, Question::Route(_)))));
}

#[test]
fn a_credential_that_could_not_be_used_up_is_not_refused_for_good() {
    for method in ["REGISTER", "INVITE"] {
        let mut world = World::new();
        let request = world.request(method, "sip:alice@demo.owner.example", "sip:alice@demo.owner.example");
        let ticket = world.with_password(web(1), &request, "call.1").unwrap();
        world.found(ticket, Found::User(Some(guest())));
        let (ticket, question) = world.question().unwrap();
        assert!(matches!(question, Question::Take { .. }));
        world.found(ticket, Found::Failed);
        assert_eq!((world.response().status, world.switch.kept()), (503, 0));
    }
}

#[test]
fn a_user_that_could_not_be_looked_up_is_not_said_to_be_none() {
    let mut world = World::new();
    world.place(Placing { to: Destination::User("bob".to_owned()), callerid: String::new(), display_name: String::new(), headers: Vec::new() });
    let (ticket, _) = world.question().unwrap();
    world.found(ticket, Found::Failed);
    assert_eq!(world.failure(), Some(503));
}

/// What `World` sent as an INVITE.
fn invites(world: &World) -> Vec<sip::Request> {
    let sent = world.outputs.iter().filter_map(|output| match output {
        Output::Sip(sip::Output::Send { bytes, .. }) => sip::Message::parse(bytes).ok(),
        _ => None,
    });
    sent.filter_map(|message| if let sip::Message::Request(request) = message { Some(request) } else { None }).filter(|request| request.method == "INVITE").collect()
}

#[test]
fn a_call_that_goes_round_in_circles_ends_by_its_hops() {
    for (came, goes) in [(None, Some(69)), (Some(70), Some(69)), (Some(200), Some(70)), (Some(2), Some(1)), (Some(1), None)] {
        let mut world = World::new();
        for hops in [came, Some(200)] {
            let mut request = world.request("INVITE", "sip:4930123@carrier.example", "sip:15550100@192.0.2.1");
            request.headers.remove("Max-Forwards");
            request.headers.extend(hops.map(|hops: u8| ("Max-Forwards", hops.to_string())));
            world.send(flow(sip::Transport::Udp, "198.51.100.7:5060", 0), &request);
            let (ticket, _) = world.question().unwrap();
            world.found(ticket, Found::Routed(Ok(session())));
        }
        world.outputs.clear();
        let to = Destination::Sip { uri: "sip:menu@203.0.113.5".to_owned(), auth_user: None, password: None, out_proxy: None };
        let headers = vec![("max-forwards".to_owned(), "99".to_owned())];
        world.place(Placing { to, callerid: "alice".to_owned(), display_name: String::new(), headers });
        assert_eq!(world.failure(), goes.is_none().then_some(483), "{came:?}");
        let Some(goes) = goes else { continue };
        let (ticket, _) = world.question().unwrap();
        world.found(ticket, Found::Resolved(Ok(vec!["203.0.113.5".parse().unwrap()])));
        let (ticket, _) = world.question().unwrap();
        world.found(ticket, Found::Resolved(Ok(vec!["198.51.100.7".parse().unwrap()])));
        let leg =
            world.outputs.iter().find_map(|output| if let Output::Media(cordboard_media::Command::Offer { leg, .. }) = output { Some(*leg) } else { None }).unwrap();
        world.put(Input::Media(cordboard_media::Event::Described { leg, sdp: SDP.into(), encrypted: false }));
        assert_eq!(invites(&world)[0].headers.all("Max-Forwards").collect::<Vec<_>>(), [goes.to_string()], "{came:?}");
    }
}

/// What a forged address brings upon whom it belongs to.
#[test]
fn a_challenge_is_one_message_and_little_more_than_what_brought_it() {
    for method in ["INVITE", "REGISTER"] {
        let mut world = World::new();
        let mut request = world.request(method, "sip:alice@demo.owner.example", "sip:menu@demo.owner.example");
        (request.body, _) = (Vec::new(), request.headers.remove("Content-Type"));
        world.send(flow(sip::Transport::Udp, "203.0.113.5:5060", 0), &request);
        world.later(60_000);
        let sent = world.outputs.iter().filter_map(|output| if let Output::Sip(sip::Output::Send { bytes, .. }) = output { Some(bytes.len()) } else { None });
        let sent: Vec<usize> = sent.collect();
        assert!(sent.len() == 1 && sent[0] <= request.to_bytes().len() * 2, "{sent:?} for {}", request.to_bytes().len());
    }
}

/// DESIGN §4.
#[test]
fn a_stranger_cannot_tell_which_applications_there_are() {
    let answers = [404, 403].map(|status| {
        let mut world = World::new();
        let request = world.request("INVITE", "sip:a@elsewhere.example", "sip:menu@demo.owner.example");
        world.send(flow(sip::Transport::Udp, "203.0.113.5:5060", 0), &request);
        let (ticket, _) = world.question().unwrap();
        world.found(ticket, Found::Listed(Answer { allowed: false, status, why: "why".to_owned() }));
        assert_eq!(world.switch.kept(), 0);
        assert_eq!(world.outputs.iter().any(|output| matches!(output, Output::Refused { status: 403, .. })), status == 404, "the operator is told");
        world.response().to_bytes()
    });
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].starts_with(b"SIP/2.0 403 "));
}

#[test]
fn a_connection_is_proved_by_a_right_password_and_nothing_less() {
    let proved = |world: &World| world.outputs.iter().filter(|output| matches!(output, Output::Proved { .. })).count();
    for (method, found, count) in [("INVITE", None, 0), ("REGISTER", None, 0), ("INVITE", Some(user("alice")), 1), ("REGISTER", Some(user("alice")), 1)] {
        let mut world = World::new();
        let options = world.request("OPTIONS", "sip:alice@demo.owner.example", "sip:demo.owner.example");
        world.send(web(1), &options);
        let request = world.request(method, "sip:alice@demo.owner.example", "sip:alice@demo.owner.example");
        let ticket = world.with_password(web(1), &request, "alice").unwrap();
        assert_eq!(proved(&world), 0);
        world.found(ticket, Found::User(found));
        assert_eq!(proved(&world), count, "{method}");
    }
    for (remote, count) in [("198.51.100.7:5060", 1), ("203.0.113.5:5060", 0)] {
        let mut world = World::new();
        let flow = flow(sip::Transport::Tcp, remote, 3);
        let options = world.request("OPTIONS", "sip:carrier.example", "sip:192.0.2.1");
        world.put(Input::Sip(sip::Input::Bytes { flow, bytes: options.to_bytes() }));
        assert_eq!(proved(&world), count, "{remote}");
    }
}
