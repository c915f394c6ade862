//! `values.json`, the constants as the product carries them.

use std::{collections::BTreeMap, fmt::Write};

use serde_json::{Map, Value, json};

use crate::{committed, reference};

/// Pieces of a list or object, in lines of a readable width.
fn lines(pieces: &[String]) -> String {
    let mut out = String::new();
    let mut width = 0;
    for (at, piece) in pieces.iter().enumerate() {
        let fits = at > 0 && width + piece.len() < 140;
        out += if fits { " " } else { "\n      " };
        width = if fits { width + piece.len() + 2 } else { piece.len() };
        let _ = write!(out, "{piece}{}", if at + 1 < pieces.len() { "," } else { "" });
    }
    out
}

fn pairs(of: &Map<String, Value>) -> Vec<String> {
    of.iter().map(|(name, value)| format!("{}: {value}", json!(name))).collect()
}

#[test]
fn the_values_of_constants_are_those_of_the_reference() {
    let mut needs = Map::new();
    let mut values: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut opaque: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in reference::names() {
        let global = name.path.split(['.', '#']).next().unwrap();
        if let Some(module) = name.needs.filter(|_| global != "VoxEngine") {
            needs.insert(global.to_owned(), Value::from(module.to_lowercase()));
        }
        let (object, member) = name.path.rsplit_once('.').unwrap_or(("", &name.path));
        match name.kind {
            reference::Kind::Constant(Some(value)) => {
                values.entry(object.to_owned()).or_default().insert(member.to_owned(), value);
            }
            reference::Kind::Constant(None) => opaque.entry(object.to_owned()).or_default().push(json!(member).to_string()),
            _ => {}
        }
    }
    let mut objects: Vec<String> = values.iter().map(|(path, of)| format!("\n    {}: {{{}\n    }}", json!(path), lines(&pairs(of)))).collect();
    objects.extend(opaque.iter().map(|(path, of)| format!("\n    {}: [{}\n    ]", json!(path), lines(of))));
    let dates: Vec<_> = reference::dates().into_iter().map(|date| json!(date).to_string()).collect();
    let text = format!("{{\n  \"needs\": {{{}\n  }},\n  \"values\": {{{}\n  }},\n  \"dates\": [{}\n  ]\n}}\n", lines(&pairs(&needs)), objects.join(","), lines(&dates));
    committed("src/modules/names/values.json", &text);
}
