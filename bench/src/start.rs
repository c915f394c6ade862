//! From starting on an existing data directory to the first answer, and the memory of an idle server.

use anyhow::{Context, Result};

use crate::{
    median,
    server::{Folder, Server},
};

const RUNS: usize = 9;

pub fn run() -> Result<()> {
    let folder = Folder::new("start")?;
    Server::start(&folder)?.stop()?;
    let (mut answers, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let server = Server::start(&folder)?;
        answers.push(server.first_answer.as_secs_f64());
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.process.0.id()))?;
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
        memory.push(resident.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0);
        server.stop()?;
    }
    println!("first answer after {:.0} ms (at most 1000 ms), idle memory {:.1} MiB (at most 45 MB)", median(answers) * 1_000.0, median(memory));
    Ok(())
}
