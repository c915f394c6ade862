//! What scenarios can use: JavaScript for what authors see, Rust for ops with limits, in pairs.
//!
//! An op is synchronous and checks everything it is given: author code cannot reach it, but what authors write does.

pub mod call;
pub mod forward;
pub mod lists;
pub mod management;
pub mod names;
pub mod net;
pub mod player;
pub mod session;
pub mod storage;
pub mod text;
pub mod timers;
pub mod websocket;

use rquickjs::{Ctx, Exception, FromJs, Function, Object, TypedArray, Value, function::IntoJsFunc};

use crate::host::Shared;

/// The prelude's files. `session` is loaded with every context, the others when a name of theirs is used.
pub const FILES: &[(&str, &str)] = &[
    ("session", include_str!("session/session.js")),
    ("values", include_str!("session/values.js")),
    ("log", include_str!("session/log.js")),
    ("timers", include_str!("session/timers.js")),
    ("promises", include_str!("session/promises.js")),
    ("engine", include_str!("session/engine.js")),
    ("names", include_str!("names/names.js")),
    ("call", include_str!("call/call.js")),
    ("actions", include_str!("call/actions.js")),
    ("place", include_str!("call/place.js")),
    ("process", include_str!("call/process.js")),
    ("media", include_str!("player/media.js")),
    ("player", include_str!("player/player.js")),
    ("ivr", include_str!("ivr/ivr.js")),
    ("net", include_str!("net/net.js")),
    ("websocket", include_str!("websocket/websocket.js")),
    ("storage", include_str!("storage/storage.js")),
    ("management", include_str!("management/management.js")),
    ("text", include_str!("text/text.js")),
];

/// Puts ops into the table that the prelude is given.
pub fn install<'js>(ctx: &Ctx<'js>, op: &Object<'js>, host: &Shared) -> rquickjs::Result<()> {
    let ops = Ops { ctx, op, host };
    ops.add("define", |ctx: Ctx<'_>| names::define(&ctx))?;
    session::install(&ops)
}

/// Adds the ops that one file of the prelude alone uses, when it is loaded: most sessions need none of them.
pub fn install_for<'js>(file: &str, ctx: &Ctx<'js>, op: &Object<'js>, host: &Shared) -> rquickjs::Result<()> {
    let ops = Ops { ctx, op, host };
    match file {
        "values" => session::install_values(&ops),
        "log" => session::install_log(&ops),
        "timers" => timers::install(&ops),
        "engine" => session::install_engine(&ops),
        "names" => names::install(&ops),
        "net" => net::install(&ops),
        "websocket" => websocket::install(&ops),
        "storage" => storage::install(&ops),
        "management" => management::install(&ops),
        "text" => text::install(&ops),
        "call" => call::install(&ops),
        "actions" => call::install_actions(&ops),
        "place" => call::install_place(&ops),
        "process" => call::install_process(&ops),
        "media" => player::install(&ops),
        _ => Ok(()),
    }
}

/// The table of ops as it is filled.
pub struct Ops<'a, 'js> {
    ctx: &'a Ctx<'js>,
    op: &'a Object<'js>,
    host: &'a Shared,
}

impl<'js> Ops<'_, 'js> {
    pub fn add<P, F: IntoJsFunc<'js, P> + 'js>(&self, name: &str, function: F) -> rquickjs::Result<()> {
        self.op.set(name, Function::new(self.ctx.clone(), function)?)
    }

    pub fn host(&self) -> Shared {
        self.host.clone()
    }
}

/// Throws what an op refuses.
pub fn thrown<T>(ctx: &Ctx<'_>, result: Result<T, String>) -> rquickjs::Result<T> {
    result.map_err(|message| Exception::throw_message(ctx, &message))
}

/// RFC 9110 §5.6.2: what header names and WebSocket sub-protocols are made of.
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// A number of the session as JavaScript has it.
#[allow(clippy::cast_precision_loss)]
pub fn js(number: u64) -> f64 {
    number as f64
}

/// A number of the session that came back from JavaScript.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn native(number: f64) -> u64 {
    number as u64
}

/// Bytes as authors give them: a typed array of bytes, a buffer, or a list of numbers from 0 to 255.
pub struct Bytes<const MOST: usize = BYTES>(pub Vec<u8>);

/// Bytes that an op takes at once.
const BYTES: usize = 8 * 1024 * 1024;

impl<'js, const MOST: usize> FromJs<'js> for Bytes<MOST> {
    fn from_js(ctx: &Ctx<'js>, value: Value<'js>) -> rquickjs::Result<Self> {
        let wrong = |what: &str| Exception::throw_type(ctx, what);
        let bounded = |length: usize| if length > MOST { Err(wrong(&format!("at most {MOST} bytes are taken at once, not {length}"))) } else { Ok(()) };
        if let Ok(array) = TypedArray::<u8>::from_value(value.clone()) {
            bounded(array.len())?;
            // SAFETY: the bytes are copied before any JavaScript runs again.
            #[allow(unsafe_code)]
            let bytes = unsafe { array.as_bytes() };
            return bytes.map(|bytes| Self(bytes.to_vec())).ok_or_else(|| wrong("the array's buffer is detached"));
        }
        if let Some(buffer) = rquickjs::ArrayBuffer::from_value(value.clone()) {
            bounded(buffer.len())?;
            // SAFETY: the bytes are copied before any JavaScript runs again.
            #[allow(unsafe_code)]
            let bytes = unsafe { buffer.as_bytes() };
            return bytes.map(|bytes| Self(bytes.to_vec())).ok_or_else(|| wrong("the buffer is detached"));
        }
        let Some(list) = value.as_object() else { return Err(wrong("bytes must be a list of numbers from 0 to 255")) };
        let length: f64 = list.get("length").map_err(|_| wrong("bytes must be a list of numbers from 0 to 255"))?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let length = if length.is_finite() && length >= 0.0 { length as usize } else { return Err(wrong("bytes must be a list of numbers from 0 to 255")) };
        bounded(length)?;
        let mut bytes = Vec::new();
        for at in 0..u32::try_from(length).unwrap_or(u32::MAX) {
            let number: f64 = list.get(at).map_err(|_| wrong(&format!("byte {at} must be a number from 0 to 255")))?;
            if !(0.0..=255.0).contains(&number) || number.fract() != 0.0 {
                return Err(wrong(&format!("byte {at} must be a whole number from 0 to 255, not {number}")));
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            bytes.push(number as u8);
        }
        Ok(Self(bytes))
    }
}
