//! From an HTTP request to parameters: query, urlencoded, multipart, JSON and raw bodies.

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::Params;
use crate::{
    codes,
    error::{Error, quote},
};

/// Parameters of one request at most. The largest documented request names some dozens.
const MOST_PARAMETERS: usize = 2_000;

/// Characters of a parameter's name at most; a longer one cannot be known.
const LONGEST_NAME: usize = 200;

/// Reads every parameter. `content_type` is the header's text.
pub async fn params(query: &str, content_type: Option<&str>, body: Bytes) -> Result<Params, Error> {
    let mut params = Params::default();
    let kind = Kind::of(content_type, &body)?;
    match kind {
        Kind::Empty => {}
        Kind::Form => {
            for (name, value) in pairs(&body, "body")? {
                params.add(name, value);
            }
        }
        Kind::Json => json(&mut params, &body)?,
        Kind::Multipart(boundary) => multipart(&mut params, body, boundary).await?,
        Kind::Raw => params.set_raw_body(body),
    }
    params.add_query(pairs(query.as_bytes(), "query")?);
    bounded(&params)?;
    Ok(params)
}

/// Refuses a raw body where no parameter of the method is one.
pub fn unwanted_raw_body(content_type: Option<&str>) -> Error {
    let shown = content_type.map_or_else(|| "none".to_owned(), quote);
    Error::new(codes::ARGUMENTS, format!("The body's Content-Type is {shown}; send application/x-www-form-urlencoded, multipart/form-data or application/json."))
}

enum Kind {
    Empty,
    Form,
    Json,
    Multipart(String),
    Raw,
}

impl Kind {
    fn of(content_type: Option<&str>, body: &Bytes) -> Result<Self, Error> {
        if body.is_empty() {
            return Ok(Self::Empty);
        }
        let Some(header) = content_type.map(str::trim).filter(|header| !header.is_empty()) else {
            return Ok(if body.trim_ascii_start().first() == Some(&b'{') { Self::Json } else { Self::Form });
        };
        let (media_type, rest) = header.split_once(';').unwrap_or((header, ""));
        let media_type = media_type.trim().to_ascii_lowercase();
        if let Some(charset) = parameter(rest, "charset").filter(|charset| !["utf-8", "utf8", "us-ascii"].contains(&charset.to_ascii_lowercase().as_str())) {
            return Err(Error::new(codes::ARGUMENTS, format!("The body's charset is {}; send UTF-8.", quote(&charset))));
        }
        Ok(match media_type.as_str() {
            "application/x-www-form-urlencoded" => Self::Form,
            "application/json" | "text/json" => Self::Json,
            "multipart/form-data" => {
                let boundary =
                    multer::parse_boundary(header).map_err(|_| Error::new(codes::ARGUMENTS, "The Content-Type multipart/form-data needs a boundary parameter."))?;
                Self::Multipart(boundary)
            }
            _ => Self::Raw,
        })
    }
}

fn parameter(rest: &str, wanted: &str) -> Option<String> {
    rest.split(';').find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// `name=value&…`, percent-decoded; text that is no UTF-8 is refused by name, not mended.
fn pairs(text: &[u8], place: &str) -> Result<Vec<(String, String)>, Error> {
    let mut out = Vec::new();
    for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        if out.len() >= MOST_PARAMETERS {
            return Err(too_many());
        }
        let at = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = at.map_or((pair, &[][..]), |at| (&pair[..at], &pair[at + 1..]));
        let name = decoded(name).map_err(|()| Error::new(codes::ARGUMENTS, format!("A parameter's name in the {place} is not UTF-8.")))?;
        let value = decoded(value).map_err(|()| not_utf8(&name))?;
        out.push((name, value));
    }
    Ok(out)
}

fn decoded(text: &[u8]) -> Result<String, ()> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let bytes: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
    String::from_utf8(bytes).map_err(|_| ())
}

fn json(params: &mut Params, body: &[u8]) -> Result<(), Error> {
    let wrong = |error: &serde_json::Error| Error::new(codes::ARGUMENTS, format!("The body is not valid JSON: {}.", plain(error)));
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Error::new(codes::ARGUMENTS, "The JSON body must be an object of parameters, such as {\"key_id\": \"…\"}."));
    }
    let Members(members) = serde_json::from_slice(body).map_err(|error| wrong(&error))?;
    for (name, raw) in members {
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'[') => {
                let Items(items) = serde_json::from_str(text).map_err(|error| wrong(&error))?;
                if items.iter().any(|item| item.get().starts_with(['[', '{'])) {
                    add_scalar(params, &name, text)?;
                } else {
                    for item in items {
                        add_scalar(params, &name, item.get())?;
                    }
                }
            }
            _ => add_scalar(params, &name, text)?,
        }
        if params.len() > MOST_PARAMETERS {
            return Err(too_many());
        }
    }
    Ok(())
}

/// The text that a form would carry for a JSON value; `null` is absent.
fn add_scalar(params: &mut Params, name: &str, raw: &str) -> Result<(), Error> {
    let not_text = |_| Error::new(codes::ARGUMENTS, format!("The parameter {} is no valid JSON text.", quote(name)));
    match raw {
        "null" => {}
        _ if raw.starts_with('"') => params.add(name.to_owned(), serde_json::from_str(raw).map_err(not_text)?),
        _ => params.add(name.to_owned(), raw.to_owned()),
    }
    Ok(())
}

/// An object's members undecoded, so that reading stops at the bound and nothing larger than the body is built.
struct Members<'a>(Vec<(String, &'a RawValue)>);

/// The same for an array.
struct Items<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;
            fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
                formatter.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                    if members.len() > MOST_PARAMETERS {
                        return Err(serde::de::Error::custom(TOO_MANY));
                    }
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

impl<'de> Deserialize<'de> for Items<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Items<'de>;
            fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
                formatter.write_str("an array")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                    if items.len() > MOST_PARAMETERS {
                        return Err(serde::de::Error::custom(TOO_MANY));
                    }
                }
                Ok(Items(items))
            }
        }
        deserializer.deserialize_seq(Reader)
    }
}

/// Marks an error that is no fault of the JSON.
const TOO_MANY: &str = "too many parameters";

/// What is wrong and where, without the Rust of it.
fn plain(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Eof => "it ends too early".to_owned(),
        serde_json::error::Category::Data if error.to_string().starts_with(TOO_MANY) => format!("it has {TOO_MANY}; {MOST_PARAMETERS} are allowed"),
        _ => format!("line {}, column {}", error.line(), error.column()),
    }
}

async fn multipart(params: &mut Params, body: Bytes, boundary: String) -> Result<(), Error> {
    let broken = |error: multer::Error| Error::new(codes::ARGUMENTS, format!("The multipart body is broken: {error}."));
    let stream = futures_util::stream::once(async move { Ok::<_, std::convert::Infallible>(body) });
    let mut form = multer::Multipart::new(stream, boundary);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if params.len() >= MOST_PARAMETERS {
            return Err(too_many());
        }
        let Some(name) = field.name().map(str::to_owned) else {
            return Err(Error::new(codes::ARGUMENTS, "A part of the multipart body has no name."));
        };
        let is_file = field.file_name().is_some();
        let bytes = field.bytes().await.map_err(broken)?;
        if is_file {
            params.add_file(name, bytes);
        } else {
            let text = String::from_utf8(bytes.into()).map_err(|_| not_utf8(&name))?;
            params.add(name, text);
        }
    }
    Ok(())
}

/// The text of a file or raw body.
pub(super) fn utf8(name: &'static str, bytes: &Bytes) -> Result<String, Error> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::field(codes::ARGUMENTS, name, format!("'{name}' is not UTF-8 text.")))?;
    if text.contains('\0') {
        return Err(Error::field(codes::ARGUMENTS, name, format!("'{name}' holds a NUL character.")));
    }
    Ok(text.to_owned())
}

fn not_utf8(name: &str) -> Error {
    let mut error = Error::new(codes::ARGUMENTS, format!("The parameter {} is not UTF-8 text.", quote(name)));
    error.field = Some(shortened(name).into());
    error
}

fn too_many() -> Error {
    Error::new(codes::ARGUMENTS, format!("The request has too many parameters; {MOST_PARAMETERS} are allowed. Join list items with ';'."))
}

fn bounded(params: &Params) -> Result<(), Error> {
    if params.len() > MOST_PARAMETERS {
        return Err(too_many());
    }
    for (name, value) in params.entries() {
        if name.chars().nth(LONGEST_NAME).is_some() || name.contains('\0') {
            return Err(Error::new(codes::ARGUMENTS, format!("{} is no name of a parameter.", quote(name))));
        }
        if value.contains('\0') {
            let mut error = Error::new(codes::ARGUMENTS, format!("The parameter {} holds a NUL character.", quote(name)));
            error.field = Some(shortened(name).into());
            return Err(error);
        }
    }
    Ok(())
}

fn shortened(name: &str) -> String {
    name.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(query: &str, content_type: Option<&str>, body: &str) -> Result<Params, Error> {
        params(query, content_type, Bytes::copy_from_slice(body.as_bytes())).await
    }

    fn all(params: &Params, name: &str) -> Vec<String> {
        params.all(name).map(str::to_owned).collect()
    }

    #[tokio::test]
    async fn the_body_wins_over_the_query() -> Result<(), Error> {
        let params = read("a=1&b=2", Some("application/x-www-form-urlencoded"), "a=3").await?;
        assert_eq!((params.text("a"), params.text("b")), (Some("3"), Some("2")));
        Ok(())
    }

    #[tokio::test]
    async fn an_empty_json_object_beside_a_query_is_no_error() -> Result<(), Error> {
        let params = read("role_id=1&role_id=2", Some("application/json"), "{}").await?;
        assert_eq!(all(&params, "role_id"), ["1", "2"]);
        Ok(())
    }

    #[tokio::test]
    async fn json_members_become_the_texts_that_a_form_would_carry() -> Result<(), Error> {
        let params = read("", Some("application/json; charset=utf-8"), r#"{"id":7,"on":true,"list":[1,"b"],"none":null,"deep":{"a":[1]}}"#).await?;
        assert_eq!(all(&params, "list"), ["1", "b"]);
        assert_eq!((params.text("id"), params.text("on"), params.text("none"), params.text("deep")), (Some("7"), Some("true"), None, Some(r#"{"a":[1]}"#)));
        Ok(())
    }

    #[tokio::test]
    async fn a_multipart_form_carries_texts_and_files() -> Result<(), Error> {
        let body = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.js\"\r\n\r\nlet a;\r\n--x--\r\n";
        let params = read("", Some("multipart/form-data; boundary=x"), body).await?;
        assert_eq!(params.text("a"), Some("1"));
        assert_eq!(params.file_text("f")?.as_deref(), Some("let a;"));
        Ok(())
    }

    #[tokio::test]
    async fn what_is_broken_is_named() {
        let form = Some("application/x-www-form-urlencoded");
        let many = "a=1&".repeat(10_000);
        let items = format!("{{\"a\":[1{}]}}", ",1".repeat(10_000));
        let members = format!("{{\"a\":1{}}}", ",\"a\":1".repeat(10_000));
        for (query, content_type, body, wanted) in [
            ("", form, "user_name=%ff", "'user_name' is not UTF-8"),
            ("", form, "user_name=a%00b", "'user_name' holds a NUL"),
            ("%ff=1", None, "", "name in the query is not UTF-8"),
            ("", Some("application/json"), "{\"a\":", "ends too early"),
            ("", Some("application/json"), "[1]", "must be an object"),
            ("", Some("multipart/form-data"), "--x", "boundary"),
            ("", Some("multipart/form-data; boundary=x"), "--y\r\n", "broken"),
            ("", Some("multipart/form-data; boundary=x"), "--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n", "no name"),
            ("", Some("application/json; charset=utf-16"), "{}", "send UTF-8"),
            ("", Some("application/json"), items.as_str(), "too many parameters"),
            ("", Some("application/json"), members.as_str(), "too many parameters"),
            (many.as_str(), None, "", "too many parameters"),
            ("", form, many.as_str(), "too many parameters"),
        ] {
            let error = read(query, content_type, body).await.err().map(|error| error.msg).unwrap_or_default();
            assert!(error.contains(wanted), "{wanted}: {error}");
        }
    }
}
