//! Requests of ours and the answers to them.

use std::collections::HashMap;

use cordboard_now::Instant;

use super::{
    Agent, Timer,
    draft::{Draft, Fields},
    flows::Way,
};
use crate::{
    dialog::to_tag,
    flow::Flow,
    io::{CallId, Event, RequestId},
    message::{Response, reason_phrase},
    transaction::{ClientInvite, ClientNonInvite, Due, Heard, Machine, Transaction},
};

/// Answers of different branches to one INVITE that are acknowledged at most; the others time out at their senders. Our own bound.
const MOST_BRANCHES: usize = 8;

/// Where it is said that a branch follows RFC 3261 §8.1.1.7.
pub(crate) const COOKIE: &str = "z9hG4bK";

/// Whom the answer to a request concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A call that is placed.
    Placed(CallId),
    /// A request of the user inside a dialog.
    Inside(CallId, RequestId),
    /// The BYE of a call.
    Bye(CallId),
    Outside(RequestId),
    /// A CANCEL, or the BYE of a branch that came too late.
    Nobody,
}

/// Why a request has no answer.
#[derive(Clone, Debug)]
pub(crate) enum Lost {
    TimedOut,
    Transport(String),
}

impl Lost {
    pub fn status(&self) -> u16 {
        match self {
            Self::TimedOut => 408,
            Self::Transport(_) => 503,
        }
    }

    pub fn reason(&self) -> &str {
        match self {
            Self::TimedOut => reason_phrase(408),
            Self::Transport(reason) => reason,
        }
    }
}

type ClientMachine = Machine<ClientInvite, ClientNonInvite>;

pub(crate) struct Client {
    machine: ClientMachine,
    branch: Box<str>,
    way: Way,
    /// What is sent again.
    bytes: Vec<u8>,
    /// What further requests of the transaction are made of.
    pub draft: Option<Box<Draft>>,
    /// The ACK to a final answer other than 2xx.
    ack: Vec<u8>,
    /// The ACKs to 2xx, each with the tag of its branch.
    acks: Vec<(String, Way, Vec<u8>)>,
    cancel: Option<u64>,
    owner: Owner,
    due: Option<Instant>,
}

pub(crate) type Clients = HashMap<u64, Box<Client>>;

impl Agent {
    /// Sends a request. `Err` gives it back where it cannot be sent.
    pub(super) fn start(&mut self, draft: Box<Draft>, way: Way, owner: Owner) -> Result<u64, Box<Draft>> {
        if !self.has_room(true) {
            return Err(draft);
        }
        let id = self.number();
        let branch = format!("{COOKIE}{id:x}-{:016x}", self.random());
        let contact = draft.contact_user.as_deref().map(|user| self.contact(&way, user));
        let bytes = draft.write(&self.via(&way, &branch), contact.as_deref(), &self.allow, &self.config.user_agent);
        let machine = if &*draft.method == "INVITE" {
            Machine::Invite(ClientInvite::new(self.now, &self.config.times, way.is_reliable()))
        } else {
            Machine::Other(ClientNonInvite::new(self.now, &self.config.times, way.is_reliable()))
        };
        self.begin(id, branch.into(), machine, draft, way, bytes, owner)
    }

    #[allow(clippy::too_many_arguments)]
    fn begin(&mut self, id: u64, branch: Box<str>, machine: ClientMachine, draft: Box<Draft>, way: Way, bytes: Vec<u8>, owner: Owner) -> Result<u64, Box<Draft>> {
        let kept = if way.is_reliable() { Vec::new() } else { bytes.clone() };
        if !self.transmit(&way, Some(id), bytes) {
            return Err(draft);
        }
        let client = Client { machine, branch, way, bytes: kept, draft: Some(draft), ack: Vec::new(), acks: Vec::new(), cancel: None, owner, due: None };
        self.clients.insert(id, Box::new(client));
        self.set_client_way(id, way);
        self.schedule_client(id);
        Ok(id)
    }

    /// Sends the ACK to a 2xx: RFC 3261 §13.2.2.4. It is no transaction.
    pub(super) fn acknowledge(&mut self, client: u64, tag: String, draft: &Draft, way: Way) {
        let branch = format!("{COOKIE}{:x}-{:016x}", self.number(), self.random());
        let bytes = draft.write(&self.via(&way, &branch), None, &self.allow, &self.config.user_agent);
        self.transmit(&way, None, bytes.clone());
        if let Some(client) = self.clients.get_mut(&client)
            && client.acks.len() < MOST_BRANCHES
        {
            client.acks.push((tag, way, bytes));
        }
    }

    /// Sends the CANCEL to an INVITE that rings, once. Before it rings nothing is sent; whoever waits calls again then.
    pub(super) fn cancel(&mut self, invite: u64, fields: &Fields) {
        let (now, times) = (self.now, self.config.times);
        let Some(client) = self.clients.get_mut(&invite) else { return };
        let Machine::Invite(machine) = &mut client.machine else { return };
        if !machine.is_proceeding() || client.cancel.is_some() {
            return;
        }
        machine.cancelled(now, &times);
        let (way, branch) = (client.way, client.branch.clone());
        self.schedule_client(invite);
        let via = self.via(&way, &branch);
        let Some(of_invite) = self.client_draft(invite) else { return };
        let bytes = of_invite.write_companion("CANCEL", &via, &of_invite.to, &self.config.user_agent, fields);
        let draft = Draft { method: "CANCEL".into(), ..Draft::default() };
        let id = self.number();
        let machine = Machine::Other(ClientNonInvite::new(now, &times, way.is_reliable()));
        if self.begin(id, branch, machine, Box::new(draft), way, bytes, Owner::Nobody).is_ok()
            && let Some(client) = self.clients.get_mut(&invite)
        {
            client.cancel = Some(id);
        }
    }

    pub(super) fn response_came(&mut self, flow: Flow, response: Response) {
        let headers = &response.headers;
        // More than one Via: the response is another's. RFC 3261 §8.1.3.3.
        if headers.values("Via").count() != 1 {
            return;
        }
        let (Ok(via), Ok(cseq)) = (headers.via_top(), headers.cseq()) else { return };
        let Some(branch) = via.branch() else { return };
        let Some(mut id) = branch.strip_prefix(COOKIE).and_then(|rest| rest.split_once('-')).and_then(|(id, _)| u64::from_str_radix(id, 16).ok()) else {
            return;
        };
        if self.clients.get(&id).is_none_or(|client| *client.branch != *branch) {
            return;
        }
        if cseq.method == "CANCEL" {
            let Some(cancel) = self.clients.get(&id).and_then(|client| client.cancel) else { return };
            id = cancel;
        }
        self.hear(id, &cseq.method, flow, response);
    }

    fn hear(&mut self, id: u64, method: &str, flow: Flow, response: Response) {
        let (now, times) = (self.now, self.config.times);
        let Some(client) = self.clients.get_mut(&id) else { return };
        if client.draft.as_ref().is_some_and(|draft| &*draft.method != method) {
            return;
        }
        let heard = match &mut client.machine {
            Machine::Invite(machine) => machine.hear(now, &times, response.status),
            Machine::Other(machine) => machine.hear(now, &times, response.status),
        };
        let owner = client.owner;
        match heard {
            Heard::Drop => return,
            Heard::AcknowledgeAgain => {
                let (way, ack) = (client.way, client.ack.clone());
                self.transmit(&way, None, ack);
                return;
            }
            Heard::Acknowledge => {
                let (way, branch) = (client.way, client.branch.clone());
                let via = self.via(&way, &branch);
                let to = response.headers.get("To").unwrap_or_default();
                let Some(client) = self.clients.get_mut(&id) else { return };
                let ack = client.draft.as_ref().map(|draft| draft.write_companion("ACK", &via, to, &self.config.user_agent, &Fields::default())).unwrap_or_default();
                client.bytes = Vec::new();
                if !way.is_reliable() {
                    client.ack.clone_from(&ack);
                }
                self.transmit(&way, None, ack);
            }
            Heard::Pass => {
                if response.status >= 200 {
                    client.bytes = Vec::new();
                    if method == "INVITE" {
                        let tag = to_tag(&response.headers);
                        if let Some((_, way, ack)) = client.acks.iter().find(|(known, ..)| *known == tag) {
                            let (way, ack) = (*way, ack.clone());
                            self.transmit(&way, None, ack);
                            return;
                        }
                        if client.acks.len() >= MOST_BRANCHES {
                            return;
                        }
                    }
                }
            }
        }
        // The draft of a request that is not answered with 2xx may go out once more, with credentials.
        let draft = if response.status >= 300 { self.clients.get_mut(&id).and_then(|client| client.draft.take()) } else { None };
        match owner {
            Owner::Placed(call) => self.placed_heard(id, call, flow, response, draft),
            Owner::Inside(call, request) => self.inside_heard(id, call, request, flow, response, draft),
            Owner::Bye(call) => self.bye_heard(id, call, &response, draft),
            Owner::Outside(request) => self.outside_heard(id, request, response, draft),
            Owner::Nobody => {}
        }
        self.schedule_client(id);
    }

    /// A request will not be answered.
    pub(super) fn client_lost(&mut self, id: u64, lost: &Lost) {
        let Some(client) = self.clients.get(&id) else { return };
        let (open, owner) = (client.machine.is_open(), client.owner);
        self.drop_client(id);
        if !open {
            return;
        }
        match owner {
            Owner::Placed(call) => self.placed_lost(call, lost),
            Owner::Inside(call, request) => self.inside_lost(id, call, request, lost),
            Owner::Bye(call) => self.forget(call),
            Owner::Outside(request) => self.replied(request, lost.status(), lost.reason(), None),
            Owner::Nobody => {}
        }
    }

    pub(super) fn client_tick(&mut self, id: u64) {
        let (now, times) = (self.now, self.config.times);
        let Some(client) = self.clients.get_mut(&id) else { return };
        let rings = matches!(&client.machine, Machine::Invite(machine) if machine.is_proceeding()) && client.cancel.is_none();
        let due = match &mut client.machine {
            Machine::Invite(machine) => machine.tick(now),
            Machine::Other(machine) => machine.tick(now, &times),
        };
        match due {
            Due::Nothing => {}
            Due::Repeat => {
                let (way, bytes) = (client.way, client.bytes.clone());
                self.transmit(&way, None, bytes);
            }
            // It rang too long: the peer is told that nobody waits.
            Due::TimedOut if rings => {
                let owner = client.owner;
                self.cancel(id, &Fields::default());
                if let Owner::Placed(call) = owner {
                    self.placed_given_up(call);
                }
                // Without room for the CANCEL there is nothing to wait for.
                if self.clients.get(&id).is_some_and(|client| client.cancel.is_none()) {
                    self.client_lost(id, &Lost::TimedOut);
                }
                return;
            }
            Due::TimedOut => return self.client_lost(id, &Lost::TimedOut),
            Due::Over => return self.drop_client(id),
        }
        self.schedule_client(id);
    }

    /// Sets the deadline anew; what is over at once, as on a connection, is dropped at once.
    fn schedule_client(&mut self, id: u64) {
        let Some(client) = self.clients.get_mut(&id) else { return };
        let due = client.machine.due();
        if !client.machine.is_open() && due.is_none_or(|due| due <= self.now) {
            return self.drop_client(id);
        }
        self.deadlines.set(Timer::Client(id), &mut client.due, due);
    }

    pub(super) fn set_client_way(&mut self, id: u64, way: Way) {
        let Some(client) = self.clients.get_mut(&id) else { return };
        client.way = way;
        if let Way::Flow(flow) = way
            && let Some(connection) = self.connections.get_mut(&flow.connection)
        {
            connection.clients.insert(id);
        }
    }

    fn drop_client(&mut self, id: u64) {
        let Some(mut client) = self.clients.remove(&id) else { return };
        // An INVITE that is over needs no CANCEL.
        if let Some(cancel) = client.cancel {
            self.drop_client(cancel);
        }
        self.deadlines.set(Timer::Client(id), &mut client.due, None);
        if let Way::Flow(flow) = client.way
            && let Some(connection) = self.connections.get_mut(&flow.connection)
        {
            connection.clients.remove(&id);
        }
    }

    pub(super) fn client_draft(&self, id: u64) -> Option<&Draft> {
        self.clients.get(&id).and_then(|client| client.draft.as_deref())
    }

    /// Whether no answer to an INVITE has been acknowledged yet.
    pub(super) fn is_unanswered(&self, id: u64) -> bool {
        self.clients.get(&id).is_some_and(|client| client.acks.is_empty())
    }

    pub(super) fn client_way(&self, id: u64) -> Option<Way> {
        self.clients.get(&id).map(|client| client.way)
    }

    pub(super) fn replied(&mut self, request: RequestId, status: u16, reason: &str, response: Option<Response>) {
        let reason = if reason.is_empty() { reason_phrase(status) } else { reason };
        self.event(Event::Replied { request, status, reason: reason.to_owned(), response: response.map(Box::new) });
    }
}
