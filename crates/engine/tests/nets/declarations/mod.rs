//! TypeScript declarations of what scenarios see, for the panel's code editor.
//!
//! Names, parameters and types are those of the reference, what is built and what events carry those of live sessions.

mod text;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use serde_json::Value;

use self::text::{Members, Space, block, comment, constant_case, deprecated, flag, joined, key, opaque, print, split};
use crate::{
    committed,
    live::all_told,
    names::built,
    reference::{self, list, text},
};

const PATH: &str = "../../panel/src/editor/voxengine.d.ts";

/// What JavaScript brings by itself, and what the compiler knows without a declaration.
const KNOWN: [&str; 19] = [
    "string",
    "number",
    "boolean",
    "any",
    "void",
    "null",
    "undefined",
    "true",
    "false",
    "never",
    "unknown",
    "typeof",
    "keyof",
    "readonly",
    "Promise",
    "Date",
    "Function",
    "Array",
    "T",
];

/// Parameters that the reference requires and the runtime does not.
const OPTIONAL: [&str; 10] = [
    "bytes2hex.toUpperCase",
    "bytes2str.encoding",
    "str2bytes.encoding",
    "getLocalTime.date",
    "VoxEngine.callConference.displayName",
    "VoxEngine.callUserDirect.parameters",
    "VoxEngine.createASR.parameters",
    "VoxEngine.createConference.parameters",
    "IVRState.onInputComplete",
    "IVRState.onInputTimeout",
];

/// Older forms of functions, beside those of the reference.
const OLDER: [(&str, &str); 7] = [
    ("VoxEngine.callPSTN", "(number: string, callerid: string, displayName: string): Call"),
    (
        "VoxEngine.callSIP",
        "(to: string, callerid: string, displayName?: string, password?: string, authUser?: string, extraHeaders?: { [header: string]: string }, video?: boolean, outProxy?: string): Call",
    ),
    (
        "VoxEngine.callUser",
        "(username: string, callerid: string, displayName?: string, extraHeaders?: { [header: string]: string }, video?: boolean, scheme?: string): Call",
    ),
    ("VoxEngine.createURLPlayer", "(url: string, loop?: boolean): Player"),
    ("VoxEngine.createTTSPlayer", "(text: string, voice: Voice | string, ttsOptions?: TTSOptions): Player"),
    ("VoxEngine.createToneScriptPlayer", "(script: string, loop: boolean): Player"),
    ("require", "(module: string): void"),
];

/// Classes that scenarios make with `new` and without arguments.
const MADE_BY_AUTHORS: [&str; 1] = ["VoximplantAPI.Client"];

/// Names of the language and of earlier engines that the reference does not list.
const BESIDE: &str = "
declare const console: Record<\"log\" | \"info\" | \"warn\" | \"error\" | \"debug\", (...values: any[]) => void>;
declare function queueMicrotask(callback: () => any): void;
/** The older name of VoxEngine.terminate. */
declare const JSession: { close(): void };
declare function JSession_getLeftMemBytes(): number;
declare function JSession_GC(): void;
/** Older forms, and what the reference mentions without declaring it. */
interface Call {
  say(text: string, voice: Voice | string, ttsOptions?: TTSOptions): void;
  say(text: string, parameters: { language: Voice | string }): void;
  startPlayback(url: string, loop: boolean): void;
  /** Not available yet. */ reInvite(headers?: { [header: string]: string }, mimeType?: string, body?: string): void;
  /** Not available yet. */ acceptReInvite(headers?: { [header: string]: string }, mimeType?: string, body?: string): void;
  /** Not available yet. */ rejectReInvite(headers?: { [header: string]: string }, parameters?: { code?: number; reason?: string }): void;
}
/** What the clients of conversational services have in common. */
interface ConversationalAgentClientParameters {
  statistics?: boolean;
  trace?: boolean;
  privacy?: boolean;
  onWebSocketClose?: (event: WebSocketEventsPayloads[\"WebSocket.Close\"]) => any;
}
";

struct Writer {
    root: Space,
    built: BTreeMap<String, bool>,
    constants: BTreeMap<String, Members>,
    /// Comments in front of objects of constants.
    notes: BTreeMap<String, String>,
    /// Groups of events: value → fields.
    payloads: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    seen: BTreeMap<String, Vec<(String, String)>>,
}

impl Writer {
    fn space(&mut self, path: &str) -> &mut Space {
        path.split('.').filter(|part| !part.is_empty()).fold(&mut self.root, |space, part| space.inner.entry(part.to_owned()).or_default())
    }

    fn find(&self, path: &str) -> Option<&Space> {
        path.split('.').filter(|part| !part.is_empty()).try_fold(&self.root, |space, part| space.inner.get(part))
    }

    /// Whether a type of this name can be written inside a namespace.
    fn is_type(&self, scope: &str, name: &str) -> bool {
        let mut from = Some(scope);
        while let Some(at) = from {
            let whole = joined(at, name);
            let (above, last) = split(&whole);
            if self.find(above).is_some_and(|space| space.types.contains(last)) {
                return true;
            }
            from = if at.is_empty() { None } else { Some(split(at).0) };
        }
        false
    }

    /// A type of the reference in the words of this file: what it does not declare is `any`.
    fn type_of(&self, scope: &str, given: &str) -> String {
        let given = given.trim().trim_start_matches('|').trim();
        let mut out = String::new();
        let mut rest = given;
        while let Some(first) = rest.chars().next() {
            let end = if first == '\'' || first == '"' {
                rest[1..].find(first).map_or(rest.len(), |at| at + 2)
            } else if first.is_ascii_alphabetic() || first == '_' {
                rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.').unwrap_or(rest.len())
            } else {
                first.len_utf8()
            };
            let (part, after) = rest.split_at(end);
            rest = after;
            let is_name = part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            let names_a_field = after.starts_with(':') || after.starts_with("?:");
            let after_typeof = out.trim_end().ends_with("typeof");
            if part == "Object" {
                out += "any";
            } else if part == "_ConversationalAgentClientParameters" {
                out += "ConversationalAgentClientParameters";
            } else if let Some(event) = part.strip_prefix("_WebSocket").and_then(|name| name.strip_suffix("Event")) {
                let _ = write!(out, "WebSocketEventsPayloads[typeof WebSocketEvents.{}]", constant_case(event));
            } else if let Some(event) = part.strip_prefix("VoximplantAvatar._Avatar").and_then(|name| name.strip_suffix("Event")) {
                let _ = write!(out, "VoximplantAvatar.EventsPayloads[typeof VoximplantAvatar.Events.{event}]");
            } else if !is_name || names_a_field || after_typeof || KNOWN.contains(&part) || self.is_type(scope, part) {
                out += part;
            } else {
                out += "any";
            }
        }
        out
    }

    fn is_built(&self, path: &str) -> bool {
        self.built.get(path).copied().unwrap_or(true)
    }

    fn status(&self, path: &str) -> &'static str {
        if self.is_built(path) { "" } else { "Not available yet." }
    }

    /// `(a: string, b?: number): void`
    fn signature(&self, scope: &str, path: &str, of: &Value) -> String {
        let params: Vec<&Value> = list(of, "params").collect();
        let events = params.iter().find_map(|param| param["type"].as_str().and_then(|of| of.strip_suffix("| T"))).map(|events| self.events_of(scope, events));
        let mut optional = false;
        let mut out = Vec::new();
        for param in params {
            let (name, given) = (text(param, "name"), text(param, "type"));
            optional |= flag(param, "optional") || OPTIONAL.contains(&format!("{path}.{name}").as_str());
            let shown = match &events {
                Some(_) if given.ends_with("| T") => "T".to_owned(),
                Some(payloads) if given.contains("[T]") => format!("(event: ({payloads})[T]) => any"),
                _ => self.type_of(scope, &given),
            };
            out.push(format!("{name}{}: {shown}", if optional { "?" } else { "" }));
        }
        if matches!(path, "setTimeout" | "setInterval") {
            out[0] = "callback: (...parameters: any[]) => any".to_owned();
            out.push("...parameters: any[]".to_owned());
        }
        let generic = events.map_or(String::new(), |payloads| format!("<T extends keyof ({payloads})>"));
        let returns = of["returns"].as_str().map_or("void".to_owned(), |of| self.type_of(scope, of));
        format!("{generic}({}): {returns}", out.join(", "))
    }

    /// The payloads of `Events | LiveAPIEvents |`, as one type.
    fn events_of(&self, scope: &str, groups: &str) -> String {
        let groups = groups.split('|').map(str::trim).filter(|group| !group.is_empty());
        let mut out = Vec::new();
        for group in groups {
            let within = joined(scope, group);
            let path = if self.payloads.contains_key(&within) { within } else { group.to_owned() };
            assert!(self.payloads.contains_key(&path), "{group} in {scope}");
            out.push(format!("{path}Payloads"));
        }
        out.join(" & ")
    }

    fn fields(&self, scope: &str, of: &Value) -> Vec<String> {
        // The reference has one field twice.
        let mut names = BTreeSet::new();
        let mut out: Vec<String> = list(of, "properties")
            .filter(|field| names.insert(text(field, "name")))
            .map(|field| {
                let (readonly, optional) = (if flag(field, "readonly") { "readonly " } else { "" }, if flag(field, "optional") { "?" } else { "" });
                format!(
                    "{}{readonly}{}{optional}: {}",
                    comment(&[deprecated(flag(field, "deprecated"))]),
                    key(&text(field, "name")),
                    self.type_of(scope, &text(field, "type"))
                )
            })
            .collect();
        if let Some(index) = of["index"].as_object() {
            out.push(format!("[name: {}]: {}", index["key"].as_str().unwrap(), self.type_of(scope, index["type"].as_str().unwrap())));
        }
        out
    }

    /// First what types there are, so that they can be told from what is not declared.
    fn find_types(&mut self, path: &str, of: &Value) {
        for kind in ["classes", "interfaces", "enums", "types"] {
            for item in list(of, kind) {
                let name = text(item, "name");
                self.space(path).types.insert(name);
            }
        }
        for (name, inner) in of["namespaces"].as_object().into_iter().flatten() {
            self.find_types(&joined(path, name), inner);
        }
    }

    fn add(&mut self, path: &str, line: String) {
        let (above, name) = split(path);
        let name = name.to_owned();
        self.space(above).lines.entry(name).or_default().push(line);
    }

    fn needs(of: &Value) -> String {
        of["requires"].as_str().map_or(String::new(), |module| format!("Brought by require(Modules.{module})."))
    }

    fn read(&mut self, scope: &str, of: &Value) {
        if !scope.is_empty() {
            self.space(scope).needs = of["requires"].as_str().map(str::to_owned);
        }
        for function in list(of, "functions") {
            let path = joined(scope, &text(function, "name"));
            let notes = comment(&[self.status(&path), &Self::needs(function), deprecated(flag(function, "deprecated"))]);
            let name = text(function, "name");
            let line = format!("{notes}function {name}{};", self.signature(scope, &path, function));
            self.add(&path, line);
            for (_, form) in OLDER.iter().filter(|(older, _)| *older == path) {
                self.add(&path, format!("{notes}function {name}{form};"));
            }
        }
        for class in list(of, "classes") {
            self.class(scope, class);
        }
        for interface in list(of, "interfaces") {
            let name = text(interface, "name");
            let above: Vec<String> = list(interface, "extends").map(|of| self.type_of(scope, of.as_str().unwrap())).filter(|of| of != "any").collect();
            let above = if above.is_empty() { String::new() } else { format!(" extends {}", above.join(", ")) };
            let line = format!("interface {name}{above} {}", block(&self.fields(scope, interface)));
            self.add(&joined(scope, &name), line);
        }
        for of_type in list(of, "types") {
            let name = text(of_type, "name");
            let line = format!("type {name} = {};", self.type_of(scope, &text(of_type, "type")));
            self.add(&joined(scope, &name), line);
        }
        for of_enum in list(of, "enums") {
            let path = joined(scope, &text(of_enum, "name"));
            self.notes.insert(path.clone(), comment(&[&Self::needs(of_enum), deprecated(flag(of_enum, "deprecated"))]));
            for member in list(of_enum, "members") {
                let notes = comment(&[deprecated(flag(member, "deprecated"))]);
                self.constants.entry(path.clone()).or_default().insert(text(member, "name"), (member["value"].to_string(), notes));
            }
        }
        for constants in list(of, "constants") {
            for name in list(constants, "names").filter_map(Value::as_str) {
                let shown = self.type_of(scope, &text(constants, "type"));
                self.constants.entry(scope.to_owned()).or_default().insert(name.to_owned(), (shown, String::new()));
            }
        }
        for (name, inner) in of["namespaces"].as_object().into_iter().flatten() {
            self.read(&joined(scope, name), inner);
        }
    }

    fn class(&mut self, scope: &str, class: &Value) {
        let name = text(class, "name");
        let path = joined(scope, &name);
        let mut members = Vec::new();
        if class["constructor_params"].is_array() {
            let given = serde_json::json!({ "params": class["constructor_params"] });
            members.push(format!("constructor{}", self.signature(scope, &path, &given).trim_end_matches(": void")));
        } else if MADE_BY_AUTHORS.contains(&path.as_str()) {
            members.push("constructor()".to_owned());
        } else if list(class, "extends").next().is_none() {
            members.push("protected constructor()".to_owned());
        }
        members.extend(self.fields(scope, class));
        for method in list(class, "methods") {
            let of_method = format!("{path}#{}", text(method, "name"));
            let notes = comment(&[self.status(&of_method), deprecated(flag(method, "deprecated"))]);
            members.push(format!("{notes}{}{}", text(method, "name"), self.signature(scope, &of_method, method)));
        }
        let above: Vec<String> = list(class, "extends").map(|of| self.type_of(scope, of.as_str().unwrap())).collect();
        let above = if above.is_empty() { String::new() } else { format!(" extends {}", above.join(", ")) };
        let line = format!("{}class {name}{above} {}", comment(&[self.status(&path), &Self::needs(class)]), block(&members));
        self.add(&path, line);
    }

    fn events(&mut self, group: &str, of: &Value) {
        self.notes.insert(group.to_owned(), comment(&[&Self::needs(of)]));
        let scope = split(group).0;
        let mut all = BTreeMap::new();
        for event in list(of, "events") {
            let value = text(event, "value");
            self.constants.entry(group.to_owned()).or_default().insert(text(event, "name"), (event["value"].to_string(), String::new()));
            let mut fields: Vec<String> = list(event, "payload")
                .map(|field| format!("{}{}: {}", key(&text(field, "name")), if flag(field, "optional") { "?" } else { "" }, self.type_of(scope, &text(field, "type"))))
                .collect();
            for (name, kind) in self.seen.get(&value).into_iter().flatten() {
                if !fields.iter().any(|field| field.starts_with(&format!("{name}:")) || field.starts_with(&format!("{name}?:"))) {
                    fields.push(format!("{}: {kind}", key(name)));
                }
            }
            all.insert(value, fields);
        }
        self.payloads.entry(group.to_owned()).or_default().extend(all);
    }

    /// Names that are newer than the declarations with parameters.
    fn later(&mut self, of: &Value) {
        let added: Vec<&str> = list(of, "added_names").filter_map(Value::as_str).collect();
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut members: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for name in &added {
            if let Some(field) = name.strip_suffix(" (field)") {
                let (interface, field) = split(field);
                fields.entry(interface.to_owned()).or_default().push(format!("{}?: any", key(field)));
            } else if let Some(path) = name.strip_prefix("class ") {
                members.entry(path.to_owned()).or_default();
            } else if let Some((class, method)) = name.strip_suffix("()").and_then(|path| path.split_once('#')) {
                let method = match (method, self.payloads_of_class(class)) {
                    ("addEventListener", Some(payloads)) => {
                        format!("addEventListener<T extends keyof ({payloads})>(event: T, callback: (event: ({payloads})[T]) => any): void")
                    }
                    ("removeEventListener", Some(payloads)) => {
                        format!("removeEventListener<T extends keyof ({payloads})>(event: T, callback?: (event: ({payloads})[T]) => any): void")
                    }
                    ("id" | "webSocketId", _) => format!("{method}(): string"),
                    _ => format!("{method}(...parameters: any[]): any"),
                };
                members.entry(class.to_owned()).or_default().push(format!("{}{method}", comment(&["Not available yet."])));
            } else if let Some(path) = name.strip_suffix("()") {
                let form = if path == "VoxEngine.getSecretValue" { "(name: string): string | undefined" } else { "(...parameters: any[]): any" };
                let line = format!("{}function {}{form};", comment(&[self.status(path)]), split(path).1);
                self.add(path, line);
            }
        }
        for (path, fields) in fields {
            let (above, name) = split(&path);
            self.add(&path, format!("interface {name} {}", block(&fields)));
            self.space(above).types.insert(name.to_owned());
        }
        for (path, members) in members {
            let (above, name) = (split(&path).0.to_owned(), split(&path).1.to_owned());
            if self.constants.contains_key(&path) {
                continue;
            }
            if self.space(&above).types.contains(&name) {
                self.add(&path, format!("interface {name} {}", block(&members)));
            } else {
                let members: Vec<String> = std::iter::once("protected constructor()".to_owned()).chain(members).collect();
                self.add(&path, format!("{}class {name} {}", comment(&["Not available yet."]), block(&members)));
                self.space(&above).types.insert(name);
            }
        }
    }

    /// The events of a newer class: those that name it in their payload, by its namespace.
    fn payloads_of_class(&self, class: &str) -> Option<String> {
        let space = split(class).0;
        let of_space: Vec<String> = self.payloads.keys().filter(|group| split(group).0 == space && !space.is_empty()).map(|group| format!("{group}Payloads")).collect();
        (!of_space.is_empty()).then(|| of_space.join(" & "))
    }

    /// Objects of constants: types for their values beside them; those with opaque values inside each other.
    fn write_constants(&mut self) {
        let all = std::mem::take(&mut self.constants);
        let is_opaque = |path: &str| path.starts_with("VoiceList") || path.starts_with("Language");
        for (path, members) in all.iter().filter(|(path, _)| !is_opaque(path)) {
            let (above, name) = (split(path).0.to_owned(), split(path).1.to_owned());
            let lines: Vec<String> = members.iter().map(|(name, (value, notes))| format!("{notes}readonly {}: {value}", key(name))).collect();
            let notes = self.notes.get(path).cloned().unwrap_or_default();
            self.add(path, format!("{notes}const {name}: {};", block(&lines)));
            self.add(path, format!("type {name} = (typeof {name})[keyof typeof {name}];"));
            self.space(&above).types.insert(name);
        }
        let mut text = String::new();
        for root in ["Language", "VoiceList"] {
            let _ = writeln!(text, "const {root}: {};", opaque(root, &all));
        }
        self.root.inner.remove("VoiceList");
        self.root.lines.insert("VoiceList".to_owned(), text.lines().map(str::to_owned).collect());
    }

    fn write_payloads(&mut self) {
        let all = std::mem::take(&mut self.payloads);
        for (group, events) in all {
            let name = format!("{}Payloads", split(&group).1);
            let lines: Vec<String> = events.iter().map(|(value, fields)| format!("{}: {{ {} }}", Value::from(value.as_str()), fields.join("; "))).collect();
            self.add(&joined(split(&group).0, &name), format!("interface {name} {}", block(&lines)));
        }
    }
}

/// The fields of an event of a live session, with their types.
fn fields_seen() -> Vec<(String, String)> {
    let found = &all_told("VoxEngine.addEventListener(AppEvents.Started, (event) => tell(Object.keys(event).map((name) => [name, typeof event[name]])))")[0];
    list_of_pairs(found)
}

fn list_of_pairs(found: &Value) -> Vec<(String, String)> {
    let simple = |of: &str| if of == "object" { "any".to_owned() } else { of.to_owned() };
    found.as_array().unwrap().iter().map(|pair| (pair[0].as_str().unwrap().to_owned(), simple(pair[1].as_str().unwrap()))).collect()
}

fn declarations() -> String {
    let surface = reference::surface();
    let mut writer = Writer {
        root: Space::default(),
        built: built(&reference::names()),
        constants: BTreeMap::new(),
        notes: BTreeMap::new(),
        payloads: BTreeMap::new(),
        seen: BTreeMap::from([("Application.Started".to_owned(), fields_seen())]),
    };
    writer.find_types("", &surface["global"]);
    for (name, space) in surface["namespaces"].as_object().unwrap() {
        writer.find_types(name, space);
    }
    writer.root.types.extend(["Modules", "ConversationalAgentClientParameters"].map(str::to_owned));
    for group in surface["events"].as_object().unwrap().keys() {
        let (above, name) = split(group);
        writer.space(above).types.insert(name.to_owned());
    }
    // Classes of newer names stand in payloads, too.
    for path in list(&surface["later_additions"], "added_names").filter_map(Value::as_str) {
        if let Some(path) = path.strip_prefix("class ").or_else(|| path.strip_prefix("interface ")) {
            let (above, name) = split(path);
            writer.space(above).types.insert(name.to_owned());
        }
    }
    for (group, of) in surface["events"].as_object().unwrap() {
        writer.events(group, of);
    }
    for event in list(&surface["later_additions"], "added_event_payloads") {
        writer.events(&text(event, "group"), &serde_json::json!({ "events": [event] }));
    }
    writer.read("", &surface["global"]);
    for (name, space) in surface["namespaces"].as_object().unwrap() {
        writer.read(name, space);
    }
    for module in list(&surface, "modules") {
        writer.constants.entry("Modules".to_owned()).or_default().insert(text(module, "name"), (module["value"].to_string(), String::new()));
    }
    for path in list(&surface["later_additions"], "added_names").filter_map(Value::as_str) {
        if let Some(module) = path.strip_prefix("Modules.") {
            writer.constants.entry("Modules".to_owned()).or_default().insert(module.to_owned(), (Value::from(module.to_ascii_lowercase()).to_string(), String::new()));
        }
    }
    let older: BTreeMap<String, Value> = serde_json::from_str(include_str!("../../../src/modules/names/older.json")).unwrap();
    for (path, values) in &older {
        for name in values.as_array().into_iter().flatten().filter_map(Value::as_str) {
            writer.constants.entry(path.clone()).or_default().insert(name.to_owned(), ("Voice".to_owned(), String::new()));
        }
    }
    // What is declared now must not be declared again as a newer name.
    for path in list(&surface["later_additions"], "added_names").filter_map(Value::as_str) {
        if let Some(path) = path.strip_prefix("class ") {
            let (above, name) = split(path);
            let is_constant = writer.constants.contains_key(path);
            let space = writer.space(above);
            if !is_constant && !space.lines.contains_key(name) {
                space.types.remove(name);
            }
        }
    }
    writer.later(&surface["later_additions"]);
    writer.write_constants();
    writer.write_payloads();
    writer.add("VoxEngine.CallList", "export import CallList = globalThis.CallList;".to_owned());
    let mut out = "// What scenarios see, for the code editor. Generated by `crates/engine/tests/nets/declarations`.\n".to_owned();
    out += BESIDE;
    print(&writer.root, &mut out, 0);
    out
}

#[test]
fn the_declarations_of_the_editor_are_current() {
    committed(PATH, &declarations());
}
