//! Helper functions without any state.

use super::Ops;

pub fn install(_ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    Ok(())
}
