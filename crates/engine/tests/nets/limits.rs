use crate::live::told;

/// What an idle session may take, DEPENDENCIES.md: its JavaScript, with two handlers.
const CONTEXT_KIB: i64 = 300;

#[test]
fn a_session_with_two_handlers_takes_less_than_the_budget() {
    let mut session = crate::live::started(
        "VoxEngine.addEventListener(AppEvents.Started, () => { Logger.write('started'); });
         VoxEngine.addEventListener(AppEvents.HttpRequest, () => JSession_getLeftMemBytes());",
    );
    crate::live::log(&mut session);
    let request = cordboard_engine::Input::Request { request: 1, method: "GET".to_owned(), path: "/".to_owned(), content: String::new(), headers: Vec::new() };
    session.handle(crate::live::at(1), request);
    let answer = std::iter::from_fn(|| session.poll()).find_map(|output| match output {
        cordboard_engine::Output::Answer { answer: cordboard_engine::Answer { body: cordboard_engine::AnswerBody::Text(text), .. }, .. } => text.parse::<i64>().ok(),
        _ => None,
    });
    let used = i64::try_from(cordboard_engine::limits::MEMORY_BYTES).unwrap() - answer.unwrap();
    assert!(used > 0 && used < CONTEXT_KIB * 1024, "{used} bytes");
}

#[test]
fn dates_are_utc_whatever_the_zone_of_the_machine() {
    let told = told(
        "const date = new Date(2025, 6, 1, 12); tell([date.getTimezoneOffset(), date.toISOString(), new Date(0).getHours(), new Date(2025, 0, 1).getTimezoneOffset()])",
    );
    assert_eq!(told, serde_json::json!([0, "2025-07-01T12:00:00.000Z", 0, 0]));
}
