//! What may go out over the trunk of the configuration, as whom, and where a call to one of its numbers comes in.

use std::fmt;

/// Digits of a number at most. E.164 §6.
const MOST_DIGITS: usize = 15;

/// Digits of a number at least: shorter ones are services of the carrier's own.
const FEWEST_DIGITS: usize = 3;

/// Characters of a number with its blanks and brackets at most.
const LONGEST: usize = 64;

/// A telephone number as digits, country code first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(String);

impl Number {
    /// Takes `+1 (555) 01-00`, `15550100`, `tel:+15550100`. A plus means nothing; letters, and what is too long or too short, are
    /// no number.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > LONGEST {
            return None;
        }
        let text = text.strip_prefix("tel:").unwrap_or(text);
        let text = text.strip_prefix('+').unwrap_or(text);
        let mut digits = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '0'..='9' => digits.push(letter),
                ' ' | '-' | '.' | '(' | ')' => {}
                _ => return None,
            }
        }
        (FEWEST_DIGITS..=MOST_DIGITS).contains(&digits.len()).then_some(Self(digits))
    }

    /// Without the plus, as it goes over the wire.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "+{}", self.0)
    }
}

/// One of the trunk's own numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub number: Number,
    /// The application that calls to it come to: `application` of the first account, or `application.account`.
    pub application: String,
    /// The rule that takes them; without it the application's rules are asked about the number.
    pub rule: Option<String>,
}

impl Line {
    /// Takes `+15550100=demo`, `+15550100=shop.acme` or `+15550100=shop.acme/support`. The error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "a number of the trunk is written NUMBER=APPLICATION or NUMBER=APPLICATION/RULE, such as +15550100=demo".to_owned();
        let (number, target) = text.split_once('=').ok_or_else(wrong)?;
        let number = Number::parse(number).ok_or_else(wrong)?;
        let (application, rule) = target.split_once('/').map_or((target, None), |(application, rule)| (application, Some(rule)));
        let (application, rule) = (application.trim().to_ascii_lowercase(), rule.map(|rule| rule.trim().to_owned()));
        if application.is_empty() || rule.as_deref() == Some("") {
            return Err(wrong());
        }
        Ok(Self { number, application, rule })
    }

    /// Whether its application is one of the account's.
    fn is_of(&self, account: &Account<'_>, first_account: i64) -> bool {
        self.application.split('.').nth(1).map_or(account.id == first_account, |name| name == account.name)
    }
}

/// Destinations that may be called: a number, or the beginning of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    digits: String,
    and_longer: bool,
}

impl Allowed {
    /// Takes `+15550100`, `+1555*`, or `*` for every number. The error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "an allowed destination is a number such as +15550100, the beginning of numbers such as +1555*, or * for all".to_owned();
        let text = text.trim();
        let (beginning, and_longer) = text.strip_suffix('*').map_or((text, false), |beginning| (beginning, true));
        let digits = beginning.strip_prefix('+').unwrap_or(beginning);
        let is_number = digits.len() <= MOST_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || (digits.is_empty() && text != "*") || (!and_longer && digits.len() < FEWEST_DIGITS) {
            return Err(wrong());
        }
        Ok(Self { digits: digits.to_owned(), and_longer })
    }

    fn takes(&self, number: &Number) -> bool {
        if self.and_longer { number.digits().starts_with(&self.digits) } else { number.digits() == self.digits }
    }
}

/// Who calls out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account<'a> {
    pub id: i64,
    pub name: &'a str,
}

/// Why a call does not go out over the trunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The destination is no telephone number.
    NoNumber,
    DestinationNotAllowed(Number),
    /// The caller id is no number of the account's on this trunk, and not that of the incoming call.
    CallerIdNotAllowed,
}

/// What goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    pub destination: Number,
    pub caller_id: Number,
}

/// The rules of the trunk of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trunk {
    lines: Vec<Line>,
    allowed: Vec<Allowed>,
    first_account: i64,
}

impl Trunk {
    /// `first_account` is the id of the account whose applications are named by their short names; unlike its name it stays.
    pub fn new(lines: Vec<Line>, allowed: Vec<Allowed>, first_account: i64) -> Self {
        Self { lines, allowed, first_account }
    }

    /// Whether an account may call a number, and as whom. `others` are numbers that it may show beside its own: those that it
    /// verified, and that of the call that came in to the session. Nothing is allowed that no setting names.
    pub fn judge(&self, account: Account<'_>, destination: &str, caller_id: &str, others: &[&str]) -> Result<Outgoing, Denied> {
        let destination = Number::parse(destination).ok_or(Denied::NoNumber)?;
        if !self.allowed.iter().any(|allowed| allowed.takes(&destination)) {
            return Err(Denied::DestinationNotAllowed(destination));
        }
        let caller_id = Number::parse(caller_id).ok_or(Denied::CallerIdNotAllowed)?;
        let own = self.lines.iter().any(|line| line.number == caller_id && line.is_of(&account, self.first_account));
        let other = || others.iter().filter_map(|number| Number::parse(number)).any(|number| number == caller_id);
        if own || other() { Ok(Outgoing { destination, caller_id }) } else { Err(Denied::CallerIdNotAllowed) }
    }

    /// Where a call to a number comes in. `None` is a number that is not the trunk's.
    pub fn line(&self, called: &str) -> Option<&Line> {
        let called = Number::parse(called)?;
        self.lines.iter().find(|line| line.number == called)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trunk() -> Trunk {
        let lines = ["+15550100=demo", "15550101=shop.acme/support"].map(|text| Line::parse(text).unwrap());
        let allowed = ["+1555*", "+4912345"].map(|text| Allowed::parse(text).unwrap());
        Trunk::new(lines.to_vec(), allowed.to_vec(), 1)
    }

    const OWNER: Account<'_> = Account { id: 1, name: "owner" };
    const ACME: Account<'_> = Account { id: 2, name: "acme" };

    #[test]
    fn a_number_is_its_digits() {
        for text in ["+15550100", "15550100", "+1 (555) 01-00", "tel:+1.555.0100", " 15550100 "] {
            assert_eq!(Number::parse(text).map(|number| number.to_string()).as_deref(), Some("+15550100"), "{text}");
        }
        for text in ["", "+", "12", "alice", "1555a", "+1+555", "1234567890123456", "١٥٥٥", &" ".repeat(1_000), &"1".repeat(1_000)] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_goes_out_that_no_setting_allows() {
        let judge = |account, destination, caller_id, others: &[&str]| trunk().judge(account, destination, caller_id, others);
        assert!(judge(OWNER, "+1 555 999", "+15550100", &[]).is_ok());
        assert!(judge(OWNER, "4912345", "15550100", &[]).is_ok());
        assert_eq!(judge(OWNER, "49123456", "15550100", &[]), Err(Denied::DestinationNotAllowed(Number("49123456".to_owned()))));
        assert_eq!(judge(OWNER, "alice", "15550100", &[]), Err(Denied::NoNumber));
        assert!(matches!(Trunk::default().judge(OWNER, "1555999", "15550100", &["15550100"]), Err(Denied::DestinationNotAllowed(_))));
    }

    #[test]
    fn a_caller_id_is_the_accounts_own_or_that_of_its_call() {
        let judge = |account, caller_id, others: &[&str]| trunk().judge(account, "1555999", caller_id, others).is_ok();
        assert!(judge(ACME, "15550101", &[]));
        assert!(judge(OWNER, "15550100", &[]));
        assert!(judge(Account { name: "renamed", ..OWNER }, "15550100", &[]), "the first account has another name");
        assert!(!judge(Account { name: "owner", ..ACME }, "15550100", &[]), "another account has the name that the first one had");
        assert!(!judge(OWNER, "15550101", &[]), "another account's number");
        assert!(!judge(OWNER, "4940123", &[]));
        assert!(judge(OWNER, "+4940123", &["49 40 123"]));
        assert!(!judge(OWNER, "", &["", "anonymous"]));
    }

    #[test]
    fn a_called_number_has_its_application() {
        let trunk = trunk();
        assert_eq!(trunk.line("+15550100").map(|line| (line.application.as_str(), line.rule.as_deref())), Some(("demo", None)));
        assert_eq!(trunk.line("15550101").map(|line| (line.application.as_str(), line.rule.as_deref())), Some(("shop.acme", Some("support"))));
        assert_eq!(trunk.line("15550102"), None);
    }

    #[test]
    fn settings_that_say_nothing_are_refused() {
        for text in ["", "+15550100", "+15550100=", "alice=demo", "+15550100=demo/", "=demo"] {
            assert!(Line::parse(text).is_err(), "{text}");
        }
        for text in ["", "+", "+*", "1*5", "x*", "12", "**", &format!("{}*", "1".repeat(16))] {
            assert!(Allowed::parse(text).is_err(), "{text}");
        }
        assert!(Allowed::parse("*").is_ok_and(|all| all.takes(&Number("15550100".to_owned()))));
    }
}
