//! Parsers never panic, and what they refuse they refuse with a sentence. `FUZZ_ROUNDS=100` tries a hundred times as much.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cordboard_api::{
    auth::Network,
    codes::{self, Code},
    error::{Error, Errors},
    methods::{key_value_storage::StorageKey, rules::matching::pattern, secrets::SecretName},
    registry::Catalogue,
    testing::*,
    wire::{AccountEmail, Date, DateTime, Micros, Param, Params, Rules, Scalar, Utc, Zone, body},
};
use cordboard_fuzzing::{Draw, Target};
use tokio::runtime::Runtime;

/// Pieces that parsers stumble over.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\xc3",
    b"%",
    b"%0",
    b"%00",
    b"%ff",
    b"&",
    b"=",
    b";",
    b"\r\n",
    b"--",
    b"\"",
    b"\\",
    b"{",
    b"[",
    b"null",
    b"-1",
    b"1e999",
    b"9223372036854775808",
    b"-9223372036854775808",
    "\u{202e}".as_bytes(),
    "\u{feff}".as_bytes(),
    "\u{1f600}".as_bytes(),
];

fn target(name: &'static str) -> Target {
    Target::new(env!("CARGO_MANIFEST_DIR"), name, PIECES)
}

/// Characters of a refusal at most: a sentence quotes at most forty of what was sent.
const LONGEST_SENTENCE: usize = 600;

fn is_sentence(text: &str) {
    assert!(text.ends_with('.') && text.chars().count() <= LONGEST_SENTENCE && !text.chars().any(char::is_control), "no sentence: {text:?}");
}

fn is_refusal(error: &Error) {
    is_sentence(&error.msg);
    assert!(!error.code.meaning().is_empty(), "code {} is not in the table", error.code.0);
    assert!(error.inside.is_none(), "failed inside: {error:?}");
}

fn text(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

/// Up to `parts` lines; the last holds the rest.
fn lines(input: &[u8], parts: usize) -> Vec<&[u8]> {
    input.splitn(parts, |byte| *byte == b'\n').collect()
}

#[test]
fn a_body_is_read_or_refused() {
    let runtime = Runtime::new().unwrap();
    target("body").fuzz(20_000, |input, _| {
        let parts = lines(input, 3);
        let [content_type, query, body] = [0, 1, 2].map(|at| parts.get(at).copied().unwrap_or_default());
        let (content_type, query) = (text(content_type), text(query));
        let content_type = (!content_type.is_empty()).then_some(content_type.as_str());
        match runtime.block_on(body::params(&query, content_type, bytes::Bytes::copy_from_slice(body))) {
            Ok(params) => assert!(params.len() <= 2_000),
            Err(error) => is_refusal(&error),
        }
    });
}

#[test]
fn a_token_is_taken_or_refused() {
    let runtime = Runtime::new().unwrap();
    let world = runtime.block_on(World::sqlite());
    let Who::Key { id, key, .. } = &world.owner else { panic!("a key") };
    target("jwt").fuzz(3_000, |input, _| {
        let parts = lines(input, 3);
        let [header, claims, signature] = [0, 1, 2].map(|at| parts.get(at).copied().unwrap_or_default());
        // As it stands, in the form of a token, and, where the claims are JSON, behind a good signature.
        let unsigned = format!("{}.{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims), text(signature));
        let signed = serde_json::from_slice::<Value>(claims).ok().map(|claims| world.signed(id, key, &claims));
        for token in [text(input), unsigned].into_iter().chain(signed) {
            let answer = runtime.block_on(world.with_token(&token, "GetRoles", &[]));
            let Some(code) = answer["error"]["code"].as_u64() else { continue };
            assert!([100, 447, 454, 455, 456].contains(&code), "{answer}");
            is_sentence(answer["error"]["msg"].as_str().unwrap());
        }
    });
}

#[test]
fn the_parameters_of_every_method_are_read_or_refused() {
    let methods: Vec<_> = Catalogue::get().real().map(|method| (method, (method.fields)())).filter(|(_, fields)| !fields.is_empty()).collect();
    target("values").fuzz(1_500, |input, _| {
        let value = text(input);
        for (method, fields) in &methods {
            let known: Vec<Code> = fields.iter().map(|field| field.code).chain([codes::REQUIRED, codes::ARGUMENTS]).collect();
            let Err(Errors(errors)) = (method.check)(&Params::from_pairs(fields.iter().map(|field| (field.name, value.as_str())))) else { continue };
            assert!(!errors.is_empty());
            for error in &errors {
                is_refusal(error);
                assert!(known.contains(&error.code), "{}: {error:?}", method.name);
            }
        }
    });
}

#[test]
fn a_network_is_normal_or_refused() {
    target("network").fuzz(20_000, |input, _| match Network::parse(&text(input)) {
        Ok(network) => assert_eq!(Network::parse(&network.text()), Ok(network)),
        Err(sentence) => is_sentence(&sentence),
    });
}

/// Reads one text as a type: under no rules, which is the result, and under rules that draw draws.
fn read<P: Param>(value: &str, draw: &mut Draw) -> Option<P> {
    let limits = [0, 1, 12, i64::MAX as usize];
    let rules = Rules::NONE.min(-(draw.below(3) as i64)).max_chars(limits[draw.below(4)]).min_chars(draw.below(3)).values(draw.pick(&[&[], &["true", "12"][..]]));
    let params = Params::from_pairs([("value", value)]);
    let [_, read] = [rules, Rules::NONE].map(|rules| P::read_optional(&params, "value", &rules).map_err(|error| is_refusal(&error)));
    read.ok().flatten()
}

#[test]
fn a_scalar_is_read_or_refused() {
    target("scalars").fuzz(20_000, |input, draw| {
        let value = text(input);
        read::<String>(&value, draw);
        read::<i64>(&value, draw);
        read::<bool>(&value, draw);
        read::<Vec<i64>>(&value, draw);
        read::<Vec<String>>(&value, draw);
        read::<Date>(&value, draw);
        if let Some(StorageKey(key)) = read::<StorageKey>(&value, draw) {
            assert!(key == value && key < char::MAX.to_string() && !key.contains(['%', '\\', '\'', ' ']), "{key:?}");
        }
        if let Some(SecretName(name)) = read::<SecretName>(&value, draw) {
            assert!(name == value && name.is_ascii() && name.len() <= 64, "{name:?}");
        }
        if let Some(micros) = read::<Micros>(&value, draw) {
            assert!(serde_json::to_string(&micros).unwrap().parse::<f64>().unwrap().is_finite());
        }
        let zone = read::<Zone>(&value, draw).unwrap_or(Zone::OfAccount);
        let (_, zone) = zone.resolve(&value);
        let at = read::<DateTime>(&value, draw).and_then(|at| at.utc_ms(&zone)).unwrap_or_else(|| value.parse().unwrap_or_default());
        assert!(!Utc(at).in_zone(&zone).is_empty());
        if let Some(AccountEmail(email)) = read::<AccountEmail>(&value, draw) {
            assert_eq!(AccountEmail::parse(&email, &Rules::NONE), Ok(AccountEmail(email)));
        }
    });
}

#[test]
fn a_pattern_is_compiled_or_refused() {
    target("pattern").fuzz(4_000, |input, _| match pattern(codes::RULE_PATTERN, "rule_pattern", &text(input)) {
        Ok(pattern) => {
            let _ = pattern.is_match("74951234567");
        }
        Err(error) => is_refusal(&error),
    });
}
