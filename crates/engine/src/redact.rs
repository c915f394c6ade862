//! Placeholders in place of secrets, in recordings.

use std::{borrow::Cow, collections::BTreeMap};

/// What is replaced by what.
pub struct Placeholders {
    /// The longest first, so that a secret that holds another one goes as a whole.
    anywhere: Vec<(Vec<u8>, String)>,
    /// Values that are replaced only where they stand alone.
    alone: BTreeMap<String, String>,
}

impl Placeholders {
    /// Bytes that a value needs to be replaced inside a text.
    pub const SHORTEST: usize = 6;

    pub fn of(secret: &str) -> String {
        format!("secret:{secret}")
    }

    pub fn new(secrets: &BTreeMap<String, String>, token: &str) -> Self {
        let named = secrets.iter().map(|(name, value)| (value.clone(), Self::of(name)));
        let mut anywhere: Vec<(Vec<u8>, String)> = Vec::new();
        let mut alone = BTreeMap::new();
        // Of two secrets with one value the first name stands.
        for (value, placeholder) in named.chain([(token.to_owned(), "control-url-token".to_owned())]) {
            if value.is_empty() {
                continue;
            }
            alone.entry(value.clone()).or_insert_with(|| placeholder.clone());
            if value.len() < Self::SHORTEST {
                continue;
            }
            for form in forms(&value) {
                if !anywhere.iter().any(|(known, _)| *known == form.as_bytes()) {
                    anywhere.push((form.as_bytes().to_vec(), placeholder.clone()));
                }
            }
        }
        anywhere.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        Self { anywhere, alone }
    }

    pub fn text(&self, text: &str) -> String {
        // Whole UTF-8 texts are replaced by whole UTF-8 texts.
        self.alone.get(text).cloned().unwrap_or_else(|| String::from_utf8_lossy(&self.bytes(text.as_bytes())).into_owned())
    }

    pub fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some((first, after)) = rest.split_first() {
            if let Some((value, placeholder)) = self.anywhere.iter().find(|(value, _)| rest.starts_with(value)) {
                out.extend_from_slice(placeholder.as_bytes());
                rest = &rest[value.len()..];
            } else {
                out.push(*first);
                rest = after;
            }
        }
        out
    }
}

/// A value as it is, inside JSON, and inside a URL.
fn forms(value: &str) -> [Cow<'_, str>; 3] {
    let json = serde_json::Value::from(value).to_string();
    let json = json.get(1..json.len() - 1).unwrap_or_default().to_owned();
    let url = value.bytes().fold(String::new(), |text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) { text + &char::from(byte).to_string() } else { text + &format!("%{byte:02X}") }
    });
    [value.into(), json.into(), url.into()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(secrets: &[(&str, &str)]) -> Placeholders {
        Placeholders::new(&secrets.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(), "t0ken0123456789")
    }

    #[test]
    fn a_secret_goes_wherever_it_stands() {
        let redact = placeholders(&[("KEY", "s3cr3t!")]);
        assert_eq!(redact.text("Bearer s3cr3t!, again s3cr3t!"), "Bearer secret:KEY, again secret:KEY");
        assert_eq!(redact.bytes(b"\xffs3cr3t!\xff"), b"\xffsecret:KEY\xff");
        assert_eq!(redact.text("/request/1/t0ken0123456789"), "/request/1/control-url-token");
    }

    #[test]
    fn a_secret_goes_from_json_and_from_urls() {
        let redact = placeholders(&[("KEY", "with \"quotes\"")]);
        assert_eq!(redact.text(r#"{"key":"with \"quotes\""}"#), r#"{"key":"secret:KEY"}"#);
        assert_eq!(redact.text("https://a/?key=with%20%22quotes%22"), "https://a/?key=secret:KEY");
    }

    #[test]
    fn a_secret_that_holds_another_goes_as_a_whole() {
        let redact = placeholders(&[("LONG", "first second"), ("PART", "second")]);
        assert_eq!(redact.text("first second, second"), "secret:LONG, secret:PART");
    }

    #[test]
    fn a_placeholder_is_not_replaced_again() {
        let redact = placeholders(&[("A", "secret:B"), ("B", "0123456")]);
        assert_eq!(redact.text("secret:B 0123456"), "secret:A secret:B");
    }

    #[test]
    fn a_short_secret_goes_only_where_it_stands_alone() {
        let redact = placeholders(&[("PIN", "1234")]);
        assert_eq!(redact.text("1234"), "secret:PIN");
        assert_eq!(redact.text("+1 555 1234"), "+1 555 1234");
    }
}
