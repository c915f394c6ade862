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

/// Name, message and stack, or the value itself; not longer than a line of the log.
pub fn said(value: &Value<'_>) -> String {
    let text = words(value);
    match text.char_indices().nth(limits::LOG_LINE_CHARACTERS + 1) {
        Some((at, _)) => text[..at].to_owned(),
        None => text,
    }
}

/// What the log says when memory ran out.
pub fn out_of_memory() -> String {
    format!("out of memory: JavaScript may use {} bytes", limits::MEMORY_BYTES)
}

fn words(value: &Value<'_>) -> String {
    // An out-of-memory exception may arrive as null.
    if value.is_null() {
        return format!("null ({}?)", out_of_memory());
    }
    if let Some(text) = value.as_string() {
        return text.to_string().unwrap_or_default();
    }
    if !value.is_object() {
        return plain(value);
    }
    let message = data(value, "message");
    if message.is_none() && !value.is_error() {
        return "an object that is no Error".to_owned();
    }
    let message = message.unwrap_or_default();
    let name = data(value, "name").unwrap_or_else(|| "Error".to_owned());
    let note = if message.contains("out of memory") { format!(" (JavaScript may use {} bytes)", limits::MEMORY_BYTES) } else { String::new() };
    let stack = stack(value).unwrap_or_default();
    format!("{name}: {message}{note}\n{}", stack.trim_end()).trim_end().to_owned()
}

/// Where an error was made, a line for each function.
pub fn stack(error: &Value<'_>) -> Option<String> {
    error.ctx().userdata::<StackOf<'_>>().and_then(|stack| stack.0.call::<_, Option<String>>((This(error.clone()),)).ok().flatten())
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
