//! QuickJS: one runtime and one context a session, the prelude's bytecode, and the brake.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use rquickjs::{
    CatchResultExt, CaughtError, Context, Ctx, Function, Module, Object, Persistent, Runtime, Value,
    context::{EvalOptions, intrinsic},
    function::{Args, This},
    module::WriteOptions,
    qjs,
};

use crate::{
    ending,
    host::Shared,
    limits,
    memory::{Braked, Heap, Memory},
    modules::{self, forward},
    thrown::{self, Thrown, said},
};

/// Ends running JavaScript from another thread.
#[derive(Clone, Debug, Default)]
pub struct Brake(Arc<AtomicBool>);

impl Brake {
    pub fn pull(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_pulled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Why a turn did not end by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Author code threw.
    Thrown(Thrown),
    /// The brake was pulled, or the turn ran without end.
    Stopped,
}

/// The table of ops, and the prelude's way in. Persistent values are not `Send` by themselves.
struct Kept {
    op: Persistent<Object<'static>>,
    deliver: Persistent<Function<'static>>,
}

// SAFETY: a session and all it owns is used by one thread at a time, and every use goes through the runtime's lock.
#[allow(unsafe_code)]
unsafe impl Send for Kept {}

pub struct Vm {
    // Values go before their context, the context before its runtime.
    kept: Option<Kept>,
    context: Context,
    runtime: Runtime,
    brake: Brake,
    heap: Heap,
    rejected: Arc<Mutex<Rejected>>,
}

/// Promises that were rejected in this turn and that nobody handles, and how many more there were than are told.
#[derive(Default)]
struct Rejected {
    told: Vec<(u64, String)>,
    more: usize,
}

/// Rejections of one turn that the log tells of.
const REJECTIONS: usize = 100;

// Nothing that shows how fast the machine is: `performance` stays out.
type Intrinsics = (
    intrinsic::Date,
    intrinsic::Eval,
    intrinsic::RegExpCompiler,
    intrinsic::RegExp,
    intrinsic::Json,
    intrinsic::Proxy,
    intrinsic::MapSet,
    intrinsic::TypedArrays,
    intrinsic::Promise,
    intrinsic::WeakRef,
);

/// The prelude's files as bytecode, compiled once in a process.
fn bytecode(name: &str) -> rquickjs::Result<&'static [u8]> {
    static CODE: OnceLock<BTreeMap<&'static str, Vec<u8>>> = OnceLock::new();
    let compile = || -> rquickjs::Result<BTreeMap<&'static str, Vec<u8>>> {
        let context = Context::full(&Runtime::new()?)?;
        context.with(|ctx| {
            modules::FILES
                .iter()
                .map(|(name, source)| {
                    Ok((
                        *name,
                        Module::declare(ctx.clone(), format!("{}{name}", thrown::PRELUDE), *source)?.write(WriteOptions {
                            strip_source: true,
                            strip_debug: !cfg!(debug_assertions),
                            ..WriteOptions::default()
                        })?,
                    ))
                })
                .collect()
        })
    };
    if CODE.get().is_none() {
        let compiled = compile()?;
        let _ = CODE.set(compiled);
    }
    CODE.get().and_then(|code| code.get(name)).map(Vec::as_slice).ok_or(rquickjs::Error::Unknown)
}

/// The function that a file of the prelude exports by default.
fn file<'js>(ctx: &Ctx<'js>, name: &str) -> rquickjs::Result<Function<'js>> {
    // SAFETY: the bytes were written by this process, by the same QuickJS, from the prelude's own files.
    #[allow(unsafe_code)]
    let declared = unsafe { Module::load(ctx.clone(), bytecode(name)?) }?;
    let (module, promise) = declared.eval()?;
    promise.finish::<()>()?;
    module.get("default")
}

/// Loads a file of the prelude on demand, with the ops that it alone uses.
fn loader(host: Shared) -> impl for<'js> Fn(Ctx<'js>, This<Object<'js>>, String) -> rquickjs::Result<Function<'js>> {
    move |ctx, op, name| {
        modules::install_for(&name, &ctx, &op, &host)?;
        file(&ctx, &name)
    }
}

/// `import` finds nothing. QuickJS would look among the modules that are loaded, which are the prelude's files.
fn refuse_imports(context: &Context) {
    #[allow(unsafe_code)]
    unsafe extern "C" fn refuse(ctx: *mut qjs::JSContext, _: *const std::ffi::c_char, _: *const std::ffi::c_char, _: *mut std::ffi::c_void) -> *mut std::ffi::c_char {
        // SAFETY: QuickJS hands over its own context, and the text has no directives.
        unsafe { qjs::JS_ThrowTypeError(ctx, c"there are no modules to import: use require(Modules.…)".as_ptr()) };
        std::ptr::null_mut()
    }
    // SAFETY: the runtime is alive, and the function needs no data of its own.
    #[allow(unsafe_code)]
    context.with(|ctx| unsafe {
        qjs::JS_SetModuleLoaderFunc(qjs::JS_GetRuntime(ctx.as_raw().as_ptr()), Some(refuse), None, std::ptr::null_mut());
    });
}

impl Vm {
    pub fn new(host: &Shared, brake: Brake, memory: Arc<Memory>) -> Result<Self, String> {
        let failed = |error: rquickjs::Error| error.to_string();
        let heap = host.lock().heap.clone();
        let runtime = Runtime::new_with_alloc(Braked::new(brake.clone(), heap.clone(), memory)).map_err(failed)?;
        runtime.set_max_stack_size(limits::STACK_BYTES);
        runtime.set_gc_threshold(limits::FIRST_COLLECTION_BYTES);
        let rejected = Arc::new(Mutex::new(Rejected::default()));
        let tracked = rejected.clone();
        runtime.set_host_promise_rejection_tracker(Some(Box::new(move |_, promise, reason, handled| {
            let id = identity(&promise);
            let Ok(mut list) = tracked.lock() else { return };
            if handled {
                let before = list.told.len();
                list.told.retain(|(other, _)| *other != id);
                if list.told.len() == before {
                    list.more = list.more.saturating_sub(1);
                }
            } else if list.told.len() < REJECTIONS {
                list.told.push((id, said(&reason)));
            } else {
                list.more += 1;
            }
        })));
        let context = Context::custom::<Intrinsics>(&runtime).map_err(failed)?;
        refuse_imports(&context);
        let pulled = brake.clone();
        runtime.set_interrupt_handler(Some(Box::new(move || pulled.is_pulled())));
        let kept = context.with(|ctx| {
            let built = || -> rquickjs::Result<Kept> {
                thrown::prepare(&ctx)?;
                let op = Object::new(ctx.clone())?;
                op.set_prototype(None)?;
                modules::install(&ctx, &op, host)?;
                op.set("load", Function::new(ctx.clone(), loader(host.clone()))?)?;
                let session: Object = file(&ctx, "session")?.call((op.clone(),))?;
                forward::prepare(&ctx, session.get("use")?)?;
                let deliver: Function = session.get("deliver")?;
                Ok(Kept { op: Persistent::save(&ctx, op), deliver: Persistent::save(&ctx, deliver) })
            };
            built().catch(&ctx).map_err(|error| error.to_string())
        })?;
        Ok(Self { kept: Some(kept), context, runtime, brake, heap, rejected })
    }

    /// Runs a file of author code in the global scope.
    pub fn run(&self, name: &str, script: &str) -> Result<(), Fault> {
        self.context.with(|ctx| {
            let mut options = EvalOptions::default();
            options.global = true;
            options.strict = false;
            options.filename = Some(name.replace('\0', ""));
            let done = ctx.eval_with_options::<Value, _>(script, options).catch(&ctx).map(|_| ());
            self.fault(done)
        })
    }

    /// Hands one thing to the prelude.
    pub fn deliver(&self, name: &str, with: impl for<'js> FnOnce(&Ctx<'js>, &mut Args<'js>) -> rquickjs::Result<()>) -> Result<(), Fault> {
        self.context.with(|ctx| {
            let call = || -> rquickjs::Result<()> {
                let Some(Kept { deliver, .. }) = &self.kept else { return Ok(()) };
                let mut args = Args::new_unsized(ctx.clone());
                args.push_arg(name)?;
                with(&ctx, &mut args)?;
                deliver.clone().restore(&ctx)?.call_arg::<Value>(args).map(|_| ())
            };
            self.fault(call().catch(&ctx))
        })
    }

    /// Runs promise jobs until there are none. Says what was rejected and not handled.
    pub fn settle(&self) -> Result<Vec<String>, Fault> {
        for _ in 0..limits::JOBS_PER_TURN {
            if self.brake.is_pulled() {
                return Err(Fault::Stopped);
            }
            match self.runtime.execute_pending_job() {
                // Without memory QuickJS loses promises, in silence: what is left of the session cannot be relied upon, and it may go
                // round for ever between losing them and making new ones.
                Ok(true) if self.heap.take_exhausted() => return Err(Fault::Thrown(Thrown::plain(thrown::out_of_memory()))),
                Ok(true) => {}
                // Errors of author code reject promises; what fails a job itself is memory or the brake.
                Err(_) => {
                    return Err(self.context.with(|ctx| if self.brake.is_pulled() { Fault::Stopped } else { Fault::Thrown(Thrown::of(&ctx.catch())) }));
                }
                Ok(false) => {
                    let list = self.rejected.lock().map(|mut list| std::mem::take(&mut *list)).unwrap_or_default();
                    if self.heap.take_exhausted() {
                        return Err(Fault::Thrown(Thrown::plain(thrown::out_of_memory())));
                    }
                    let more = (list.more > 0).then(|| format!("and {} more", list.more));
                    return Ok(list.told.into_iter().map(|(_, reason)| reason).chain(more).collect());
                }
            }
        }
        Err(Fault::Stopped)
    }

    fn fault(&self, done: Result<(), CaughtError<'_>>) -> Result<(), Fault> {
        if done.is_err() {
            self.heap.take_exhausted();
        }
        match done {
            Ok(()) if self.brake.is_pulled() => Err(Fault::Stopped),
            Ok(()) => Ok(()),
            Err(_) if self.brake.is_pulled() => Err(Fault::Stopped),
            Err(CaughtError::Exception(exception)) => Err(Fault::Thrown(Thrown::of(exception.as_value()))),
            Err(CaughtError::Value(value)) => Err(Fault::Thrown(Thrown::of(&value))),
            Err(CaughtError::Error(error)) => Err(Fault::Thrown(Thrown::plain(error.to_string()))),
        }
    }
}

impl Drop for Vm {
    fn drop(&mut self) {
        let kept = self.kept.take();
        self.context.with(|ctx| {
            ctx.catch();
            forward::forget(&ctx);
            thrown::forget(&ctx);
            let Some(Kept { op, deliver }) = kept else { return };
            drop(deliver);
            // What the ops own is Rust's.
            let freed = op.restore(&ctx).and_then(|op| op.keys::<String>().try_for_each(|name| op.remove(name?)));
            if freed.is_ok() {
                ending::forget_objects(&ctx);
            }
        });
    }
}

fn identity(value: &Value<'_>) -> u64 {
    std::hash::BuildHasher::hash_one(&std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default(), value)
}
