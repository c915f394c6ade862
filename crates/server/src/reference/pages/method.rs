use cordboard_api::{
    codes::{self, Code},
    declared::Declared,
    listing, openapi,
    registry::{Access, Catalogue, Entry, Kind, Method, Origin},
    wire::{Field, Required},
};
use serde_json::Value;

use super::index::summary;
use crate::reference::{
    example,
    members::{self, Member},
    model::{Block, Form, Inline, Input, InputKind, Page, code, error_link, joined, link, marked, text},
};

/// Codes that any method may answer.
pub const COMMON: [Code; 8] =
    [codes::INTERNAL, codes::AUTHENTICATION_FAILED, codes::ARGUMENTS, codes::ACCESS_DENIED, codes::REQUIRED, codes::RATE_LIMIT, codes::JWT_MALFORMED, codes::JWT_EXPIRED];

/// Inputs of a form for texts of this length and more have several lines, characters.
const LONG: usize = 1_000;

pub fn call_shape() -> Inline {
    code("POST /platform_api/METHOD")
}

pub fn pages(url: &str) -> Vec<Page> {
    Catalogue::get().entries().iter().map(|entry| page(entry, url)).collect()
}

fn page(entry: &Entry, url: &str) -> Page {
    let mut page = Page::new(format!("methods/{}", entry.name()), entry.name(), summary(entry));
    match entry {
        Entry::Real(method) => real(&mut page, entry, method, url),
        Entry::Declared(row) => declared(&mut page, entry, row),
    }
    page
}

fn real(page: &mut Page, entry: &Entry, method: &Method, url: &str) {
    let fields = (method.fields)();
    page.paragraphs(method.doc);
    facts(page, entry);
    page.heading("Parameters");
    parameters(page, &fields);
    page.heading("Answer");
    answer(page, method);
    roles(page, entry);
    errors(page, method, &fields);
    page.heading("Example");
    match method.access {
        Access::SignIn | Access::PanelSession | Access::SignedIn => {
            page.paragraph("The panel's pages call this with their own session. Programs sign a token instead, which it refuses.")
        }
        _ => page.code("sh", example::curl(method, &fields, url)),
    }
    if !matches!(method.access, Access::OlderCredentials | Access::SignIn) {
        page.blocks.push(Block::Form(form(method, &fields)));
    }
}

fn declared(page: &mut Page, entry: &Entry, row: &Declared) {
    page.paragraph("This method is known but not yet available: a call answers an error that says so.");
    facts(page, entry);
    page.heading("Parameters");
    if row.params.is_empty() {
        page.paragraph("None.");
    } else {
        let rows =
            row.params.iter().map(|(name, kind, required)| vec![vec![code(*name)], vec![text(kind_in_words(kind))], vec![text(if *required { "yes" } else { "no" })]]);
        page.table("Parameters", &["Name", "Type", "Required"], rows.collect());
    }
    if !row.returns.is_empty() {
        page.heading("Answer");
        let rows = row.returns.iter().map(|(name, kind)| vec![vec![code(*name)], vec![text(*kind)]]);
        page.table("Answer", &["Member", "Type"], rows.collect());
    }
    roles(page, entry);
}

fn facts(page: &mut Page, entry: &Entry) {
    let kind = if entry.kind() == Kind::Read { "reads" } else { "writes" };
    let origin = match entry.origin() {
        Origin::Reference => "It belongs to the Management API that Cordboard is compatible with.",
        Origin::Cordboard => "It is Cordboard's own; the API that Cordboard is compatible with does not have it.",
    };
    page.blocks.push(Block::Paragraph(vec![text(format!("Group {}; it {kind}. {origin}", entry.group()))]));
}

fn parameters(page: &mut Page, fields: &[Field]) {
    if fields.is_empty() {
        page.paragraph("None beside the credentials.");
        return;
    }
    let sets = openapi::one_of(fields);
    let rows = fields.iter().map(|field| {
        let required = match field.required {
            Required::Yes => vec![text("yes")],
            Required::No => vec![text("no")],
            Required::OneOf => {
                let names = sets.iter().find(|set| set.contains(&field.name)).into_iter().flatten();
                let mut all = vec![text("one of ")];
                all.extend(joined(names.map(|name| code(*name)), ", "));
                all
            }
        };
        let mut about = marked(field.description);
        about.extend(limits(field));
        vec![vec![code(field.name)], vec![text(kind_in_words(field.kind))], required, about]
    });
    page.table("Parameters", &["Name", "Type", "Required", "Meaning"], rows.collect());
    if !sets.is_empty() {
        page.paragraph("Where an id and a name are both sent and differ, the id wins; roles are united instead.");
    }
}

fn kind_in_words(kind: &str) -> &str {
    match kind {
        "int" => "whole number",
        "bool" => "true or false",
        "decimal" => "decimal number",
        "timestamp" => "time, YYYY-MM-DD HH:MM:SS",
        "date" => "date, YYYY-MM-DD",
        "intlist" => "whole numbers, joined with ; or repeated",
        "stringlist" => "texts, joined with ; or repeated",
        "string" => "text",
        other => other,
    }
}

fn limits(field: &Field) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut say = |words: String| out.extend(marked(&format!(" {words}")));
    if !field.values.is_empty() {
        let values: Vec<String> = field.values.iter().map(|value| format!("`{value}`")).collect();
        say(format!("One of {}.", values.join(", ")));
    }
    match (field.min_length, field.max_length) {
        (Some(least), Some(most)) => say(format!("{least} to {most} characters.")),
        (Some(least), None) => say(format!("At least {least} characters.")),
        (None, Some(most)) => say(format!("At most {most} characters.")),
        (None, None) => {}
    }
    match (field.min, field.max) {
        (Some(least), Some(most)) => say(format!("From {least} to {most}.")),
        (Some(least), None) => say(format!("At least {least}.")),
        (None, Some(most)) => say(format!("At most {most}.")),
        (None, None) => {}
    }
    if field.all_allowed && !field.description.contains("`all`") {
        say("`all` means every one.".to_owned());
    }
    if let Some(default) = field.default {
        say(format!("Without it: `{default}`."));
    }
    if field.secret {
        say("Never shown in logs.".to_owned());
    }
    out
}

fn answer(page: &mut Page, method: &Method) {
    let main = (method.returns)();
    if openapi::only_file(&main) {
        page.paragraph("A file as `application/octet-stream`, or an error as JSON.");
        return;
    }
    page.paragraph("JSON with these members:");
    members_table(page, &main);
    for other in method.otherwise {
        page.paragraph("Where a report is ordered instead:");
        members_table(page, &other());
    }
    if method.answers_file {
        page.paragraph("Where the parameters ask for a file, the answer is `application/octet-stream`.");
    }
}

fn members_table(page: &mut Page, schema: &Value) {
    let rows = members::of(schema).into_iter().map(|Member { path, kind, always, about }| {
        vec![vec![code(path)], vec![text(kind)], vec![text(if always { "always" } else { "may be absent" })], marked(&about)]
    });
    page.table("Members of the answer", &["Member", "Type", "Present", "Meaning"], rows.collect());
}

fn roles(page: &mut Page, entry: &Entry) {
    page.heading("Who may call it");
    match entry.access() {
        Access::Basic => page.paragraph("Every service account, even one without roles."),
        Access::SignIn | Access::PanelSession | Access::SignedIn => page.paragraph("Sessions of the web panel; no service account."),
        Access::OlderCredentials => page.paragraph("Accounts and subusers with credentials of the older interface; no service account."),
        Access::AnyRole => page.paragraph("Every service account that has at least one role."),
        Access::Roles(_) => {
            let all = listing::roles_of(entry).into_iter().map(|role| link(format!("/docs/roles#{}", super::super::model::id_of(role.name())), role.name()));
            let mut line = vec![text("Holders of one of these roles: ")];
            line.extend(joined(all, ", "));
            line.push(text("."));
            page.blocks.push(Block::Paragraph(line));
        }
    }
}

fn errors(page: &mut Page, method: &Method, fields: &[Field]) {
    page.heading("Errors");
    let mut all = listing::errors_of(method.errors, fields);
    all.extend(COMMON);
    all.sort_unstable();
    all.dedup();
    let rows = all.into_iter().map(|code| {
        let of = fields.iter().filter(|field| field.code == code && !COMMON.contains(&code)).map(|field| super::super::model::code(field.name));
        vec![vec![error_link(code.0)], vec![text(code.meaning())], joined(of, ", ")]
    });
    page.table("Errors", &["Code", "Meaning", "Of the parameters"], rows.collect());
}

fn form(method: &Method, fields: &[Field]) -> Form {
    let inputs = fields.iter().filter(|field| field.kind != "file").map(|field| {
        let kind = match field.kind {
            "bool" => InputKind::Choice(vec!["true", "false"]),
            _ if !field.values.is_empty() => InputKind::Choice(field.values.to_vec()),
            _ if field.secret => InputKind::Secret,
            "string" if field.max_length.is_none_or(|most| most >= LONG) && is_long(field.name) => InputKind::Long,
            _ => InputKind::Text,
        };
        let sort = kind_in_words(field.kind);
        let need = match field.required {
            Required::Yes => "required",
            Required::OneOf => "one of several is required",
            Required::No => "optional",
        };
        Input { name: field.name, hint: format!("{} ({sort}, {need})", field.description.replace('`', "")), kind, required: field.required == Required::Yes }
    });
    Form { method: method.name, writes: method.kind == Kind::Write, fields: inputs.collect() }
}

/// Texts that people write on several lines.
fn is_long(name: &str) -> bool {
    ["script", "value", "custom_data", "content"].iter().any(|word| name.contains(word))
}
