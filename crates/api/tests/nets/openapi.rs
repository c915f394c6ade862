//! `docs/openapi.json` is what the catalogue says.

use cordboard_api::openapi;

use crate::committed;

#[test]
fn the_committed_openapi_document_is_up_to_date() {
    committed::compare(&committed::in_crate("../../docs/openapi.json"), &format!("{:#}\n", openapi::document()));
}
