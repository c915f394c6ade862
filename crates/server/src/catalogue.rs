//! `cordboard methods`: the catalogue, for a person or as JSON.

use std::{fmt::Write, process::ExitCode};

use anyhow::Result;
use clap::Args;
use cordboard_api::{
    registry::{Access, Catalogue, Entry},
    roles::Role,
};
use serde_json::{Value, json};

#[derive(Args)]
pub struct Methods {
    /// An array of {name, group, status, origin, kind, area, roles, basic, params, returns, errors}
    #[arg(long)]
    json: bool,
}

pub fn print(methods: &Methods) -> Result<ExitCode> {
    let mut entries: Vec<Entry> = Catalogue::get().entries().to_vec();
    if methods.json {
        let rows: Vec<Value> = entries.iter().map(row).collect();
        return crate::print_out(&format!("{:#}\n", Value::from(rows)));
    }
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

fn row(entry: &Entry) -> Value {
    let roles: Vec<&str> = match entry.access() {
        Access::Basic | Access::OlderCredentials | Access::SignIn | Access::PanelSession | Access::SignedIn => Vec::new(),
        Access::AnyRole | Access::Roles(_) => Role::ALL.into_iter().filter(|role| entry.allows(*role)).map(Role::name).collect(),
    };
    let (status, description, params, returns, errors) = match entry {
        Entry::Real(method) => {
            let fields = (method.fields)();
            let mut errors: Vec<u16> = method.errors.iter().chain(fields.iter().map(|field| &field.code)).map(|code| code.0).collect();
            errors.sort_unstable();
            errors.dedup();
            ("real", Some(method.doc), json!(fields), members(&(method.returns)()), errors)
        }
        Entry::Declared(row) => {
            let params = row.params.iter().map(|(name, kind, required)| json!({"name": name, "type": kind, "required": if *required { "yes" } else { "no" }})).collect();
            let returns = row.returns.iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect();
            ("declared", None, params, returns, Vec::new())
        }
    };
    json!({
        "name": entry.name(),
        "group": entry.group(),
        "status": status,
        "origin": entry.origin(),
        "kind": entry.kind(),
        "area": entry.area(),
        "roles": roles,
        "basic": entry.access() == Access::Basic,
        "description": description,
        "params": params,
        "returns": returns,
        "errors": errors,
    })
}

/// The members of an answer with their types, in the words that `structures.json` uses.
fn members(schema: &Value) -> Value {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, member)| json!({"name": name, "type": type_of(member)})).collect()
}

fn type_of(member: &Value) -> String {
    if let Some(reference) = member.get("$ref").and_then(Value::as_str) {
        return reference.rsplit('/').next().unwrap_or(reference).to_owned();
    }
    let kind = match member.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        Some(kind) => kind.as_str(),
        None => None,
    };
    match kind {
        Some("array") => format!("[{}]", member.get("items").map(type_of).unwrap_or_default()),
        Some("integer") => "int".to_owned(),
        Some("number") => "decimal".to_owned(),
        Some("boolean") => "bool".to_owned(),
        Some(kind) => kind.to_owned(),
        None => member.get("anyOf").and_then(Value::as_array).and_then(|all| all.first()).map(type_of).unwrap_or_else(|| "object".to_owned()),
    }
}
