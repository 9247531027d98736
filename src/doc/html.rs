//! Items as a folder of HTML: nothing in it asks another server for anything.

use std::fmt::Write as _;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html as writer};

use super::item::Item;
use super::page::{index, page};

/// The reference and the chapters of a book (name and Markdown) as HTML files: path and text.
pub fn html(items: &[Item], chapters: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut files = vec![
        ("index.html".to_owned(), whole("Reference", &body(&index(items, chapters, ".html")), "")),
        ("style.css".to_owned(), include_str!("style.css").to_owned()),
        ("search.js".to_owned(), include_str!("search.js").to_owned()),
        ("search-index.js".to_owned(), search_index(items, chapters)),
    ];
    for (name, text) in chapters {
        files.push((format!("book/{name}.html"), whole(name, &body(text), "../")));
    }
    for item in items {
        let title = format!("{} {}", item.word.text(), item.name);
        files.push((format!("{}.html", item.file()), whole(&title, &body(&page(item)), "../")));
    }
    files.sort();
    files
}

/// Markdown as HTML. Docs are text that others wrote: markup in them is shown, pictures are named, and links lead to pages.
#[expect(clippy::wildcard_enum_match_arm, reason = "all else is written as it is")]
fn body(markdown: &str) -> String {
    let mut depth = 0_usize;
    let events =
        Parser::new_ext(markdown, Options::ENABLE_TABLES).filter_map(|event| match event {
            Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => None,
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
            Event::Start(Tag::Link { ref dest_url, .. }) if !leads_to_a_page(dest_url) => {
                depth += 1;
                None
            }
            Event::End(TagEnd::Link) if depth > 0 => {
                depth -= 1;
                None
            }
            // Pages lead to one another as files of Markdown.
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let own = dest_url.strip_suffix(".md").filter(|page| !page.contains(':'));
                let dest_url = own.map_or(dest_url.clone(), |page| format!("{page}.html").into());
                Some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
            }
            event => Some(event),
        });
    let mut out = String::new();
    writer::push_html(&mut out, events);
    out
}

/// Whether a link is one of the reference itself, or of the web; not a program.
fn leads_to_a_page(address: &str) -> bool {
    let before_path = address.split(['/', '?', '#']).next().unwrap_or_default();
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    // What lies beside the book in its repository is not in a folder of pages.
    (!before_path.contains(':') && !address.starts_with("../../")) || is_web
}

fn whole(title: &str, body: &str, up: &str) -> String {
    let title = escaped(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"{up}style.css\">\n</head>\n<body data-up=\"{up}\">\n\
         <a class=\"skip\" href=\"#content\">To the content</a>\n<header>\n\
         <nav aria-label=\"Reference\"><a href=\"{up}index.html\">Reference</a></nav>\n\
         <form role=\"search\"><label for=\"search\">Search</label>\n\
         <input id=\"search\" type=\"search\" autocomplete=\"off\" aria-controls=\"results\">\n</form>\n\
         <p id=\"count\" role=\"status\"></p>\n<ul id=\"results\"></ul>\n</header>\n\
         <main id=\"content\">\n{body}</main>\n<script src=\"{up}search-index.js\"></script>\n\
         <script src=\"{up}search.js\"></script>\n</body>\n</html>\n"
    )
}

/// What can be searched: name, word, page and summary of every item, and its keyword, the names of its fields, and the objects that
/// it becomes; of a chapter its headings.
fn search_index(items: &[Item], chapters: &[(&str, &str)]) -> String {
    let mut out = String::from("window.iflux = [\n");
    for item in items {
        let words = item
            .block
            .iter()
            .map(String::as_str)
            .chain(item.fields.iter().map(|field| field.name.as_str()))
            .chain(item.makes.iter().map(|makes| makes.object));
        let row = serde_json::json!([
            item.name,
            item.word.text(),
            format!("{}.html", item.file()),
            item.summary(),
            words.collect::<Vec<_>>().join(" ")
        ]);
        let _ = writeln!(out, "{row},");
    }
    for (name, text) in chapters {
        let headings = Parser::new(text).collect::<Vec<_>>();
        let headings = headings
            .split(|event| matches!(event, Event::Start(Tag::Heading { .. })))
            .skip(1)
            .map(|part| {
                let inside = part
                    .iter()
                    .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
                let texts = inside.filter_map(|event| {
                    if let Event::Text(text) | Event::Code(text) = event {
                        Some(text.as_ref())
                    } else {
                        None
                    }
                });
                texts.collect::<String>()
            });
        let mut headings = headings.collect::<Vec<_>>().into_iter();
        let title = headings.next().unwrap_or_default();
        let rest = headings.collect::<Vec<_>>().join(" ");
        let row = serde_json::json!([title, "chapter", format!("book/{name}.html"), "", rest]);
        let _ = writeln!(out, "{row},");
    }
    out.push_str("];\n");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{body, leads_to_a_page};

    #[test]
    fn docs_cannot_run_or_fetch_anything() {
        let check = |markdown: &str, expected: &str| assert_eq!(body(markdown), expected);
        check("a <b>c</b>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n");
        check("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;");
        check("![a](https://x/y.png)", "<p>a</p>\n");
        check("[a](javascript:x) [b](c.html)", "<p>a <a href=\"c.html\">b</a></p>\n");
        check("[a](../b/c.md)", "<p><a href=\"../b/c.html\">a</a></p>\n");
        check("[a [b](c.html)](data:x)", "<p>[a <a href=\"c.html\">b</a>](data:x)</p>\n");
        assert!(leads_to_a_page("a/b:c") && leads_to_a_page("https://x") && leads_to_a_page("#a"));
        assert!(!leads_to_a_page("JavaScript:x") && !leads_to_a_page("data:x"));
        assert!(!leads_to_a_page("../../tests/a.md") && leads_to_a_page("../book/tour.md"));
    }
}
