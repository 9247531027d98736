//! Results of tests as JUnit XML, as CI systems read it: a suite a module, a case a test. There are no times in it, so that
//! the same sources give the same bytes.

use std::fmt::Write as _;

use crate::diag::{Diagnostic, Level};
use crate::driver::TestResult;
use crate::report::{Format, Style, one_line, render_one};
use crate::source::Sources;

/// The document.
pub(super) fn junit(results: &[TestResult], sources: &Sources) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"iflux\" {}>", counts(results));
    for suite in results.chunk_by(|a, b| a.module == b.module) {
        let module = suite.first().map_or("", |result| result.module.as_str());
        let name = if module.is_empty() { "." } else { module };
        let _ = writeln!(out, "  <testsuite name=\"{}\" {}>", escaped(name), counts(suite));
        for result in suite {
            case(result, name, sources, &mut out);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// The document where no test could run: one case, with what is wrong with the program.
pub(super) fn broken(found: &[Diagnostic], sources: &Sources) -> String {
    let counts = "tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\"";
    let errors = || found.iter().filter(|found| found.level == Level::Error);
    let code = errors().next().map_or("", |found| found.code.as_str());
    let style = Style::default();
    let reports: Vec<String> =
        errors().map(|found| render_one(found, sources, Format::Plain, style)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"iflux\" {counts}>\n  \
         <testsuite name=\".\" {counts}>\n    <testcase name=\"the program has no errors\" classname=\".\">\n      \
         <error message=\"no test could run\" type=\"{code}\">{}</error>\n    </testcase>\n  </testsuite>\n</testsuites>\n",
        escaped(&reports.join("\n"))
    )
}

fn counts(results: &[TestResult]) -> String {
    let failed = results.iter().filter(|result| !result.passed()).count();
    format!("tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"0\"", results.len())
}

fn case(result: &TestResult, module: &str, sources: &Sources, out: &mut String) {
    let _ = write!(
        out,
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\" assertions=\"{}\"",
        escaped(&one_line(&result.name)),
        escaped(module),
        escaped(&result.file),
        result.line,
        result.assertions
    );
    if result.passed() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    let Some(first) = result.findings.first() else { return };
    let _ = write!(
        out,
        "      <failure message=\"{}\" type=\"{}\">",
        escaped(&first.title),
        first.code
    );
    let style = Style::default();
    let reports: Vec<String> = result
        .findings
        .iter()
        .map(|found: &Diagnostic| render_one(found, sources, Format::Plain, style))
        .collect();
    out.push_str(&escaped(&reports.join("\n")));
    out.push_str("</failure>\n    </testcase>\n");
}

/// Text for an attribute or an element. What XML 1.0 has no character for becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(letter),
            '\r' => out.push_str("&#13;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{broken, escaped, junit};
    use crate::diag::{Code, Diagnostic, Level};
    use crate::driver::TestResult;
    use crate::source::Sources;

    #[test]
    fn a_document_of_two_modules() {
        let result = |name: &str, module: &str, findings: Vec<Diagnostic>| TestResult {
            name: name.to_owned(),
            module: module.to_owned(),
            file: "a.iflux".to_owned(),
            line: 3,
            targets: Vec::new(),
            assertions: 2,
            findings,
        };
        let wrong = Diagnostic::new(Level::Error, Code::new("test/failed"), "1 < 2 & \"x\"");
        let results = [result("one", "", Vec::new()), result("<two>", "teams/a", vec![wrong])];
        insta::assert_snapshot!(junit(&results, &Sources::new()));
    }

    #[test]
    fn documents_are_xml() {
        let wrong = Diagnostic::new(Level::Error, Code::new("a/b"), "1 < 2 & \u{1}\"x\" ]]>");
        let result = TestResult {
            name: "<a> \u{fffe}\n".to_owned(),
            module: "b&c".to_owned(),
            file: "\"d\"".to_owned(),
            line: 3,
            targets: Vec::new(),
            assertions: 2,
            findings: vec![wrong.clone()],
        };
        let sources = Sources::new();
        for text in [junit(&[result], &sources), broken(&[wrong], &sources), junit(&[], &sources)] {
            let document = roxmltree::Document::parse(&text).unwrap();
            let root = document.root_element();
            assert_eq!(root.tag_name().name(), "testsuites");
            let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
            let count = cases.inspect(|case| assert!(case.attribute("name").is_some())).count();
            assert_eq!(root.attribute("tests"), Some(count.to_string().as_str()));
            for word in ["failure", "error"] {
                let own = document.descendants().filter(|node| node.has_tag_name(word)).count();
                let attribute = format!("{word}s");
                assert_eq!(root.attribute(attribute.as_str()), Some(own.to_string().as_str()));
            }
        }
    }

    #[test]
    fn every_text_is_valid_xml() {
        assert_eq!(escaped("a<b>&\"c\"\u{1}\n\r"), "a&lt;b&gt;&amp;&quot;c&quot;\u{fffd}\n&#13;");
    }
}
