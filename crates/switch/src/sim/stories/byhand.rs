//! Peers that no agent plays: what they say is written by hand.

use super::*;

const PEER: &str = "203.0.113.9:5060";

fn peer() -> SocketAddr {
    PEER.parse().unwrap()
}

/// A request of a carrier's; `to_tag` is that of the switch.
fn request(method: &str, cseq: u32, branch: &str, to_tag: &str, body: &str) -> String {
    let content = if body.is_empty() { String::new() } else { "Content-Type: application/sdp\r\n".to_owned() };
    let to_tag = if to_tag.is_empty() { String::new() } else { format!(";tag={to_tag}") };
    format!(
        "{method} sip:15550100@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP {PEER};branch=z9hG4bK{branch};rport\r\nFrom: <sip:1@carrier.test>;tag=f\r\n\
         To: <sip:15550100@192.0.2.1>{to_tag}\r\nCall-ID: by-hand\r\nCSeq: {cseq} {method}\r\nContact: <sip:1@{PEER}>\r\nMax-Forwards: 70\r\n{content}Content-Length: {}\r\n\r\n{body}",
        body.len(),
    )
}

fn send(world: &mut World, text: &str) {
    world.datagram(peer(), text.as_bytes());
    world.run(200);
}

/// The first lines of what came, whose repetitions count once.
fn came(world: &World) -> Vec<&str> {
    let mut lines: Vec<&str> = world.letters[&peer()].iter().map(|letter| letter.lines().next().unwrap()).collect();
    lines.dedup();
    lines
}

fn tag(world: &World) -> String {
    let letter = world.letters[&peer()].iter().find(|letter| letter.contains(" 200 OK")).unwrap();
    let to = letter.lines().find(|line| line.starts_with("To:")).unwrap();
    to.split(";tag=").nth(1).unwrap().to_owned()
}

fn bye(world: &mut World, cseq: u32) {
    let tag = tag(world);
    send(world, &request("BYE", cseq, "bye", &tag, ""));
}

/// The carrier's number is answered at once.
fn answering() -> World {
    let mut world = world();
    rule(&mut world, "15550100", Plan { answers_ms: Some(0), ..Plan::default() });
    world
}

#[test]
fn an_invite_without_an_offer_is_answered_with_one_and_its_ack_brings_the_answer() {
    let mut world = answering();
    send(&mut world, &request("INVITE", 1, "a", "", ""));
    let offer = world.letters[&peer()].iter().find(|letter| letter.contains(" 200 OK")).unwrap();
    assert!(offer.contains("\r\n\r\noffer "), "{offer}");
    let to = tag(&world);
    send(&mut world, &request("ACK", 1, "b", &to, "sound 0 0 0"));
    assert_eq!(world.ledger.connected, 1);
    // A re-INVITE without an offer is like it.
    send(&mut world, &request("INVITE", 2, "c", &to, ""));
    send(&mut world, &request("ACK", 2, "d", &to, "sound 0 0 0"));
    assert_eq!((world.ledger.connected, world.switch.calls()), (1, 1));
    bye(&mut world, 3);
    quiet(&mut world);
    assert_eq!(came(&world), ["SIP/2.0 200 OK", "SIP/2.0 100 Trying", "SIP/2.0 200 OK"]);
    assert_eq!(explained(&world), Vec::<&str>::new());
}

#[test]
fn an_answer_in_the_ack_that_cannot_be_taken_ends_the_call() {
    let mut world = answering();
    send(&mut world, &request("INVITE", 1, "a", "", ""));
    let to = tag(&world);
    send(&mut world, &request("ACK", 1, "b", &to, "nothing 0 0 0"));
    quiet(&mut world);
    assert!(came(&world).iter().any(|line| line.starts_with("BYE ")));
    assert_eq!(explained(&world).len(), 1);
}

#[test]
fn a_bye_before_the_ack_ends_the_call() {
    let mut world = answering();
    send(&mut world, &request("INVITE", 1, "a", "", "sound 0 0 0"));
    bye(&mut world, 2);
    quiet(&mut world);
    assert_eq!(rows(&world), ["Normal termination"]);
}

#[test]
fn an_invite_that_comes_again_and_again_is_one_call() {
    let mut world = answering();
    for _ in 0..5 {
        send(&mut world, &request("INVITE", 1, "a", "", "sound 0 0 0"));
    }
    let to = tag(&world);
    for _ in 0..3 {
        send(&mut world, &request("ACK", 1, "b", &to, ""));
    }
    bye(&mut world, 2);
    quiet(&mut world);
    assert_eq!((rows(&world), world.ledger.connected), (vec!["Normal termination"], 1));
}

#[test]
fn a_cancelled_reinvite_leaves_the_call_as_it_was() {
    let mut world = answering();
    world.delays.media = (100, 100);
    send(&mut world, &request("INVITE", 1, "a", "", "sound 0 0 0"));
    world.run(500);
    let to = tag(&world);
    send(&mut world, &request("ACK", 1, "b", &to, ""));
    world.datagram(peer(), request("INVITE", 2, "c", &to, "hold 0 0 0").as_bytes());
    world.run(20);
    world.datagram(peer(), request("CANCEL", 2, "c", &to, "").as_bytes());
    world.run(20);
    world.datagram(peer(), request("ACK", 2, "c", &to, "").as_bytes());
    // The next one is answered by its own description, not by that of the cancelled one.
    world.datagram(peer(), request("INVITE", 3, "e", &to, "sound 0 0 0").as_bytes());
    world.run(500);
    send(&mut world, &request("ACK", 3, "f", &to, ""));
    assert_eq!(world.switch.calls(), 1);
    let answer = world.letters[&peer()].iter().rfind(|letter| letter.contains(" 200 OK")).unwrap();
    assert!(answer.ends_with(" to sound"), "{answer}");
    bye(&mut world, 4);
    quiet(&mut world);
    assert_eq!(rows(&world), ["Normal termination"]);
}

#[test]
fn a_cancelled_reinvite_without_an_offer_leaves_the_call_as_it_was() {
    for media_ms in [1, 100] {
        let mut world = answering();
        send(&mut world, &request("INVITE", 1, "a", "", "sound 0 0 0"));
        let to = tag(&world);
        send(&mut world, &request("ACK", 1, "b", &to, ""));
        world.delays.media = (media_ms, media_ms);
        world.datagram(peer(), request("INVITE", 2, "c", &to, "").as_bytes());
        world.datagram(peer(), request("CANCEL", 2, "c", &to, "").as_bytes());
        world.run(20);
        world.datagram(peer(), request("ACK", 2, "c", &to, "").as_bytes());
        world.datagram(peer(), request("INVITE", 3, "e", &to, "sound 0 0 0").as_bytes());
        world.run(500);
        send(&mut world, &request("ACK", 3, "f", &to, ""));
        assert_eq!((world.switch.calls(), explained(&world)), (1, Vec::new()), "{media_ms}");
        bye(&mut world, 4);
        quiet(&mut world);
        assert_eq!(rows(&world), ["Normal termination"]);
    }
}

#[test]
fn an_ack_that_comes_after_the_next_reinvite_belongs_to_the_one_before() {
    let mut world = answering();
    send(&mut world, &request("INVITE", 1, "a", "", "sound 0 0 0"));
    let to = tag(&world);
    world.delays.media = (100, 100);
    world.datagram(peer(), request("INVITE", 2, "c", &to, "").as_bytes());
    world.run(20);
    send(&mut world, &request("ACK", 1, "b", &to, ""));
    send(&mut world, &request("ACK", 2, "d", &to, "sound 0 0 0"));
    assert_eq!((world.switch.calls(), world.ledger.connected), (1, 1));
    bye(&mut world, 3);
    quiet(&mut world);
    assert_eq!(explained(&world), Vec::<&str>::new());
}

#[test]
fn messages_that_belong_to_nothing_change_nothing() {
    let mut world = answering();
    for (number, method) in ["ACK", "BYE", "CANCEL", "INFO", "REFER", "DANCE", "OPTIONS", "MESSAGE", "SUBSCRIBE"].into_iter().enumerate() {
        send(&mut world, &request(method, 1, &format!("n{number}"), "1-0123", ""));
        send(&mut world, &request(method, 1, &format!("m{number}"), "", ""));
    }
    for noise in ["", "\r\n\r\n", "INVITE", "INVITE sip:x SIP/2.0\r\n\r\n", "\u{0}\u{1}", "SIP/2.0 200 OK\r\n\r\n"] {
        send(&mut world, noise);
    }
    quiet(&mut world);
    assert_eq!(rows(&world), Vec::<&str>::new());
}

#[test]
fn what_a_peer_is_told_it_may_ask_is_taken() {
    let mut world = answering();
    let told = |world: &World, status: &str| {
        let letter = world.letters[&peer()].iter().rfind(|letter| letter.starts_with(&format!("SIP/2.0 {status}"))).unwrap();
        letter.lines().find_map(|line| line.strip_prefix("Allow: ")).unwrap_or_default().to_owned()
    };
    send(&mut world, &request("MESSAGE", 1, "m", "", ""));
    assert_eq!(told(&world, "405"), "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER");
    send(&mut world, &request("INVITE", 1, "a", "", "sound 0 0 0"));
    let allowed = told(&world, "200");
    let to = tag(&world);
    send(&mut world, &request("ACK", 1, "b", &to, ""));
    for (number, method) in allowed.split(", ").skip(4).enumerate() {
        send(&mut world, &request(method, 2 + u32::try_from(number).unwrap(), method, &to, ""));
    }
    assert!(!came(&world)[1..].iter().any(|line| !line.starts_with("SIP/2.0 200")), "{:?}", came(&world));
    bye(&mut world, 9);
    quiet(&mut world);
}

/// Calls that wait for their rule are bounded for each address, and the rest is refused at once.
#[test]
fn a_flood_of_calls_from_one_address_leaves_room_for_a_registered_phone() {
    let mut world = answering();
    let alice = user(&mut world, "alice", Tcp);
    rule(&mut world, "echo", Plan { answers_ms: Some(0), hangs_up_ms: Some(1_000), ..Plan::default() });
    world.delays.look_up = (20_000, 20_000);
    for number in 0..1_200 {
        let text = request("INVITE", 1, &format!("n{number}"), "", "sound 0 0 0").replace("by-hand", &format!("by-hand-{number}"));
        world.datagram(peer(), text.as_bytes());
    }
    world.run(10);
    assert_eq!(world.switch.calls(), 1_000);
    let statuses = |world: &World, status: &str| world.letters[&peer()].iter().filter(|letter| letter.starts_with(&format!("SIP/2.0 {status}"))).count();
    assert_eq!(statuses(&world, "503"), 200);
    world.delays.look_up = (2, 2);
    world.dial(alice, "echo");
    world.run(10_000);
    assert_eq!(world.phones[alice].ends, ["ended Bye"]);
    quiet(&mut world);
}

/// Strangers of one address are looked up so often and no more.
#[test]
fn strangers_are_looked_up_within_their_allowance() {
    let mut world = world();
    let from: SocketAddr = "198.51.100.66:5060".parse().unwrap();
    for number in 0..500 {
        let text = request("INVITE", 1, &format!("n{number}"), "", "sound 0 0 0")
            .replace("by-hand", &format!("by-hand-{number}"))
            .replace("sip:15550100@192.0.2.1 SIP", &format!("sip:echo@{APPLICATION} SIP"));
        world.datagram(from, text.as_bytes());
    }
    world.run(100);
    let asked = world.directory.asked.iter().filter(|asked| matches!(asked, crate::Question::Listed(_))).count();
    assert_eq!(asked, 100);
    let statuses = |status: &str| world.letters[&from].iter().filter(|letter| letter.starts_with(&format!("SIP/2.0 {status}"))).count();
    assert_eq!((statuses("403"), statuses("503")), (100, 400));
    quiet(&mut world);
}

/// Requests that claim to be others' calls: right numbers from a wrong address end nothing that they cannot name.
#[test]
fn a_bye_with_a_guessed_tag_ends_nothing() {
    let mut world = answering();
    send(&mut world, &request("INVITE", 1, "a", "", "sound 0 0 0"));
    let to = tag(&world);
    send(&mut world, &request("ACK", 1, "b", &to, ""));
    let guessed = format!("{}0000", &to[..to.len() - 4]);
    send(&mut world, &request("BYE", 2, "c", &guessed, ""));
    send(&mut world, &request("BYE", 2, "d", &to, "").replace("tag=f", "tag=g"));
    assert_eq!(world.switch.calls(), 1);
    bye(&mut world, 2);
    quiet(&mut world);
}

const NAMES: &str = "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, displayName }) => {
  call.addEventListener(CallEvents.Connected, (e) => Logger.write(`@ ${displayName}, ${e.displayName}, ${call.displayName()}`));
  call.answer(null, { displayName: 'DISPLAY' });
});";

/// A caller with a name, whom this name answers; the values of P-Asserted-Identity in the 200.
fn answered_as(display: &str) -> (World, Vec<String>) {
    let mut world = world();
    script(&mut world, "15550100", &NAMES.replace("DISPLAY", display));
    let named = |text: String| text.replace("From: <sip:1@", "From: \"Ada \\\"L\\\"\" <sip:1@");
    send(&mut world, &named(request("INVITE", 1, "a", "", "sound 0 0 0")));
    let to = tag(&world);
    send(&mut world, &named(request("ACK", 1, "b", &to, "")));
    let letter = world.letters[&peer()].iter().find(|letter| letter.contains(" 200 OK")).unwrap();
    let asserted = letter.lines().filter_map(|line| line.strip_prefix("P-Asserted-Identity: ").map(str::to_owned)).collect();
    bye(&mut world, 2);
    quiet(&mut world);
    (world, asserted)
}

#[test]
fn a_caller_is_told_by_name_who_answers_and_the_scenario_who_calls() {
    let (world, asserted) = answered_as("Bob \"B\"\\r\\nX-Evil: 1");
    assert_eq!(asserted, ["\"Bob \\\"B\\\"\u{fffd}\u{fffd}X-Evil: 1\" <sip:15550100@192.0.2.1>"]);
    assert!(world.ledger.logs[&1].iter().any(|line| line == "@ Ada \"L\", Ada \"L\", Ada \"L\""), "{:?}", world.ledger.logs);
    for name in ["", "Ada \"L\""] {
        assert!(answered_as(name).1.is_empty());
    }
}

#[test]
fn a_call_whose_audio_is_another_hosts_goes_on_and_sends_it_little() {
    const VICTIM: &str = "198.51.100.77:4000";
    let victim: SocketAddr = VICTIM.parse().unwrap();
    let mut world = world();
    world.hear();
    script(
        &mut world,
        "15550100",
        "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => { call.answer(); call.startPlayback('https://host/a.mp3', true); });",
    );
    let body = "v=0\r\no=- 1 1 IN IP4 198.51.100.77\r\ns=-\r\nc=IN IP4 198.51.100.77\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n";
    send(&mut world, &request("INVITE", 1, "a", "", body));
    let to = tag(&world);
    send(&mut world, &request("ACK", 1, "b", &to, ""));
    world.run(40_000);
    let sent = world.packets_to(victim.ip());
    // Ten seconds of sound before the answer, and ten after it.
    assert!((500..=1_000).contains(&sent), "{sent}");
    world.run(15_000);
    assert_eq!((world.packets_to(victim.ip()), world.switch.calls()), (sent, 1));
    let answer = world.letters[&peer()].iter().find(|letter| letter.contains(" 200 OK")).unwrap();
    let port = answer.split("m=audio ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    world.packet(victim, port, 1);
    world.run(2_000);
    assert!(world.packets_to(victim.ip()) > sent + 90);
    bye(&mut world, 2);
    quiet(&mut world);
}
