use super::{super::stun::check, *};

/// Two peers and the time; the checks of browsers are made here, since both are lite.
struct Pair {
    peers: [Peer; 2],
    now: Instant,
    connected: [bool; 2],
    failed: [Option<Failure>; 2],
    /// Of the datagrams on their way, which ones are lost: every n-th.
    lose: usize,
    sent: usize,
}

#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the base only has to be some moment")]
fn identity() -> Arc<Identity> {
    Arc::new(Identity::new(std::time::Instant::now()).unwrap())
}

fn address(peer: usize) -> SocketAddr {
    ([192, 0, 2, 1], 4_000 + u16::try_from(peer).unwrap()).into()
}

fn fingerprint(identity: &Identity) -> Fingerprint {
    Fingerprint::parse(identity.fingerprint()).unwrap()
}

impl Pair {
    fn new() -> Self {
        let (first, second) = (identity(), identity());
        let mut chance = Chance::new(&[3; 32]);
        let mut peers = [Peer::new(&first, &mut chance), Peer::new(&second, &mut chance)];
        let now = Instant(1_000);
        let ufrags = [peers[0].credentials().ufrag.clone(), peers[1].credentials().ufrag.clone()];
        for (peer, (ufrag, (identity, role))) in peers.iter_mut().zip([(&ufrags[1], (&second, Setup::Active)), (&ufrags[0], (&first, Setup::Passive))]) {
            peer.connect(now, Remote { ufrag, fingerprint: fingerprint(identity), role });
        }
        Self { peers, now, connected: [false; 2], failed: [None, None], lose: 0, sent: 0 }
    }

    /// What a browser at the other side's address would send.
    fn check(&mut self, peer: usize) {
        let ours = self.peers[peer].credentials().clone();
        let username = format!("{}:{}", ours.ufrag, self.peers[1 - peer].credentials().ufrag);
        let mut bytes = check(&username, &ours.password, true, [9; 12]);
        let received = self.peers[peer].packet(self.now, address(1 - peer), &mut bytes);
        assert_eq!(received, Received::Nothing);
    }

    /// Carry what is to be carried, then let time pass to the next deadline, for `ms`.
    fn run(&mut self, ms: u64) {
        let end = self.now.plus(ms);
        loop {
            let mut quiet = true;
            for peer in 0..2 {
                while let Some(output) = self.peers[peer].poll() {
                    quiet = false;
                    match output {
                        Output::Connected => self.connected[peer] = true,
                        Output::Failed(failure) => self.failed[peer] = Some(failure),
                        Output::Send { to, mut bytes } => {
                            assert_eq!(to, address(1 - peer));
                            self.sent += 1;
                            let lost = self.lose > 0 && self.sent.is_multiple_of(self.lose);
                            if bytes[0] >= 20 && !lost {
                                self.peers[1 - peer].packet(self.now, address(peer), &mut bytes);
                            }
                        }
                    }
                }
            }
            if !quiet {
                continue;
            }
            let next = self.peers.iter().filter_map(Peer::deadline).min();
            let Some(next) = next.filter(|next| *next <= end) else { break };
            self.now = self.now.max(next);
            for peer in &mut self.peers {
                if peer.deadline().is_some_and(|at| at <= self.now) {
                    peer.timeout(self.now);
                }
            }
        }
        self.now = end;
    }

    fn connected() -> Self {
        let mut pair = Self::new();
        pair.check(0);
        pair.check(1);
        pair.run(100);
        assert_eq!((pair.connected, &pair.failed), ([true; 2], &[None, None]));
        pair
    }
}

fn rtp(sequence: u8) -> Vec<u8> {
    let mut packet = vec![0x80, 126, 0, sequence, 0, 0, 0, 160, 1, 2, 3, 4];
    packet.extend_from_slice(&[5; 160]);
    packet
}

#[test]
fn two_peers_shake_hands_and_exchange_packets() {
    let mut pair = Pair::connected();
    for from in 0..2 {
        let mut packet = rtp(1);
        assert_eq!(pair.peers[from].protect_rtp(&mut packet), Some(address(1 - from)));
        let now = pair.now;
        assert_eq!(pair.peers[1 - from].packet(now, address(from), &mut packet.clone()), Received::Rtp(&rtp(1)));
        assert_eq!(pair.peers[1 - from].packet(now, address(from), &mut packet), Received::Nothing, "repeated");
        let report = [0x80, 201, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8];
        let mut packet = report.to_vec();
        assert_eq!(pair.peers[from].protect_rtcp(&mut packet), Some(address(1 - from)));
        assert!(packet.len() <= report.len() + PROTECTION_BYTES);
        assert_eq!(pair.peers[1 - from].packet(now, address(from), &mut packet), Received::Rtcp(&report));
    }
}

#[test]
fn a_handshake_survives_loss() {
    for lose in 2..6 {
        let mut pair = Pair::new();
        pair.lose = lose;
        pair.check(0);
        pair.check(1);
        pair.run(15_000);
        assert_eq!((pair.connected, pair.failed), ([true; 2], [None, None]), "every {lose}th lost");
    }
}

#[test]
fn nothing_is_sent_to_an_address_that_was_not_checked() {
    let mut pair = Pair::new();
    pair.check(0);
    let mut hello = loop {
        match pair.peers[0].poll() {
            Some(Output::Send { bytes, .. }) if bytes[0] == 22 => break bytes,
            Some(_) => {}
            None => panic!("no ClientHello"),
        }
    };
    let stranger = ([198, 51, 100, 1], 9).into();
    assert_eq!(pair.peers[1].packet(pair.now, stranger, &mut hello), Received::Nothing);
    assert_eq!(pair.peers[1].poll(), None);
    let mut check = check("x:y", "guessed", true, [1; 12]);
    assert_eq!(pair.peers[1].packet(pair.now, stranger, &mut check), Received::Nothing);
    assert_eq!(pair.peers[1].poll(), None);
}

#[test]
fn a_packet_of_a_stranger_is_thrown_away() {
    let mut pair = Pair::connected();
    let mut packet = rtp(1);
    pair.peers[0].protect_rtp(&mut packet);
    let now = pair.now;
    assert_eq!(pair.peers[1].packet(now, ([198, 51, 100, 1], 9).into(), &mut packet.clone()), Received::Nothing);
    assert_eq!(pair.peers[1].packet(now, address(0), &mut packet), Received::Rtp(&rtp(1)));
}

#[test]
fn another_certificate_than_the_described_one_is_refused() {
    let mut pair = Pair::new();
    let ufrag = pair.peers[1].credentials().ufrag.clone();
    let remote = Remote { ufrag: &ufrag, fingerprint: fingerprint(&identity()), role: Setup::Active };
    pair.peers[0].connect(pair.now, remote);
    pair.check(0);
    pair.check(1);
    pair.run(1_000);
    assert_eq!(pair.failed[0], Some(Failure::Fingerprint));
    assert_eq!(pair.peers[0].protect_rtp(&mut rtp(1)), None);
}

#[test]
fn a_peer_that_ceases_to_check_has_lost_its_consent() {
    let mut pair = Pair::connected();
    pair.run(20_000);
    pair.check(1);
    pair.run(15_000);
    assert_eq!(pair.failed, [Some(Failure::ConsentLost), None]);
    assert_eq!(pair.peers[0].deadline(), None);
    pair.run(20_000);
    assert_eq!(pair.failed[1], Some(Failure::ConsentLost));
}

#[test]
fn a_peer_that_never_comes_is_given_up() {
    let mut pair = Pair::new();
    pair.run(29_000);
    assert_eq!(pair.failed, [None, None]);
    pair.run(2_000);
    assert_eq!(pair.failed, [Some(Failure::Unreached), Some(Failure::Unreached)]);
}

#[test]
fn a_peer_that_is_checked_but_silent_fails() {
    let mut pair = Pair::new();
    pair.lose = 1;
    for _ in 0..10 {
        pair.check(0);
        pair.check(1);
        pair.run(5_000);
    }
    assert!(matches!(pair.failed[0], Some(Failure::Dtls(_))));
}

#[test]
fn closing_tells_the_peer() {
    let mut pair = Pair::connected();
    pair.peers[0].close(pair.now);
    pair.run(100);
    assert_eq!(pair.failed, [None, Some(Failure::Closed)]);
    assert_eq!(pair.peers[0].protect_rtp(&mut rtp(1)), None);
}

#[test]
fn a_restart_keeps_the_keys() {
    let mut pair = Pair::connected();
    pair.peers[0].restart(&mut Chance::new(&[8; 32]));
    let ufrag = pair.peers[1].credentials().ufrag.clone();
    let fingerprint = pair.peers[0].remote.clone().unwrap().0;
    pair.peers[0].connect(pair.now, Remote { ufrag: &ufrag, fingerprint, role: Setup::Active });
    assert!(pair.peers[0].is_connected());
    let mut packet = rtp(1);
    assert!(pair.peers[0].protect_rtp(&mut packet).is_some());
    pair.check(0);
    pair.run(10);
    assert_eq!(pair.failed, [None, None]);
}

#[test]
fn no_datagram_makes_it_panic() {
    let mut chance = Chance::new(&[4; 32]);
    let mut pair = Pair::new();
    pair.check(0);
    pair.check(1);
    let mut flight = Vec::new();
    while let Some(output) = pair.peers[0].poll() {
        if let Output::Send { bytes, .. } = output {
            flight.push(bytes);
        }
    }
    for round in 0..2_000 {
        let [a, b, c, kind] = chance.bytes::<4>();
        let mut bytes = if kind < 128 { flight[usize::from(a) % flight.len()].clone() } else { chance.bytes::<200>().to_vec() };
        bytes[0] = if kind % 3 == 0 { b } else { bytes[0] };
        let at = usize::from(a) * 7 % bytes.len();
        bytes[at] = c;
        if kind % 5 == 0 {
            bytes.truncate(at);
        }
        pair.peers[1].packet(pair.now, address(0), &mut bytes);
        pair.now = pair.now.plus(1);
        if pair.peers[1].over || round % 50 == 0 {
            pair.peers[1] = Pair::new().peers.into_iter().nth(1).unwrap();
            pair.check(1);
        }
    }
}

#[test]
fn a_peer_may_be_driven_by_any_thread() {
    fn sent<T: Send>() {}
    sent::<Peer>();
}
