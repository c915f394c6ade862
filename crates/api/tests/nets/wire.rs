//! Requests that are wrong as a whole: names of methods, bodies, and proofs of who calls.

use aws_lc_rs::{encoding::AsDer, rsa::KeyPair, signature::KeyPair as _};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use cordboard_api::{Incoming, declared, registry::Access, testing::*};
use jsonwebtoken::{Algorithm, EncodingKey, Header};

async fn code(world: &World, incoming: Incoming) -> u64 {
    let answer = world.send(incoming).await;
    answer["error"]["code"].as_u64().unwrap_or_else(|| panic!("not refused: {answer}"))
}

fn with_body(form: Incoming, content_type: &str, body: impl Into<Vec<u8>>) -> Incoming {
    Incoming { content_type: Some(content_type.to_owned()), body: body.into().into(), ..form }
}

#[on_both_databases]
async fn a_method_is_named_once_and_known(world: World) {
    let form = |method: Option<&str>, cmd: &str| Incoming { path_method: method.map(str::to_owned), query: cmd.to_owned(), ..world.form(&world.owner, "GetKeys", &[]) };
    for (incoming, wanted) in [
        (form(None, ""), 102),
        (form(None, "cmd="), 102),
        (form(Some("GetKey"), ""), 103),
        (form(Some("getkeys"), ""), 103),
        (form(Some("GetKeys/"), ""), 103),
        (form(Some(""), ""), 103),
        (form(Some("GetKeys"), "cmd=GetRoles"), 101),
        (form(None, "cmd=%00"), 101),
    ] {
        let shown = format!("{:?} {}", incoming.path_method, incoming.query);
        assert_eq!(code(&world, incoming).await, wanted, "{shown}");
    }
    for incoming in [form(None, "cmd=GetKeys"), form(Some("GetKeys"), "cmd=GetKeys")] {
        assert!(world.send(incoming).await["result"].is_array());
    }
}

#[on_both_databases]
async fn a_declared_method_says_so_to_those_who_may_call_it(world: World) {
    let without = world.key(&[]).await;
    for row in declared::table() {
        let answer = world.send(world.form(&world.owner, row.name, &[])).await;
        assert_eq!(answer["error"]["code"], 103, "{}", row.name);
        assert!(answer["error"]["msg"].as_str().unwrap().contains("not yet available"), "{answer}");
        let wanted = if row.access == Access::Basic { 103 } else { 104 };
        assert_eq!(code(&world, world.form(&without, row.name, &[])).await, wanted, "{}", row.name);
        assert_eq!(code(&world, world.form(&Who::Nobody, row.name, &[])).await, 100, "{}", row.name);
    }
}

#[on_both_databases]
async fn nobody_calls_a_real_method(world: World) {
    for method in cordboard_api::registry::METHODS {
        assert_eq!(code(&world, world.form(&Who::Nobody, method.name, &[])).await, 100, "{}", method.name);
    }
}

#[on_both_databases]
async fn a_jwt_stands_alone(world: World) {
    let (token, id) = (world.token(&world.owner), world.account_id());
    for secret in ["api_key", "account_password", "session_id", "subuser_password"] {
        let answer = world.with_token(&token, "GetKeys", &[("account_id", id.as_str()), (secret, "x")]).await;
        assert_eq!(answer["error"]["code"], 100, "{secret}");
    }
    for header in ["Basic b3duZXI6eA==", "Bearer", "Bearer ", token.as_str(), ""] {
        let incoming = Incoming { authorization: Some(header.to_owned()), ..world.form(&Who::Nobody, "GetKeys", &[]) };
        assert_eq!(code(&world, incoming).await, 447, "{header:.20}");
    }
    let lower = Incoming { authorization: Some(format!("bearer  {token} ")), ..world.form(&Who::Nobody, "GetKeys", &[]) };
    assert!(world.send(lower).await["result"].is_array());
}

/// The public key of a PKCS#8 PEM, in every form that could be taken for a secret.
fn public_key_as_secrets(pem: &str) -> Vec<Vec<u8>> {
    let der = STANDARD.decode(pem.lines().filter(|line| !line.starts_with('-')).collect::<String>()).unwrap();
    let pair = KeyPair::from_pkcs8(&der).unwrap();
    let bare = pair.public_key().as_ref().to_vec();
    let with_algorithm = pair.public_key().as_der().unwrap().as_ref().to_vec();
    let pem = |label: &str, der: &[u8]| {
        let lines: Vec<String> = STANDARD.encode(der).as_bytes().chunks(64).map(|line| String::from_utf8(line.to_vec()).unwrap()).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n")).into_bytes()
    };
    vec![pem("RSA PUBLIC KEY", &bare), pem("PUBLIC KEY", &with_algorithm), bare, with_algorithm]
}

#[on_both_databases]
async fn only_rs256_by_the_key_itself_is_a_signature(world: World) {
    let credentials = world.ok(&world.owner, "CreateKey", &[("role_name", "Owner")]).await["result"].clone();
    let kid = credentials["key_id"].as_str().unwrap();
    let seconds = world.now().0 / 1_000;
    let claims = json!({"iss": credentials["account_id"], "iat": seconds, "exp": seconds + 64});
    for secret in public_key_as_secrets(credentials["private_key"].as_str().unwrap()) {
        let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::HS256) };
        let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&secret)).unwrap();
        assert_eq!(world.with_token(&token, "GetKeys", &[]).await["error"]["code"], 447);
    }
    let good = world.token(&world.key_from(&credentials));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let payload = signed.split_once('.').unwrap().1;
    let headed = |header: Value, signature: &str| format!("{}.{payload}.{signature}", URL_SAFE_NO_PAD.encode(header.to_string()));
    for algorithm in ["none", "None", "NONE", "nOnE", "", "RS384", "RS512", "PS256", "ES256", "HS256", "rs256"] {
        for signature in [signature, ""] {
            let token = headed(json!({"alg": algorithm, "kid": kid, "typ": "JWT"}), signature);
            assert_eq!(world.with_token(&token, "GetKeys", &[]).await["error"]["code"], 447, "{algorithm}");
        }
    }
    for signature in ["", "AAAA", &signature[1..], "=", "%"] {
        assert_eq!(world.with_token(&format!("{signed}.{signature}"), "GetKeys", &[]).await["error"]["code"], 100, "{signature:.10}");
    }
    // A key that the token brings along is nobody's.
    let foreign = world.key(&["Owner"]).await;
    let Who::Key { key, .. } = &foreign else { panic!("a key") };
    assert_eq!(world.with_token(&world.signed(kid, key, &claims), "GetKeys", &[]).await["error"]["code"], 100);
    let changed = URL_SAFE_NO_PAD.encode(json!({"iss": claims["iss"], "iat": seconds, "exp": seconds + 65}).to_string());
    assert_eq!(world.with_token(&format!("{}.{changed}.{signature}", signed.split_once('.').unwrap().0), "GetKeys", &[]).await["error"]["code"], 100);
    assert!(world.with_token(&good, "GetKeys", &[]).await["result"].is_array());
}

#[on_both_databases]
async fn a_key_id_that_is_no_key_s_is_refused(world: World) {
    let Who::Key { key, account_id, .. } = &world.owner else { panic!("a key") };
    let seconds = world.now().0 / 1_000;
    let claims = json!({"iss": account_id, "iat": seconds, "exp": seconds + 64});
    for kid in ["../../../../dev/null", "' OR 1=1 --", "/etc/passwd", "https://example.org/key.pem", "00000000-0000-0000-0000-000000000000", "%", "*", "\u{202e}"] {
        assert_eq!(world.with_token(&world.signed(kid, key, &claims), "GetKeys", &[]).await["error"]["code"], 100, "{kid}");
    }
    for kid in ["", "a\0b", "x".repeat(101).as_str()] {
        assert_eq!(world.with_token(&world.signed(kid, key, &claims), "GetKeys", &[]).await["error"]["code"], 447, "{kid:?}");
    }
}

#[on_both_databases]
async fn a_deleted_key_s_token_is_worth_nothing_at_once(world: World) {
    let key = world.key(&["Owner"]).await;
    let token = world.token(&key);
    assert!(world.with_token(&token, "GetKeys", &[]).await["result"].is_array());
    world.ok(&world.owner, "DeleteKey", &[("key_id", key.id())]).await;
    assert_eq!(world.with_token(&token, "GetKeys", &[]).await["error"]["code"], 100);
}

#[on_both_databases]
async fn a_token_has_its_time(world: World) {
    let Who::Key { id, key, account_id } = &world.owner else { panic!("a key") };
    let now = world.now().0 / 1_000;
    for (issued, expires, wanted) in [(now - 200, now - 100, 456), (now + 100, now + 200, 455), (now, now + 3_601, 454), (now, i64::MAX, 447), (i64::MIN, now, 447)] {
        let token = world.signed(id, key, &json!({"iss": account_id, "iat": issued, "exp": expires}));
        assert_eq!(world.with_token(&token, "GetKeys", &[]).await["error"]["code"], wanted, "{issued} {expires}");
    }
    let longest = world.signed(id, key, &json!({"iss": account_id, "iat": now, "exp": now + 3_600}));
    assert!(world.with_token(&longest, "GetKeys", &[]).await["result"].is_array());
}

#[on_both_databases]
async fn a_key_reaches_down_and_never_up_or_sideways(world: World) {
    let (a, b) = (world.child("tenant-a", "a@example.org").await, world.child("tenant-b", "b@example.org").await);
    let name_of = async |who: &Who, params: &[(&str, &str)]| world.ok(who, "GetAccountInfo", params).await["result"]["account_name"].clone();
    assert_eq!(name_of(&world.owner.on(&a), &[]).await, "tenant-a");
    assert_eq!(name_of(&world.owner, &[("account_id", b.as_str())]).await, "tenant-b");
    assert_eq!(world.refused(&world.owner, "GetAccountInfo", &[("account_id", "x")]).await, 115);
    let child = world.key_from(&world.ok(&world.owner.on(&a), "CreateKey", &[("role_name", "Owner")]).await["result"]);
    assert_eq!(name_of(&child, &[]).await, "tenant-a");
    assert_eq!(name_of(&child.on("0"), &[]).await, "tenant-a", "0 is the key's own account");
    assert_eq!(world.refused(&child, "GetAccountInfo", &[("account_id", "0")]).await, 100);
    for other in [b.as_str(), world.account_id().as_str(), "-1", "999999"] {
        assert_eq!(world.refused(&child.on(other), "GetAccountInfo", &[]).await, 100, "iss {other}");
        assert_eq!(world.refused(&child, "GetAccountInfo", &[("account_id", other)]).await, 100, "account_id {other}");
    }
}

#[on_both_databases]
async fn a_body_that_cannot_be_read_is_refused(world: World) {
    let form = |method: &str| world.form(&world.owner, method, &[]);
    let many = "a=1&".repeat(2_001);
    let multipart = "multipart/form-data; boundary=x";
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", many.as_bytes()),
        (multipart, b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1".as_slice()),
        (multipart, b"\xff\xfe"),
        ("multipart/form-data", b"--x"),
        ("application/json", b"{\"key_id\":"),
        ("application/json", b"[]"),
        ("application/json; charset=utf-16", b"{}"),
        ("application/xml", b"<methodCall/>"),
        ("text/plain", b"GetKeys"),
        ("application/x-www-form-urlencoded", b"key_id=\xff"),
    ] {
        assert_eq!(code(&world, with_body(form("GetKeys"), content_type, body)).await, 101, "{content_type}");
    }
    let deep = format!("{{\"key_id\":{}1{}}}", "[".repeat(200_000), "]".repeat(200_000));
    assert_eq!(code(&world, with_body(form("GetKeys"), "application/json", deep)).await, 433, "a nested value is a text, however deep");
    let in_query = Incoming { query: "a=1&".repeat(2_001), ..form("GetKeys") };
    assert_eq!(code(&world, in_query).await, 101);
}

#[on_both_databases]
async fn a_script_may_be_the_whole_body(world: World) {
    let script = "VoxEngine.addEventListener(AppEvents.Started, () => { a = 1 & 2; });";
    let raw = with_body(world.form(&world.owner, "AddScenario", &[]), "application/javascript", script);
    let answer = world.send(Incoming { query: "scenario_name=hello".to_owned(), ..raw.clone() }).await;
    let id = answer["scenario_id"].to_string();
    let seen = world.ok(&world.owner, "GetScenarios", &[("scenario_id", id.as_str()), ("with_script", "true")]).await;
    assert_eq!(seen["result"][0]["scenario_script"], script);
    assert_eq!(code(&world, raw.clone()).await, 134);
    let binary = with_body(raw, "application/octet-stream", b"\xff\xfe".as_slice());
    assert_eq!(code(&world, Incoming { query: "scenario_name=binary".to_owned(), ..binary }).await, 101);
}
