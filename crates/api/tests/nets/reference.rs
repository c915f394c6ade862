//! The facts about the original that the nets compare with.

use std::{collections::BTreeMap, path::PathBuf};

use serde_json::Value;

/// What the reference says.
pub struct Reference {
    pub methods: Vec<Value>,
    pub structures: BTreeMap<String, Value>,
    /// Parameters that are credentials.
    pub credentials: Vec<String>,
}

impl Reference {
    pub fn load() -> Self {
        let methods = file("methods.json");
        let structures = file("structures.json");
        Self {
            credentials: texts(&methods["_auth_params"]),
            methods: methods["methods"].as_array().expect("methods").clone(),
            structures: structures["structures"].as_object().expect("structures").clone().into_iter().collect(),
        }
    }

    /// The methods of today, under the names that clients send.
    pub fn current(&self) -> impl Iterator<Item = &Value> {
        self.methods.iter().filter(|method| {
            let status = method["status"].as_str();
            let of_today = status.is_none_or(|status| status.starts_with("current") || status.starts_with("docs only"));
            of_today && method["name"] != "LinkRegulationAddress"
        })
    }
}

fn file(name: &str) -> Value {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "..", "shared", "reference", name].iter().collect();
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("this test compares with the reference and needs the folder 'shared' beside the repository: {} ({error})", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The texts of a JSON array; none for anything else.
pub fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
