//! No value of any parameter of any method breaks anything: the answer is a refusal or a success, never a failure inside.

use cordboard_api::{
    Incoming,
    registry::{Access, Catalogue, Credentials, Method},
    testing::*,
    wire::Field,
};

use crate::things::{Beside, Things, plausible, state};

/// What is sent, percent-encoded where a form needs it.
enum Hostile {
    Text(&'static str),
    Long,
    NotUtf8,
}

const VALUES: [(&str, Hostile); 10] = [
    ("a text of the wrong type", Hostile::Text("b\u{f6}se")),
    ("a NUL byte", Hostile::Text("a\0b")),
    ("what is not UTF-8", Hostile::NotUtf8),
    ("ten thousand characters", Hostile::Long),
    ("SQL", Hostile::Text("' OR 1=1 --")),
    ("a path", Hostile::Text("../../etc/passwd")),
    ("a mark that turns the writing direction", Hostile::Text("\u{202e}gpj.exe")),
    ("a huge number", Hostile::Text("99999999999999999999")),
    ("the largest number", Hostile::Text("9223372036854775807")),
    ("a negative number", Hostile::Text("-1")),
];

/// Codes that say that something failed inside.
const INSIDE: [u64; 3] = [1, 2, 4];

impl Hostile {
    fn encoded(&self) -> String {
        match self {
            Self::Text(text) => form_urlencoded::byte_serialize(text.as_bytes()).collect(),
            Self::Long => "x".repeat(10_000),
            Self::NotUtf8 => "%ff".to_owned(),
        }
    }
}

/// One who may call the method.
fn caller<'a>(method: &Method, key: &'a Who, password: &'a Who, panel: &'a Who) -> &'a Who {
    match method.access {
        Access::OlderCredentials | Access::SignIn if method.credentials == Credentials::Own => password,
        Access::PanelSession | Access::SignedIn => panel,
        _ => key,
    }
}

/// A request whose `field` holds `encoded`, among plausible values.
fn request(world: &World, who: &Who, method: &Method, field: &Field, encoded: &str, things: &Things, number: usize) -> Incoming {
    let beside = plausible(method, field, things, Beside::Required, number);
    let pairs: Vec<(&str, &str)> = beside.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let form = world.form(who, method.name, &pairs);
    let separator = if form.body.is_empty() { "" } else { "&" };
    let body = format!("{}{separator}{}={encoded}", String::from_utf8(form.body.to_vec()).unwrap(), field.name);
    Incoming { body: body.into(), ..form }
}

#[on_both_databases]
async fn no_value_of_any_parameter_breaks_anything(world: World) {
    let things = Things { child: Some(world.child("okapi-child", "okapi@example.org").await), ..Things::make(&world, &world.owner, "okapi").await };
    let password = world.password();
    // Its wrong passwords count against a subuser, and not against the account that other methods are tried with.
    world.add_subuser("panda", &["Owner"]).await;
    let panel = world.panel(&world.subuser("panda", SUBUSER_PASSWORD)).await;
    let (mut calls, mut wrong) = (0, Vec::new());
    for method in Catalogue::get().real() {
        let who = caller(method, &world.owner, &password, &panel);
        for field in (method.fields)() {
            for (what, value) in &VALUES {
                calls += 1;
                let incoming = request(&world, who, method, &field, &value.encoded(), &things, calls);
                let answer = world.send(incoming).await;
                let code = answer["error"]["code"].as_u64();
                let sentence = answer["error"]["msg"].as_str().unwrap_or_default();
                let place = || format!("{} with {what} as {}: {answer:.400}", method.name, field.name);
                if code.is_some_and(|code| INSIDE.contains(&code)) || (code.is_none() && answer.get("result").is_none() && answer.get("file").is_none()) {
                    wrong.push(place());
                }
                // A code of authentication would mean that nothing behind it was tried.
                if code.is_some_and(|code| [100, 102, 103, 104].contains(&code) || !documented(method.name, code)) {
                    wrong.push(format!("a code that does not fit: {}", place()));
                }
                if code.is_some() && (sentence.len() > 600 || sentence.contains('\0') || !sentence.ends_with(['.', '…'])) {
                    wrong.push(format!("no sentence: {}", place()));
                }
            }
        }
    }
    assert!(calls > 1_000, "only {calls} calls");
    assert!(wrong.is_empty(), "{wrong:#?}");
    state(&world, &world.owner).await;
}
