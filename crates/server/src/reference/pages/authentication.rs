use crate::reference::model::{Block, Page, code, error_link, link, method_link, text};

/// Each is run by the tests with the arguments that the page shows.
const SNIPPETS: [(&str, &str, &str, &str, &str); 4] = [
    ("bash", "Bash", "token.sh", include_str!("../../../../../docs/snippets/token.sh"), "With `openssl` and nothing else: `bash token.sh credentials.json`."),
    (
        "python",
        "Python",
        "token.py",
        include_str!("../../../../../docs/snippets/token.py"),
        "With the standard library and the `openssl` command: `python3 token.py credentials.json`.",
    ),
    ("js", "Node.js", "token.mjs", include_str!("../../../../../docs/snippets/token.mjs"), "With Node's own modules: `node token.mjs credentials.json`."),
    ("go", "Go", "token.go", include_str!("../../../../../docs/snippets/token.go"), "With the standard library: `go run token.go credentials.json`."),
];

pub fn page(url: &str) -> Page {
    let mut page = Page::new("authentication", "Authentication", "How credentials.json becomes a token, in bash, Python, Node.js and Go.");
    page.paragraph("A program signs in with a service account: a key pair whose public half the server keeps. The control panel, or `CreateKey`, makes one and gives its private half once, as the file `credentials.json`:");
    page.code(
        "json",
        "{\n  \"account_email\": \"owner@example.org\",\n  \"account_id\": 1,\n  \"key_id\": \"0f2b2d6c-…\",\n  \"private_key\": \"-----BEGIN PRIVATE KEY-----\\n…\"\n}",
    );
    page.paragraph("With it the program signs a JSON Web Token (RS256) and sends it with every request as `Authorization: Bearer TOKEN`. The official client libraries do that by themselves when they are given the file.");
    page.heading("The token");
    let row = |name: &'static str, about: &str| vec![vec![code(name)], super::super::model::marked(about)];
    page.table(
        "Parts of the token",
        &["Part", "Value"],
        vec![
            row("alg (header)", "`RS256`, nothing else."),
            row("kid (header)", "`key_id` of the file."),
            row("iss", "`account_id` of the file, or of an account below it that the call is to act on."),
            row("iat", "Now, in seconds since 1970; not in the future."),
            row("exp", "At most 3600 seconds after `iat`."),
        ],
    );
    page.blocks.push(Block::Paragraph(vec![
        text("A token that is wrong answers "),
        error_link(447),
        text(", "),
        error_link(454),
        text(", "),
        error_link(455),
        text(" or "),
        error_link(456),
        text("; a key that does not exist, or a foreign account, "),
        error_link(100),
        text(". What the token may call is a matter of the service account's "),
        link("/docs/roles", "roles"),
        text("."),
    ]));
    page.heading("From the command line");
    page.paragraph("On the machine of the server, `cordboard token` prints a token:");
    page.code("sh", crate::reference::example::call(url, "GetAccountInfo", &[]));
    page.paragraph("`--cacert` trusts the authority that the server made for itself; a certificate that the system trusts does without.");
    page.heading("From credentials.json");
    page.paragraph("Each of these prints a token that lives an hour.");
    for (language, name, file, source, how) in SNIPPETS {
        page.subheading(name);
        page.blocks.push(Block::Paragraph(vec![code(file), text(": ")].into_iter().chain(super::super::model::marked(how)).collect()));
        page.code(language, source);
    }
    page.heading("Older credentials");
    page.blocks.push(Block::Paragraph(vec![
        text("In place of a token a request may carry "),
        code("account_id"),
        text(", "),
        code("account_name"),
        text(" or "),
        code("account_email"),
        text(" with "),
        code("account_password"),
        text(", "),
        code("api_key"),
        text(" or "),
        code("session_id"),
        text(" as parameters; a subuser adds "),
        code("subuser_login"),
        text(" and "),
        code("subuser_password"),
        text(" instead of the account's. "),
        method_link("Logon"),
        text(" opens a session of eight hours. Both kinds in one request are refused."),
    ]));
    page
}
