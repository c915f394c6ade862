use super::*;

const AOR: &str = "bob@app.account.example";

fn at(second: u64) -> Now {
    Now { monotonic: Instant(second * 1_000), utc_ms: 0 }
}

fn udp(port: u16) -> Flow {
    Flow { transport: Transport::Udp, local: "127.0.0.1:5060".parse().unwrap(), remote: (std::net::Ipv4Addr::LOCALHOST, port).into(), connection: 0 }
}

fn websocket(connection: u64) -> Flow {
    Flow { transport: Transport::Ws, connection, ..udp(40_000) }
}

/// A REGISTER of a series with these fields.
fn register(series: &str, cseq: u32, fields: &[(&str, &str)]) -> Request {
    let mut request = Request::new("REGISTER", Uri::sip(None, "example", None));
    request.headers.push("Call-ID", series);
    request.headers.push("CSeq", format!("{cseq} REGISTER"));
    request.headers.extend(fields.iter().copied());
    request
}

fn contact(value: &str) -> [(&str, &str); 1] {
    [("Contact", value)]
}

fn hosts(registrar: &Registrar, second: u64) -> Vec<String> {
    registrar.bindings(at(second), AOR).iter().map(|binding| binding.contact.host_port()).collect()
}

#[test]
fn a_binding_is_kept_for_its_time_and_told_with_what_is_left() {
    let mut registrar = Registrar::new();
    let registered = registrar
        .register(at(0), AOR, udp(1), &register("a", 1, &[("Contact", "<sip:bob@127.0.0.1:1>;expires=100, <sip:bob@127.0.0.1:2>;q=0.5"), ("Expires", "200")]))
        .unwrap();
    assert_eq!(
        registered.headers,
        [("Contact".to_owned(), "<sip:bob@127.0.0.1:1>;expires=100".to_owned()), ("Contact".to_owned(), "<sip:bob@127.0.0.1:2>;expires=200;q=0.500".to_owned())]
    );
    assert_eq!(registrar.deadline().unwrap().0, Instant(100_000));
    assert_eq!(hosts(&registrar, 99), ["127.0.0.1:1", "127.0.0.1:2"]);
    assert_eq!(hosts(&registrar, 100), ["127.0.0.1:2"]);
    assert_eq!(registrar.tick(at(100)), [AOR]);
    assert_eq!(registrar.tick(at(199)), Vec::<String>::new());
    assert_eq!(registrar.register(at(150), AOR, udp(1), &register("q", 1, &[])).unwrap().headers.len(), 1);
    registrar.tick(at(200));
    assert_eq!((registrar.len(), registrar.deadline(), registrar.users.len(), registrar.ends.len()), (0, None, 0, 0));
}

#[test]
fn times_are_held_between_their_bounds() {
    let mut registrar = Registrar::new();
    let told = |registered: Result<Registered, Refusal>| registered.map(|registered| registered.bindings[0].seconds(Instant(0)));
    for (expires, seconds) in [("59", None), ("60", Some(60)), ("99999999999", Some(3_600)), ("soon", Some(3_600))] {
        let request = register(expires, 1, &[("Contact", "<sip:bob@127.0.0.1>"), ("Expires", expires)]);
        let result = told(registrar.register(at(0), AOR, udp(1), &request));
        match seconds {
            Some(seconds) => assert_eq!(result, Ok(seconds)),
            None => assert_eq!(result.unwrap_err(), Refusal { status: 423, reason: "", headers: vec![("Min-Expires".to_owned(), "60".to_owned())] }),
        }
        registrar.remove(AOR);
    }
    for (flow, value) in
        [(websocket(1), "<sip:bob@127.0.0.1>;expires=10"), (udp(1), "<sip:bob@192.168.0.2>;expires=10"), (websocket(2), "<sip:x@a1b2.invalid;transport=ws>;expires=10")]
    {
        assert_eq!(told(registrar.register(at(0), AOR, flow, &register(value, 1, &contact(value)))), Ok(10));
        registrar.remove(AOR);
    }
}

#[test]
fn a_star_removes_everything_and_only_with_expires_0() {
    let mut registrar = Registrar::new();
    registrar.register(at(0), AOR, udp(1), &register("a", 5, &contact("<sip:bob@h1>, <sip:bob@h2>"))).unwrap();
    let all = |cseq, expires| register("a", cseq, &[("Contact", "*"), ("Expires", expires)]);
    assert_eq!(registrar.register(at(1), AOR, udp(1), &all(6, "1")).unwrap_err().status, 400);
    assert_eq!(registrar.register(at(1), AOR, udp(1), &all(5, "0")).unwrap_err().status, 500);
    assert_eq!(registrar.len(), 2);
    assert_eq!(registrar.register(at(1), AOR, udp(1), &all(6, "0")).unwrap().headers, []);
    assert!(registrar.is_empty());
    let mixed = register("a", 7, &[("Contact", "*, <sip:bob@h1>"), ("Expires", "0")]);
    assert_eq!(registrar.register(at(1), AOR, udp(1), &mixed).unwrap_err().status, 400);
}

#[test]
fn what_comes_late_changes_nothing_and_all_or_nothing_is_done() {
    let mut registrar = Registrar::new();
    registrar.register(at(0), AOR, udp(1), &register("a", 5, &contact("<sip:bob@h1>"))).unwrap();
    for cseq in [4, 5] {
        let late = register("a", cseq, &contact("<sip:bob@h2>, <sip:bob@h1>;expires=0"));
        assert_eq!(registrar.register(at(1), AOR, udp(1), &late).unwrap_err().status, 500);
    }
    assert_eq!(hosts(&registrar, 1), ["h1"]);
    // Another series may come with any number.
    registrar.register(at(2), AOR, udp(2), &register("b", 1, &contact("<sip:bob@H1>"))).unwrap();
    assert_eq!(registrar.bindings(at(2), AOR)[0].flow, udp(2));
    registrar.register(at(3), AOR, udp(2), &register("b", 2, &contact("<sip:bob@h1>;expires=0"))).unwrap();
    assert!(registrar.is_empty());
}

#[test]
fn a_device_that_comes_by_another_flow_replaces_itself() {
    let mut registrar = Registrar::new();
    let device = |series: &str, host: &str| {
        let value = format!("<sip:x@{host};transport=ws>;+sip.instance=\"<urn:uuid:1>\";reg-id=1");
        register(series, 1, &[("Contact", value.as_str()), ("Supported", "path, outbound")])
    };
    registrar.register(at(0), AOR, websocket(1), &device("a", "one.invalid")).unwrap();
    let registered = registrar.register(at(1), AOR, websocket(2), &device("b", "two.invalid")).unwrap();
    assert_eq!(
        registered.headers,
        [
            ("Contact".to_owned(), "<sip:x@two.invalid;transport=ws>;expires=3600;+sip.instance=\"<urn:uuid:1>\";reg-id=1".to_owned()),
            ("Require".to_owned(), "outbound".to_owned())
        ]
    );
    assert_eq!(registrar.closed(websocket(1)), Vec::<String>::new());
    assert_eq!(hosts(&registrar, 1), ["two.invalid"]);
    assert_eq!(registrar.closed(websocket(2)), [AOR]);
    assert!(registrar.is_empty() && registrar.connections.is_empty() && registrar.ends.is_empty());
}

#[test]
fn the_oldest_device_makes_room() {
    let mut registrar = Registrar::new();
    for number in 0..15 {
        let value = format!("<sip:bob@h{number}>");
        registrar.register(at(number), AOR, udp(1), &register(&value, 1, &contact(&value))).unwrap();
    }
    let hosts = hosts(&registrar, 15);
    assert_eq!((hosts.len(), hosts.first().map(String::as_str), hosts.last().map(String::as_str)), (MOST_BINDINGS, Some("h14"), Some("h5")));
    let many: Vec<_> = (0..=MOST_BINDINGS).map(|number| format!("<sip:bob@{number}>")).collect();
    assert_eq!(registrar.register(at(16), AOR, udp(1), &register("many", 1, &contact(&many.join(", ")))).unwrap_err().status, 400);
}

#[test]
fn contacts_that_cannot_be_called_are_refused() {
    let mut registrar = Registrar::new();
    let long = format!("<sip:{}@h>", "x".repeat(CONTACT_BYTES));
    for value in ["<tel:+1>", "<name:John_Smith>", "nothing", long.as_str()] {
        assert_eq!(registrar.register(at(0), AOR, udp(1), &register("a", 1, &contact(value))).unwrap_err().status, 400, "{value}");
    }
}

#[test]
fn a_way_through_nat_over_udp_is_kept_open_while_it_has_bindings() {
    let mut registrar = Registrar::new();
    let behind = "<sip:bob@192.168.0.2:5060>";
    registrar.register(at(0), AOR, udp(1), &register("a", 1, &contact(behind))).unwrap();
    registrar.register(at(5), "carol@app.account.example", udp(1), &register("b", 1, &contact(behind))).unwrap();
    registrar.register(at(0), "dave@app.account.example", udp(2), &register("c", 1, &contact("<sip:dave@127.0.0.1:2>"))).unwrap();
    registrar.register(at(0), "erin@app.account.example", websocket(3), &register("d", 1, &contact("<sip:x@a.invalid>"))).unwrap();
    assert_eq!(registrar.deadline(), Some((Instant(30_000), "a keep-alive is due")), "the last REGISTER kept it open, too");
    assert_eq!(registrar.keep_alive(at(29)), None);
    let asked = |registrar: &mut Registrar, second| registrar.keep_alive(at(second)).map(|(flow, contact)| (flow, contact.to_string()));
    assert_eq!(asked(&mut registrar, 30), Some((udp(1), "sip:bob@192.168.0.2:5060".to_owned())));
    assert_eq!((asked(&mut registrar, 30), asked(&mut registrar, 54)), (None, None));
    assert!(asked(&mut registrar, 55).is_some());
    registrar.remove(AOR);
    assert!(asked(&mut registrar, 80).is_some(), "a way that two share");
    registrar.remove("carol@app.account.example");
    assert_eq!(asked(&mut registrar, 1_000), None);
    assert!(registrar.ways.is_empty() && registrar.keep_alives.is_empty());
}

#[test]
fn all_users_of_one_application_are_removed_and_no_others() {
    let mut registrar = Registrar::new();
    for aor in ["1/1/alice", "1/1/bob", "1/11/alice", "11/1/alice", "2/1/bob"] {
        registrar.register(at(0), aor, websocket(1), &register(aor, 1, &contact("<sip:bob@127.0.0.1:1>"))).unwrap();
    }
    registrar.remove_all("1/1/");
    assert_eq!(registrar.closed(websocket(1)), ["1/11/alice", "11/1/alice", "2/1/bob"]);
    assert!(registrar.is_empty() && registrar.deadline().is_none());
}

#[test]
fn bindings_over_udp_outlive_a_restart_with_what_is_left_of_their_time() {
    let before = |second: u64| Now { utc_ms: 1_700_000_000_000 + i64::try_from(second).unwrap() * 1_000, ..at(second) };
    let mut registrar = Registrar::new();
    let request = register("a", 7, &[("Contact", "<sip:bob@10.0.0.1:1>;q=0.5;+sip.instance=\"<urn:x>\";reg-id=1"), ("Expires", "100"), ("User-Agent", "Phone")]);
    registrar.register(before(1_000), AOR, udp(1), &request).unwrap();
    registrar.register(before(1_000), AOR, websocket(5), &register("b", 1, &contact("<sip:bob@127.0.0.1:2>"))).unwrap();
    let changes = registrar.changes();
    let kept = registrar.kept(before(1_010));
    assert_eq!((kept.len(), kept[0].expires_ms, registrar.changes()), (1, 1_700_001_100_000, changes));

    // The clock of the new process begins anew.
    let after = |second: u64| Now { utc_ms: 1_700_001_020_000 + i64::try_from(second).unwrap() * 1_000, ..at(second) };
    let mut anew = Registrar::new();
    for kept in kept {
        anew.restore(after(0), "0.0.0.0:5060".parse().unwrap(), kept);
    }
    let [binding] = anew.bindings(after(0), AOR)[..] else { panic!() };
    assert_eq!((binding.contact.to_string(), binding.seconds(Instant(0)), binding.q), ("sip:bob@10.0.0.1:1".to_owned(), 80, 500));
    assert_eq!(binding.flow, Flow { local: "0.0.0.0:5060".parse().unwrap(), ..udp(1) });
    // It is behind NAT, whose way is kept open, and its series goes on.
    assert!(anew.keep_alive(after(25)).is_some());
    assert_eq!(anew.register(after(1), AOR, udp(1), &request).unwrap_err().reason, "Out of order");
    assert_eq!(anew.tick(after(80)), [AOR]);
}

#[test]
fn what_is_no_binding_any_more_is_not_restored() {
    let kept = Kept {
        aor: AOR.to_owned(),
        contact: "sip:bob@127.0.0.1".to_owned(),
        remote: udp(1).remote,
        instance: None,
        reg_id: None,
        q: 1_000,
        user_agent: None,
        expires_ms: 50_000,
        seen_ms: 0,
        call_id: "a".to_owned(),
        cseq: 1,
    };
    let mut registrar = Registrar::new();
    for wrong in [
        Kept { expires_ms: 0, ..kept.clone() },
        Kept { contact: "tel:1".to_owned(), ..kept.clone() },
        Kept { contact: "\n".to_owned(), ..kept.clone() },
        Kept { contact: format!("sip:{}@x", "b".repeat(2_000)), ..kept.clone() },
        Kept { remote: "[::1]:5".parse().unwrap(), ..kept.clone() },
    ] {
        registrar.restore(at(0), udp(1).local, wrong);
    }
    assert!(registrar.is_empty());
    for _ in 0..20 {
        registrar.restore(at(0), udp(1).local, Kept { expires_ms: i64::MAX, seen_ms: i64::MIN, ..kept.clone() });
    }
    assert_eq!((registrar.len(), registrar.deadline().unwrap().0), (MOST_BINDINGS, Instant(3_600_000)));
}
