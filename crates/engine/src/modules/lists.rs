//! Lists of names as QuickJS has them for its own built-ins: it makes a value when its name is used first.
//!
//! A session has hundreds of names and uses few of them; none of this needs JavaScript. Lists are made once in a process and
//! stay.

use std::ffi::{CString, c_char, c_int};

use rquickjs::{Ctx, Object, qjs};

/// Attributes of what a list defines, bits of `JS_PROP_…`.
#[derive(Clone, Copy)]
pub enum Attributes {
    /// As what a script assigns.
    Visible,
    /// As built-ins are: writable and configurable, and in no enumeration.
    Hidden,
}

/// A function in C: context, `this`, arguments, and the number that the list has for it.
pub type Native = unsafe extern "C" fn(*mut qjs::JSContext, qjs::JSValue, c_int, *mut qjs::JSValue, c_int) -> qjs::JSValue;

type Entry = qjs::JSCFunctionListEntry;
type Of = qjs::JSCFunctionListEntry__bindgen_ty_1;

/// A list while it is made.
#[derive(Default)]
pub struct Draft(Vec<Entry>);

/// A list that can be given to contexts.
#[derive(Clone, Copy)]
pub struct List(&'static [Entry]);

// SAFETY: what the pointers in the entries point to is never written and never freed.
#[allow(unsafe_code)]
unsafe impl Send for List {}
// SAFETY: as for `Send`.
#[allow(unsafe_code)]
unsafe impl Sync for List {}

/// A text that stays. Names and constants have no NUL.
pub fn text(of: &str) -> *const c_char {
    CString::new(of).unwrap_or_default().into_raw()
}

impl Draft {
    #[allow(clippy::cast_possible_truncation)]
    fn add(&mut self, name: &str, attributes: Attributes, kind: u32, magic: i16, of: Of) {
        let attributes = match attributes {
            Attributes::Visible => qjs::JS_PROP_C_W_E,
            Attributes::Hidden => qjs::JS_PROP_CONFIGURABLE | qjs::JS_PROP_WRITABLE,
        };
        self.0.push(Entry { name: text(name), prop_flags: attributes as u8, def_type: kind as u8, magic, u: of });
    }

    pub fn text(&mut self, name: &str, attributes: Attributes, value: &str) {
        self.add(name, attributes, qjs::JS_DEF_PROP_STRING, 0, Of { str_: text(value) });
    }

    pub fn number(&mut self, name: &str, attributes: Attributes, value: f64) {
        self.add(name, attributes, qjs::JS_DEF_PROP_DOUBLE, 0, Of { f64_: value });
    }

    pub fn integer(&mut self, name: &str, attributes: Attributes, value: i32) {
        self.add(name, attributes, qjs::JS_DEF_PROP_INT32, 0, Of { i32_: value });
    }

    /// A function that is no constructor. Its number tells several names of one function apart.
    #[allow(clippy::cast_possible_truncation)]
    pub fn function(&mut self, name: &str, attributes: Attributes, length: u8, native: Native, number: i16) {
        let of = qjs::JSCFunctionListEntry__bindgen_ty_1__bindgen_ty_1 {
            length,
            cproto: qjs::JSCFunctionEnum_JS_CFUNC_generic_magic as u8,
            cfunc: qjs::JSCFunctionType { generic_magic: Some(native) },
        };
        self.add(name, attributes, qjs::JS_DEF_CFUNC, number, Of { func: of });
    }

    pub fn object(&mut self, name: &str, attributes: Attributes, members: List) {
        let of = qjs::JSCFunctionListEntry__bindgen_ty_1__bindgen_ty_4 { tab: members.0.as_ptr(), len: members.len() };
        self.add(name, attributes, qjs::JS_DEF_OBJECT, 0, Of { prop_list: of });
    }

    pub fn done(self) -> List {
        List(Vec::leak(self.0))
    }
}

impl List {
    fn len(self) -> c_int {
        c_int::try_from(self.0.len()).unwrap_or(0)
    }

    /// Defines the names in an object that has none of them yet and that no author has seen: QuickJS ends the process for a
    /// name that is there.
    pub fn define<'js>(self, ctx: &Ctx<'js>, object: &Object<'js>) -> rquickjs::Result<()> {
        // SAFETY: the object is alive in this context, and the list stays.
        #[allow(unsafe_code)]
        let done = unsafe { qjs::JS_SetPropertyFunctionList(ctx.as_raw().as_ptr(), object.as_raw(), self.0.as_ptr(), self.len()) };
        if done == 0 { Ok(()) } else { Err(rquickjs::Error::Exception) }
    }
}
