//! Names of constants that scenarios may use, with their values.

use super::Ops;

/// Whether the declarations of VoximplantAPI type a field of this name as a date.
pub fn is_date(_name: &str) -> bool {
    false
}

pub fn install(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    ops.add("nameList", |_module: String| "[]")?;
    ops.add("names", |_name: String| "{}")
}
