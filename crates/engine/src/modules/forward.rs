//! Functions of scenarios whose JavaScript is loaded when one of them is called first.
//!
//! A list defines them for every session. A call goes on to the function of the same name that a file of the prelude gives,
//! with the same `this` and arguments.

use std::{cell::RefCell, ffi::c_int, ptr::NonNull, sync::OnceLock};

use rquickjs::{Ctx, Exception, Function, JsLifetime, Object, qjs};

use super::lists::{Attributes, Draft, List};

/// Functions of one object that one file has: names with the number of parameters that they tell.
struct Group {
    /// Empty for globals.
    object: &'static str,
    attributes: Attributes,
    file: &'static str,
    functions: &'static [(&'static str, u8)],
}

use Attributes::{Hidden, Visible};

const GROUPS: &[Group] = &[
    Group { object: "VoxEngine", attributes: Visible, file: "session", functions: &[("addEventListener", 2), ("terminate", 0)] },
    Group {
        object: "VoxEngine",
        attributes: Visible,
        file: "engine",
        functions: &[
            ("removeEventListener", 2),
            ("customData", 1),
            ("getSecretValue", 1),
            ("allowWebSocketConnections", 0),
            ("createWebSocket", 2),
            ("enableStatisticsForIncomingWebsockets", 0),
            ("disableStatisticsForIncomingWebsockets", 0),
            ("enableTraceForIncomingWebsockets", 0),
            ("disableTraceForIncomingWebsockets", 0),
        ],
    },
    Group {
        object: "VoxEngine",
        attributes: Hidden,
        file: "place",
        functions: &[("callPSTN", 3), ("callUser", 5), ("callUserDirect", 3), ("callSIP", 8), ("callConference", 4), ("callWhatsappUser", 1)],
    },
    Group {
        object: "VoxEngine",
        attributes: Hidden,
        file: "process",
        functions: &[
            ("easyProcess", 4),
            ("forwardCallToPSTN", 3),
            ("forwardCallToUser", 2),
            ("forwardCallToUserDirect", 1),
            ("forwardCallToSIP", 2),
            ("playSoundAndHangup", 1),
        ],
    },
    Group { object: "VoxEngine", attributes: Hidden, file: "media", functions: &[("sendMediaBetween", 2), ("stopMediaBetween", 2)] },
    Group {
        object: "VoxEngine",
        attributes: Hidden,
        file: "player",
        functions: &[("createURLPlayer", 2), ("createTTSPlayer", 3), ("createToneScriptPlayer", 2), ("createToneScript", 2)],
    },
    Group { object: "Call", attributes: Hidden, file: "call", functions: &[("addEventListener", 2), ("answer", 2), ("hangup", 1)] },
    Group {
        object: "Call",
        attributes: Hidden,
        file: "actions",
        functions: &[
            ("id", 0),
            ("state", 0),
            ("incoming", 0),
            ("callerid", 0),
            ("displayName", 0),
            ("number", 0),
            ("clientType", 0),
            ("vad", 0),
            ("toString", 0),
            ("customData", 1),
            ("removeEventListener", 2),
            ("ring", 1),
            ("startEarlyMedia", 1),
            ("reject", 2),
            ("decline", 2),
            ("say", 3),
            ("startPlayback", 2),
            ("playProgressTone", 1),
            ("stopPlayback", 0),
            ("sendMediaTo", 1),
            ("stopMediaTo", 1),
            ("handleTones", 2),
            ("sendDigits", 1),
            ("sendMessage", 1),
            ("sendInfo", 3),
            ("reInvite", 3),
            ("acceptReInvite", 3),
            ("rejectReInvite", 2),
            ("handleMicStatus", 0),
            ("handleBlindTransfer", 0),
            ("disableBeepDetection", 0),
            ("answerDirect", 0),
            ("record", 0),
            ("notifyBlindTransferSuccess", 0),
            ("notifyBlindTransferFailed", 0),
            ("enableBeepDetection", 0),
            ("transferTo", 0),
            ("monitorMediaStatistics", 0),
        ],
    },
    Group { object: "Logger", attributes: Visible, file: "log", functions: &[("write", 1), ("hideTones", 1)] },
    Group { object: "console", attributes: Visible, file: "log", functions: &[("log", 0), ("info", 0), ("warn", 0), ("error", 0), ("debug", 0)] },
    Group { object: "JSession", attributes: Visible, file: "engine", functions: &[("close", 0)] },
    Group { object: "Crypto", attributes: Visible, file: "text", functions: &[("md5", 1), ("sha1", 1), ("sha256", 1), ("hmac_sha256", 2)] },
    Group { object: "PhoneNumber", attributes: Visible, file: "text", functions: &[("getInfo", 2)] },
    Group { object: "", attributes: Hidden, file: "engine", functions: &[("require", 1), ("JSession_getLeftMemBytes", 0), ("JSession_GC", 0)] },
    Group { object: "", attributes: Hidden, file: "log", functions: &[("trace", 1)] },
    Group { object: "", attributes: Hidden, file: "timers", functions: &[("setTimeout", 2), ("setInterval", 2), ("clearTimeout", 1), ("clearInterval", 1)] },
    Group {
        object: "",
        attributes: Hidden,
        file: "text",
        functions: &[
            ("base64_encode", 1),
            ("base64_decode", 1),
            ("str2bytes", 2),
            ("bytes2str", 2),
            ("bytes2hex", 2),
            ("hex2bytes", 1),
            ("uuidgen", 0),
            ("levenshtein_distance", 2),
            ("getLocalTime", 2),
        ],
    },
];

/// All functions, in the order of their numbers: file and name.
fn all() -> impl Iterator<Item = (&'static Group, &'static str, u8)> {
    GROUPS.iter().flat_map(|group| group.functions.iter().map(move |(name, length)| (group, *name, *length)))
}

/// The functions of one object.
fn of(object: &str, mut list: Draft) -> Draft {
    for (number, (group, name, length)) in all().enumerate().filter(|(_, (group, ..))| group.object == object) {
        list.function(name, group.attributes, length, forward, i16::try_from(number).unwrap_or(0));
    }
    list
}

/// Adds the global functions, the objects that have nothing else, and `VoxEngine` with what else it has.
pub fn add(globals: Draft, engine: Draft) -> Draft {
    let mut globals = of("", globals);
    globals.object("VoxEngine", Hidden, of("VoxEngine", engine).done());
    for object in ["Logger", "console", "JSession", "Crypto", "PhoneNumber"] {
        globals.object(object, Hidden, of(object, Draft::default()).done());
    }
    globals
}

/// Gives the methods of calls to their prototype, which is new and which no author has seen.
pub fn define_methods<'js>(ctx: Ctx<'js>, prototype: Object<'js>) -> rquickjs::Result<()> {
    static METHODS: OnceLock<List> = OnceLock::new();
    METHODS.get_or_init(|| of("Call", Draft::default()).done()).define(&ctx, &prototype)
}

/// What a context has of the functions.
struct Forwards<'js> {
    /// Gives what a file of the prelude gives.
    using: Function<'js>,
    /// The functions by their numbers, once they were called.
    found: RefCell<Vec<Option<Function<'js>>>>,
}

// SAFETY: the one lifetime parameter is the one that changes.
#[allow(unsafe_code)]
unsafe impl<'js> JsLifetime<'js> for Forwards<'js> {
    type Changed<'to> = Forwards<'to>;
}

/// Tells the functions of a context how files of the prelude are loaded.
pub fn prepare<'js>(ctx: &Ctx<'js>, using: Function<'js>) -> rquickjs::Result<()> {
    let found = RefCell::new(all().map(|_| None).collect());
    ctx.store_userdata(Forwards { using, found }).map_err(|_| rquickjs::Error::Unknown)?;
    Ok(())
}

/// Lets go of the functions.
pub fn forget(ctx: &Ctx<'_>) {
    drop(ctx.remove_userdata::<Forwards<'_>>());
}

fn function<'js>(ctx: &Ctx<'js>, number: usize) -> rquickjs::Result<Function<'js>> {
    let forwards = ctx.userdata::<Forwards<'js>>().ok_or(rquickjs::Error::Unknown)?;
    if let Some(Some(found)) = forwards.found.borrow().get(number) {
        return Ok(found.clone());
    }
    let (group, name, _) = all().nth(number).ok_or(rquickjs::Error::Unknown)?;
    let function: Function = forwards.using.call::<_, Object>((group.file,))?.get(name)?;
    if let Some(found) = forwards.found.borrow_mut().get_mut(number) {
        *found = Some(function.clone());
    }
    Ok(function)
}

#[allow(unsafe_code)]
unsafe extern "C" fn forward(ctx: *mut qjs::JSContext, this: qjs::JSValue, count: c_int, arguments: *mut qjs::JSValue, number: c_int) -> qjs::JSValue {
    let Some(raw) = NonNull::new(ctx) else { return qjs::JS_EXCEPTION };
    // SAFETY: QuickJS hands over its own context, and the runtime's lock is held while it runs.
    let ctx = unsafe { Ctx::from_raw(raw) };
    match function(&ctx, usize::try_from(number).unwrap_or(usize::MAX)) {
        // SAFETY: the function is alive in this context, and `this` and the arguments are QuickJS's own.
        Ok(function) => unsafe { qjs::JS_Call(raw.as_ptr(), function.as_raw(), this, count, arguments) },
        Err(rquickjs::Error::Exception) => qjs::JS_EXCEPTION,
        Err(error) => {
            // It stands as the pending exception of the context.
            let _ = Exception::throw_message(&ctx, &error.to_string());
            qjs::JS_EXCEPTION
        }
    }
}
