//! Requests that came and the answers to them.

use std::{collections::HashMap, sync::Arc};

use cordboard_now::Instant;

use super::{
    Agent, Timer,
    draft::{Echo, Fields, is_plain},
};
use crate::{
    flow::{Flow, Transport},
    io::{CallId, Reply},
    transaction::{Due, Machine, ServerInvite, ServerNonInvite, Transaction},
};

/// Whom a request concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The INVITE of a call that came in.
    Call(CallId),
    /// A request inside a dialog that the user answers.
    Inside(CallId),
    Outside,
    /// It has been answered by the agent.
    Agent,
}

pub(crate) struct Server {
    machine: Machine<ServerInvite, ServerNonInvite>,
    key: Arc<str>,
    merge: Option<Arc<str>>,
    /// Where its responses go.
    flow: Flow,
    /// What responses are made of, while there is one to give.
    echo: Option<Box<Echo>>,
    /// What is sent again.
    last: Vec<u8>,
    pub asked: Asked,
    pub cseq: u32,
    due: Option<Instant>,
}

/// What tells transactions apart, and what finds them.
#[derive(Default)]
pub(crate) struct Servers {
    pub of: HashMap<u64, Box<Server>>,
    /// By branch, sent-by and method: RFC 3261 §17.2.3.
    pub by_key: HashMap<Arc<str>, u64>,
    /// By Call-ID, From tag and CSeq: the same request over another path. RFC 3261 §8.2.2.2.
    pub by_merge: HashMap<Arc<str>, u64>,
}

/// A request that is about to become a transaction.
pub(crate) struct Arrival {
    pub key: String,
    pub merge: Option<String>,
    pub flow: Flow,
    pub echo: Echo,
    pub cseq: u32,
}

impl Agent {
    pub(super) fn admit(&mut self, invite: bool, arrival: Arrival, asked: Asked) -> u64 {
        let id = self.number();
        let reliable = arrival.flow.transport != Transport::Udp;
        let machine = if invite { Machine::Invite(ServerInvite::new(reliable)) } else { Machine::Other(ServerNonInvite::new(self.now, &self.config.times, reliable)) };
        let (key, merge): (Arc<str>, Option<Arc<str>>) = (arrival.key.into(), arrival.merge.map(Into::into));
        self.servers.by_key.insert(key.clone(), id);
        if let Some(merge) = &merge {
            self.servers.by_merge.insert(merge.clone(), id);
        }
        let server = Server { machine, key, merge, flow: arrival.flow, echo: Some(Box::new(arrival.echo)), last: Vec::new(), asked, cseq: arrival.cseq, due: None };
        self.servers.of.insert(id, Box::new(server));
        self.schedule_server(id);
        id
    }

    /// Whether a request waits for its final answer.
    pub(super) fn is_open(&self, id: u64) -> bool {
        self.servers.of.get(&id).is_some_and(|server| server.machine.is_open())
    }

    pub(super) fn asked(&self, id: u64) -> Option<Asked> {
        self.servers.of.get(&id).map(|server| server.asked)
    }

    /// Answers a request that is still open. Gives the bytes of a 2xx to an INVITE and the flow they went over, which the dialog repeats.
    pub(super) fn respond(&mut self, id: u64, reply: Reply) -> Option<(Vec<u8>, Flow)> {
        let (now, times) = (self.now, self.config.times);
        let server = self.servers.of.get_mut(&id).filter(|server| server.machine.is_open())?;
        let status = if (100..700).contains(&reply.status) { reply.status } else { 500 };
        let echo = server.echo.as_ref()?;
        let own_contact = echo.contact.is_some() && status < 300;
        let mut fields = Fields::of_user(reply.headers, !own_contact);
        if status == 100
            && let Some(timestamp) = echo.timestamp(now)
        {
            fields.push("Timestamp", timestamp);
        }
        let body = reply.body.filter(|(content_type, _)| is_plain(content_type));
        // A challenge is said again to who asks again, so a flood of strangers leaves nothing behind (RFC 3261 §8.2.7).
        let forgets = matches!(status, 401 | 407) || (reply.forget && status >= 300);
        // Nor does it bring more than it must to an address that may be forged.
        let name = if forgets { "" } else { &self.config.user_agent };
        let allow = match server.asked {
            Asked::Outside if status < 300 => &self.allow.all,
            Asked::Outside => &self.allow.outside,
            Asked::Call(_) | Asked::Inside(_) | Asked::Agent => &self.allow.inside,
        };
        let bytes = echo.write(status, &reply.reason, allow, name, &fields, body.as_ref());
        let flow = server.flow;
        let accepted = match &mut server.machine {
            Machine::Invite(machine) => {
                machine.responded(now, &times, status);
                (200..300).contains(&status)
            }
            Machine::Other(machine) => {
                machine.responded(now, &times, status);
                false
            }
        };
        server.last = if accepted || (status >= 200 && flow.transport != Transport::Udp) { Vec::new() } else { bytes.clone() };
        if status >= 200 {
            server.echo = None;
        }
        let kept = accepted.then(|| bytes.clone());
        self.transmit_over(&flow, bytes);
        if forgets || (reply.forget && status >= 200 && !accepted) {
            self.drop_server(id);
        } else {
            self.schedule_server(id);
        }
        kept.map(|bytes| (bytes, flow))
    }

    /// Answers without a field of the user.
    pub(super) fn respond_plainly(&mut self, id: u64, status: u16) {
        self.respond(id, Reply { status, ..Reply::default() });
    }

    /// The same request again.
    pub(super) fn repeated(&mut self, id: u64) {
        let Some(server) = self.servers.of.get(&id) else { return };
        let repeats = match &server.machine {
            Machine::Invite(machine) => machine.repeats_response(),
            Machine::Other(_) => true,
        };
        if repeats && !server.last.is_empty() {
            let (flow, last) = (server.flow, server.last.clone());
            self.transmit_over(&flow, last);
        }
    }

    /// The ACK to a response other than 2xx. False if it is not that.
    pub(super) fn acknowledged(&mut self, id: u64) -> bool {
        let (now, times) = (self.now, self.config.times);
        let Some(server) = self.servers.of.get_mut(&id) else { return false };
        let Machine::Invite(machine) = &mut server.machine else { return false };
        if !machine.repeats_response() {
            return false;
        }
        machine.acknowledged(now, &times);
        self.schedule_server(id);
        true
    }

    pub(super) fn server_tick(&mut self, id: u64) {
        let (now, times) = (self.now, self.config.times);
        let Some(server) = self.servers.of.get_mut(&id) else { return };
        let due = match &mut server.machine {
            Machine::Invite(machine) => machine.tick(now, &times),
            Machine::Other(machine) => machine.tick(now),
        };
        match due {
            Due::Nothing => self.schedule_server(id),
            Due::Repeat => {
                let (flow, last) = (server.flow, server.last.clone());
                self.transmit_over(&flow, last);
                self.schedule_server(id);
            }
            Due::TimedOut | Due::Over => self.drop_server(id),
        }
    }

    fn schedule_server(&mut self, id: u64) {
        let Some(server) = self.servers.of.get_mut(&id) else { return };
        let due = server.machine.due();
        if !server.machine.is_open() && due.is_none_or(|due| due <= self.now) {
            return self.drop_server(id);
        }
        self.deadlines.set(Timer::Server(id), &mut server.due, due);
    }

    pub(super) fn drop_server(&mut self, id: u64) {
        let Some(mut server) = self.servers.of.remove(&id) else { return };
        self.deadlines.set(Timer::Server(id), &mut server.due, None);
        self.servers.by_key.remove(&server.key);
        if let Some(merge) = &server.merge
            && self.servers.by_merge.get(merge) == Some(&id)
        {
            self.servers.by_merge.remove(merge);
        }
        if let Asked::Inside(call) = server.asked {
            self.settled(call, id);
        }
    }
}
