//! Whose session runs next: accounts take turns, and none has more than its share of the threads. Of one account, sessions that
//! run go before those that begin: a call that was answered hears of its events soon, and too many calls wait to be answered.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

/// Threads that one account's sessions occupy at most, those that burn after their session's end included.
pub const THREADS_PER_ACCOUNT: usize = 8;

/// Of so many sessions of an account at least one is one that begins, while some wait to.
const BEGINNING_SHARE: usize = 8;

/// Sessions that have something to do.
pub struct Queue<T> {
    accounts: BTreeMap<i64, Account<T>>,
    /// Accounts that have a session waiting and a thread left, each once.
    turns: VecDeque<i64>,
}

struct Account<T> {
    running: VecDeque<Arc<T>>,
    beginning: VecDeque<Arc<T>>,
    /// Those that run which had their turn before one that begins.
    overtook: usize,
    occupied: usize,
    /// Those of the occupied threads that were given up.
    burning: usize,
    in_turns: bool,
}

impl<T> Account<T> {
    fn new() -> Self {
        Self { running: VecDeque::new(), beginning: VecDeque::new(), overtook: 0, occupied: 0, burning: 0, in_turns: false }
    }

    fn is_empty(&self) -> bool {
        self.running.is_empty() && self.beginning.is_empty()
    }

    fn pop(&mut self) -> Option<Arc<T>> {
        if !self.beginning.is_empty() && (self.running.is_empty() || self.overtook + 1 >= BEGINNING_SHARE) {
            self.overtook = 0;
            return self.beginning.pop_front();
        }
        self.overtook += usize::from(!self.beginning.is_empty());
        self.running.pop_front()
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { accounts: BTreeMap::new(), turns: VecDeque::new() }
    }
}

impl<T> Queue<T> {
    /// Puts a session behind the others of its account that begin, or run, as it does. It is given back when all threads that
    /// the account may have burn: nobody can tell when, or whether, one returns.
    pub fn push(&mut self, account_id: i64, item: Arc<T>, begins: bool) -> Result<(), Arc<T>> {
        let account = self.accounts.entry(account_id).or_insert_with(Account::new);
        if account.burning >= THREADS_PER_ACCOUNT {
            return Err(item);
        }
        let list = if begins { &mut account.beginning } else { &mut account.running };
        list.push_back(item);
        self.enter(account_id);
        Ok(())
    }

    /// A thread of the account was given up. With the last of its threads go the sessions that wait.
    pub fn burns(&mut self, account_id: i64) -> Vec<Arc<T>> {
        let Some(account) = self.accounts.get_mut(&account_id) else { return Vec::new() };
        account.burning += 1;
        if account.burning < THREADS_PER_ACCOUNT { Vec::new() } else { account.running.drain(..).chain(account.beginning.drain(..)).collect() }
    }

    /// A thread that was given up has come back.
    pub fn returned(&mut self, account_id: i64) {
        if let Some(account) = self.accounts.get_mut(&account_id) {
            account.burning = account.burning.saturating_sub(1);
        }
        self.release(account_id);
    }

    /// The next session, whose account occupies one thread more until `release`.
    pub fn pop(&mut self) -> Option<Arc<T>> {
        let account_id = self.turns.pop_front()?;
        let account = self.accounts.get_mut(&account_id)?;
        account.in_turns = false;
        let item = account.pop();
        account.occupied += usize::from(item.is_some());
        self.enter(account_id);
        item
    }

    /// A thread of the account is free again.
    pub fn release(&mut self, account_id: i64) {
        if let Some(account) = self.accounts.get_mut(&account_id) {
            account.occupied = account.occupied.saturating_sub(1);
            if account.occupied == 0 && account.is_empty() {
                self.accounts.remove(&account_id);
            }
        }
        self.enter(account_id);
    }

    /// Whether somebody could run at once if there were a thread.
    pub fn is_waiting(&self) -> bool {
        !self.turns.is_empty()
    }

    fn enter(&mut self, account_id: i64) {
        if let Some(account) = self.accounts.get_mut(&account_id)
            && !account.in_turns
            && !account.is_empty()
            && account.occupied < THREADS_PER_ACCOUNT
        {
            account.in_turns = true;
            self.turns.push_back(account_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn popped(queue: &mut Queue<u32>) -> Option<u32> {
        queue.pop().map(|item| *item)
    }

    #[test]
    fn accounts_take_turns() {
        let mut queue = Queue::default();
        for item in [10, 11, 12] {
            queue.push(1, Arc::new(item), false).unwrap();
        }
        queue.push(2, Arc::new(20), false).unwrap();
        assert_eq!([popped(&mut queue), popped(&mut queue), popped(&mut queue), popped(&mut queue)], [Some(10), Some(20), Some(11), Some(12)]);
        assert_eq!(popped(&mut queue), None);
    }

    #[test]
    fn sessions_that_run_go_before_those_that_begin_but_do_not_hold_them_up_for_ever() {
        let mut queue = Queue::default();
        for item in 0..3 {
            queue.push(1, Arc::new(100 + item), true).unwrap();
        }
        for item in 0..20 {
            queue.push(1, Arc::new(item), false).unwrap();
        }
        let order: Vec<u32> = (0..23)
            .filter_map(|_| {
                let item = popped(&mut queue);
                queue.release(1);
                item
            })
            .collect();
        assert_eq!(order, [0, 1, 2, 3, 4, 5, 6, 100, 7, 8, 9, 10, 11, 12, 13, 101, 14, 15, 16, 17, 18, 19, 102]);
    }

    #[test]
    fn an_account_occupies_no_more_than_its_share() {
        let mut queue = Queue::default();
        for item in 0..20 {
            queue.push(1, Arc::new(item), false).unwrap();
        }
        for item in 0..8 {
            assert_eq!(popped(&mut queue), Some(item));
        }
        assert_eq!((popped(&mut queue), queue.is_waiting()), (None, false));
        queue.push(2, Arc::new(100), false).unwrap();
        assert_eq!(popped(&mut queue), Some(100));
        queue.release(1);
        assert_eq!((queue.is_waiting(), popped(&mut queue), popped(&mut queue)), (true, Some(8), None));
    }

    #[test]
    fn an_account_without_work_is_forgotten() {
        let mut queue = Queue::default();
        queue.push(1, Arc::new(1), false).unwrap();
        assert_eq!(popped(&mut queue), Some(1));
        queue.release(1);
        assert!(queue.accounts.is_empty() && queue.turns.is_empty());
    }

    #[test]
    fn sessions_behind_threads_that_all_burn_do_not_wait() {
        let mut queue = Queue::default();
        for item in 0..10 {
            queue.push(1, Arc::new(item), false).unwrap();
        }
        for _ in 0..8 {
            popped(&mut queue);
        }
        for _ in 0..7 {
            assert!(queue.burns(1).is_empty());
        }
        assert_eq!(queue.burns(1).iter().map(|item| **item).collect::<Vec<_>>(), [8, 9]);
        assert!(queue.push(1, Arc::new(10), false).is_err());
        queue.returned(1);
        queue.push(1, Arc::new(11), false).unwrap();
        assert_eq!(popped(&mut queue), Some(11));
    }
}
