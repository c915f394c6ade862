use anyhow::{Context, Result, ensure};
use url::Url;

use super::{MAX_BYTES, TIME};
use crate::way_out::{HttpRequest, WayOut};

/// A speech service. It is asked by `POST` with JSON and answers with an audio file, WAV or MP3:
///
/// `{"text": …, "input": …, "voice": …, "language": "en-US", "response_format": "wav"}`
///
/// `input` is the text once more, because services with the shape of OpenAI's call it so. `voice` is the scenario's name for it, perhaps empty.
pub struct Service {
    url: Url,
    way_out: WayOut,
}

impl Service {
    pub fn parse(text: &str, way_out: WayOut) -> Result<Self> {
        let url = Url::parse(text).context("the URL of the speech service")?;
        ensure!(url.has_host(), "the URL of the speech service has no host");
        Ok(Self { url, way_out })
    }

    pub async fn ask(&self, text: &str, voice: &str, language: &str) -> Result<Vec<u8>, String> {
        let body = serde_json::json!({"text": text, "input": text, "voice": voice, "language": language, "response_format": "wav"});
        let request = HttpRequest {
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned()), ("Accept".to_owned(), "audio/wav, audio/mpeg;q=0.9".to_owned())],
            body: body.to_string().into_bytes(),
            timeout: TIME,
            max_response_bytes: MAX_BYTES,
            ..HttpRequest::new("POST", self.url.as_str())
        };
        let answer = self.way_out.request_to_configured(request).await.map_err(|failure| failure.to_string())?;
        if answer.status == 200 { Ok(answer.body) } else { Err(format!("the speech service answered {}", answer.status)) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{
        super::{Source, Voice, testing::sound},
        *,
    };
    use crate::way_out::testing::{Answer, Site, local, way_out};

    fn asking(site: &Site) -> Voice {
        let url = site.url("/speak?key=1").replace("http://", "http://user:pass@");
        Voice::of(Source::Http(Service::parse(&url, way_out(&[], local)).unwrap()))
    }

    #[tokio::test]
    async fn a_service_is_asked_with_json_and_answers_a_file() {
        let site = Site::start(|_| Answer::Whole([b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), cordboard_voice::wav::encode(&sound())].concat())).await;
        assert_eq!(*asking(&site).speak(1, "Say \"hi\"", "Google.de_DE_Wavenet_A").await.unwrap(), sound().at(8_000).unwrap());
        let sent = site.requests().pop().unwrap();
        assert!(sent.starts_with("POST /speak?key=1 HTTP/1.1\r\n") && sent.contains("Authorization: Basic dXNlcjpwYXNz\r\n"), "{sent}");
        let body: serde_json::Value = serde_json::from_str(sent.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        let wanted = serde_json::json!({"text": "Say \"hi\"", "input": "Say \"hi\"", "voice": "Google.de_DE_Wavenet_A", "language": "de-DE", "response_format": "wav"});
        assert_eq!(body, wanted);
    }

    #[tokio::test]
    async fn an_error_a_page_and_an_endless_answer_are_failures() {
        let endless = || Answer::Endless(b"HTTP/1.1 200 OK\r\n\r\nRIFF".to_vec());
        for answer in [Answer::text("HTTP/1.1 500 Error\n\n"), Answer::text("HTTP/1.1 200 OK\n\n<html>"), Answer::text("HTTP/1.1 200 OK\n\n"), endless()] {
            let kept = std::sync::Mutex::new(Some(answer));
            let site = Site::start(move |_| kept.lock().unwrap().take().unwrap()).await;
            assert_eq!(asking(&site).speak(1, "Hello", "").await.unwrap_err(), "the voice failed");
        }
    }
}
