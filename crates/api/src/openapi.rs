//! The available methods as an OpenAPI 3.1 document.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{
    listing,
    registry::{Access, Catalogue, Credentials, Entry, Method},
    wire::{Field, Required},
};

/// `YYYY-MM-DD HH:MM:SS`, or a date alone.
const TIME: &str = r"^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$";

const ABOUT: &str = "Parameters are sent in the query or in a form; `multipart/form-data` and `application/json` bodies are read as well. \
A refusal is HTTP 200 with `error` in its body, unless a response below says otherwise; its code has a page at `/docs/errors/CODE`. \
Methods that are known but not yet available are not in this document; `/docs/methods.json` lists them.";

/// Credentials of the older interface: name, what it is, whether it is secret.
const OLDER: [(&str, &str, bool); 7] = [
    ("account_id", "The account.", false),
    ("account_name", "The account's name, in place of its id.", false),
    ("account_email", "The account's e-mail address, in place of its id.", false),
    ("account_password", "The account's password.", true),
    ("api_key", "The account's API key, in place of the password.", true),
    ("subuser_login", "A subuser's name.", false),
    ("subuser_password", "The subuser's password, in place of the account's.", true),
];

/// The whole document; the same for every installation.
pub fn document() -> Value {
    let mut schemas = Schemas::default();
    let paths: Map<String, Value> = Catalogue::get().real().map(|method| (format!("/platform_api/{}", method.name), path(method))).collect();
    let answers = Catalogue::get().real().map(|method| (method.name.to_owned(), answer(method, &mut schemas)));
    let responses: Map<String, Value> = answers.chain(rare()).collect();
    let mut groups: Vec<&str> = Catalogue::get().real().map(|method| *method.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let mut components: Map<String, Value> = schemas.0.into_iter().collect();
    components.insert("Error".to_owned(), error());
    components.insert("Refusal".to_owned(), refusal());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Cordboard",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Management API, wire-compatible with that of Voximplant",
            "description": ABOUT,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "externalDocs": {"url": "/docs"},
        "tags": groups.into_iter().map(|group| json!({"name": group})).collect::<Vec<_>>(),
        "security": [{"serviceAccount": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "serviceAccount": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "RS256 by the private key of a service account: `kid` is the key's id, `iss` the account's; `exp` is at most an hour after `iat`.",
                },
            },
            "responses": responses,
            "schemas": components,
        },
    })
}

fn path(method: &'static Method) -> Value {
    let fields = fields(method);
    let query: Vec<Value> = fields
        .iter()
        .filter(|field| field.kind != "file")
        .map(|field| {
            let mut parameter = json!({"name": field.name, "in": "query", "required": field.required == Required::Yes, "schema": schema(field)});
            if !field.description.is_empty() {
                parameter["description"] = field.description.into();
            }
            parameter
        })
        .collect();
    let mut get = operation(method, "get");
    get["parameters"] = query.into();
    let mut post = operation(method, "post");
    let required = fields.iter().any(|field| field.required != Required::No);
    post["requestBody"] = json!({"required": required, "content": {"application/x-www-form-urlencoded": {"schema": form(&fields)}}});
    json!({"get": get, "post": post})
}

/// The parameters, and the credentials of methods that take no JWT or those of the parent account.
fn fields(method: &Method) -> Vec<Field> {
    let mut fields = (method.fields)();
    if method.access == Access::OlderCredentials && method.credentials == Credentials::Own {
        let session = ("session_id", "A session that Logon opened.", true);
        for (name, description, secret) in OLDER.into_iter().chain([session]) {
            let kind = if name == "account_id" { "int" } else { "string" };
            fields.push(Field { required: Required::No, secret, description, ..crate::wire::Rules::NONE.field(name, kind, crate::codes::AUTHENTICATION_FAILED) });
        }
    }
    fields
}

fn operation(method: &'static Method, verb: &str) -> Value {
    let (summary, more) = method.doc.split_once('\n').unwrap_or((method.doc, ""));
    let roles: Vec<&str> = listing::roles_of(&Entry::Real(method)).into_iter().map(crate::roles::Role::name).collect();
    let who = match method.access {
        Access::Basic => "Every service account may call this.".to_owned(),
        Access::SignIn | Access::PanelSession | Access::SignedIn => "For sessions of the web panel, not for a service account.".to_owned(),
        Access::OlderCredentials => "For an account's or subuser's own credentials, not for a service account.".to_owned(),
        Access::AnyRole => "Service accounts with any role may call this.".to_owned(),
        Access::Roles(_) => format!("Roles: {}.", roles.join(", ")),
    };
    let mut responses = json!({"200": {"$ref": format!("#/components/responses/{}", method.name)}});
    for (status, name, _) in RARE {
        responses[status] = json!({"$ref": format!("#/components/responses/{name}")});
    }
    let mut operation = json!({
        "operationId": if verb == "post" { method.name.to_owned() } else { format!("{}ByQuery", method.name) },
        "tags": [*method.group],
        "summary": summary,
        "description": format!("{}\n\n{who}", more.trim()).trim(),
        "externalDocs": {"url": format!("/docs/methods/{}", method.name)},
        "responses": responses,
        "x-origin": method.origin,
        "x-roles": roles,
        "x-errors": listing::errors_of(method.errors, &(method.fields)()),
    });
    if method.access == Access::OlderCredentials {
        operation["security"] = json!([]);
    }
    operation
}

/// What a method answers with HTTP 200.
fn answer(method: &Method, schemas: &mut Schemas) -> Value {
    let main = (method.returns)();
    let mut shapes: Vec<Value> = Vec::new();
    if !only_file(&main) {
        shapes.push(schemas.take(method.name, main));
    }
    for (at, other) in method.otherwise.iter().enumerate() {
        shapes.push(schemas.take(&format!("{}{}", method.name, at + 2), other()));
    }
    shapes.push(json!({"$ref": "#/components/schemas/Refusal"}));
    let mut content = json!({"application/json": {"schema": {"anyOf": shapes}}});
    if method.answers_file {
        content["application/octet-stream"] = json!({});
    }
    json!({"description": "The answer, or a refusal.", "content": content})
}

/// Answers that every method may give beside its own: status, name, description.
const RARE: [(&str, &str, &str); 4] = [
    ("400", "Unreadable", "The request's body broke off, or its proxies' header cannot be read."),
    ("408", "TooSlow", "The request's body took too long."),
    ("429", "TooMany", "Too many requests of this account at once."),
    ("503", "NoRoom", "Too many large requests at once."),
];

fn rare() -> impl Iterator<Item = (String, Value)> {
    RARE.into_iter().map(|(status, name, description)| {
        let content = match status {
            "429" => json!({"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}),
            _ => json!({"text/plain": {"schema": {"type": "string"}}}),
        };
        (name.to_owned(), json!({"description": description, "content": content}))
    })
}

/// Whether a schema stands for a file and nothing else.
pub fn only_file(schema: &Value) -> bool {
    let members = schema.get("properties").and_then(Value::as_object);
    members.is_some_and(|members| members.len() == 1 && members.contains_key("file_content"))
}

fn form(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut property = schema(field);
            if !field.description.is_empty() {
                property["description"] = field.description.into();
            }
            (field.name.to_owned(), property)
        })
        .collect();
    let required: Vec<&str> = fields.iter().filter(|field| field.required == Required::Yes).map(|field| field.name).collect();
    let mut form = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        form["required"] = required.into();
    }
    let rules: Vec<Value> =
        one_of(fields).into_iter().map(|names| json!({"anyOf": names.into_iter().map(|name| json!({"required": [name]})).collect::<Vec<_>>()})).collect();
    if !rules.is_empty() {
        form["allOf"] = rules.into();
    }
    form
}

/// The sets of parameters of which one must be sent, in the order of the fields.
pub fn one_of(fields: &[Field]) -> Vec<Vec<&'static str>> {
    let mut sets: Vec<(Option<&str>, Vec<&'static str>)> = Vec::new();
    for field in fields.iter().filter(|field| field.required == Required::OneOf) {
        match sets.iter_mut().find(|(of, _)| *of == field.of) {
            Some((_, names)) => names.push(field.name),
            None => sets.push((field.of, vec![field.name])),
        }
    }
    sets.into_iter().map(|(_, names)| names).collect()
}

fn schema(field: &Field) -> Value {
    let mut schema = match field.kind {
        "int" => whole(field),
        "bool" => json!({"type": "boolean"}),
        "decimal" => json!({"type": "number"}),
        "timestamp" | "date" => json!({"type": "string", "pattern": TIME}),
        "intlist" => list(field, whole(field)),
        "stringlist" => list(field, text(field)),
        "file" => json!({"type": "string", "format": "binary"}),
        _ => text(field),
    };
    if let Some(default) = field.default {
        schema["default"] = match field.kind {
            "int" | "bool" | "decimal" => serde_json::from_str(default).unwrap_or_else(|_| default.into()),
            "intlist" | "stringlist" => json!([default]),
            _ => default.into(),
        };
    }
    schema
}

fn whole(field: &Field) -> Value {
    json!({"type": "integer", "format": "int64", "minimum": field.min.unwrap_or(i64::MIN), "maximum": field.max.unwrap_or(i64::MAX)})
}

fn text(field: &Field) -> Value {
    let mut text = json!({"type": "string"});
    if !field.values.is_empty() {
        text["enum"] = field.values.into();
    }
    for (name, length) in [("minLength", field.min_length), ("maxLength", field.max_length)] {
        if let Some(length) = length {
            text[name] = length.into();
        }
    }
    if field.secret {
        text["format"] = "password".into();
    }
    text
}

/// Items are sent as a repeated parameter, or joined with `;`.
fn list(field: &Field, item: Value) -> Value {
    let item = if field.all_allowed { json!({"anyOf": [item, {"const": "all"}]}) } else { item };
    json!({"type": "array", "items": item, "minItems": 1})
}

fn error() -> Value {
    json!({
        "type": "object",
        "required": ["code", "msg"],
        "properties": {
            "code": {"type": "integer", "description": "Stable; `/docs/errors` lists all."},
            "msg": {"type": "string", "description": "What was wrong, and what would be right."},
            "field_name": {"type": "string", "description": "The parameter that the refusal is about."},
        },
        "additionalProperties": false,
    })
}

fn refusal() -> Value {
    json!({
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {"$ref": "#/components/schemas/Error"},
            "errors": {"type": "array", "minItems": 2, "items": {"$ref": "#/components/schemas/Error"}, "description": "All refusals, when there are several."},
        },
        "additionalProperties": false,
    })
}

/// The structures of all answers by name.
#[derive(Default)]
struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    /// Moves an answer's structures to the common ones and returns what refers to them. A structure whose name is taken by
    /// another one is named after its method.
    fn take(&mut self, method: &str, mut schema: Value) -> Value {
        let Some(object) = schema.as_object_mut() else { return schema };
        object.remove("$schema");
        object.remove("title");
        let definitions = match object.remove("$defs") {
            Some(Value::Object(definitions)) => definitions,
            _ => Map::new(),
        };
        let names: BTreeMap<String, String> = definitions
            .iter()
            .map(|(name, definition)| {
                let mut plain = definition.clone();
                renamed(&mut plain, &|name| name.to_owned());
                let taken = self.0.get(name).is_some_and(|known| *known != plain);
                (name.clone(), if taken { format!("{method}{name}") } else { name.clone() })
            })
            .collect();
        let new_name = |name: &str| names.get(name).cloned().unwrap_or_else(|| name.to_owned());
        for (name, mut definition) in definitions {
            renamed(&mut definition, &new_name);
            self.0.insert(new_name(&name), definition);
        }
        renamed(&mut schema, &new_name);
        schema
    }
}

/// Points references at the common structures.
fn renamed(schema: &mut Value, new_name: &dyn Fn(&str) -> String) {
    match schema {
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                match member {
                    Value::String(to) if key == "$ref" => {
                        if let Some(name) = to.strip_prefix("#/$defs/") {
                            *to = format!("#/components/schemas/{}", new_name(name));
                        }
                    }
                    other => renamed(other, new_name),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| renamed(item, new_name)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references(of: &Value, out: &mut Vec<String>) {
        match of {
            Value::Object(members) => {
                for (key, member) in members {
                    match member {
                        Value::String(to) if key == "$ref" => out.push(to.clone()),
                        other => references(other, out),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, out)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 100);
        for to in found {
            assert!(document.pointer(to.trim_start_matches('#')).is_some(), "{to}");
        }
    }

    #[test]
    fn a_form_says_what_is_required_and_which_of_several() {
        let document = document();
        let form = &document["paths"]["/platform_api/AddRule"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
        assert_eq!(form["required"], json!(["rule_name", "rule_pattern"]));
        assert_eq!(form["allOf"], json!([{"anyOf": [{"required": ["application_id"]}, {"required": ["application_name"]}]}]));
    }

    #[test]
    fn an_answer_may_be_a_refusal_and_a_file_where_the_method_says_so() {
        let document = document();
        let content = |method: &str| document["components"]["responses"][method]["content"].clone();
        assert_eq!(content("GetKeys")["application/json"]["schema"]["anyOf"].as_array().unwrap().len(), 2);
        assert_eq!(content("GetCallHistory")["application/json"]["schema"]["anyOf"].as_array().unwrap().len(), 3);
        assert!(content("DownloadHistoryReport").get("application/octet-stream").is_some() && content("GetKeys").get("application/octet-stream").is_none());
    }
}
