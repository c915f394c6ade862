//! Pages as Markdown.

use std::fmt::Write;

use super::model::{Block, Inline, Page};

pub fn page(page: &Page) -> String {
    let mut out = format!("# {}\n\n", escaped(&page.title));
    for block in &page.blocks {
        write_block(block, &mut out);
    }
    let end = out.trim_end().len();
    out.truncate(end);
    out.push('\n');
    out
}

fn write_block(block: &Block, out: &mut String) {
    match block {
        Block::Heading { level, text, .. } => _ = writeln!(out, "{} {}\n", "#".repeat((*level).into()), inlines(text)),
        Block::Paragraph(text) => _ = writeln!(out, "{}\n", inlines(text)),
        Block::Table { head, rows, .. } => {
            let _ = writeln!(out, "| {} |\n|{}", head.join(" | "), " --- |".repeat(head.len()));
            for row in rows {
                let cells: Vec<String> = row.iter().map(|cell| inlines(cell)).collect();
                let _ = writeln!(out, "| {} |", cells.join(" | "));
            }
            out.push('\n');
        }
        Block::Code { language, text } => {
            let fence = "`".repeat(longest_run(text).max(2) + 1);
            let _ = writeln!(out, "{fence}{language}\n{}\n{fence}\n", text.trim_end());
        }
        Block::Filter { .. } | Block::Form(_) => {}
    }
}

pub fn inlines(all: &[Inline]) -> String {
    all.iter()
        .map(|one| match one {
            Inline::Text(text) => escaped(text),
            Inline::Code(text) => code(text),
            Inline::Link { to, text, code: is_code } => {
                let shown = if *is_code { code(text) } else { escaped(text) };
                // A page leads to pages of its own kind.
                match to.split_once('#') {
                    _ if !to.starts_with("/docs") || to.ends_with(".json") || to.ends_with(".txt") => format!("[{shown}]({to})"),
                    Some((page, id)) => format!("[{shown}]({page}.md#{id})"),
                    None => format!("[{shown}]({to}.md)"),
                }
            }
        })
        .collect()
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn code(text: &str) -> String {
    let plain = text.replace('\n', " ").replace('|', "\\|");
    let fence = "`".repeat(longest_run(&plain) + 1);
    let blank = if plain.starts_with('`') || plain.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{plain}{blank}{fence}")
}

/// Text whose signs mean nothing.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '&' => out.extend(['\\', c]),
            // Between letters it means nothing.
            '_' if !out.ends_with(char::is_alphanumeric) => out.extend(['\\', c]),
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{
        super::model::{self, link, method_link, text},
        *,
    };

    #[test]
    fn signs_in_texts_mean_nothing() {
        let mut hostile = Page::new("x", "a * b", "");
        hostile.paragraph("<img onerror=1> [x](y) a_b | c");
        hostile.table("t", &["one"], vec![vec![vec![model::code("a|b"), text(" | ")]]]);
        hostile.code("sh", "```\nend");
        assert_eq!(page(&hostile), "# a \\* b\n\n\\<img onerror=1\\> \\[x\\](y) a_b \\| c\n\n| one |\n| --- |\n| `a\\|b` \\|  |\n\n````sh\n```\nend\n````\n");
    }

    #[test]
    fn a_link_to_a_page_leads_to_its_markdown() {
        assert_eq!(
            inlines(&[method_link("GetKeys"), link("/docs/roles#owner", "Owner"), link("/docs/openapi.json", "OpenAPI")]),
            "[`GetKeys`](/docs/methods/GetKeys.md)[Owner](/docs/roles.md#owner)[OpenAPI](/docs/openapi.json)"
        );
    }
}
