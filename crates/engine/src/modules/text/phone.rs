//! What a telephone number says of itself, with the rules and the data of libphonenumber.
//!
//! The data are loaded when the first number of a process is asked about; expressions are compiled as they are used.

use rlibphonenumber::{PHONE_NUMBER_UTIL as RULES, ParseError, PhoneNumberFormat, PhoneNumberType, Region};
use serde_json::{Value, json};

use crate::limits;

fn kind(of: PhoneNumberType) -> &'static str {
    match of {
        PhoneNumberType::FixedLine => "FIXED_LINE",
        PhoneNumberType::Mobile => "MOBILE",
        PhoneNumberType::FixedLineOrMobile => "FIXED_LINE_OR_MOBILE",
        PhoneNumberType::TollFree => "TOLL_FREE",
        PhoneNumberType::PremiumRate => "PREMIUM_RATE",
        PhoneNumberType::SharedCost => "SHARED_COST",
        PhoneNumberType::VoIP => "VOIP",
        PhoneNumberType::PersonalNumber => "PERSONAL_NUMBER",
        PhoneNumberType::Pager => "PAGER",
        PhoneNumberType::UAN => "UAN",
        PhoneNumberType::VoiceMail => "VOICEMAIL",
        PhoneNumberType::Unknown => "UNKNOWN",
    }
}

fn failed(error: &str) -> Value {
    json!({
        "number": "", "region": "", "location": "", "numberType": "UNKNOWN",
        "isPossibleNumber": false, "isValidNumber": false, "isValidNumberForRegion": false, "error": error,
    })
}

fn found(written: &str, country: Option<&str>) -> Value {
    // What is no country is the same as none, as in libphonenumber: a number with its country code can still be read.
    let country = country.and_then(|id| id.parse::<Region>().ok());
    if written.chars().count() > limits::PHONE_NUMBER_CHARACTERS {
        return failed("TOO_LONG");
    }
    let number = match RULES.parse(written, country) {
        Ok(number) => number,
        Err(ParseError::InvalidCountryCode) => return failed("INVALID_COUNTRY_CODE"),
        Err(ParseError::NotANumber(_)) => return failed("NOT_A_NUMBER"),
        Err(ParseError::TooShortAfterIdd) => return failed("TOO_SHORT_AFTER_IDD"),
        Err(ParseError::TooShortNsn) => return failed("TOO_SHORT_NSN"),
        Err(ParseError::TooLongNsn) => return failed("TOO_LONG"),
    };
    let region = RULES.get_region_for_number(&number);
    let valid = RULES.is_valid_number(&number);
    json!({
        "number": RULES.format(&number, PhoneNumberFormat::E164),
        "region": region.map(|region| region.as_region_str().to_string()).unwrap_or_default(),
        // What libphonenumber says here comes from tables of places, which are not carried along.
        "location": "",
        "numberType": kind(RULES.get_number_type(&number)),
        "isPossibleNumber": RULES.is_possible_number(&number),
        "isValidNumber": valid,
        // Without a country the number's own is meant.
        "isValidNumberForRegion": country.map_or(valid, |country| RULES.is_valid_number_for_region(&number, country)),
    })
}

/// The fields of `PhoneNumber.getInfo` as JSON.
pub fn info(number: &str, country: Option<&str>) -> String {
    found(number, country).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(number: &str, country: Option<&str>) -> String {
        let found = found(number, country);
        if let Some(error) = found["error"].as_str() {
            return error.to_owned();
        }
        let flags: String = ["isPossibleNumber", "isValidNumber", "isValidNumberForRegion"].iter().map(|name| if found[*name] == true { 'y' } else { 'n' }).collect();
        [found["number"].as_str().unwrap(), found["region"].as_str().unwrap(), found["numberType"].as_str().unwrap(), &flags].join(" ")
    }

    #[test]
    fn numbers_are_what_libphonenumber_says() {
        for (number, country, expected) in [
            ("(415) 555-2671", Some("US"), "+14155552671 US FIXED_LINE_OR_MOBILE yyy"),
            ("(415) 555-2671", Some("us"), "+14155552671 US FIXED_LINE_OR_MOBILE yyy"),
            ("+1 415 555 2671", None, "+14155552671 US FIXED_LINE_OR_MOBILE yyy"),
            ("+1 604 401 1234", Some("US"), "+16044011234 CA FIXED_LINE_OR_MOBILE yyn"),
            ("+44 7912 345678", None, "+447912345678 GB MOBILE yyy"),
            ("020 7031 3000", Some("GB"), "+442070313000 GB FIXED_LINE yyy"),
            ("8 (495) 123-45-67", Some("RU"), "+74951234567 RU FIXED_LINE yyy"),
            ("+7 916 123 45 67", None, "+79161234567 RU MOBILE yyy"),
            ("8 800 555 35 35", Some("RU"), "+78005553535 RU TOLL_FREE yyy"),
            ("+7 701 123 4567", None, "+77011234567 KZ MOBILE yyy"),
            ("+49 30 123456", None, "+4930123456 DE FIXED_LINE yyy"),
            ("02 3661 8300", Some("IT"), "+390236618300 IT FIXED_LINE yyy"),
            ("+800 12345678", None, "+80012345678 001 TOLL_FREE yyy"),
            ("011 44 7912 345678", Some("US"), "+447912345678 GB MOBILE yyn"),
            ("tel:+1-415-555-2671", None, "+14155552671 US FIXED_LINE_OR_MOBILE yyy"),
            ("1-800-FLOWERS", Some("US"), "+18003569377 US TOLL_FREE yyy"),
        ] {
            assert_eq!(kind_of(number, country), expected, "{number} {country:?}");
        }
    }

    #[test]
    fn numbers_that_cannot_be_dialled_are_possible_or_not_but_never_valid() {
        for (number, country, expected) in [
            ("+1 415 555 267", None, "+1415555267  UNKNOWN nnn"),
            ("253 0000", Some("US"), "+12530000  UNKNOWN ynn"),
            ("+44 791234567", None, "+44791234567  UNKNOWN ynn"),
        ] {
            assert_eq!(kind_of(number, country), expected, "{number} {country:?}");
        }
    }

    #[test]
    fn what_is_no_number_has_the_error_of_libphonenumber() {
        for (number, country, expected) in [
            ("abc", Some("US"), "NOT_A_NUMBER"),
            ("", Some("US"), "NOT_A_NUMBER"),
            ("415 555 2671", None, "INVALID_COUNTRY_CODE"),
            ("415 555 2671", Some("XX"), "INVALID_COUNTRY_CODE"),
            ("415 555 2671", Some("AQ"), "INVALID_COUNTRY_CODE"),
            ("+999 123456789", None, "INVALID_COUNTRY_CODE"),
            ("+49 0", Some("DE"), "TOO_SHORT_NSN"),
            ("+1 23456789012345678901", None, "TOO_LONG"),
        ] {
            assert_eq!(kind_of(number, country), expected, "{number} {country:?}");
        }
        assert_eq!(kind_of(&"1".repeat(251), Some("US")), "TOO_LONG");
    }

    #[test]
    fn no_text_of_a_caller_breaks_it() {
        let pieces = [
            "+",
            "0",
            "00",
            "011",
            "1",
            "7",
            "٣",
            "९",
            "０",
            "+",
            "tel:",
            ";phone-context=",
            ";ext=",
            ";isub=",
            "x",
            "A",
            "é",
            "(",
            ")",
            "-",
            " ",
            "*",
            "#",
            "\u{0}",
            "99",
            "🙂",
            "/",
            "~",
            ",",
            "44",
            "ext",
            "=+",
        ];
        let countries = [None, Some("US"), Some("GB"), Some("AQ"), Some("IT"), Some("001"), Some("ZZ"), Some("")];
        let mut chance = cordboard_now::Chance::new(&[3; 32]);
        for _ in 0..4_000 {
            let [length, country] = chance.bytes::<2>();
            let text: String = (0..length % 12).map(|_| pieces[usize::from(chance.bytes::<1>()[0]) % pieces.len()]).collect();
            let country = countries[usize::from(country) % countries.len()];
            assert!(info(&text, country).starts_with('{'), "{text:?} {country:?}");
        }
    }
}
