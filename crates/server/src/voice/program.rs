use std::{ffi::OsString, process::Stdio};

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
};

use super::MAX_BYTES;

/// Bytes of what a program says about a failure that are logged.
const SAID_BYTES: u64 = 2_000;

/// Variables that a program gets; the server's own may hold secrets.
const VARIABLES: [&str; 5] = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"];

/// A program that reads a text on its standard input and writes an audio file to its standard output.
pub struct Program {
    /// Its name and arguments. `{voice}` and `{language}` in an argument are replaced; no shell reads them.
    words: Vec<String>,
}

impl Program {
    /// This program's own voice: the running file, even if another one has taken its place since.
    pub fn this() -> Self {
        Self { words: ["/proc/self/exe", "speak", "--voice", "{language}"].map(str::to_owned).to_vec() }
    }

    /// Words with blanks between them, quoted as in a shell.
    pub fn parse(command: &str) -> Result<Self> {
        let words = shlex::split(command).context("the command's quotes do not match")?;
        ensure!(words.first().is_some_and(|name| !name.is_empty()), "the command is empty");
        Ok(Self { words })
    }

    /// The file that the program gives for a text. When the future is dropped, the program and its children are killed.
    pub async fn run(&self, text: &str, voice: &str, language: &str) -> Result<Vec<u8>, String> {
        let mut words = self.words.iter().map(|word| OsString::from(word.replace("{voice}", voice).replace("{language}", language)));
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).env_clear().envs(VARIABLES.iter().filter_map(|name| Some((name, std::env::var_os(name)?)))).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let child = command.spawn().map_err(|error| format!("{} does not start: {error}", self.words.join(" ")))?;
        let mut running = Running(child);
        let (Some(mut stdin), Some(stdout), Some(mut stderr)) = (running.0.stdin.take(), running.0.stdout.take(), running.0.stderr.take()) else {
            return Err("the program has no pipes".to_owned());
        };
        let write = async {
            // A program that knows enough closes its side.
            let _ = stdin.write_all(text.as_bytes()).await;
            drop(stdin);
        };
        let (mut file, mut said) = (Vec::new(), Vec::new());
        // The pipe closes when enough was read, and so ends a program that goes on.
        let read = async { stdout.take(MAX_BYTES as u64 + 1).read_to_end(&mut file).await };
        let complain = async {
            let _ = (&mut stderr).take(SAID_BYTES).read_to_end(&mut said).await;
            // A closed pipe would end a program that says more.
            let _ = tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await;
        };
        let ((), read, ()) = tokio::join!(write, read, complain);
        read.map_err(|error| format!("what the program writes cannot be read: {error}"))?;
        if file.len() > MAX_BYTES {
            return Err(format!("the program writes more than {MAX_BYTES} bytes"));
        }
        let status = running.0.wait().await.map_err(|error| error.to_string())?;
        if status.success() { Ok(file) } else { Err(format!("the program ended with {status}: {}", String::from_utf8_lossy(&said).trim())) }
    }
}

/// A child that is the first of its process group.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Without an id it has ended and been waited for, and the number may be another's.
        if let Some(group) = self.0.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)) {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{super::testing::script, *};
    use crate::testing::Folder;

    #[tokio::test]
    async fn a_program_gets_the_text_and_its_words_and_no_shell() {
        let folder = Folder::new();
        let command = format!("{} -v {{voice}} '{{language}} $HOME; two'", script(&folder, "printf '%s|' \"$@\"; cat"));
        let said = Program::parse(&command).unwrap().run("a $(b) 'c'", "Joanna", "en-US").await.unwrap();
        assert_eq!(String::from_utf8(said).unwrap(), "-v|Joanna|en-US $HOME; two|a $(b) 'c'");
    }

    #[tokio::test]
    async fn a_program_does_not_see_the_servers_variables() {
        let folder = Folder::new();
        // Cargo sets it for tests.
        assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
        let said = Program::parse(&script(&folder, "env")).unwrap().run("", "", "").await.unwrap();
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("PATH=") && !said.contains("CARGO"), "{said}");
    }

    #[tokio::test]
    async fn a_failure_says_what_the_program_said() {
        let folder = Folder::new();
        let failure = Program::parse(&script(&folder, "echo no such voice >&2; exit 3")).unwrap().run("", "", "").await.unwrap_err();
        assert!(failure.contains("exit status: 3") && failure.contains("no such voice"), "{failure}");
    }

    #[tokio::test]
    async fn a_program_may_say_more_than_is_logged() {
        let folder = Folder::new();
        let lines = "head -c 100000 /dev/zero | tr '\\0' x >&2 || exit 4; cat; echo; head -c 100000 /dev/zero >&2; exit $1";
        let run = |code: u8| Program::parse(&format!("{} {code}", script(&folder, lines))).unwrap();
        assert_eq!(run(0).run("Hello", "", "").await.unwrap(), b"Hello\n");
        let failure = run(3).run("Hello", "", "").await.unwrap_err();
        assert!(failure.contains("exit status: 3") && failure.ends_with(&"x".repeat(2_000)) && failure.len() < 2_200, "{failure}");
    }

    #[tokio::test]
    async fn endless_output_ends_the_program() {
        let failure = Program::parse("cat /dev/zero").unwrap().run("", "", "").await.unwrap_err();
        assert!(failure.contains("more than"), "{failure}");
    }

    #[tokio::test]
    async fn a_program_that_is_given_up_is_killed_with_its_children() {
        let folder = Folder::new();
        let pipe = folder.path("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::from_raw_mode(0o600), 0).unwrap();
        // The child holds the pipe's writing end as long as it lives, so its end is the end of the pipe.
        let program = Program::parse(&script(&folder, &format!("(echo started; sleep 600) >'{pipe}'"))).unwrap();
        let mut reading = tokio::net::unix::pipe::OpenOptions::new().open_receiver(&pipe).unwrap();
        let mut line = [0; 8];
        tokio::select! {
            _ = program.run("", "", "") => unreachable!("it sleeps"),
            read = reading.read_exact(&mut line) => assert_eq!((read.unwrap(), &line), (8, b"started\n")),
        }
        assert_eq!(reading.read(&mut line).await.unwrap(), 0);
    }
}
