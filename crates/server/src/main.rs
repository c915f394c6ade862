//! `cordboard`: the one binary. It owns sockets, threads, clocks, files and the command line; decisions are the crates'.

mod calls;
mod catalogue;
mod client;
mod clock;
mod connections;
mod data_dir;
mod files;
mod http;
mod logs;
mod pages;
mod panel;
mod reference;
mod serve;
mod sessions;
mod settings;
#[cfg(test)]
mod testing;
mod tls;
mod voice;
mod way_out;

use std::{io::Write, process::ExitCode};

use clap::Parser;

/// A self-hosted communications platform in one program. Without a command it serves.
#[derive(Parser)]
#[command(name = "cordboard", version, about)]
enum Command {
    /// Serves everything; makes the data directory on first start. This is the default
    Serve(Box<settings::Settings>),
    /// Makes one API call with the credentials file and prints the answer
    Api(client::Call),
    /// Prints a JWT for curl
    Token(client::Token),
    /// Prints the catalogue of methods
    Methods(catalogue::Methods),
    /// Speaks a text with the built-in voice and writes a WAV file to standard output
    Speak(voice::command::Speak),
    /// Prints every setting with its default, unit and help, as a commented TOML file
    Config,
}

fn main() -> ExitCode {
    // SAFETY: there is one thread yet. Scenarios see UTC (voxengine.md §1), and QuickJS asks the process for its zone; nothing else here does.
    #[allow(unsafe_code)]
    unsafe {
        std::env::set_var("TZ", "UTC");
    }
    let arguments = settings::with_default_command(std::env::args_os().collect());
    let command = match settings::parse::<Command>(arguments) {
        Ok(command) => command,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let done = match command {
        Command::Serve(settings) => serve::run(*settings),
        Command::Api(call) => client::call(&call),
        Command::Token(token) => client::token(&token),
        Command::Methods(methods) => catalogue::print(&methods),
        Command::Speak(speak) => voice::command::run(&speak),
        Command::Config => settings::print::<Command>(),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("cordboard: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Prints to standard output; a reader that has seen enough is no error.
fn print_out(text: &str) -> anyhow::Result<ExitCode> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
