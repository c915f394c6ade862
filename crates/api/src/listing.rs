//! The catalogue as JSON, for `cordboard methods`, the control panel and whoever else reads it by program.

use serde_json::{Value, json};

use crate::{
    codes,
    registry::{Access, Catalogue, Entry},
    roles::Role,
    wire::Field,
};

/// Every method by name: `{name, group, status, origin, kind, area, roles, basic, description, params, returns, errors}`.
pub fn methods() -> Vec<Value> {
    Catalogue::get().entries().iter().map(row).collect()
}

/// `{methods, roles, basic, errors}`: the methods as above, what each role adds to the `basic` methods, and what the codes mean.
pub fn all() -> Value {
    let entries = Catalogue::get().entries();
    let roles: Vec<Value> = Role::ALL
        .into_iter()
        .map(|role| json!({"role_id": role.id(), "role_name": role.name(), "about": role.about(), "methods": names(entries, |entry| needs_role(entry) && entry.allows(role))}))
        .collect();
    let errors: Vec<Value> = codes::TABLE.iter().map(|(code, meaning)| json!({"code": code, "msg": meaning})).collect();
    json!({"methods": methods(), "roles": roles, "basic": names(entries, |entry| entry.access() == Access::Basic), "errors": errors})
}

fn names(entries: &[Entry], wanted: impl Fn(&Entry) -> bool) -> Vec<&'static str> {
    entries.iter().filter(|entry| wanted(entry)).map(Entry::name).collect()
}

fn needs_role(entry: &Entry) -> bool {
    matches!(entry.access(), Access::AnyRole | Access::Roles(_))
}

/// The roles whose holders may call a method; none for one that needs no role, or that roles do not open.
pub fn roles_of(entry: &Entry) -> Vec<Role> {
    if needs_role(entry) { Role::ALL.into_iter().filter(|role| entry.allows(*role)).collect() } else { Vec::new() }
}

/// The codes of a method and its parameters, ascending, without those of every method.
pub fn errors_of(errors: &[codes::Code], fields: &[Field]) -> Vec<codes::Code> {
    let mut codes: Vec<codes::Code> = errors.iter().copied().chain(fields.iter().map(|field| field.code)).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn row(entry: &Entry) -> Value {
    let (status, description, params, returns, errors) = match entry {
        Entry::Real(method) => {
            let fields = (method.fields)();
            let errors = errors_of(method.errors, &fields);
            ("real", Some(method.doc), json!(fields), members(&(method.returns)()), json!(errors))
        }
        Entry::Declared(row) => {
            let params = row.params.iter().map(|(name, kind, required)| json!({"name": name, "type": kind, "required": if *required { "yes" } else { "no" }})).collect();
            let returns = row.returns.iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect();
            ("declared", None, params, returns, json!([]))
        }
    };
    json!({
        "name": entry.name(),
        "group": entry.group(),
        "status": status,
        "origin": entry.origin(),
        "kind": entry.kind(),
        "area": entry.area(),
        "roles": roles_of(entry).into_iter().map(Role::name).collect::<Vec<_>>(),
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

/// The type of a member: `int`, `decimal`, `bool`, `string`, `object`, the name of a structure, or one of these in brackets.
pub fn type_of(member: &Value) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn listed<'a>(of: &'a Value, list: &str, key: &str, wanted: &str) -> &'a Value {
        of[list].as_array().unwrap().iter().find(|row| row[key] == wanted).unwrap()
    }

    #[test]
    fn a_role_lists_what_it_adds_to_the_basic_methods() {
        let all = all();
        let payer = listed(&all, "roles", "role_name", "Payer");
        assert_eq!(payer["role_id"], 9);
        assert!(payer["about"].as_str().unwrap().ends_with('.'));
        let methods: Vec<&str> = payer["methods"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(methods.contains(&"GetTransactionHistory") && !methods.contains(&"GetKeys") && !methods.contains(&"AddRule"));
        assert!(all["basic"].as_array().unwrap().contains(&json!("GetKeys")));
        for role in Role::ALL {
            let row = listed(&all, "roles", "role_name", role.name());
            let by_method: Vec<&Value> =
                all["methods"].as_array().unwrap().iter().filter(|method| method["roles"].as_array().unwrap().contains(&json!(role.name()))).collect();
            assert_eq!(row["methods"].as_array().unwrap().len(), by_method.len(), "{role:?}");
        }
    }

    #[test]
    fn every_code_of_a_method_has_a_meaning() {
        let all = all();
        for method in all["methods"].as_array().unwrap() {
            for code in method["errors"].as_array().unwrap() {
                assert!(all["errors"].as_array().unwrap().iter().any(|row| row["code"] == *code), "{} of {}", code, method["name"]);
            }
        }
    }
}
