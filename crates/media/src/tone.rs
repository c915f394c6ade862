//! Tones by ToneScript, the notation of Sipura phones: `350@-19,440@-19;10(*/0/1+2)`.
//!
//! Up to six frequencies with their levels in dBm, separated by commas; after a semicolon up to six cadences: seconds in
//! all (`*` for ever) and, in brackets, sections of `on/off/frequencies`: seconds of sound and of silence (`*` for ever) and the
//! numbers of the frequencies, joined by `+`.

use std::f64::consts::TAU;

use crate::io::Audio;

/// Samples per second.
const RATE: u32 = 8000;
/// The longest sound that is made, seconds; of a cadence that goes on for ever, one turn is made.
const LONGEST_SECONDS: f64 = 60.0;
/// Frequencies, cadences and sections of one script.
const MOST_PARTS: usize = 6;
const LONGEST_SCRIPT_BYTES: usize = 500;
/// A sine of the greatest amplitude has 3.17 dBm0 in µ-law (ITU-T G.711 §4).
const FULL_DBM: f64 = 3.17;
/// Steps at the ends of a sound click; so many samples rise and fall.
const RAMP_SAMPLES: usize = 16;

/// The sound of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Tone {
    pub audio: Audio,
    /// The sample from which it goes on after its end, if it goes on for ever.
    pub again: Option<usize>,
}

struct Section {
    on: f64,
    off: f64,
    /// Places in the list of frequencies.
    frequencies: Vec<usize>,
}

/// Make the sound of a script.
///
/// # Errors
/// What of the script cannot be read, in words.
pub fn tone(script: &str) -> Result<Tone, String> {
    if script.len() > LONGEST_SCRIPT_BYTES {
        return Err("The tone script is too long".into());
    }
    let script: String = script.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (tones, cadences) = script.split_once(';').ok_or("The tone script has no cadence")?;
    let frequencies = tones.split(',').map(frequency).collect::<Result<Vec<_>, _>>()?;
    if frequencies.len() > MOST_PARTS {
        return Err(format!("The tone script has more than {MOST_PARTS} frequencies"));
    }
    let mut samples = Vec::new();
    let mut again = None;
    for (count, cadence) in cadences.split(';').filter(|cadence| !cadence.is_empty()).enumerate() {
        if count == MOST_PARTS {
            return Err(format!("The tone script has more than {MOST_PARTS} cadences"));
        }
        // Nothing follows what never ends.
        if again.is_none() {
            let begin = samples.len();
            again = render(cadence, &frequencies, &mut samples)?.then_some(begin);
        }
    }
    if samples.is_empty() {
        return Err("The tone script makes no sound".into());
    }
    Ok(Tone { audio: Audio { rate: RATE, samples }, again })
}

fn frequency(text: &str) -> Result<(f64, f64), String> {
    let read = text.split_once('@').and_then(|(hertz, level)| Some((number(hertz)?, level.parse::<f64>().ok()?)));
    let (hertz, level) = read.ok_or_else(|| format!("A frequency of the tone script cannot be read: {}", short(text)))?;
    if !(20.0..=f64::from(RATE) / 2.0).contains(&hertz) || !(-99.0..=FULL_DBM).contains(&level) {
        return Err(format!("A frequency of the tone script cannot be made: {}", short(text)));
    }
    Ok((hertz, f64::from(i16::MAX) * 10f64.powf((level - FULL_DBM) / 20.0)))
}

/// Zero or more; endless for `*`.
fn seconds(text: &str) -> Option<f64> {
    if text == "*" { Some(f64::INFINITY) } else { number(text) }
}

fn number(text: &str) -> Option<f64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|_| plain)
}

fn render(cadence: &str, frequencies: &[(f64, f64)], samples: &mut Vec<i16>) -> Result<bool, String> {
    let unreadable = || format!("A cadence of the tone script cannot be read: {}", short(cadence));
    let (length, sections) = cadence.strip_suffix(')').and_then(|cadence| cadence.split_once('(')).ok_or_else(unreadable)?;
    let length = seconds(length).ok_or_else(unreadable)?;
    let sections = sections.split(',').map(|text| section(text, frequencies.len())).collect::<Option<Vec<_>>>().ok_or_else(unreadable)?;
    if sections.len() > MOST_PARTS {
        return Err(format!("A cadence of the tone script has more than {MOST_PARTS} sections"));
    }
    let turn: f64 = sections.iter().map(|section| section.on + section.off).sum();
    if sections.iter().all(|section| in_samples(section.on) + in_samples(section.off) == 0) {
        return Ok(false);
    }
    let room = LONGEST_SECONDS - samples_seconds(samples.len());
    // One turn of what never ends; of a steady sound, whole seconds, in which each whole frequency comes round.
    let wanted = if length.is_infinite() { if turn.is_infinite() { 10.0 } else { turn } } else { length };
    let end = samples.len() + in_samples(wanted.min(room));
    while samples.len() < end {
        for section in &sections {
            sound(samples, section, frequencies, end, length.is_infinite() && turn.is_infinite());
        }
    }
    Ok(length.is_infinite())
}

fn section(text: &str, known: usize) -> Option<Section> {
    let mut parts = text.split('/');
    let (on, off, numbers) = (seconds(parts.next()?)?, seconds(parts.next()?)?, parts.next()?);
    let numbers = numbers.split('+').map(|number| number.parse::<usize>().ok().filter(|number| *number <= known));
    let numbers = numbers.collect::<Option<Vec<_>>>()?;
    // Frequency 0 is none.
    let frequencies = numbers.into_iter().filter_map(|number| number.checked_sub(1)).take(MOST_PARTS).collect();
    parts.next().is_none().then_some(Section { on, off, frequencies })
}

fn sound(samples: &mut Vec<i16>, section: &Section, frequencies: &[(f64, f64)], end: usize, steady: bool) {
    let on = in_samples(section.on).min(end.saturating_sub(samples.len()));
    for place in 0..on {
        let ramp = if steady { 1.0 } else { (place + 1).min(on - place).min(RAMP_SAMPLES) as f64 / RAMP_SAMPLES as f64 };
        let time = samples_seconds(place);
        let level: f64 = section.frequencies.iter().filter_map(|number| frequencies.get(*number)).map(|(hertz, level)| level * (TAU * hertz * time).sin()).sum();
        #[allow(clippy::cast_possible_truncation)]
        samples.push((level * ramp).clamp(-32_768.0, 32_767.0) as i16);
    }
    let off = in_samples(section.off).min(end.saturating_sub(samples.len()));
    samples.resize(samples.len() + off, 0);
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn in_samples(seconds: f64) -> usize {
    (seconds.clamp(0.0, LONGEST_SECONDS) * f64::from(RATE)).round() as usize
}

#[allow(clippy::cast_precision_loss)]
fn samples_seconds(samples: usize) -> f64 {
    samples as f64 / f64::from(RATE)
}

fn short(text: &str) -> String {
    text.chars().take(40).filter(|letter| !letter.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Level of one frequency, dBm.
    fn level(samples: &[i16], hertz: f64) -> f64 {
        let (mut re, mut im) = (0.0, 0.0);
        for (place, sample) in samples.iter().enumerate() {
            let (sin, cos) = (TAU * hertz * samples_seconds(place)).sin_cos();
            re += f64::from(*sample) * cos;
            im += f64::from(*sample) * sin;
        }
        let amplitude = 2.0 * re.hypot(im) / samples.len() as f64;
        20.0 * (amplitude / f64::from(i16::MAX)).log10() + FULL_DBM
    }

    #[test]
    fn a_dial_tone_is_two_frequencies_for_ten_seconds() {
        let tone = tone("350@-19,440@-19;10(*/0/1+2)").unwrap();
        assert_eq!((tone.audio.samples.len(), tone.again), (80_000, None));
        let middle = &tone.audio.samples[8000..16_000];
        for (hertz, expected) in [(350.0, -19.0), (440.0, -19.0)] {
            assert!((level(middle, hertz) - expected).abs() < 0.2, "{}", level(middle, hertz));
        }
        assert!(level(middle, 600.0) < -60.0);
    }

    #[test]
    fn a_busy_tone_goes_on_and_off() {
        let tone = tone("480@-19,620@-19;10(.5/.5/1+2)").unwrap();
        let samples = &tone.audio.samples;
        assert_eq!(samples.len(), 80_000);
        assert!(level(&samples[100..3900], 480.0) > -20.0 && samples[4000..8000].iter().all(|sample| *sample == 0));
        assert!(level(&samples[8100..11_900], 620.0) > -20.0);
    }

    #[test]
    fn progress_tones_go_on_for_ever() {
        let tone = tone("425@-19;*(1/4/1)").unwrap();
        assert_eq!((tone.audio.samples.len(), tone.again), (40_000, Some(0)));
    }

    #[test]
    fn sections_of_no_sample_make_no_sound() {
        assert_eq!(tone("350@-19;1(.00001/0/1)").unwrap_err(), "The tone script makes no sound");
        assert_eq!(tone("350@-19;*(.00001/.00001/1);1(1/0/1)").unwrap().audio.samples.len(), 8_000);
    }

    #[test]
    fn sections_and_cadences_follow_each_other() {
        let tone = tone("1000@-10,500@-10;1(.25/.25/1,.25/.25/2);1(*/0/0);*(1/1/1)").unwrap();
        let samples = &tone.audio.samples;
        assert_eq!((samples.len(), tone.again), (32_000, Some(16_000)));
        assert!(level(&samples[..2000], 1000.0) > -11.0 && level(&samples[4000..6000], 500.0) > -11.0);
        assert!(samples[8000..16_000].iter().all(|sample| *sample == 0));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for script in [
            "",
            "350@-19",
            "x@-19;1(1/1/1)",
            "350;1(1/1/1)",
            "350@-19;1(1/1)",
            "350@-19;1(1/1/2)",
            "350@-19;(1/1/1)",
            "9000@-1;1(1/1/1)",
            "350@-19;1(0/0/1)",
            "350@-19;nan(1/1/1)",
            "350@-19;1(1/1/1",
        ] {
            assert!(tone(script).is_err(), "{script}");
        }
        assert!(tone(&"1".repeat(1000)).is_err());
    }

    #[test]
    fn length_is_bounded() {
        assert_eq!(tone("350@-19;999999(*/0/1);999(*/0/1)").unwrap().audio.samples.len(), 480_000);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_script_harms_nothing(script in "[0-9@.,;()/*+-]{0,40}", numbers in prop::collection::vec(0u32..70, 6)) {
            let _ = tone(&script);
            let [a, b, c, d, e, f] = numbers[..] else { unreachable!() };
            let _ = tone(&format!("{a}0@-{b};{c}({d}/{e}/1);{f}(.{a}/{b}/1,{c}/.{d}/1)"));
            let _ = tone(&format!("350@-19;{f}(.0000{a}/.0000{b}/1)"));
        }
    }
}
