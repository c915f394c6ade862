//! The session itself: the log, custom data, the end, answers to the control URL, chance and time.

use rquickjs::{Ctx, TypedArray, Value, function::Opt};

use super::{Bytes, Ops, native, thrown};
use crate::{
    io::{Answer, AnswerBody, Output},
    limits,
    thrown::stack,
};

/// What a session that ends by itself is called in the history.
pub const NORMAL: &str = "Normal termination";

/// A copy of bytes, in whatever form the author has them.
fn copied<'js>(ctx: Ctx<'js>, bytes: Bytes) -> rquickjs::Result<TypedArray<'js, u8>> {
    // Its bytes are JavaScript's memory, like all else.
    TypedArray::new_copy(ctx, bytes.0)
}

/// A stack on lines of its own. A plain listener's has none: no line of the scenario led there.
fn below(stack: Option<String>) -> String {
    stack.filter(|stack| !stack.is_empty()).map_or_else(String::new, |stack| format!("\n{stack}"))
}

/// The ops of every session.
pub fn install(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    let host = ops.host();
    #[allow(clippy::cast_precision_loss)]
    ops.add("now", move || host.lock().now.utc_ms as f64)?;
    let host = ops.host();
    ops.add("random", move || host.lock().chance.fraction())?;
    let host = ops.host();
    ops.add("terminate", move |error: Value<'_>| {
        let stack = if error.is_error() { stack(&error) } else { None };
        let mut host = host.lock();
        host.log(&format!("Terminating request..., stack={}", below(stack)));
        host.end(NORMAL);
    })?;
    #[allow(clippy::cast_precision_loss)]
    ops.add("listening", |ctx: Ctx<'_>, present: f64| {
        let checked = if present >= limits::LISTENERS as f64 { Err(format!("an event of one object may have {} listeners", limits::LISTENERS)) } else { Ok(()) };
        thrown(&ctx, checked)
    })
}

/// The ops of `values.js`.
pub fn install_values(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    let brake = ops.host().lock().brake.clone();
    ops.add("mayGoOn", move |ctx: Ctx<'_>| thrown(&ctx, if brake.is_pulled() { Err("the session was stopped".to_owned()) } else { Ok(()) }))?;
    let host = ops.host();
    ops.add("later", move |what: String| host.lock().mention(&what))?;
    let host = ops.host();
    ops.add("note", move |text: String, error: Opt<Value<'_>>| {
        // Where the scenario does it, if that tells two such notes apart.
        host.lock().note(&format!("{text}{}", below(error.0.and_then(|error| stack(&error)))));
    })?;
    ops.add("header", |ctx: Ctx<'_>, line: String| {
        let pair = line.split_once(':').map(|(name, value)| vec![name.trim().to_owned(), value.trim().to_owned()]);
        thrown(&ctx, pair.ok_or_else(|| "a header must be 'Name: value'".to_owned()))
    })?;
    ops.add("bytes", copied)
}

/// The ops of `log.js`.
pub fn install_log(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    let host = ops.host();
    ops.add("log", move |text: String| host.lock().log(&text))?;
    let host = ops.host();
    ops.add("hideTones", move |hidden: bool| host.lock().tones_hidden = hidden)
}

/// The ops of `engine.js`.
pub fn install_engine(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    #[allow(clippy::cast_precision_loss)]
    {
        let heap = ops.host().lock().heap.clone();
        ops.add("leftMemory", move || heap.left_bytes() as f64)?;
    }
    let host = ops.host();
    ops.add("allowSockets", move || host.lock().sockets_allowed = true)?;
    let host = ops.host();
    ops.add("customData", move || host.lock().custom_data.clone())?;
    let host = ops.host();
    ops.add("setCustomData", move |ctx: Ctx<'_>, text: String| {
        let set = if text.len() > limits::CUSTOM_DATA_BYTES {
            Err(format!("custom data may have {} bytes", limits::CUSTOM_DATA_BYTES))
        } else {
            host.lock().custom_data = text;
            Ok(())
        };
        thrown(&ctx, set)
    })?;
    let host = ops.host();
    ops.add("secret", move |name: String| host.lock().profile.secrets.get(&name).cloned())?;
    let host = ops.host();
    ops.add("answer", move |ctx: Ctx<'_>, request: f64, kind: String, text: String| {
        let mut host = host.lock();
        let request = native(request);
        if !host.owed.remove(&request) {
            return Ok(());
        }
        host.answer_turn_bytes += text.len();
        if text.len() > limits::ANSWER_BYTES || host.answer_turn_bytes > limits::ANSWER_TURN_BYTES {
            host.outputs.push_back(Output::Answer { request, answer: Answer { status: 500, body: AnswerBody::Empty } });
            return thrown(
                &ctx,
                Err(format!("the answer of an HttpRequest handler may have {} bytes, and those of one turn {}", limits::ANSWER_BYTES, limits::ANSWER_TURN_BYTES)),
            );
        }
        let answer = match kind.as_str() {
            "text" => Answer { status: 200, body: AnswerBody::Text(text) },
            "json" => Answer { status: 200, body: AnswerBody::Json(text) },
            "error" => Answer { status: 500, body: AnswerBody::Empty },
            _ => Answer { status: 200, body: AnswerBody::Empty },
        };
        host.outputs.push_back(Output::Answer { request, answer });
        Ok(())
    })
}
