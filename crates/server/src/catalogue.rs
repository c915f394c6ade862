//! `cordboard methods`: the catalogue, for a person or as JSON.

use std::{fmt::Write, process::ExitCode};

use anyhow::Result;
use clap::Args;
use cordboard_api::{
    listing,
    registry::{Catalogue, Entry},
};
use serde_json::Value;

#[derive(Args)]
pub struct Methods {
    /// An array of {name, group, status, origin, kind, area, roles, basic, description, params, returns, errors}
    #[arg(long)]
    json: bool,
}

pub fn print(methods: &Methods) -> Result<ExitCode> {
    if methods.json {
        return crate::print_out(&format!("{:#}\n", Value::from(listing::methods())));
    }
    let mut entries: Vec<Entry> = Catalogue::get().entries().to_vec();
    entries.sort_by_key(|entry| (entry.group(), entry.name()));
    let mut out = String::new();
    let mut group = "";
    for entry in &entries {
        if entry.group() != group {
            group = entry.group();
            let _ = writeln!(out, "\n{group}");
        }
        match entry {
            Entry::Real(method) => _ = writeln!(out, "  {:<34} {}", method.name, method.doc.lines().next().unwrap_or_default()),
            Entry::Declared(row) => _ = writeln!(out, "  {:<34} (not yet available)", row.name),
        }
    }
    let real = entries.iter().filter(|entry| matches!(entry, Entry::Real(_))).count();
    let _ = writeln!(out, "\n{real} of {} methods are available. `--json` has parameters, answers, roles and errors.", entries.len());
    crate::print_out(&out)
}
