//! The message flows of RFC 3665 §3 between two user agents; flows through proxies are seen as their ends see them.

use super::{world::World, *};

fn pair() -> World {
    World::new(2, 3)
}

fn names(pairs: &[(usize, &str)]) -> Vec<(usize, String)> {
    pairs.iter().map(|(agent, name)| (*agent, (*name).to_owned())).collect()
}

/// §3.1, and §3.2 and §3.3 as their ends see them.
#[test]
fn successful_session_establishment() {
    let mut world = pair();
    let placed = world.place(0, 1);
    world.wait(20);
    let came = world.incoming(1);
    world.answer(1, came, 180);
    world.wait(20);
    world.answer(1, came, 200);
    world.wait(20);
    assert_eq!(world.happened(), names(&[(0, "Progress 180"), (0, "Answered"), (1, "Acknowledged")]));
    world.hang_up(1, came);
    world.wait(20);
    assert_eq!(world.happened(), names(&[(1, "Ended Local"), (0, "Ended Bye")]));
    world.hang_up(0, placed);
    world.wait(33_000);
    assert!(world.take().is_empty());
    world.assert_empty();
}

/// §3.8.
#[test]
fn unsuccessful_no_answer() {
    let mut world = pair();
    let placed = world.place(0, 1);
    world.wait(20);
    let came = world.incoming(1);
    world.answer(1, came, 180);
    world.wait(10_000);
    world.hang_up(0, placed);
    world.wait(20);
    assert_eq!(world.happened(), names(&[(0, "Progress 180"), (0, "Failed 487"), (1, "Ended Cancelled")]));
    world.wait(33_000);
    world.assert_empty();
}

/// §3.9, §3.11.
#[test]
fn unsuccessful_busy_and_temporarily_unavailable() {
    for status in [486, 480] {
        let mut world = pair();
        world.place(0, 1);
        world.wait(20);
        let came = world.incoming(1);
        world.answer(1, came, status);
        world.wait(20);
        assert_eq!(world.happened(), names(&[(1, "Ended Local"), (0, &format!("Failed {status}"))]));
        world.wait(33_000);
        world.assert_empty();
    }
}

/// §3.10.
#[test]
fn unsuccessful_no_response() {
    let mut world = pair();
    world.lost = 100;
    world.place(0, 1);
    world.wait(33_000);
    assert_eq!(world.happened(), names(&[(0, "Failed 408")]));
    world.assert_empty();
}

/// §3.7: with a re-INVITE.
#[test]
fn session_with_re_invite() {
    let mut world = pair();
    world.place(0, 1);
    world.wait(20);
    let came = world.incoming(1);
    world.answer(1, came, 200);
    world.wait(20);
    world.take();
    let request = world.agents[1].request();
    world.run(1, Command::Inside { call: came, request, method: "INVITE".to_owned(), headers: Vec::new(), body: sdp() });
    world.wait(20);
    let Some((0, Event::Requested { request, .. })) = world.events.pop() else { panic!() };
    world.run(0, Command::Reply { request, reply: Reply { status: 200, body: sdp(), ..Reply::default() } });
    world.wait(20);
    assert_eq!(world.happened(), names(&[(1, "Replied 200"), (0, "Acknowledged")]));
    world.hang_up(1, came);
    world.wait(33_000);
    world.assert_empty();
}

/// §3.6: an INVITE without an offer; the ACK of an agent that placed one has none either.
#[test]
fn an_invite_without_offer_is_answered_with_one() {
    let mut desk = Desk::new();
    let (call, tag) = desk.incoming();
    desk.run(Command::Answer { call, reply: Reply { status: 200, body: sdp(), ..Reply::default() } });
    assert_eq!(desk.response(200).body, b"v=0\r\n");
    desk.hear(&request("ACK", "a1", 1, &tag, "Content-Type: application/sdp\r\n\r\nv=0\r\n"));
    let Event::Acknowledged { body: Some((content_type, _)), .. } = desk.event() else { panic!() };
    assert_eq!(content_type, "application/sdp");
}

#[test]
fn crossing_re_invites_both_succeed_in_the_end() {
    let mut world = pair();
    let placed = world.place(0, 1);
    world.wait(20);
    let came = world.incoming(1);
    world.answer(1, came, 200);
    world.wait(20);
    world.take();
    for (agent, call) in [(0, placed), (1, came)] {
        let request = world.agents[agent].request();
        world.run(agent, Command::Inside { call, request, method: "INVITE".to_owned(), headers: Vec::new(), body: sdp() });
    }
    let mut replied = Vec::new();
    for _ in 0..1_000 {
        world.wait(10);
        for (agent, event) in world.take() {
            match event {
                Event::Requested { request, .. } => world.run(agent, Command::Reply { request, reply: reply(200) }),
                Event::Replied { status, .. } => replied.push((agent, status)),
                Event::Acknowledged { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }
    replied.sort_unstable();
    assert_eq!(replied, [(0, 200), (1, 200)]);
}

#[test]
fn a_cancel_that_crosses_the_answer_ends_both_sides() {
    for delay in 0..40 {
        let mut world = pair();
        let placed = world.place(0, 1);
        world.wait(20);
        let came = world.incoming(1);
        world.answer(1, came, 180);
        world.wait(20);
        world.take();
        world.hang_up(0, placed);
        world.wait(delay);
        world.answer(1, came, 200);
        world.wait(100_000);
        let ends: Vec<_> = world.happened().into_iter().filter(|(_, name)| name.starts_with("Ended") || name.starts_with("Failed")).collect();
        assert_eq!(ends.len(), 2, "{ends:?}");
        assert_eq!(ends[0], (0, "Failed 487".to_owned()));
        world.assert_empty();
    }
}
