//! What a session did follows from its recording alone.

use cordboard_engine::{Output, Recording};

use crate::{stories, world};

fn through_json(recording: &Recording) -> Recording {
    serde_json::from_str(&serde_json::to_string(recording).unwrap()).unwrap()
}

#[test]
fn a_recording_that_was_written_and_read_gives_the_same_outputs() {
    for story in stories() {
        let (recording, outputs) = story.record();
        let replayed = through_json(&recording).replay(world::catalogue());
        assert_eq!(replayed, outputs, "{}", story.path.display());
    }
}

/// Secrets of the stories and what stands for them: written here, so that the test does not ask the code that it tests.
const PLACEHOLDERS: &[(&str, &str)] = &[("sk-live-0123456789", "secret:API_KEY"), ("hush \"quoted\"", "secret:QUOTED"), (r#"hush \"quoted\""#, "secret:QUOTED")];

#[test]
fn a_recording_without_secrets_gives_the_outputs_without_secrets() {
    let replace =
        |text: String| PLACEHOLDERS.iter().fold(text, |text, (value, placeholder)| text.replace(value, placeholder)).replace("t0ken0123456789", "control-url-token");
    // Bodies are compared as texts.
    let readable = |outputs: &[Vec<Output>]| {
        let plain = |output: &Output| match output {
            Output::Http { request, http } => {
                format!("{request} {http:?} {}", String::from_utf8_lossy(http.body.as_deref().unwrap_or_default())).replace(&format!("{:?}", http.body), "")
            }
            // The platform's own lines tell how long bodies are, and placeholders have other lengths.
            Output::Log(line) if line.starts_with("Executing JS command: HttpRequest") => line.split("; body = ").next().unwrap_or_default().to_owned(),
            other => crate::transcript::lines(other),
        };
        outputs.iter().map(|turn| turn.iter().map(plain).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let mut with_secrets = 0;
    for story in stories() {
        let (recording, outputs) = story.record();
        let redacted = through_json(&recording.redacted());
        let text = serde_json::to_string(&redacted).unwrap();
        for value in recording.profile.secrets.values().chain([&recording.profile.token]).filter(|value| value.len() >= 6) {
            assert!(!text.contains(value.as_str()), "{}: '{value}' is left", story.path.display());
        }
        with_secrets += usize::from(!recording.profile.secrets.is_empty());
        let expected: Vec<Vec<String>> = readable(&outputs).into_iter().map(|turn| turn.into_iter().map(replace).collect()).collect();
        assert_eq!(readable(&redacted.replay(world::catalogue())), expected, "{}", story.path.display());
    }
    assert!(with_secrets > 0, "no story has secrets");
}
