//! Every name of the reference, looked for in live sessions.

use std::{collections::BTreeMap, fmt::Write};

use cordboard_engine::Input;
use serde_json::{Value, json};

use crate::{
    committed,
    live::{all_told, at, log, started},
    reference::{self, Kind, Name},
};

/// Lines of `not_built.txt`. It only ever becomes smaller.
const NOT_BUILT: usize = 380;

const TEXT: &str = include_str!("../../src/modules/names/not_built.txt");

/// Spellings of earlier versions that the reference does not list.
const OLDER: [&str; 2] = ["ElevenLabs.createConversationalAIClient()", "VoxEngine.createToneScript()"];

/// What leads to calls that fail as not available, whatever it answers itself.
const FAILS: [&str; 1] = ["VoxEngine.forwardCallToUserDirect"];

/// Requires every module, where names are looked for that modules bring.
fn all_modules() -> String {
    "for (const name of Object.keys(Modules)) if (name !== 'PushService') require(Modules[name]);\n".to_owned()
}

/// How an author reaches a name: methods and properties through an object of their class.
fn reached(path: &str) -> String {
    match path.split_once('#') {
        Some(("WebSocket", member)) => format!("socket.{member}"),
        Some((class, member)) => format!("{class}.prototype.{member}"),
        None => {
            // Some members are no identifiers.
            let mut parts = path.split('.');
            let global = parts.next().unwrap().to_owned();
            parts.fold(global, |out, part| format!("{out}[{}]", json!(part)))
        }
    }
}

/// The groups of `VoximplantAPI` are those of the server's catalogue; the engine alone has none.
fn of_catalogue(name: &Name) -> bool {
    name.path.starts_with("VoximplantAPI.Client#")
}

/// Evaluates many expressions in one session: what each is, by `typeof`, and its value if that is a text or number.
fn looked_up(paths: &[&str]) -> BTreeMap<String, (String, Value)> {
    let mut script = all_modules() + "const socket = new WebSocket('ws://example.org'); let found = [];\n";
    for (at, path) in paths.iter().enumerate() {
        let expression = reached(path);
        let _ = writeln!(script, "{{ let value; try {{ value = {expression}; }} catch {{}} found.push([typeof value, typeof value === 'function' ? null : value]); }}");
        if at % 100 == 99 {
            script += "tell(found); found = [];\n";
        }
    }
    script += "tell(found);\n";
    let found = all_told(&script).into_iter().flat_map(|chunk| chunk.as_array().cloned().unwrap());
    let found: Vec<_> = found.map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].clone())).collect();
    assert_eq!(found.len(), paths.len());
    paths.iter().map(|path| (*path).to_owned()).zip(found).collect()
}

/// A call of a function, class or method with arguments that it would take.
fn call_of(name: &Name) -> String {
    const A_CALL: &str = "VoxEngine.callPSTN('14155552671', '14155552672')";
    let path = name.path.as_str();
    match (path, path.split_once('#')) {
        ("VoxEngine.callPSTN", _) => A_CALL.to_owned(),
        ("VoxEngine.callUser", _) => "VoxEngine.callUser({ username: 'u', callerid: '1' })".to_owned(),
        ("VoxEngine.callUserDirect", _) => format!("VoxEngine.callUserDirect({A_CALL}, 'u', {{}})"),
        ("VoxEngine.callSIP", _) => "VoxEngine.callSIP('sip:u@example.org', '1')".to_owned(),
        ("VoxEngine.callConference", _) => "VoxEngine.callConference('c', '1')".to_owned(),
        ("VoxEngine.callWhatsappUser", _) => "VoxEngine.callWhatsappUser({ number: '1', callerid: '2' })".to_owned(),
        ("WebSocket", _) => "new WebSocket('ws://example.org')".to_owned(),
        (_, Some(("WebSocket", method))) => format!("new WebSocket('ws://example.org').{method}()"),
        (_, Some((class, method))) => format!("Reflect.apply({class}.prototype.{method}, Object.create({class}.prototype), [])"),
        _ if name.kind == Kind::Class => format!("new {path}()"),
        _ => format!("{path}()"),
    }
}

/// Calls it in a session of its own and sees whether the session says that it is missing.
fn is_built(name: &Name) -> bool {
    let script = format!("{}try {{ {}; }} catch (error) {{ Logger.write(`caught ${{error.message}}`); }}", all_modules(), call_of(name));
    let mut session = started(&script);
    let mut lines = log(&mut session);
    session.handle(at(1), Input::Tick);
    lines.extend(log(&mut session));
    !lines.iter().any(|line| line.contains("is not yet available in Cordboard"))
}

/// Whether each function, class, method and property is built.
pub fn built(names: &[Name]) -> BTreeMap<String, bool> {
    let mut built: BTreeMap<String, bool> =
        names.iter().filter(|name| matches!(name.kind, Kind::Function | Kind::Class | Kind::Method)).map(|name| (name.path.clone(), is_built(name))).collect();
    for path in FAILS {
        built.insert(path.to_owned(), false);
    }
    for name in names.iter().filter(|name| name.kind == Kind::Property) {
        let of_class = built[name.path.split_once('#').unwrap().0];
        built.insert(name.path.clone(), of_class);
    }
    built
}

#[test]
fn every_name_of_the_reference_is_there_with_its_value() {
    let names = reference::names();
    let paths: Vec<&str> = names.iter().filter(|name| !of_catalogue(name) && name.kind != Kind::Property).map(|name| name.path.as_str()).collect();
    let found = looked_up(&paths);
    let mut wrong = Vec::new();
    for name in &names {
        let Some((kind, value)) = found.get(&name.path) else { continue };
        let right = match &name.kind {
            Kind::Constant(Some(expected)) => value == expected,
            Kind::Constant(None) => kind == "string" && Some(value.as_str().unwrap()) == name.path.split_once('.').map(|(_, rest)| rest),
            _ => kind == "function",
        };
        if !right {
            wrong.push(format!("{}: {kind} {value}", name.path));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn names_that_need_a_module_are_absent_until_it_is_required() {
    let names = reference::names();
    let globals: BTreeMap<&str, Option<&str>> =
        names.iter().filter(|name| !name.path.starts_with("VoxEngine.")).map(|name| (name.path.split(['.', '#']).next().unwrap(), name.needs.as_deref())).collect();
    let list: Vec<&str> = globals.keys().copied().collect();
    let before = &all_told(&format!("tell({}.filter((name) => typeof globalThis[name] === 'undefined'))", json!(list)))[0];
    let expected: Vec<&str> = globals.iter().filter(|(_, needs)| needs.is_some()).map(|(name, _)| *name).collect();
    assert_eq!(*before, json!(expected));
    for (name, needs) in globals {
        let Some(module) = needs else { continue };
        let after = &all_told(&format!("require(Modules.{module}); tell(typeof globalThis.{name})"))[0];
        assert!(after == "object" || after == "function", "{name} with {module}: {after}");
    }
}

#[test]
fn what_is_not_built_is_of_the_reference_and_says_so() {
    let lines: Vec<&str> = TEXT.lines().collect();
    assert_eq!(lines.len(), NOT_BUILT, "not_built.txt only becomes smaller, and its count here with it");
    let names = reference::names();
    let known = |line: &str| OLDER.contains(&line) || names.iter().any(|name| line.trim_start_matches("class ").trim_end_matches("()") == name.path);
    let unknown: Vec<&&str> = lines.iter().filter(|line| !known(line)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let mut silent = Vec::new();
    for line in lines {
        let path = line.trim_start_matches("class ").trim_end_matches("()");
        let kind = if line.starts_with("class ") {
            Kind::Class
        } else if path.contains('#') {
            Kind::Method
        } else {
            Kind::Function
        };
        let name = Name { path: path.to_owned(), kind, needs: None, later: false };
        if is_built(&name) {
            silent.push(line);
        }
    }
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn the_list_of_names_is_current() {
    let names = reference::names();
    let built = built(&names);
    let status = |name: &Name| match &name.kind {
        _ if of_catalogue(name) => "server",
        Kind::Constant(_) => "built",
        _ if built[&name.path] => "built",
        _ => "not built",
    };
    let mut counts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut constants: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for name in &names {
        let (kind, heading) = match name.kind {
            Kind::Function => ("functions", name.path.split('.').next().unwrap()),
            Kind::Class => ("classes", name.path.split('.').next().unwrap()),
            Kind::Method => ("methods", name.path.split(['.', '#']).next().unwrap()),
            Kind::Property => ("properties", name.path.split(['.', '#']).next().unwrap()),
            Kind::Constant(_) => ("constants", ""),
        };
        let is_built = status(name) != "not built";
        counts.entry(kind).or_default()[usize::from(!is_built)] += 1;
        let later = if name.later { "*" } else { "" };
        if let Kind::Constant(_) = name.kind {
            let (object, member) = name.path.rsplit_once('.').unwrap();
            constants.entry(object).or_default().push(format!("{member}{later}"));
            continue;
        }
        let shown = match name.kind {
            Kind::Function | Kind::Method => format!("`{}()`{later}", name.path),
            Kind::Class => format!("`class {}`{later}", name.path),
            _ => format!("`{}`{later}", name.path),
        };
        let global = if name.kind == Kind::Function && !name.path.contains('.') { "Functions" } else { heading };
        sections.entry(global.to_owned()).or_default().push(format!("| {shown} | {} | {} |", status(name), name.needs.as_deref().unwrap_or("")));
    }
    let mut text = "# Names that scenarios see\n\nGenerated by `crates/engine/tests/nets/names.rs`, which calls each of them in a live session. *Not built* means that it exists and\nsays \
                    \"is not yet available in Cordboard\" when it is called; *server* that the\nserver's catalogue of methods decides. Names with \
                    * are newer than the declarations that the others are from. The last\ncolumn is the module that brings the name. Constants have the values of the reference; voices, for which \
                    it has none, are\nopaque texts. Without a value there, and so absent here: `AMD.Model.ES`, `VoxTTS.ModelList`, `VoxTTS.VoiceList` and their members.\n\n| | built | not built |\n|---|---|---|\n"
        .to_owned();
    for (kind, [built, not_built]) in &counts {
        let _ = writeln!(text, "| {kind} | {built} | {not_built} |");
    }
    for (section, rows) in &sections {
        let _ = write!(text, "\n## {section}\n\n| name | | module |\n|---|---|---|\n{}\n", rows.join("\n"));
    }
    text += "\n## Constants\n";
    for (object, members) in &constants {
        let _ = write!(text, "\n**{object}** ({}, built): {}\n", members.len(), members.join(", "));
    }
    committed("../../docs/SCENARIO_NAMES.md", &text);
}
