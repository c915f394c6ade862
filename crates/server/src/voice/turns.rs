//! Whose text is spoken next: accounts take turns, and none has more than its share of the places.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use tokio::sync::oneshot::{Sender, channel};

use crate::sessions::lock;

/// Places, and who waits for one.
pub struct Turns(Mutex<State>);

struct State {
    free: usize,
    /// Places that one account has at most.
    share: usize,
    accounts: BTreeMap<i64, Account>,
    /// Accounts that have a text waiting and less than their share, each once.
    turns: VecDeque<i64>,
}

#[derive(Default)]
struct Account {
    waiting: VecDeque<Sender<Turn>>,
    occupied: usize,
    in_turns: bool,
}

/// A place, until it is dropped.
pub struct Turn {
    turns: Arc<Turns>,
    account_id: i64,
}

impl Turns {
    pub fn new(places: usize, share: usize) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State { free: places, share, accounts: BTreeMap::new(), turns: VecDeque::new() })))
    }

    /// Waits for a place. Who does not wait any more has no turn.
    pub async fn take(self: &Arc<Self>, account_id: i64) -> Option<Turn> {
        let (sender, receiver) = channel();
        let called = lock(&self.0).push(account_id, sender);
        self.call(called);
        receiver.await.ok()
    }

    /// Outside of the lock: the place of somebody who went away meanwhile is given back at once.
    fn call(self: &Arc<Self>, called: Vec<(i64, Sender<Turn>)>) {
        for (account_id, sender) in called {
            drop(sender.send(Turn { turns: self.clone(), account_id }));
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let called = lock(&self.turns.0).release(self.account_id);
        self.turns.call(called);
    }
}

impl State {
    fn push(&mut self, account_id: i64, sender: Sender<Turn>) -> Vec<(i64, Sender<Turn>)> {
        let account = self.accounts.entry(account_id).or_default();
        account.waiting.retain(|waiting| !waiting.is_closed());
        account.waiting.push_back(sender);
        self.enter(account_id);
        self.serve()
    }

    fn release(&mut self, account_id: i64) -> Vec<(i64, Sender<Turn>)> {
        self.free += 1;
        if let Some(account) = self.accounts.get_mut(&account_id) {
            account.occupied = account.occupied.saturating_sub(1);
        }
        self.enter(account_id);
        self.serve()
    }

    /// Who has a place now.
    fn serve(&mut self) -> Vec<(i64, Sender<Turn>)> {
        let mut called = Vec::new();
        while self.free > 0
            && let Some(account_id) = self.turns.pop_front()
        {
            let Some(account) = self.accounts.get_mut(&account_id) else { continue };
            account.in_turns = false;
            account.waiting.retain(|waiting| !waiting.is_closed());
            if let Some(sender) = account.waiting.pop_front() {
                account.occupied += 1;
                self.free -= 1;
                called.push((account_id, sender));
            }
            self.enter(account_id);
        }
        called
    }

    fn enter(&mut self, account_id: i64) {
        let Some(account) = self.accounts.get_mut(&account_id) else { return };
        if account.waiting.is_empty() {
            if account.occupied == 0 && !account.in_turns {
                self.accounts.remove(&account_id);
            }
        } else if !account.in_turns && account.occupied < self.share {
            account.in_turns = true;
            self.turns.push_back(account_id);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::pin::Pin;

    use super::*;

    type Waiting = Pin<Box<dyn Future<Output = Option<Turn>>>>;

    fn waiting(turns: &Arc<Turns>, account_id: i64) -> Waiting {
        let turns = turns.clone();
        let mut waiting: Waiting = Box::pin(async move { turns.take(account_id).await });
        assert!(now(&mut waiting).is_none());
        waiting
    }

    /// What a future has to say without waiting.
    fn now(future: &mut Waiting) -> Option<Turn> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(turn) => turn,
            std::task::Poll::Pending => None,
        }
    }

    fn is_empty(turns: &Arc<Turns>) -> bool {
        let state = lock(&turns.0);
        state.accounts.is_empty() && state.turns.is_empty() && state.free == 4
    }

    #[tokio::test]
    async fn an_account_has_no_more_than_its_share_whatever_waits() {
        let turns = Turns::new(4, 2);
        let held = [turns.take(1).await, turns.take(1).await];
        let mut more: Vec<_> = (0..10).map(|_| waiting(&turns, 1)).collect();
        let other = turns.take(2).await;
        assert!(other.is_some() && now(&mut more[0]).is_none());
        drop(held);
        let next: Vec<bool> = more.iter_mut().map(|waiting| now(waiting).is_some()).collect();
        assert_eq!(next.iter().filter(|is_called| **is_called).count(), 10, "one after the other, each as the one before is done");
        drop((more, other));
        assert!(is_empty(&turns));
    }

    #[tokio::test]
    async fn accounts_take_turns() {
        let turns = Turns::new(4, 2);
        let mut held = [turns.take(8).await, turns.take(8).await, turns.take(9).await, turns.take(9).await].map(Option::unwrap).into_iter();
        let mut waiting: Vec<_> = [1, 1, 1, 2].map(|account_id| waiting(&turns, account_id)).into();
        let mut order = Vec::new();
        let mut called = Vec::new();
        for _ in 0..3 {
            drop(held.next());
            for (place, waiting) in waiting.iter_mut().enumerate() {
                if !order.contains(&place)
                    && let Some(turn) = now(waiting)
                {
                    order.push(place);
                    called.push(turn);
                }
            }
        }
        assert_eq!(order, [0, 3, 1]);
        drop((called, held, waiting));
        assert!(is_empty(&turns));
    }

    #[tokio::test]
    async fn who_went_away_holds_no_place() {
        let turns = Turns::new(4, 2);
        let mut held = vec![turns.take(1).await, turns.take(1).await];
        let (gone, mut stays) = (waiting(&turns, 1), waiting(&turns, 1));
        drop(gone);
        held.pop();
        let turn = now(&mut stays);
        assert!(turn.is_some());
        let called_and_gone = waiting(&turns, 1);
        drop(turn);
        drop((called_and_gone, held));
        assert!(is_empty(&turns));
    }
}
