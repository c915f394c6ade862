//! Names of constants that scenarios may use, with their values, and the names that are known but not built.
//!
//! `values.json` and the list of date fields in it come from the reference, `older.json` has spellings of earlier versions,
//! `not_built.txt` the functions, classes and methods that say so when they are called. A session is given a name when its
//! scenario uses it.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::{c_char, c_int},
    sync::OnceLock,
};

use rquickjs::{Ctx, qjs};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Ops, forward,
    lists::{self, Attributes, Draft, List},
    thrown,
};

/// The functions, classes and methods that are not built, one a line: `class ASR`, `ASR#stop()`, `AMD.create()`.
pub const NOT_BUILT: &str = include_str!("not_built.txt");

/// Namespaces that files of the prelude make.
const BUILT: [&str; 7] = ["VoxEngine", "ApplicationStorage", "Crypto", "Logger", "Net", "PhoneNumber", "VoximplantAPI"];

/// What `values.json` holds.
#[derive(Deserialize)]
struct Facts {
    /// Global names that a module brings: name → module.
    needs: BTreeMap<String, String>,
    /// Objects by path. A list of names has opaque values: each is called what follows the first dot of its path.
    values: BTreeMap<String, Value>,
    /// Fields that the declarations of VoximplantAPI type as dates.
    dates: BTreeSet<String>,
}

struct Table {
    needs: BTreeMap<String, String>,
    /// Members by path of the object: a value, `{}` for a further object, null for a function, a list of methods for a class.
    objects: BTreeMap<String, Map<String, Value>>,
    dates: BTreeSet<String>,
}

fn opaque(path: &str, names: &[Value]) -> Map<String, Value> {
    let prefix = path.split_once('.').map_or(String::new(), |(_, rest)| format!("{rest}."));
    names.iter().filter_map(Value::as_str).map(|name| (name.to_owned(), Value::from(format!("{prefix}{name}")))).collect()
}

impl Table {
    fn read() -> serde_json::Result<Self> {
        let facts: Facts = serde_json::from_str(include_str!("values.json"))?;
        let older: BTreeMap<String, Value> = serde_json::from_str(include_str!("older.json"))?;
        let mut table = Self { needs: facts.needs, objects: BTreeMap::new(), dates: facts.dates };
        for (path, values) in facts.values.into_iter().chain(older) {
            let members = match values {
                Value::Array(names) => opaque(&path, &names),
                Value::Object(members) => members,
                Value::String(same) => table.objects.get(&same).cloned().unwrap_or_default(),
                _ => Map::new(),
            };
            table.object(&path).extend(members);
        }
        for line in NOT_BUILT.lines() {
            if let Some(path) = line.strip_prefix("class ") {
                table.class(path);
            } else if let Some((path, method)) = line.trim_end_matches("()").split_once('#') {
                if let Value::Array(methods) = table.class(path) {
                    methods.push(Value::from(method));
                }
            } else if let Some((path, name)) = line.trim_end_matches("()").rsplit_once('.') {
                table.object(path).insert(name.to_owned(), Value::Null);
            }
        }
        Ok(table)
    }

    /// The object at a path, which the objects above it know.
    fn object(&mut self, path: &str) -> &mut Map<String, Value> {
        if !self.objects.contains_key(path) {
            let (above, name) = path.rsplit_once('.').unwrap_or(("", path));
            if !path.is_empty() {
                self.object(above).entry(name).or_insert_with(|| json!({}));
            }
        }
        self.objects.entry(path.to_owned()).or_default()
    }

    fn class(&mut self, path: &str) -> &mut Value {
        let (above, name) = path.rsplit_once('.').unwrap_or(("", path));
        self.object(above).entry(name).or_insert_with(|| json!([]))
    }
}

fn table() -> Result<&'static Table, String> {
    static TABLE: OnceLock<serde_json::Result<Table>> = OnceLock::new();
    TABLE.get_or_init(Table::read).as_ref().map_err(|error| format!("the names of scenarios cannot be read: {error}"))
}

/// Whether the declarations of VoximplantAPI type a field of this name as a date.
pub fn is_date(name: &str) -> bool {
    table().is_ok_and(|table| table.dates.contains(name))
}

/// The global names that a module brings, or those that need none.
fn globals(module: &str) -> Result<impl Iterator<Item = &'static str>, String> {
    let table = table()?;
    let brought = move |name: &str| table.needs.get(name).map_or("", String::as_str) == module;
    Ok(table.objects.get("").into_iter().flat_map(Map::keys).map(String::as_str).filter(move |name| !BUILT.contains(name) && brought(name)))
}

/// One member of an object.
fn member(path: &str) -> Result<String, String> {
    let (above, name) = path.rsplit_once('.').unwrap_or(("", path));
    Ok(table()?.objects.get(above).and_then(|members| members.get(name)).unwrap_or(&Value::Null).to_string())
}

/// All members of an object.
fn members(path: &str) -> Result<String, String> {
    Ok(table()?.objects.get(path).map_or_else(|| "{}".to_owned(), |members| json!(members).to_string()))
}

/// The names that every session has, as lists.
struct Lists {
    globals: List,
    /// The global names that have classes in them; these are made in JavaScript.
    classes: Vec<&'static str>,
    /// Functions that are not built, by their number in the lists.
    unbuilt: Vec<*const c_char>,
}

// SAFETY: the texts of `unbuilt` are never written and never freed.
#[allow(unsafe_code)]
unsafe impl Send for Lists {}
// SAFETY: as for `Send`.
#[allow(unsafe_code)]
unsafe impl Sync for Lists {}

static LISTS: OnceLock<Result<Lists, String>> = OnceLock::new();

fn lists() -> Result<&'static Lists, String> {
    LISTS.get_or_init(Lists::made).as_ref().map_err(Clone::clone)
}

impl Lists {
    fn made() -> Result<Self, String> {
        let mut globals = Draft::default();
        let (mut classes, mut unbuilt) = (Vec::new(), Vec::new());
        for name in self::globals("")? {
            let node = table()?.objects.get("").and_then(|members| members.get(name)).unwrap_or(&Value::Null);
            if !add(&mut globals, Attributes::Hidden, name, name, node, &mut unbuilt)? {
                classes.push(name);
            }
        }
        let mut engine = Draft::default();
        for (name, node) in table()?.objects.get("VoxEngine").into_iter().flatten() {
            add(&mut engine, Attributes::Hidden, name, &format!("VoxEngine.{name}"), node, &mut unbuilt)?;
        }
        add(&mut engine, Attributes::Hidden, "CallList", "CallList", &json!({}), &mut unbuilt)?;
        let globals = forward::add(globals, engine);
        Ok(Self { globals: globals.done(), classes, unbuilt })
    }
}

/// Adds a name to a list, unless there is a class in it.
fn add(list: &mut Draft, attributes: Attributes, name: &str, path: &str, node: &Value, unbuilt: &mut Vec<*const c_char>) -> Result<bool, String> {
    match node {
        Value::Null => {
            let number = i16::try_from(unbuilt.len()).map_err(|_| "too many functions are not built".to_owned())?;
            unbuilt.push(lists::text(path));
            list.function(name, attributes, 0, not_built, number);
        }
        Value::String(text) => list.text(name, attributes, text),
        Value::Number(number) => match number.as_i64().and_then(|number| i32::try_from(number).ok()) {
            Some(number) => list.integer(name, attributes, number),
            None => list.number(name, attributes, number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::Object(_) => {
            let mut members = Draft::default();
            for (name, node) in table()?.objects.get(path).into_iter().flatten() {
                if !add(&mut members, Attributes::Visible, name, &format!("{path}.{name}"), node, unbuilt)? {
                    return Ok(false);
                }
            }
            list.object(name, attributes, members.done());
        }
        Value::Bool(_) | Value::Array(_) => return Ok(false),
    }
    Ok(true)
}

/// What the functions are that are not built: it says so.
#[allow(unsafe_code)]
unsafe extern "C" fn not_built(ctx: *mut qjs::JSContext, _: qjs::JSValue, _: c_int, _: *mut qjs::JSValue, number: c_int) -> qjs::JSValue {
    let path = usize::try_from(number).ok().zip(lists().ok()).and_then(|(number, lists)| lists.unbuilt.get(number).copied()).unwrap_or(c"this".as_ptr());
    // SAFETY: QuickJS hands over its own context, and the one directive is a text's.
    unsafe { qjs::JS_ThrowPlainError(ctx, c"%s is not yet available in Cordboard".as_ptr(), path) }
}

/// Gives a context its global names but for those with classes in them, which it gives back: `names.js` makes them.
pub fn define(ctx: &Ctx<'_>) -> rquickjs::Result<Vec<&'static str>> {
    let lists = thrown(ctx, lists())?;
    lists.globals.define(ctx, &ctx.globals())?;
    Ok(lists.classes.clone())
}

/// The ops of `names.js`.
pub fn install(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    ops.add("nameList", |ctx: Ctx<'_>, module: String| Ok::<_, rquickjs::Error>(thrown(&ctx, globals(&module))?.collect::<Vec<_>>()))?;
    ops.add("name", |ctx: Ctx<'_>, path: String| thrown(&ctx, member(&path)))?;
    ops.add("names", |ctx: Ctx<'_>, path: String| thrown(&ctx, members(&path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::values;

    fn is(expression: &str, expected: &str) {
        assert_eq!(values(&[expression]), [expected], "{expression}");
    }

    #[test]
    fn the_committed_files_can_be_read() {
        let table = Table::read().unwrap();
        assert!(table.objects.len() > 100);
        assert_eq!(table.dates.contains("phonePurchaseDate"), is_date("phonePurchaseDate"));
        assert!(is_date("phonePurchaseDate") && !is_date("phoneNumber"));
    }

    #[test]
    fn constants_are_the_strings_of_the_reference() {
        is("AppEvents.Started", "Application.Started");
        is("CallEvents.Connected === 'Call.Connected'", "true");
        is("AMD.Events.DetectionComplete", "AMD.Events.DetectionComplete");
        is("CCAI.Events.Agent.Started", "AI.Events.CcaiAgentStarted");
        is("TerminationStatus.NORMAL", "1000");
        is("Modules.ASR", "asr");
    }

    #[test]
    fn voices_are_opaque_and_tell_themselves_apart() {
        is("VoiceList.Amazon.en_US_Joanna", "Amazon.en_US_Joanna");
        is("VoiceList.Amazon.Neural.en_US_Joanna", "Amazon.Neural.en_US_Joanna");
        is("Language.US_ENGLISH_FEMALE + ' ' + Language.Premium.US_ENGLISH_FEMALE", "US_ENGLISH_FEMALE Premium.US_ENGLISH_FEMALE");
        is("VoiceList.Amazon.nobody", "undefined");
        is("Object.keys(VoiceList).length", "10");
    }

    #[test]
    fn a_module_brings_its_names_and_nothing_before_it_is_required() {
        is("typeof ASREvents + typeof ASR + typeof OpenAI + typeof Deepgram", "undefinedundefinedundefinedundefined");
        is("(require(Modules.ASR), ASREvents.Result)", "ASR.Result");
        is("(require('asr'), require(Modules.ASR), ASRProfileList.Amazon.en_US)", "1");
        is("(require(Modules.OpenAI), OpenAI.Beta.RealtimeAPIEvents.Unknown)", "OpenAI.Beta.RealtimeAPI.Unknown");
        is("(require(Modules.Deepgram), Deepgram.VoiceAgentEvents.Welcome)", "Deepgram.VoiceAgent.Welcome");
        is("(require(Modules.Avatar), VoximplantAvatar.Events.Loaded)", "AvatarEvents.Loaded");
    }

    #[test]
    fn a_second_require_does_not_undo_what_an_author_did() {
        is("(require(Modules.ASR), ASREvents.Result = 'mine', require('ASR'), ASREvents.Result)", "mine");
        is("(globalThis.ASREvents = 5, ASREvents)", "5");
    }

    #[test]
    fn older_and_unknown_modules_may_be_required() {
        is("[Modules.Player, Modules.CallList, Modules.WebSocket, Modules.Net, Modules.AMD, Modules.Nothing].map((name) => require(name)).length", "6");
        is("(require('conference'), typeof ConferenceEvents)", "object");
    }

    #[test]
    fn older_spellings_are_the_newer_things() {
        is("(require(Modules.ElevenLabs), ElevenLabs.ConversationalAIEvents.UserTranscript === ElevenLabs.AgentsEvents.UserTranscript)", "true");
        is("typeof VoxEngine.CallList.reportError", "function");
    }

    #[test]
    fn what_is_not_built_exists_and_says_so() {
        is("typeof VoxEngine.createASR + VoxEngine.createASR.name", "functioncreateASR");
        is("VoxEngine.createASR({})", "Error: VoxEngine.createASR is not yet available in Cordboard");
        is("AMD.create({})", "Error: AMD.create is not yet available in Cordboard");
        is("(require(Modules.Recorder), VoxEngine.createRecorder())", "Error: VoxEngine.createRecorder is not yet available in Cordboard");
        is("(require(Modules.ASR), ASR.prototype.stop())", "Error: ASR.stop is not yet available in Cordboard");
        is("SequencePlayer.prototype.addMarker.name", "addMarker");
        is("new VoxEngine.createASR()", "TypeError: not a constructor");
    }

    #[test]
    fn an_author_may_use_the_names_for_things_of_his_own() {
        is("(() => { var Player = 5; return Player; })()", "5");
        assert_eq!(
            crate::testing::said("const VoiceList = 7; function Player() { return 1; } var Voice = 2; Logger.write(`${VoiceList} ${Player()} ${Voice}`)"),
            ["7 1 2"]
        );
    }
}
