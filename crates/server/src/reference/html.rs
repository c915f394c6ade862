//! Pages as HTML that needs no script to be read.

use std::fmt::Write;

use super::model::{Block, Form, Inline, Input, InputKind, Page};

/// The parts of the reference in its head: address below `/docs`, name.
const PARTS: [(&str, &str); 5] = [("", "Methods"), ("authentication", "Authentication"), ("roles", "Roles"), ("errors", "Errors"), ("scenarios", "Scenarios")];

pub fn page(page: &Page) -> String {
    let title = if page.path.is_empty() { "Cordboard reference".to_owned() } else { format!("{} · Cordboard reference", page.title) };
    let address = page.address();
    let mut out =
        String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    let _ = write!(
        out,
        "<title>{}</title>\n<meta name=\"description\" content=\"{}\">\n<link rel=\"stylesheet\" href=\"/docs/docs.css\">\n<link rel=\"alternate\" type=\"text/markdown\" href=\"{address}.md\">\n<script src=\"/docs/docs.js\" defer></script>\n</head>\n<body>\n",
        escaped(&title),
        escaped(&page.about),
    );
    out.push_str("<a class=\"skip\" href=\"#content\">Skip to the content</a>\n<header>\n<a class=\"home\" href=\"/docs\">Cordboard reference</a>\n<nav aria-label=\"Reference\"><ul>\n");
    let part = match page.path.split('/').next().unwrap_or_default() {
        "methods" => "",
        part => part,
    };
    for (path, name) in PARTS {
        let current = match (path == page.path, path == part) {
            (true, _) => " aria-current=\"page\"",
            (false, true) => " aria-current=\"true\"",
            _ => "",
        };
        let _ = writeln!(out, "<li><a href=\"{}\"{current}>{name}</a></li>", super::model::address(path));
    }
    let _ = write!(out, "</ul></nav>\n</header>\n<main id=\"content\">\n<h1>{}</h1>\n", escaped(&page.title));
    for block in &page.blocks {
        write_block(block, &mut out);
    }
    let _ = write!(
        out,
        "</main>\n<footer>\n<p>This page <a href=\"{address}.md\">as Markdown</a>. For programs: <a href=\"/docs/openapi.json\">OpenAPI</a>, <a href=\"/docs/methods.json\">methods.json</a>, <a href=\"/llms.txt\">llms.txt</a>.</p>\n</footer>\n</body>\n</html>\n"
    );
    out
}

fn write_block(block: &Block, out: &mut String) {
    match block {
        Block::Heading { level, id, text } => _ = writeln!(out, "<h{level} id=\"{}\">{}</h{level}>", escaped(id), inlines(text)),
        Block::Paragraph(text) => _ = writeln!(out, "<p>{}</p>", inlines(text)),
        Block::Table { about, head, rows } => {
            // Narrow screens show cells below one another, which takes the roles that elements have by themselves.
            let _ = write!(
                out,
                "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">\n<table role=\"table\">\n<thead role=\"rowgroup\"><tr role=\"row\">",
                escaped(about)
            );
            for name in head {
                let _ = write!(out, "<th role=\"columnheader\" scope=\"col\">{}</th>", escaped(name));
            }
            out.push_str("</tr></thead>\n<tbody role=\"rowgroup\">\n");
            for row in rows {
                out.push_str("<tr role=\"row\">");
                for (cell, name) in row.iter().zip(head) {
                    let _ = write!(out, "<td role=\"cell\" data-head=\"{}\">{}</td>", escaped(name), inlines(cell));
                }
                out.push_str("</tr>\n");
            }
            out.push_str("</tbody>\n</table>\n</div>\n");
        }
        Block::Code { language, text } => {
            let _ = writeln!(out, "<pre tabindex=\"0\"><code class=\"language-{}\">{}</code></pre>", escaped(language), escaped(text.trim_end()));
        }
        Block::Filter { label } => {
            let _ = writeln!(
                out,
                "<div class=\"filter\" hidden>\n<label for=\"filter\">{}</label>\n<input id=\"filter\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" aria-describedby=\"filter-hint\">\n<p id=\"filter-hint\">Press <kbd>/</kbd> to come here, <kbd>Enter</kbd> to open the first match, <kbd>Esc</kbd> to clear.</p>\n<p role=\"status\" id=\"filter-found\"></p>\n</div>",
                escaped(label)
            );
        }
        Block::Form(form) => write_form(form, out),
    }
}

fn write_form(form: &Form, out: &mut String) {
    let _ = write!(
        out,
        "<h2 id=\"try-it\">Try it</h2>\n<form class=\"try\" data-method=\"{}\" data-writes=\"{}\" hidden>\n<p>Runs with the rights of whoever is signed in to the <a href=\"/\">control panel</a>.{}</p>\n",
        escaped(form.method),
        form.writes,
        if form.writes { " This changes the account." } else { "" }
    );
    for field in &form.fields {
        write_input(field, out);
    }
    out.push_str("<p><button type=\"submit\">Run</button> <span role=\"status\"></span></p>\n<pre tabindex=\"0\" aria-label=\"Answer\" hidden><code></code></pre>\n</form>\n<noscript><p>The form needs JavaScript.</p></noscript>\n");
}

fn write_input(field: &Input, out: &mut String) {
    let name = escaped(field.name);
    let required = if field.required { " required" } else { "" };
    let _ = writeln!(out, "<div class=\"field\">\n<label for=\"try-{name}\"><code>{name}</code></label>");
    let described = format!("id=\"try-{name}\" name=\"{name}\" aria-describedby=\"hint-{name}\"{required}");
    match &field.kind {
        InputKind::Text => _ = writeln!(out, "<input {described} autocomplete=\"off\" spellcheck=\"false\">"),
        InputKind::Secret => _ = writeln!(out, "<input {described} type=\"password\" autocomplete=\"new-password\">"),
        InputKind::Long => _ = writeln!(out, "<textarea {described} rows=\"4\" spellcheck=\"false\"></textarea>"),
        InputKind::Choice(values) => {
            let _ = write!(out, "<select {described}><option value=\"\"></option>");
            for value in values {
                let _ = write!(out, "<option>{}</option>", escaped(value));
            }
            out.push_str("</select>\n");
        }
    }
    let _ = writeln!(out, "<p class=\"hint\" id=\"hint-{name}\">{}</p>\n</div>", escaped(&field.hint));
}

fn inlines(all: &[Inline]) -> String {
    all.iter()
        .map(|one| match one {
            Inline::Text(text) => escaped(text),
            Inline::Code(text) => format!("<code>{}</code>", escaped(text)),
            Inline::Link { to, text, code: false } => format!("<a href=\"{}\">{}</a>", escaped(to), escaped(text)),
            Inline::Link { to, text, code: true } => format!("<a href=\"{}\"><code>{}</code></a>", escaped(to), escaped(text)),
        })
        .collect()
}

pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{super::model::*, *};

    #[test]
    fn signs_in_texts_mean_nothing() {
        let mut hostile = Page::new("x", "<b>", "\"><script>");
        hostile.paragraph("<img onerror=1> & `<i>`");
        hostile.table("\"", &["one"], vec![vec![vec![link("/docs/\"x", "'")]]]);
        hostile.code("sh", "</pre>");
        let page = page(&hostile);
        assert!(page.contains("<h1>&lt;b&gt;</h1>") && page.contains("<p>&lt;img onerror=1&gt; &amp; <code>&lt;i&gt;</code></p>"));
        assert!(page.contains("<a href=\"/docs/&quot;x\">&#39;</a>") && page.contains("&lt;/pre&gt;</code></pre>"));
        assert!(!page.contains("<script>"));
    }
}
