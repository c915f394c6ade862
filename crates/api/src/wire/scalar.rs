use jiff::{civil, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::{Field, Param, Params, Rules};
use crate::{
    codes::{self, Code},
    error::{Error, quote},
};

/// A parameter that is one text on the wire.
pub trait Scalar: Sized {
    /// The type's name in the catalogue.
    const TYPE: &'static str;
    /// The code of a bad value, unless the field has its own.
    const CODE: Code = codes::ARGUMENTS;
    /// Parses non-empty text. The error continues the sentence that begins with the parameter's name.
    fn parse(text: &str, rules: &Rules) -> Result<Self, String>;
}

impl<S: Scalar> Param for S {
    fn fields(name: &'static str, rules: &Rules, out: &mut Vec<Field>) {
        out.push(rules.field(name, S::TYPE, S::CODE));
    }

    fn read_optional(params: &Params, name: &'static str, rules: &Rules) -> Result<Option<Self>, Error> {
        let wrong = |sentence: String| rules.wrong(name, S::CODE, &sentence);
        if let Some(text) = params.text(name) {
            return S::parse(text, rules).map(Some).map_err(wrong);
        }
        if let Some(text) = params.file_text(name)? {
            return S::parse(&text, rules).map(Some).map_err(wrong);
        }
        if let Some(body) = params.raw_body().filter(|body| rules.raw_body && !body.is_empty()) {
            return S::parse(&super::body::utf8(name, body)?, rules).map(Some).map_err(wrong);
        }
        rules.default.map(|text| S::parse(text, rules)).transpose().map_err(wrong)
    }
}

impl Scalar for String {
    const TYPE: &'static str = "string";

    fn parse(text: &str, rules: &Rules) -> Result<Self, String> {
        let characters = text.chars().count();
        if characters > rules.max_chars {
            return Err(format!("may have at most {} characters, not {characters}.", rules.max_chars));
        }
        if characters < rules.min_chars {
            return Err(format!("needs at least {} characters.", rules.min_chars));
        }
        rules.check_values(text)?;
        Ok(text.to_owned())
    }
}

impl Scalar for i64 {
    const TYPE: &'static str = "int";

    fn parse(text: &str, rules: &Rules) -> Result<Self, String> {
        let trimmed = text.trim();
        let number: Self = trimmed.parse().map_err(|_| format!("must be a whole number, not {}.", quote(text)))?;
        if number < rules.min {
            return Err(format!("must be at least {}, not {number}.", rules.min));
        }
        if number > rules.max {
            return Err(format!("must be at most {}, not {number}.", rules.max));
        }
        Ok(number)
    }
}

impl Scalar for bool {
    const TYPE: &'static str = "bool";

    fn parse(text: &str, _rules: &Rules) -> Result<Self, String> {
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Ok(true),
            "false" | "0" | "no" => Ok(false),
            _ => Err(format!("must be true or false, not {}.", quote(text))),
        }
    }
}

/// A decimal in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Micros(pub i64);

impl Scalar for Micros {
    const TYPE: &'static str = "decimal";

    fn parse(text: &str, rules: &Rules) -> Result<Self, String> {
        let wrong = || format!("must be a decimal number such as 12.5 with at most six decimals, not {}.", quote(text));
        let trimmed = text.trim();
        let (negative, digits) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 12 || fraction.len() > 6 || !plain(whole) || !plain(fraction) {
            return Err(wrong());
        }
        let whole: i64 = whole.parse().map_err(|_| wrong())?;
        let fraction: i64 = format!("{fraction:0<6}").parse().map_err(|_| wrong())?;
        let micros = whole * 1_000_000 + fraction;
        let micros = if negative { -micros } else { micros };
        if micros < rules.min || micros > rules.max {
            return Err("is outside the allowed range.".to_owned());
        }
        Ok(Self(micros))
    }
}

impl Serialize for Micros {
    #[allow(clippy::cast_precision_loss)]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1_000_000 == 0 { serializer.serialize_i64(self.0 / 1_000_000) } else { serializer.serialize_f64(self.0 as f64 / 1e6) }
    }
}

impl JsonSchema for Micros {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "number"})
    }
}

/// `YYYY-MM-DD HH:MM:SS` or a date alone, in the zone that the request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub civil::DateTime);

impl DateTime {
    /// Milliseconds since 1970. A time that a clock change skips or repeats is the earlier one.
    pub fn utc_ms(self, zone: &TimeZone) -> Option<i64> {
        zone.to_ambiguous_timestamp(self.0).earlier().ok().map(|at| at.as_millisecond())
    }
}

impl Scalar for DateTime {
    const TYPE: &'static str = "timestamp";
    const CODE: Code = codes::DATE_FORMAT;

    fn parse(text: &str, _rules: &Rules) -> Result<Self, String> {
        let text = text.trim();
        let parsed = civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text)
            .or_else(|_| civil::Date::strptime("%Y-%m-%d", text).map(|date| date.to_datetime(civil::Time::midnight())));
        parsed.map(Self).map_err(|_| format!("must be a time such as 2026-01-31 13:45:00, not {}.", quote(text)))
    }
}

/// `YYYY-MM-DD`; a time behind it is cut, because one of the clients sends it (semantics §2.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub civil::Date);

impl Scalar for Date {
    const TYPE: &'static str = "date";
    const CODE: Code = codes::DATE_FORMAT;

    fn parse(text: &str, rules: &Rules) -> Result<Self, String> {
        DateTime::parse(text, rules).map(|DateTime(at)| Self(at.date())).map_err(|_| format!("must be a date such as 2026-01-31, not {}.", quote(text)))
    }
}

/// A time zone's name, or `auto` for the account's location (semantics §2.10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Zone {
    OfAccount,
    Named(String),
}

impl Default for Zone {
    fn default() -> Self {
        Self::Named("Etc/GMT".to_owned())
    }
}

impl Zone {
    /// The zone with its name; `location` is the account's.
    pub fn resolve(&self, location: &str) -> (String, TimeZone) {
        let name = match self {
            Self::OfAccount => location,
            Self::Named(name) => name,
        };
        TimeZone::get(name).map_or_else(|_| ("Etc/GMT".to_owned(), TimeZone::UTC), |zone| (name.to_owned(), zone))
    }
}

impl Scalar for Zone {
    const TYPE: &'static str = "string";

    fn parse(text: &str, _rules: &Rules) -> Result<Self, String> {
        if text.trim().eq_ignore_ascii_case("auto") {
            return Ok(Self::OfAccount);
        }
        TimeZone::get(text.trim()).map_err(|_| format!("must be a time zone such as Europe/Berlin or Etc/GMT, or auto, not {}.", quote(text)))?;
        Ok(Self::Named(text.trim().to_owned()))
    }
}

/// An e-mail address: something, one `@`, a domain with no blanks; at most 254 characters (RFC 5321 §4.5.3.1.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountEmail(pub String);

impl Scalar for AccountEmail {
    const TYPE: &'static str = "string";
    const CODE: Code = codes::ACCOUNT_EMAIL;

    fn parse(text: &str, _rules: &Rules) -> Result<Self, String> {
        let text = text.trim();
        let valid = text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.len() >= 3 && !domain.contains('@') && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
        });
        let clean = text.len() <= 254 && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"(),;:\\".contains(c));
        if valid && clean { Ok(Self(text.to_owned())) } else { Err(format!("must be an e-mail address such as name@example.org, not {}.", quote(text))) }
    }
}

/// A moment in milliseconds since 1970, written as `YYYY-MM-DD HH:MM:SS` UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Utc(pub i64);

impl Utc {
    /// The wire text in a zone.
    pub fn in_zone(self, zone: &TimeZone) -> String {
        let at = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

impl Serialize for Utc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.in_zone(&TimeZone::UTC))
    }
}

impl JsonSchema for Utc {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "description": "YYYY-MM-DD HH:MM:SS, UTC", "pattern": "^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d$"})
    }
}

impl crate::store::db::FromValue for Utc {
    fn from_value(value: crate::store::db::Value) -> Option<Self> {
        i64::from_value(value).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Rules = Rules::NONE;

    #[test]
    fn every_spelling_of_a_boolean_is_understood() {
        for text in ["true", "True", "TRUE", "1", "yes", " true "] {
            assert_eq!(bool::parse(text, &PLAIN), Ok(true), "{text}");
        }
        for text in ["false", "False", "0", "no"] {
            assert_eq!(bool::parse(text, &PLAIN), Ok(false), "{text}");
        }
        assert!(bool::parse("maybe", &PLAIN).is_err());
    }

    #[test]
    fn numbers_are_trimmed_and_may_have_a_plus() {
        assert_eq!(i64::parse(" +42 ", &PLAIN), Ok(42));
        for text in ["1e3", "4.0", "0x10", "", "9223372036854775808", "1,2"] {
            assert!(i64::parse(text, &PLAIN).is_err(), "{text}");
        }
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(Micros::parse("68.5598", &PLAIN), Ok(Micros(68_559_800)));
        assert_eq!(Micros::parse("-0.01", &PLAIN), Ok(Micros(-10_000)));
        for text in ["1e21", "1.1234567", ".5", "1.-5", "1,5", "NaN"] {
            assert!(Micros::parse(text, &PLAIN).is_err(), "{text}");
        }
        assert_eq!(serde_json::to_string(&Micros(68_559_800)).ok().as_deref(), Some("68.5598"));
        assert_eq!(serde_json::to_string(&Micros(0)).ok().as_deref(), Some("0"));
    }

    #[test]
    fn a_date_parameter_takes_a_full_timestamp_and_cuts_the_time() {
        assert_eq!(Date::parse("2026-02-03 10:11:12", &PLAIN), Date::parse("2026-02-03", &PLAIN));
        for text in ["2026-02-30", "03.02.2026", "2026-02-03 25:00:00", "now"] {
            assert!(DateTime::parse(text, &PLAIN).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_is_read_in_its_zone() {
        let noon = DateTime::parse("2026-07-01 12:00:00", &PLAIN).ok();
        let (name, zone) = Zone::Named("America/New_York".to_owned()).resolve("Etc/GMT");
        assert_eq!(name, "America/New_York");
        assert_eq!(noon.and_then(|at| at.utc_ms(&zone)).map(|ms| Utc(ms).in_zone(&TimeZone::UTC)).as_deref(), Some("2026-07-01 16:00:00"));
    }

    #[test]
    fn an_address_without_a_domain_is_no_e_mail() {
        assert!(AccountEmail::parse("a@example.org", &PLAIN).is_ok());
        for text in ["a", "a@b", "@example.org", "a@@example.org", "a b@example.org", "<a@example.org>", "a@.org."] {
            assert!(AccountEmail::parse(text, &PLAIN).is_err(), "{text}");
        }
    }
}
