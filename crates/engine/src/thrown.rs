//! What the log says of a thrown value. No author code runs for it: a getter may throw again, never end, or reject promises.

use std::ffi::CStr;

use rquickjs::{Ctx, Function, JsLifetime, Object, Value, function::This, qjs};

use crate::limits;

/// The getter of `Error.prototype.stack`, as it was before author code ran.
struct StackOf<'js>(Function<'js>);

// SAFETY: the one lifetime parameter is the one that changes.
#[allow(unsafe_code)]
unsafe impl<'js> JsLifetime<'js> for StackOf<'js> {
    type Changed<'to> = StackOf<'to>;
}

/// Begins the name of each file of the prelude in a stack, where QuickJS keeps one.
pub const PRELUDE: &str = "cordboard:";

/// Stands for the name of a file of the prelude where QuickJS keeps none.
const NAMELESS: &str = "<null>";

/// Objects that a property is looked for in, from the thrown one up.
const CHAIN: usize = 8;

/// Keeps what is needed later; to be called before author code runs.
pub fn prepare(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let errors: Object = ctx.globals().get::<_, Object>("Error")?.get("prototype")?;
    let getter = getter(&errors, c"stack").ok_or(rquickjs::Error::Unknown)?;
    ctx.store_userdata(StackOf(getter)).map_err(|_| rquickjs::Error::Unknown)?;
    Ok(())
}

/// Lets go of it.
pub fn forget(ctx: &Ctx<'_>) {
    drop(ctx.remove_userdata::<StackOf<'_>>());
}

/// The getter of a property of an object's own.
#[allow(unsafe_code)]
fn getter<'js>(object: &Object<'js>, name: &CStr) -> Option<Function<'js>> {
    let ctx = object.ctx();
    let raw = ctx.as_raw().as_ptr();
    // SAFETY: the object is alive in this context; the atom is ours; each of the descriptor's values is owned by us and is freed
    // here or handed on once.
    let getter = unsafe {
        let atom = qjs::JS_NewAtom(raw, name.as_ptr());
        let mut property = std::mem::MaybeUninit::<qjs::JSPropertyDescriptor>::uninit();
        let found = qjs::JS_GetOwnProperty(raw, property.as_mut_ptr(), object.as_raw(), atom);
        qjs::JS_FreeAtom(raw, atom);
        if found != 1 {
            return None;
        }
        let property = property.assume_init();
        qjs::JS_FreeValue(raw, property.value);
        qjs::JS_FreeValue(raw, property.setter);
        Value::from_raw(ctx.clone(), property.getter)
    };
    getter.into_function()
}

/// What ended a session, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thrown {
    /// As the log says it.
    pub log: String,
    /// On one line and in short, with the place in the scenario: `TypeError: not a function (greeting:4:3)`.
    pub brief: String,
}

impl Thrown {
    pub fn plain(text: String) -> Self {
        Self { log: text.clone(), brief: text }
    }

    pub fn of(value: &Value<'_>) -> Self {
        let (text, stack) = words(value);
        let place = stack.lines().filter_map(place).find(|place| *place != "native");
        let mut brief: String = text.chars().take(limits::BRIEF_CHARACTERS).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        if text.chars().nth(limits::BRIEF_CHARACTERS).is_some() {
            brief.push('…');
        }
        brief.truncate(brief.trim_end().trim_end_matches(':').len());
        if let Some(place) = place {
            let place: String = place.chars().take(limits::BRIEF_CHARACTERS).collect();
            brief = format!("{brief} ({place})");
        }
        Self { log: cut(with_stack(text, &stack)), brief }
    }
}

/// Name, message and stack, or the value itself; not longer than a line of the log.
pub fn said(value: &Value<'_>) -> String {
    let (text, stack) = words(value);
    cut(with_stack(text, &stack))
}

fn with_stack(text: String, stack: &str) -> String {
    if stack.is_empty() { text.trim_end().to_owned() } else { format!("{text}\n{stack}") }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(limits::LOG_LINE_CHARACTERS + 1) {
        Some((at, _)) => text[..at].to_owned(),
        None => text,
    }
}

/// What the log says when memory ran out.
pub fn out_of_memory() -> String {
    format!("out of memory: JavaScript may use {} bytes", limits::MEMORY_BYTES)
}

/// What was thrown, and the stack of an error.
fn words(value: &Value<'_>) -> (String, String) {
    let alone = |text: String| (text, String::new());
    // An out-of-memory exception may arrive as null.
    if value.is_null() {
        return alone(format!("null ({}?)", out_of_memory()));
    }
    if let Some(text) = value.as_string() {
        return alone(text.to_string().unwrap_or_default());
    }
    if !value.is_object() {
        return alone(plain(value));
    }
    let message = data(value, "message");
    if message.is_none() && !value.is_error() {
        return alone("an object that is no Error".to_owned());
    }
    let message = message.unwrap_or_default();
    let name = data(value, "name").unwrap_or_else(|| "Error".to_owned());
    let note = if message.contains("out of memory") { format!(" (JavaScript may use {} bytes)", limits::MEMORY_BYTES) } else { String::new() };
    (format!("{name}: {message}{note}"), stack(value).unwrap_or_default())
}

/// Where an error was made, a line for each function of the scenario.
pub fn stack(error: &Value<'_>) -> Option<String> {
    let stack = error.ctx().userdata::<StackOf<'_>>().and_then(|stack| stack.0.call::<_, Option<String>>((This(error.clone()),)).ok().flatten())?;
    Some(scenarios(&stack))
}

/// A stack without the frames of the prelude, and without those of natives beside them, which are the prelude's own.
fn scenarios(stack: &str) -> String {
    let frames: Vec<&str> = stack.trim_end().split('\n').collect();
    let is_native = |frame: &str| frame.ends_with(" (native)");
    let mut hidden: Vec<bool> = frames.iter().map(|frame| place(frame).is_some_and(|place| place.starts_with(PRELUDE) || place.starts_with(NAMELESS))).collect();
    for at in 1..frames.len() {
        hidden[at] |= hidden[at - 1] && is_native(frames[at]);
    }
    for at in (1..frames.len()).rev() {
        hidden[at - 1] |= hidden[at] && is_native(frames[at - 1]);
    }
    let kept: Vec<&str> = frames.into_iter().zip(hidden).filter(|(_, hidden)| !hidden).map(|(frame, _)| frame).collect();
    kept.join("\n")
}

/// Where a frame stands: `at name (file:line:column)`, of what cannot be parsed `at file:line:column`.
fn place(frame: &str) -> Option<&str> {
    let frame = frame.trim_start().strip_prefix("at ")?;
    Some(frame.strip_suffix(')').and_then(|frame| frame.rsplit_once(" (")).map_or(frame, |(_, place)| place))
}

fn plain(value: &Value<'_>) -> String {
    if let Some(number) = value.as_number() {
        return number.to_string();
    }
    match value.as_bool() {
        Some(flag) => flag.to_string(),
        // The digits of a giant BigInt would take long.
        None => format!("a {}", value.type_name()),
    }
}

/// A property that is a text by itself, of the object or of what it inherits from.
#[allow(unsafe_code)]
fn data(value: &Value<'_>, name: &str) -> Option<String> {
    let ctx = value.ctx();
    let raw = ctx.as_raw().as_ptr();
    // SAFETY: the pointer and length are those of one text.
    let atom = unsafe { qjs::JS_NewAtomLen(raw, name.as_ptr().cast(), name.len().try_into().ok()?) };
    let found = inherited(value, atom);
    // SAFETY: the atom is ours and is not used again.
    unsafe { qjs::JS_FreeAtom(raw, atom) };
    found.and_then(|found| found.as_string().and_then(|text| text.to_string().ok()))
}

#[allow(unsafe_code)]
fn inherited<'js>(value: &Value<'js>, atom: qjs::JSAtom) -> Option<Value<'js>> {
    let ctx = value.ctx();
    let raw = ctx.as_raw().as_ptr();
    let mut object = value.clone();
    for _ in 0..CHAIN {
        // SAFETY: `object` and `atom` are alive in this context; a proxy is left before anything would ask its traps; each of the
        // descriptor's values is owned by us and is freed here or handed on once.
        let found = unsafe {
            if !object.is_object() || qjs::JS_IsProxy(object.as_raw()) {
                return None;
            }
            let mut property = std::mem::MaybeUninit::<qjs::JSPropertyDescriptor>::uninit();
            match qjs::JS_GetOwnProperty(raw, property.as_mut_ptr(), object.as_raw(), atom) {
                0 => None,
                1 => {
                    let property = property.assume_init();
                    qjs::JS_FreeValue(raw, property.getter);
                    qjs::JS_FreeValue(raw, property.setter);
                    Some(Value::from_raw(ctx.clone(), property.value))
                }
                _ => {
                    ctx.catch();
                    return None;
                }
            }
        };
        match found {
            Some(found) => return Some(found),
            None => object = object.as_object()?.get_prototype()?.into_value(),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, Session, testing};

    #[test]
    fn a_stack_has_the_frames_of_the_scenario_alone() {
        // As they are with and without the prelude's names, which a release build leaves out.
        for prelude in ["<null>:0:1", "cordboard:session:48:46"] {
            let stack = format!(
                "    at act (native)\n    at text ({prelude})\n    at say (native)\n    at greet (s:4:3)\n    at map (native)\n    at <anonymous> (a (b):2:1)\n    at apply (native)\n    at fire ({prelude})\n    at deliver ({prelude})\n"
            );
            assert_eq!(scenarios(&stack), "    at greet (s:4:3)\n    at map (native)\n    at <anonymous> (a (b):2:1)");
            assert_eq!(scenarios(&format!("    at terminate ({prelude})\n    at apply (native)\n    at fire ({prelude})")), "");
        }
        assert_eq!(scenarios("    at parse (native)\n    at s:2:11\n"), "    at parse (native)\n    at s:2:11");
        assert_eq!(scenarios(""), "");
    }

    #[test]
    fn natives_that_a_scenario_calls_stay_in_its_stack() {
        let lines = testing::said("VoxEngine.addEventListener(AppEvents.Started, () => [1].forEach(() => { JSON.parse('{'); }));");
        let frames: Vec<_> = lines[0].lines().skip(1).map(|frame| frame.trim().rsplit_once(" (").map_or("", |(name, _)| name)).collect();
        assert!(lines[0].starts_with("Uncaught SyntaxError"), "{lines:?}");
        assert_eq!(frames.last(), Some(&"at <anonymous>"), "{lines:?}");
        assert!(frames.contains(&"at forEach") && !lines[0].contains("cordboard"), "{lines:?}");
    }

    #[test]
    fn a_scenario_may_be_called_as_a_file_of_the_prelude() {
        let mut profile = testing::profile("null.x;");
        "session".clone_into(&mut profile.scenarios[0].name);
        let mut session = Session::new(profile, std::sync::Arc::default());
        session.handle(testing::NOW, Input::Start);
        let lines: Vec<_> = std::iter::from_fn(|| session.poll()).map(|output| format!("{output:?}")).collect();
        assert!(lines.iter().any(|line| line.contains("Uncaught") && line.contains("at <eval> (session:1:1)")), "{lines:?}");
    }
}
