//! What happened: sessions with their calls, changes, and reports of both.

pub const GROUP: &str = "History";

pub mod download_history_report;
pub mod get_audit_log;
pub mod get_audit_log_async;
pub mod get_brief_call_history;
pub mod get_call_explanations;
pub mod get_call_history;
pub mod get_call_history_async;
pub mod get_history_reports;
pub mod get_refused_requests;
pub mod order;
pub mod select;
pub mod view;
