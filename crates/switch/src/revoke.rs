//! Users that must prove themselves again: their registrations and connections end, and so does what is being looked up for them.

use std::collections::BTreeMap;

use crate::{
    io::{Found, Question, Revoked, Ticket, User},
    place::aor,
    switch::{Switch, Waiting},
};

/// Accounts that are remembered while look-ups are under way; beyond it all look-ups of the moment are outdated.
const ACCOUNTS: usize = 10_000;

/// Which look-ups have read what is no longer so.
#[derive(Debug, Default)]
pub(crate) struct Outdated {
    /// By account, the number before which its look-ups began.
    accounts: BTreeMap<i64, u64>,
    all: u64,
}

impl Outdated {
    fn set(&mut self, account_id: i64, number: u64, oldest: Option<Ticket>) {
        self.accounts.retain(|_, before| oldest.is_some_and(|oldest| oldest.0 <= *before));
        if oldest.is_none() {
            return;
        }
        if self.accounts.len() >= ACCOUNTS {
            self.accounts.clear();
            self.all = number;
        }
        self.accounts.insert(account_id, number);
    }

    fn is(&self, ticket: Ticket, account_id: i64) -> bool {
        ticket.0 <= self.all || self.accounts.get(&account_id).is_some_and(|before| ticket.0 <= *before)
    }
}

impl Revoked {
    fn account_id(&self) -> i64 {
        match self {
            Self::User { account_id, .. } | Self::Application { account_id, .. } | Self::Account { account_id } => *account_id,
        }
    }

    fn is(&self, user: &User) -> bool {
        match self {
            Self::User { user_id, .. } => user.user_id == Some(*user_id),
            Self::Application { application_id, .. } => user.application_id == *application_id,
            Self::Account { account_id } => user.account_id == *account_id,
        }
    }
}

impl Switch {
    pub(crate) fn revoke(&mut self, revoked: &Revoked) {
        match revoked {
            Revoked::User { account_id, application_id, name, .. } => drop(self.registrar.remove(&aor(*account_id, *application_id, name))),
            Revoked::Application { account_id, application_id } => self.registrar.remove_all(&aor(*account_id, *application_id, "")),
            Revoked::Account { account_id } => self.registrar.remove_all(&format!("{account_id}/")),
        }
        for flow in self.gate.bound(|user| revoked.is(user)) {
            self.close(flow);
        }
        let number = self.number();
        self.outdated.set(revoked.account_id(), number, self.waiting.keys().next().copied());
    }

    /// What was found, if it is still so. Otherwise a user is to be looked up again, and a credential is none.
    pub(crate) fn still(&self, ticket: Ticket, waiting: &Waiting, found: Found) -> Result<Found, Question> {
        let (request, taker) = match waiting {
            Waiting::Arrival(call) => match self.arrivals.get(call) {
                Some(arrival) => (&arrival.request, arrival.taker()),
                None => return Ok(found),
            },
            Waiting::Request(pending) => (&pending.message, pending.taking.as_deref()),
            Waiting::Placing(_) => return Ok(found),
        };
        match (found, taker) {
            (Found::User(Some(user)), _) if self.outdated.is(ticket, user.account_id) => self.gate.question(request).map_or(Ok(Found::Failed), Err),
            (Found::Taken(_), Some(user)) if self.outdated.is(ticket, user.account_id) => Ok(Found::Taken(false)),
            (found, _) => Ok(found),
        }
    }
}
