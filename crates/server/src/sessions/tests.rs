use cordboard_api::{store::db::Db, wire::Utc};
use cordboard_engine::WebSocketRequest;

use super::*;
use crate::{calls, settings::tests::read, testing::Folder};

/// Sessions over an empty database, and one of the first account that runs nothing.
async fn world(folder: &Folder) -> (Arc<Sessions>, Arc<Live>) {
    world_with(folder, None).await
}

/// The same with a session that a call began.
async fn world_with(folder: &Folder, arriving: Option<Arriving>) -> (Arc<Sessions>, Arc<Live>) {
    let settings = read(&["--data-dir", &folder.path(""), "--way-out-allow", "127.0.0.0/8"]).unwrap();
    let db = Db::sqlite(folder.path("cordboard.db").as_ref()).await.unwrap();
    let url = || "http://127.0.0.1".to_owned();
    let api = Api::open(settings.api("node".to_owned(), url(), url(), "127.0.0.1".to_owned()), db, &[7; 32]).await.unwrap();
    api.first_start(Utc(0)).await.unwrap();
    let way_out = WayOut::open(&settings).unwrap();
    let bound = calls::Bound::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let calls = Calls::start(calls::Settings::of(&settings, 1, &bound, &way_out).unwrap(), bound, way_out.clone()).unwrap();
    let sessions = Sessions::start(api.clone(), way_out, calls, settings.sessions()).await.unwrap();
    let application = api.configured_application("demo").await.unwrap().unwrap();
    let start = Start {
        session_id: 1,
        account: application.account,
        application_id: application.id,
        application_name: application.name,
        rule_id: 1,
        rule_name: String::new(),
        user_id: None,
        bind_key_id: None,
        scenarios: Vec::new(),
        custom_data: String::new(),
        access_url: String::new(),
        access_secure_url: String::new(),
        log_url: String::new(),
        token: String::new(),
        secrets: BTreeMap::new(),
        recorded: false,
    };
    let live = sessions.begin(start, arriving).unwrap();
    (sessions, live)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_turn_opens_after_its_session_was_ended_from_outside_does_not_outlive_it() {
    let folder = Folder::new();
    let (sessions, live) = world(&folder).await;
    sessions.end_from_outside(&live, NODE_STOPPED, None);
    // A peer that takes the connection and says nothing.
    let peer = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let request = WebSocketRequest { url: format!("wss://{}/", peer.local_addr().unwrap()), protocols: Vec::new(), headers: Vec::new() };
    let outputs = vec![Output::SocketConnect { socket: 1, request }];
    // As a thread does that looked just before.
    sessions.carry_out(&live, Utc(0), outputs);
    assert_eq!(lock(&live.outside).sockets.len(), 0);
}

/// A call that came in, as the engine ends it.
fn ended_leg(explanation: Option<&str>) -> cordboard_engine::Leg {
    cordboard_engine::Leg {
        call: 9,
        direction: cordboard_engine::Direction::Incoming,
        started_at_ms: 5,
        duration_seconds: 0,
        local_number: "700".to_owned(),
        remote_number: "blue".to_owned(),
        remote_number_type: "user".to_owned(),
        successful: false,
        custom_data: None,
        end_code: 603,
        end_reason: "The session ended".to_owned(),
        explanation: explanation.map(str::to_owned),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_of_a_call_stands_before_why_its_session_ended_it() {
    let folder = Folder::new();
    let (sessions, live) = world(&folder).await;
    let explained = |explanation| legs(&live, "", None, vec![ended_leg(explanation)])[0].explanation.clone();
    assert_eq!((explained(None), explained(Some("It stopped."))), (None, Some("It stopped.".to_owned())));
    sessions.explain(live.id, 9, "The scenario did not answer the call within 60 s.");
    assert_eq!(explained(None).as_deref(), Some("The scenario did not answer the call within 60 s."));
    sessions.explain(live.id, 9, "A device was busy.");
    assert_eq!(explained(Some("It stopped.")).as_deref(), Some("A device was busy.\nIt stopped."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_its_session_never_heard_of_is_in_the_history() {
    let folder = Folder::new();
    let arriving = Arriving { local_number: "700".to_owned(), remote_number: "blue".to_owned(), remote_number_type: "user", guest: false };
    let (_sessions, live) = world_with(&folder, Some(arriving)).await;
    let fault = "The scenario stopped: SyntaxError: unexpected token in expression: ';' (s:2:11).";
    let calls = legs(&live, "JS session error", Some(fault.to_owned()), Vec::new());
    let call = &calls[0];
    assert_eq!((call.local_number.as_str(), call.remote_number.as_str(), call.remote_number_type.as_str(), call.incoming), ("700", "blue", "user", true));
    assert_eq!((call.end_code, call.end_reason.as_str(), call.successful, call.explanation.as_deref()), (603, "The session ended", false, Some(fault)));
    let without_fault = legs(&live, "Terminated administratively", None, Vec::new());
    assert_eq!(without_fault[0].explanation.as_deref(), Some("The session ended before it heard of the call: Terminated administratively."));
    assert_eq!(legs(&live, "Normal termination", None, vec![ended_leg(None)]).len(), 1, "it is there already");
}
