//! The registration flows of RFC 3665 §2: an agent that registers, and one whose user asks for digests and keeps the bindings.

use super::{
    world::{World, address},
    *,
};
use crate::{
    digest::{Ha1s, Server, Verdict},
    registrar::Registrar,
};

const AOR: &str = "bob";

struct Home {
    world: World,
    digest: Server,
    registrar: Registrar,
}

impl Home {
    fn new() -> Self {
        Self { world: World::new(2, 5), digest: Server::new("home", [9; 32]), registrar: Registrar::new() }
    }

    /// Sends a REGISTER of agent 0 and serves it at agent 1. Gives the final answer.
    fn register(&mut self, contact_user: Option<&str>, cseq: u32, fields: &[(&str, &str)], password: &str) -> Response {
        let request = self.world.agents[0].request();
        let outside = Outside {
            method: "REGISTER".to_owned(),
            request_uri: "sip:192.0.2.2".parse().unwrap(),
            from: "<sip:bob@192.0.2.2>".to_owned(),
            to: "<sip:bob@192.0.2.2>".to_owned(),
            contact_user: contact_user.map(str::to_owned),
            series: Some(("series".to_owned(), cseq)),
            headers: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: None,
            credentials: Some(Credentials { username: "bob".to_owned(), password: password.to_owned() }),
        };
        let target = Target::Address { transport: Transport::Udp, remote: address(1), host: String::new() };
        self.world.run(0, Command::Outside { request, target, outside: Box::new(outside) });
        for _ in 0..100 {
            self.world.wait(10);
            for (_, event) in self.world.take() {
                match event {
                    Event::Outside { request, flow, message } => {
                        let reply = self.serve(flow, &message);
                        self.world.run(1, Command::Reply { request, reply });
                    }
                    Event::Replied { response: Some(response), .. } => return *response,
                    other => panic!("{other:?}"),
                }
            }
        }
        panic!("no answer");
    }

    fn serve(&mut self, flow: Flow, message: &Request) -> Reply {
        let now = now(self.world.now_ms);
        let peer = flow.remote.ip();
        let verdict = self.digest.authorization(message).map(|authorization| {
            let ha1s = Ha1s::new("bob", "home", "secret");
            self.digest.verify(now, peer, message, &authorization, Some(&ha1s))
        });
        match verdict {
            Some(Verdict::Accepted) => match self.registrar.register(now, AOR, flow, message) {
                Ok(registered) => registered.reply(),
                Err(refusal) => refusal.reply(),
            },
            verdict => {
                let mut chance = cordboard_now::Chance::new(&[1; 32]);
                let challenges = self.digest.challenges(now, peer, verdict == Some(Verdict::Stale), None, &mut chance);
                let headers = challenges.into_iter().map(|challenge| ("WWW-Authenticate".to_owned(), challenge)).collect();
                Reply { status: 401, headers, ..Reply::default() }
            }
        }
    }

    fn bindings(&self) -> usize {
        self.registrar.bindings(now(self.world.now_ms), AOR).len()
    }
}

/// §2.1, §2.2: a new registration, and an update.
#[test]
fn successful_new_registration_and_update() {
    let mut home = Home::new();
    let ok = home.register(Some("bob"), 1, &[("Expires", "600")], "secret");
    assert_eq!((ok.status, home.bindings()), (200, 1));
    assert!(ok.headers.get("Contact").unwrap().starts_with("<sip:bob@192.0.2.1:5060>"));
    assert_eq!(ok.headers.cseq().unwrap().number, 2, "the answer to the challenge took the next number");
    let ok = home.register(Some("bob"), 3, &[("Expires", "600")], "secret");
    assert_eq!((ok.status, home.bindings()), (200, 1));
}

/// §2.3: the list of contacts.
#[test]
fn request_for_current_contact_list() {
    let mut home = Home::new();
    home.register(Some("bob"), 1, &[], "secret");
    let ok = home.register(None, 5, &[], "secret");
    assert_eq!((ok.status, ok.headers.all("Contact").count()), (200, 1));
}

/// §2.4.
#[test]
fn cancellation_of_registration() {
    let mut home = Home::new();
    home.register(Some("bob"), 1, &[], "secret");
    let ok = home.register(None, 5, &[("Contact", "*"), ("Expires", "0")], "secret");
    assert_eq!((ok.status, home.bindings()), (200, 0));
}

/// §2.5.
#[test]
fn unsuccessful_registration() {
    let mut home = Home::new();
    let refused = home.register(Some("bob"), 1, &[], "wrong");
    assert_eq!((refused.status, home.bindings()), (401, 0));
    home.world.wait(33_000);
    home.world.assert_empty();
}
