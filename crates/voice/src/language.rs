/// What the built-in voice speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    EnglishUs,
    EnglishGb,
    German,
    French,
    Spanish,
    Italian,
}

impl Language {
    pub const ALL: [Self; 6] = [Self::EnglishUs, Self::EnglishGb, Self::German, Self::French, Self::Spanish, Self::Italian];

    /// The language tag. RFC 5646.
    pub fn tag(self) -> &'static str {
        match self {
            Self::EnglishUs => "en-US",
            Self::EnglishGb => "en-GB",
            Self::German => "de-DE",
            Self::French => "fr-FR",
            Self::Spanish => "es-ES",
            Self::Italian => "it-IT",
        }
    }

    /// The language of a tag (`de-AT`), of a voice's name (`Amazon.Neural.en_US_Joanna`) or of one of the older names (`Language.US_ENGLISH_FEMALE`);
    /// English of the United States where the name says nothing, or a language that is not here.
    pub fn of(voice: &str) -> Self {
        Self::named(voice).unwrap_or_default()
    }

    /// The same, unless the name says nothing or a language that is not here.
    pub fn named(voice: &str) -> Option<Self> {
        let voice = voice.get(..200).unwrap_or(voice);
        let parts: Vec<&str> = voice.split(|character: char| !character.is_ascii_alphanumeric()).collect();
        let tagged = parts.windows(2).find_map(|pair| match pair {
            [language, region] if region.len() == 2 => Self::of_code(language, region),
            _ => None,
        });
        tagged.or_else(|| Self::of_code(parts.first()?, "")).or_else(|| Self::of_word(&voice.to_ascii_lowercase()))
    }

    fn of_code(language: &str, region: &str) -> Option<Self> {
        Some(match language.to_ascii_lowercase().as_str() {
            "en" if ["GB", "UK", "IE", "AU", "NZ", "ZA", "IN"].iter().any(|other| region.eq_ignore_ascii_case(other)) => Self::EnglishGb,
            "en" => Self::EnglishUs,
            "de" => Self::German,
            "fr" => Self::French,
            "es" => Self::Spanish,
            "it" => Self::Italian,
            _ => return None,
        })
    }

    fn of_word(voice: &str) -> Option<Self> {
        [
            ("uk_english", Self::EnglishGb),
            ("british", Self::EnglishGb),
            ("english", Self::EnglishUs),
            ("german", Self::German),
            ("french", Self::French),
            ("spanish", Self::Spanish),
            ("italian", Self::Italian),
        ]
        .into_iter()
        .find_map(|(word, language)| voice.contains(word).then_some(language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voices_name_tells_its_language() {
        for (voice, language) in [
            ("", Language::EnglishUs),
            ("Amazon.Neural.en_US_Joanna", Language::EnglishUs),
            ("Amazon.en_GB_Amy", Language::EnglishGb),
            ("Google.de_DE_Wavenet_A", Language::German),
            ("Microsoft.Neural.fr_CA_SylvieNeural", Language::French),
            ("es-MX", Language::Spanish),
            ("it", Language::Italian),
            ("Language.US_ENGLISH_FEMALE", Language::EnglishUs),
            ("UK_ENGLISH_FEMALE", Language::EnglishGb),
            ("Language.Premium.GERMAN_FEMALE", Language::German),
            ("Google.ja_JP_Standard_A", Language::EnglishUs),
            ("\u{e9}\u{e9}", Language::EnglishUs),
        ] {
            assert_eq!(Language::of(voice), language, "{voice}");
        }
        for voice in ["", "Amazon.pl_PL_Ewa", "Google.pt_BR_Standard_A", "RU_RUSSIAN_FEMALE", "alice"] {
            assert_eq!(Language::named(voice), None, "{voice}");
        }
        for language in Language::ALL {
            assert_eq!(Language::of(language.tag()), language);
        }
    }
}
