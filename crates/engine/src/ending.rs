//! The end of a runtime without a visit to each of its objects.
//!
//! QuickJS frees a runtime by a last collection of cycles, which goes through every object three times and frees it by itself:
//! a sixth of what a short session costs. All that the objects are made of lies in memory that `Braked` takes back whole; what
//! native code owns, the ops, is freed before. So the runtime's list of objects is emptied first, and there is nothing to collect.

use std::sync::OnceLock;

use rquickjs::{Ctx, qjs};

/// A link of a list that goes round, in QuickJS's `list.h`.
#[repr(C)]
struct Link {
    before: *mut Link,
    after: *mut Link,
}

/// A runtime is smaller, bytes.
const RUNTIME_BYTES: usize = 4096;

/// Where in a runtime its list of objects begins, bytes, unless QuickJS is built otherwise than is thought here.
///
/// The first object of a runtime is its first context, which begins with its link: what is before that in the list is the list's
/// beginning, which lies in the runtime.
#[allow(unsafe_code)]
fn list_offset() -> Option<usize> {
    static OFFSET: OnceLock<Option<usize>> = OnceLock::new();
    *OFFSET.get_or_init(|| {
        // SAFETY: runtime and context are freed once, in order. QuickJS says of the header of a context that it comes first, and a
        // header has nothing but its link, whose neighbours are links.
        unsafe {
            let runtime = qjs::JS_NewRuntime();
            if runtime.is_null() {
                return None;
            }
            let context = qjs::JS_NewContextRaw(runtime);
            let mut offset = None;
            if !context.is_null() {
                let before = context.cast::<Link>().read().before;
                offset = before.addr().checked_sub(runtime.addr()).filter(|at| {
                    *at < RUNTIME_BYTES && at.is_multiple_of(align_of::<Link>()) && (*before).after == context.cast() && (*(*before).before).after == before
                });
                qjs::JS_FreeContext(context);
            }
            qjs::JS_FreeRuntime(runtime);
            offset
        }
    })
}

/// Makes a runtime forget its objects. To be called when it will only be freed, and nothing of it is held in Rust.
///
/// False leaves the runtime as it was, to be freed object by object: when jobs wait, which hold values that are freed by
/// themselves, or when QuickJS is built otherwise than is thought here.
#[allow(unsafe_code)]
pub fn forget_objects(ctx: &Ctx<'_>) -> bool {
    let Some(offset) = list_offset() else { return false };
    // SAFETY: the offset was seen in a runtime of the same QuickJS. A link that does not fit its neighbours is left alone. Objects
    // are in this list only, and what QuickJS does after this, it does without them.
    unsafe {
        let runtime = qjs::JS_GetRuntime(ctx.as_raw().as_ptr());
        if qjs::JS_IsJobPending(runtime) {
            return false;
        }
        let list = runtime.byte_add(offset).cast::<Link>();
        let Link { before, after } = list.read();
        if before.is_null() || after.is_null() || (*before).after != list || (*after).before != list {
            return false;
        }
        list.write(Link { before: list, after: list });
        true
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Arc};

    use super::*;
    use crate::{
        Input, Session,
        memory::Memory,
        testing::{self, NOW},
    };

    /// Uses the ops of every file, and leaves cycles, timers, promises and open generators behind.
    const SCRIPT: &str = "
        for (const name of ['ivr', 'asr', 'applicationstorage', 'voximplantapi']) require(name);
        Logger.write(AMD.Model.US + Crypto.md5('x') + base64_encode([1]) + typeof IVR + typeof Player + JSession_getLeftMemBytes());
        const timer = setInterval(() => timer, 1000), buffer = new Uint8Array(100000), text = 'x'.repeat(100000);
        const call = VoxEngine.callPSTN('1', '2');
        call.own = call;
        call.say('x');
        VoxEngine.forwardCallToPSTN();
        Net.httpRequestAsync('http://a.example/', { postData: [1, 2] });
        ApplicationStorage.get('a').then(() => call);
        const socket = new WebSocket('wss://a.example/');
        const open = (function* () { yield* [buffer, text]; })();
        open.next();
        (async () => { await new Promise(() => {}); })();
        VoxEngine.addEventListener(AppEvents.Terminated, () => { Promise.resolve().then(() => { throw new Error(call.id()); }); });";

    #[test]
    fn the_list_of_objects_is_found() {
        assert!(list_offset().is_some());
    }

    #[test]
    fn an_ended_session_leaves_nothing_behind() {
        for input in [Some(Input::Stop { finish_reason: "over".to_owned() }), None] {
            let memory = Memory::new(usize::MAX);
            let mut session = Session::new(testing::profile(SCRIPT), Arc::new(BTreeMap::new())).sharing(memory.clone());
            session.handle(NOW, Input::Start);
            let lines: Vec<_> = std::iter::from_fn(|| session.poll()).filter(|output| format!("{output:?}").contains("Uncaught")).collect();
            assert!(lines.is_empty(), "{lines:?}");
            let watch = session.watch();
            if let Some(input) = input {
                session.handle(NOW, input);
            }
            assert!(memory.used_bytes() > 0);
            drop(session);
            assert_eq!((memory.used_bytes(), Arc::strong_count(&memory), watch.0.holders()), (0, 1, 1));
        }
    }
}
