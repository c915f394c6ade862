//! The members of an answer, nested ones with their paths, from its JSON schema.

use cordboard_api::listing::type_of;
use serde_json::Value;

pub struct Member {
    /// `result[].role_id`.
    pub path: String,
    pub kind: String,
    pub always: bool,
    pub about: String,
}

/// Levels below an answer that are shown; structures that hold themselves end there.
const DEPTH: usize = 6;

pub fn of(schema: &Value) -> Vec<Member> {
    let mut out = Vec::new();
    walk(schema, schema, "", DEPTH, &mut out);
    // What was asked for stands before the counts.
    out.sort_by_key(|member| !member.path.starts_with("result"));
    out
}

/// Follows a reference, an optional value and a choice of shapes to what they are about.
fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|to| root.pointer(to.trim_start_matches('#'))) {
        return resolved(root, target);
    }
    let choices = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array);
    let first = choices.and_then(|all| all.iter().find(|one| one.get("type").and_then(Value::as_str) != Some("null")));
    match first {
        Some(first) if schema.get("properties").is_none() => resolved(root, first),
        _ => schema,
    }
}

fn walk(root: &Value, schema: &Value, path: &str, depth: usize, out: &mut Vec<Member>) {
    let schema = resolved(root, schema);
    if depth == 0 {
        return;
    }
    if let Some(items) = schema.get("items") {
        return walk(root, items, &format!("{path}[]"), depth, out);
    }
    let required: Vec<&str> = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let inner = resolved(root, member);
        let about = member.get("description").or_else(|| inner.get("description")).and_then(Value::as_str).unwrap_or_default().replace('\n', " ");
        out.push(Member { path: path.clone(), kind: kind(root, member), always: required.contains(&name.as_str()), about });
        walk(root, inner, &path, depth - 1, out);
    }
}

fn kind(root: &Value, member: &Value) -> String {
    let inner = resolved(root, member);
    let nullable = |schema: &Value| schema.get("type").and_then(Value::as_array).is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"));
    let mut kind = match type_of(inner).as_str() {
        list if list.starts_with('[') => format!("list of {}", plural(root, inner)),
        one => plain(one).to_owned(),
    };
    let choices = member.get("anyOf").and_then(Value::as_array);
    // A choice of an object and a list of one is what a setting decides.
    if choices.is_some_and(|all| all.iter().any(|one| one.get("type").and_then(Value::as_str) == Some("array")) && all.iter().any(|one| one.get("$ref").is_some())) {
        kind.push_str(", or a list of one with `compat.typings`");
    }
    if nullable(inner) && inner.get("type").and_then(Value::as_array).is_some_and(|kinds| kinds.len() > 2) {
        kind.push_str(" or null");
    }
    kind.replace('`', "")
}

fn plural(root: &Value, list: &Value) -> String {
    let items = list.get("items").map(|items| type_of(resolved(root, items))).unwrap_or_default();
    match plain(&items) {
        "object" => "objects".to_owned(),
        "text" => "texts".to_owned(),
        "whole number" => "whole numbers".to_owned(),
        other => other.to_owned(),
    }
}

fn plain(kind: &str) -> &str {
    match kind {
        "int" => "whole number",
        "decimal" => "decimal number",
        "bool" => "true or false",
        "string" => "text",
        "" => "any",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nested_structures_are_expanded_with_their_paths() {
        let schema = json!({
            "type": "object", "required": ["result"],
            "properties": {"result": {"type": "array", "items": {"$ref": "#/$defs/Role"}}, "one": {"anyOf": [{"$ref": "#/$defs/Role"}, {"type": "null"}]}},
            "$defs": {"Role": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "description": "The id."}, "above": {"$ref": "#/$defs/Role"}}}},
        });
        let members = of(&schema);
        let shown: Vec<String> = members.iter().take(3).map(|member| format!("{} {} {}", member.path, member.kind, member.always)).collect();
        assert!(shown.contains(&"one object false".to_owned()) || shown.contains(&"result list of objects true".to_owned()), "{shown:?}");
        assert!(members.iter().any(|member| member.path == "result[].id" && member.kind == "whole number" && member.about == "The id."));
        assert!(members.len() < 100);
    }
}
