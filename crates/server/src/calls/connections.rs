//! The table of all connections that carry SIP. Nobody who proves nothing takes the place of others: such connections are few from one
//! address and one network, have a short time, and are the first to go. Those that we open have places of their own, so that authors, who
//! choose where they go, take none from phones.

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

/// Accepted ones, all together.
const ACCEPTED: Most = Most { all: 10_000, unproved: 10_000 };

/// From one address: as many browsers as an office may have, and those of them that come back at once.
const OF_ADDRESS: Most = Most { all: 1_000, unproved: 128 };

/// From one network (`switch::prefix`).
const OF_NETWORK: Most = Most { all: 4_000, unproved: 512 };

/// To where authors want them, all together.
const OPENED: Most = Most { all: 1_000, unproved: 0 };

/// Of them, those to one address: the agent has one for each port, and a provider has few of SIP.
const TO_ADDRESS: Most = Most { all: 16, unproved: 0 };

/// Of them, those to one network: a provider has many addresses in one.
const TO_NETWORK: Most = Most { all: 128, unproved: 0 };

/// To the operator's trunk: one for each of its addresses.
const TO_TRUNK: Most = Most { all: 64, unproved: 0 };

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
    counts: BTreeMap<Key, Count>,
}

struct Open {
    keys: Vec<Key>,
    sender: mpsc::Sender<Vec<u8>>,
    proof: Proof,
}

/// Who wanted a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The peer, who has to prove himself.
    Peer,
    /// An author, who chose where it goes.
    Author,
    /// The operator: it goes to his trunk.
    Operator,
}

/// What connections are counted by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Accepted,
    FromAddress(IpAddr),
    FromNetwork(IpAddr),
    Opened,
    ToAddress(IpAddr),
    ToNetwork(IpAddr),
    ToTrunk,
}

#[derive(Default)]
struct Count {
    all: usize,
    /// Their numbers; the lowest is the oldest.
    unproved: BTreeSet<u64>,
}

impl Key {
    fn of(side: Side, remote: SocketAddr) -> Vec<Self> {
        let (address, network) = (switch::holder(remote.ip()), switch::prefix(remote.ip()));
        match side {
            Side::Peer => vec![Self::FromAddress(address), Self::FromNetwork(network), Self::Accepted],
            Side::Author => vec![Self::ToAddress(address), Self::ToNetwork(network), Self::Opened],
            Side::Operator => vec![Self::ToTrunk],
        }
    }

    fn most(self) -> Most {
        match self {
            Self::Accepted => ACCEPTED,
            Self::FromAddress(_) => OF_ADDRESS,
            Self::FromNetwork(_) => OF_NETWORK,
            Self::Opened => OPENED,
            Self::ToAddress(_) => TO_ADDRESS,
            Self::ToNetwork(_) => TO_NETWORK,
            Self::ToTrunk => TO_TRUNK,
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
        for key in open.keys {
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
    /// A place for a connection, or `None` where others that nobody may displace have them all. `idle` is how long it may be silent once it
    /// is proved, as one that we open is.
    pub fn enter(&self, remote: SocketAddr, side: Side, idle: Duration) -> Option<Place> {
        let mut table = lock(&self.0);
        let (keys, proved) = (Key::of(side, remote), side != Side::Peer);
        if !keys.iter().all(|key| table.make_room(*key, proved)) {
            return None;
        }
        table.last += 1;
        let number = table.last;
        let (sender, outgoing) = mpsc::channel(OUTGOING);
        let proof = Proof(Arc::new(AtomicBool::new(proved)));
        for key in &keys {
            let count = table.counts.entry(*key).or_default();
            count.all += 1;
            if !proved {
                count.unproved.insert(number);
            }
        }
        table.open.insert(number, Open { keys, sender, proof: proof.clone() });
        Some(Place { number, outgoing, patience: Patience { began: Instant::now(), spoke: None, proof: proof.clone(), idle }, proof })
    }

    /// Somebody proved who he is over this connection.
    pub fn proved(&self, flow: Flow) {
        let mut table = lock(&self.0);
        let Table { open, counts, .. } = &mut *table;
        let Some(open) = open.get(&flow.connection) else { return };
        open.proof.0.store(true, Ordering::Relaxed);
        for key in &open.keys {
            if let Some(count) = counts.get_mut(key) {
                count.unproved.remove(&flow.connection);
            }
        }
    }

    pub fn len(&self) -> usize {
        lock(&self.0).open.len()
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
        connections.enter(remote(address), Side::Peer, UNPROVED_TIME)
    }

    fn is_closed(place: &Place) -> bool {
        place.outgoing.is_closed()
    }

    fn is_empty(table: &Table) -> bool {
        (table.open.len(), table.counts.len()) == (0, 0)
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
        assert_eq!(connections.enter("[2001:db8::1]:1".parse().unwrap(), Side::Peer, IDLE).map(|place| place.number), Some(others.number + 7 + 512 + 1));
    }

    const IDLE: Duration = Duration::from_secs(600);

    #[tokio::test]
    async fn a_full_table_has_room_for_a_newcomer_as_long_as_anybody_has_proved_nothing() {
        let connections = Connections::default();
        let address = |at: usize| [10, u8::try_from(at / 65_536).unwrap(), u8::try_from(at / 256 % 256).unwrap(), u8::try_from(at % 256).unwrap()];
        let places: Vec<Place> = (0..ACCEPTED.all).map(|at| enter(&connections, address(at * 16)).unwrap()).collect();
        let phone = enter(&connections, [192, 0, 2, 1]).unwrap();
        assert_eq!(places.iter().position(|place| !is_closed(place)), Some(1));
        for place in &places[1..] {
            connections.proved(flow(place.number));
        }
        assert!(enter(&connections, [192, 0, 2, 3]).is_some() && is_closed(&phone));
        let unproved = lock(&connections.0).counts[&Key::Accepted].unproved.clone();
        for place in unproved {
            connections.proved(flow(place));
        }
        assert!(enter(&connections, [192, 0, 2, 2]).is_none(), "nobody who proved himself makes room for a stranger");
    }

    #[tokio::test]
    async fn an_address_has_its_bound_whatever_it_proves() {
        let connections = Connections::default();
        let places: Vec<Place> =
            (0..OF_ADDRESS.all).map(|_| enter(&connections, [192, 0, 2, 1]).unwrap()).inspect(|place| connections.proved(flow(place.number))).collect();
        assert!(enter(&connections, [192, 0, 2, 1]).is_none());
        assert!(enter(&connections, [192, 0, 2, 2]).is_some());
        connections.close(flow(places[7].number));
        assert!(enter(&connections, [192, 0, 2, 1]).is_some());
    }

    #[tokio::test]
    async fn what_authors_open_takes_no_place_of_phones_nor_of_the_trunk_and_has_its_bounds() {
        let connections = Connections::default();
        let open = |side, address: [u8; 4], port: u16| connections.enter((address, port).into(), side, IDLE);
        let mut places: Vec<Place> = (0..100).map_while(|port| open(Side::Author, [192, 0, 2, 1], 5_000 + port)).collect();
        assert_eq!(places.len(), TO_ADDRESS.all);
        places.extend((2..250).map_while(|last| open(Side::Author, [192, 0, 2, last], 5_060)));
        assert_eq!(places.len(), TO_NETWORK.all);
        places.extend((0..u16::MAX).map_while(|at| open(Side::Author, [10, at.to_be_bytes()[0], at.to_be_bytes()[1], 1], 5_060)));
        assert_eq!(places.len(), OPENED.all);
        assert!(open(Side::Operator, [192, 0, 2, 1], 5_060).is_some());
        let phones: Vec<Place> =
            (0..OF_ADDRESS.all).map(|_| enter(&connections, [192, 0, 2, 1]).unwrap()).inspect(|phone| connections.proved(flow(phone.number))).collect();
        assert!(!places.iter().chain(&phones).any(is_closed));
        connections.leave(places[0].number);
        assert!(open(Side::Author, [192, 0, 2, 1], 5_061).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_buys_half_a_minute_and_a_proof_the_rest() {
        let connections = Connections::default();
        let mut place = connections.enter(remote([192, 0, 2, 1]), Side::Peer, IDLE).unwrap();
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
        let opened = connections.enter(remote([192, 0, 2, 1]), Side::Author, IDLE).unwrap();
        assert_eq!(opened.patience.until(), Instant::now() + IDLE);
    }
}
