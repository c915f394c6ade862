//! The table of all connections that carry SIP. Nobody who proves nothing takes the place of others: such connections are few from one
//! address and one network, have a short time, and are the first to go.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use cordboard_sip::Flow;
use cordboard_switch as switch;
use tokio::{sync::mpsc, time::Instant};

use super::Calls;
use crate::sessions::lock;

/// How many connections there may be.
struct Most {
    all: usize,
    /// Of them, those over which nobody has proved who he is.
    unproved: usize,
}

/// All together.
const CONNECTIONS: usize = 10_000;

/// From one address: as many browsers as an office may have, and those of them that come back at once.
const OF_ADDRESS: Most = Most { all: 1_000, unproved: 128 };

/// From one network (`switch::prefix`).
const OF_NETWORK: Most = Most { all: 4_000, unproved: 512 };

/// Messages that wait to be sent over one connection; a peer that takes none of them is cut off.
const OUTGOING: usize = 256;

/// How long an accepted connection may be silent before it says anything.
const FIRST_TIME: Duration = Duration::from_secs(10);

/// How long a connection lasts over which nobody proves who he is: what a transaction takes at most (64 × T1, RFC 3261 §17.1.1.2).
const UNPROVED_TIME: Duration = Duration::from_secs(32);

#[derive(Default)]
pub struct Connections(Mutex<Table>);

#[derive(Default)]
struct Table {
    last: u64,
    open: BTreeMap<u64, Open>,
    /// Their numbers; the lowest is the oldest.
    unproved: BTreeSet<u64>,
    counts: BTreeMap<Key, Count>,
}

struct Open {
    remote: SocketAddr,
    sender: mpsc::Sender<Vec<u8>>,
    proof: Proof,
}

/// What connections are counted by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Address(IpAddr),
    Network(IpAddr),
}

#[derive(Default)]
struct Count {
    all: usize,
    unproved: BTreeSet<u64>,
}

impl Key {
    fn of(remote: SocketAddr) -> [Self; 2] {
        [Self::Address(switch::holder(remote.ip())), Self::Network(switch::prefix(remote.ip()))]
    }

    fn most(self) -> Most {
        match self {
            Self::Address(_) => OF_ADDRESS,
            Self::Network(_) => OF_NETWORK,
        }
    }
}

/// A place among the connections. What is sent comes out of `outgoing`, which ends when nothing can reach the connection any more.
pub struct Place {
    pub number: u64,
    pub outgoing: mpsc::Receiver<Vec<u8>>,
    pub patience: Patience,
    pub proof: Proof,
}

/// Whether somebody proved who he is over a connection, or we opened it.
#[derive(Clone)]
pub struct Proof(Arc<AtomicBool>);

impl Proof {
    pub fn is_given(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How long a connection may say nothing.
pub struct Patience {
    began: Instant,
    /// When it said something last.
    spoke: Option<Instant>,
    proof: Proof,
    idle: Duration,
}

impl Patience {
    /// Until when it must say something: else it is closed, or idle once it is proved.
    pub fn until(&self) -> Instant {
        match self.spoke {
            _ if self.proof.is_given() => self.spoke.unwrap_or(self.began) + self.idle,
            Some(_) => self.began + UNPROVED_TIME,
            None => self.began + FIRST_TIME,
        }
    }

    pub fn is_over(&self) -> bool {
        self.until() <= Instant::now()
    }

    pub fn spoke(&mut self) {
        self.spoke = Some(Instant::now());
    }

    pub fn has_spoken(&self) -> bool {
        self.spoke.is_some()
    }
}

impl Table {
    /// Makes room for one more under a key, by closing the oldest one there over which nobody proved anything.
    fn make_room(&mut self, key: Key, proved: bool) -> bool {
        let Some(count) = self.counts.get(&key) else { return true };
        let most = key.most();
        if count.all < most.all && (proved || count.unproved.len() < most.unproved) {
            return true;
        }
        let oldest = count.unproved.first().copied();
        oldest.is_some_and(|oldest| self.remove(oldest))
    }

    fn remove(&mut self, number: u64) -> bool {
        let Some(open) = self.open.remove(&number) else { return false };
        self.unproved.remove(&number);
        for key in Key::of(open.remote) {
            if let Some(count) = self.counts.get_mut(&key) {
                count.all -= 1;
                count.unproved.remove(&number);
                if count.all == 0 {
                    self.counts.remove(&key);
                }
            }
        }
        true
    }
}

impl Connections {
    /// A place for a connection, or `None` where others over which somebody proved himself have them all. `proved`: we opened it. `idle` is
    /// how long it may be silent once it is proved.
    pub fn enter(&self, remote: SocketAddr, proved: bool, idle: Duration) -> Option<Place> {
        let mut table = lock(&self.0);
        if !Key::of(remote).into_iter().all(|key| table.make_room(key, proved)) {
            return None;
        }
        if table.open.len() >= CONNECTIONS {
            let oldest = table.unproved.first().copied()?;
            table.remove(oldest);
        }
        table.last += 1;
        let number = table.last;
        let (sender, outgoing) = mpsc::channel(OUTGOING);
        let proof = Proof(Arc::new(AtomicBool::new(proved)));
        table.open.insert(number, Open { remote, sender, proof: proof.clone() });
        if !proved {
            table.unproved.insert(number);
        }
        for key in Key::of(remote) {
            let count = table.counts.entry(key).or_default();
            count.all += 1;
            if !proved {
                count.unproved.insert(number);
            }
        }
        Some(Place { number, outgoing, patience: Patience { began: Instant::now(), spoke: None, proof: proof.clone(), idle }, proof })
    }

    /// Somebody proved who he is over this connection.
    pub fn proved(&self, flow: Flow) {
        let mut table = lock(&self.0);
        let number = flow.connection;
        let Some(open) = table.open.get(&number) else { return };
        open.proof.0.store(true, Ordering::Relaxed);
        let keys = Key::of(open.remote);
        if table.unproved.remove(&number) {
            for key in keys {
                if let Some(count) = table.counts.get_mut(&key) {
                    count.unproved.remove(&number);
                }
            }
        }
    }

    pub fn leave(&self, number: u64) {
        lock(&self.0).remove(number);
    }

    pub fn send(&self, flow: Flow, bytes: Vec<u8>) {
        let mut table = lock(&self.0);
        let refused = table.open.get(&flow.connection).is_some_and(|open| open.sender.try_send(bytes).is_err());
        if refused {
            // Its task ends with its queue, and the switch hears of that.
            table.remove(flow.connection);
            tracing::info!("a SIP connection of {} takes nothing and is closed", flow.remote);
        }
    }

    /// The task of the connection ends when nothing can reach it any more.
    pub fn close(&self, flow: Flow) {
        self.leave(flow.connection);
    }
}

/// Waits where the switch's queue is full: a stream must not lose anything.
pub async fn put(calls: &Arc<Calls>, input: switch::Input) {
    let mut input = input;
    while let Err(back) = calls.queue.offer(input) {
        input = *back;
        #[allow(clippy::disallowed_methods)] // A queue between threads wakes no task.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(address: [u8; 4]) -> SocketAddr {
        (address, 5_060).into()
    }

    fn flow(number: u64) -> Flow {
        Flow { transport: cordboard_sip::Transport::Tcp, local: remote([127, 0, 0, 1]), remote: remote([127, 0, 0, 1]), connection: number }
    }

    fn enter(connections: &Connections, address: [u8; 4]) -> Option<Place> {
        connections.enter(remote(address), false, UNPROVED_TIME)
    }

    fn is_closed(place: &Place) -> bool {
        place.outgoing.is_closed()
    }

    fn is_empty(table: &Table) -> bool {
        (table.open.len(), table.unproved.len(), table.counts.len()) == (0, 0, 0)
    }

    #[tokio::test]
    async fn strangers_of_an_address_displace_the_oldest_of_their_own() {
        let connections = Connections::default();
        let neighbour = enter(&connections, [192, 0, 2, 2]).unwrap();
        let phone = enter(&connections, [192, 0, 2, 1]).unwrap();
        connections.proved(flow(phone.number));
        let places: Vec<Place> = (0..OF_ADDRESS.unproved + 5).map(|_| enter(&connections, [192, 0, 2, 1]).unwrap()).collect();
        assert_eq!(places.iter().map(is_closed).collect::<Vec<_>>(), (0..places.len()).map(|at| at < 5).collect::<Vec<_>>());
        assert!(!is_closed(&phone) && !is_closed(&neighbour));
        places.iter().chain([&phone, &neighbour]).for_each(|place| connections.leave(place.number));
        assert!(is_empty(&lock(&connections.0)));
    }

    #[tokio::test]
    async fn a_network_has_no_more_places_than_its_own() {
        let connections = Connections::default();
        let others = enter(&connections, [198, 51, 100, 1]).unwrap();
        let places: Vec<Place> = (0..OF_NETWORK.unproved + 7).map(|at| enter(&connections, [192, 0, 2, u8::try_from(at % 250).unwrap()]).unwrap()).collect();
        assert_eq!(places.iter().filter(|place| is_closed(place)).count(), 7);
        assert!(!is_closed(&others));
        assert_eq!(connections.enter("[2001:db8::1]:1".parse().unwrap(), false, IDLE).map(|place| place.number), Some(others.number + 7 + 512 + 1));
    }

    const IDLE: Duration = Duration::from_secs(600);

    #[tokio::test]
    async fn a_full_table_has_room_for_a_newcomer_as_long_as_anybody_has_proved_nothing() {
        let connections = Connections::default();
        let address = |at: usize| [10, u8::try_from(at / 65_536).unwrap(), u8::try_from(at / 256 % 256).unwrap(), u8::try_from(at % 256).unwrap()];
        let places: Vec<Place> = (0..CONNECTIONS).map(|at| enter(&connections, address(at * 16)).unwrap()).collect();
        let phone = enter(&connections, [192, 0, 2, 1]).unwrap();
        assert_eq!(places.iter().position(|place| !is_closed(place)), Some(1));
        for place in &places[1..] {
            connections.proved(flow(place.number));
        }
        assert!(enter(&connections, [192, 0, 2, 3]).is_some() && is_closed(&phone));
        let unproved = lock(&connections.0).unproved.clone();
        for place in unproved {
            connections.proved(flow(place));
        }
        assert!(enter(&connections, [192, 0, 2, 2]).is_none(), "nobody who proved himself makes room for a stranger");
    }

    #[tokio::test]
    async fn an_address_has_its_bound_whatever_it_proves() {
        let connections = Connections::default();
        let places: Vec<Place> = (0..OF_ADDRESS.all).map(|_| connections.enter(remote([192, 0, 2, 1]), true, IDLE).unwrap()).collect();
        assert!(enter(&connections, [192, 0, 2, 1]).is_none());
        assert!(enter(&connections, [192, 0, 2, 2]).is_some());
        connections.close(flow(places[7].number));
        assert!(enter(&connections, [192, 0, 2, 1]).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_buys_half_a_minute_and_a_proof_the_rest() {
        let connections = Connections::default();
        let mut place = connections.enter(remote([192, 0, 2, 1]), false, IDLE).unwrap();
        let began = Instant::now();
        assert_eq!(place.patience.until(), began + FIRST_TIME);
        for _ in 0..20 {
            tokio::time::advance(Duration::from_secs(1)).await;
            place.patience.spoke();
            assert_eq!(place.patience.until(), began + UNPROVED_TIME);
        }
        connections.proved(flow(place.number));
        assert_eq!(place.patience.until(), began + Duration::from_secs(20) + IDLE);
        assert!(!place.patience.is_over());
        let opened = connections.enter(remote([192, 0, 2, 1]), true, IDLE).unwrap();
        assert_eq!(opened.patience.until(), Instant::now() + IDLE);
    }
}
