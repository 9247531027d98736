//! Go's templates with the functions of sprig and Argo CD, as far as our ApplicationSets use them, after the documents of
//! `text/template`, sprig and Argo CD. It is no part of the compiler, and shares nothing with what prints and checks templates there.
//! What it does not know is an error; so is a key that a map lacks (`missingkey=error`).

use serde_json::Value;

/// Fills a template.
pub(super) fn render(text: &str, dot: &Value) -> Result<String, String> {
    let tokens = actions(text)?;
    let mut at = 0;
    let mut out = String::new();
    nodes(&tokens, &mut at, dot, true, &mut out)?;
    if at < tokens.len() {
        return Err(format!("`{{{{ {} }}}}` without an `if`", shown_token(&tokens[at])));
    }
    Ok(out)
}

/// Text, or what stands between braces.
enum Token {
    Text(String),
    Action(String),
}

fn shown_token(token: &Token) -> &str {
    match token {
        Token::Text(text) | Token::Action(text) => text,
    }
}

/// A template's text and actions. Braces in a quoted text of an action end nothing.
fn actions(text: &str) -> Result<Vec<Token>, String> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        out.push(Token::Text(rest[..start].to_owned()));
        let inside = &rest[start + 2..];
        let mut quoted = false;
        let mut escaped = false;
        let mut end = None;
        for (index, letter) in inside.char_indices() {
            match letter {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                '}' if !quoted && inside[index..].starts_with("}}") => {
                    end = Some(index);
                    break;
                }
                _ => {}
            }
        }
        let end = end.ok_or_else(|| format!("an action is not closed: {text}"))?;
        out.push(Token::Action(inside[..end].trim().to_owned()));
        rest = &inside[end + 2..];
    }
    out.push(Token::Text(rest.to_owned()));
    Ok(out)
}

/// Prints nodes up to an `else` or `end`.
fn nodes(
    tokens: &[Token],
    at: &mut usize,
    dot: &Value,
    prints: bool,
    out: &mut String,
) -> Result<(), String> {
    while let Some(token) = tokens.get(*at) {
        match token {
            Token::Text(text) => {
                if prints {
                    out.push_str(text);
                }
                *at += 1;
            }
            Token::Action(action) if action == "end" || action == "else" => return Ok(()),
            Token::Action(action) => {
                *at += 1;
                if let Some(condition) = action.strip_prefix("if ") {
                    let holds = prints && is_true(&pipeline(condition, dot)?);
                    nodes(tokens, at, dot, holds, out)?;
                    if matches!(tokens.get(*at), Some(Token::Action(word)) if word == "else") {
                        *at += 1;
                        nodes(tokens, at, dot, prints && !holds, out)?;
                    }
                    match tokens.get(*at) {
                        Some(Token::Action(word)) if word == "end" => *at += 1,
                        _ => return Err("an `if` without `end`".to_owned()),
                    }
                } else if prints {
                    out.push_str(&printed(&pipeline(action, dot)?));
                }
            }
        }
    }
    Ok(())
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

/// What an action prints, and `%v`.
fn printed(value: &Value) -> String {
    match value {
        Value::Null => "<no value>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(printed).collect::<Vec<_>>().join(" "))
        }
        Value::Object(entries) => {
            let parts: Vec<String> =
                entries.iter().map(|(key, value)| format!("{key}:{}", printed(value))).collect();
            format!("map[{}]", parts.join(" "))
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn pipeline(text: &str, dot: &Value) -> Result<Value, String> {
    let letters: Vec<char> = text.chars().collect();
    let mut reader = Reader { letters: &letters, at: 0, dot };
    let value = reader.pipeline()?;
    match reader.at < letters.len() {
        true => Err(format!("unread: {}", letters[reader.at..].iter().collect::<String>())),
        false => Ok(value),
    }
}

struct Reader<'a> {
    letters: &'a [char],
    at: usize,
    dot: &'a Value,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn pipeline(&mut self) -> Result<Value, String> {
        let mut piped = None;
        loop {
            piped = Some(self.command(piped)?);
            self.blanks();
            if self.peek() != Some('|') {
                return piped.ok_or_else(|| "an empty action".to_owned());
            }
            self.at += 1;
        }
    }

    fn command(&mut self, piped: Option<Value>) -> Result<Value, String> {
        self.blanks();
        if self.peek().is_some_and(|letter| letter.is_ascii_alphabetic()) {
            let name = self.word();
            if name == "true" || name == "false" {
                return Ok(Value::Bool(name == "true"));
            }
            if self.peek() == Some('.') {
                return Err(format!("function \"{name}\" not defined"));
            }
            let mut args = Vec::new();
            while let Some(argument) = self.operand()? {
                args.push(argument);
            }
            args.extend(piped);
            return call(&name, &args);
        }
        match (self.operand()?, piped) {
            (Some(value), None) => Ok(value),
            _ => Err("a value that is called".to_owned()),
        }
    }

    fn word(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|it| it.is_ascii_alphanumeric() || it == '_') {
            self.at += 1;
        }
        self.letters[start..self.at].iter().collect()
    }

    fn operand(&mut self) -> Result<Option<Value>, String> {
        self.blanks();
        Ok(Some(match self.peek() {
            Some('(') => {
                self.at += 1;
                let value = self.pipeline()?;
                self.blanks();
                if self.peek() != Some(')') {
                    return Err("a parenthesis is not closed".to_owned());
                }
                self.at += 1;
                value
            }
            Some('"') => {
                let start = self.at;
                self.at += 1;
                while let Some(letter) = self.peek() {
                    self.at += if letter == '\\' { 2 } else { 1 };
                    if letter == '"' {
                        break;
                    }
                }
                let quoted: String = self.letters[start..self.at].iter().collect();
                serde_json::from_str(&quoted).map_err(|error| format!("{quoted}: {error}"))?
            }
            Some('.') => {
                self.at += 1;
                let mut value = self.dot.clone();
                let mut name = self.word();
                while !name.is_empty() {
                    value = field(&value, &name)?;
                    name.clear();
                    if self.peek() == Some('.') {
                        self.at += 1;
                        name = self.word();
                    }
                }
                value
            }
            Some(letter) if letter.is_ascii_digit() => {
                let word = self.word();
                word.parse::<i64>().map_err(|_| format!("the number {word}"))?.into()
            }
            Some('|' | ')') | None => return Ok(None),
            Some(_) => match self.word().as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                other => return Err(format!("`{other}` at {}", self.at)),
            },
        }))
    }
}

fn field(value: &Value, name: &str) -> Result<Value, String> {
    match value {
        Value::Object(entries) => {
            entries.get(name).cloned().ok_or_else(|| format!("map has no entry for key \"{name}\""))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(format!("`{name}` of {value}"))
        }
    }
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("expected string; found {value}"))
}

fn call(name: &str, args: &[Value]) -> Result<Value, String> {
    let string = |text: String| Ok(Value::String(text));
    match (name, args) {
        ("index", [value, keys @ ..]) => {
            let mut value = value.clone();
            for key in keys {
                value = match (&value, key) {
                    (Value::Array(items), Value::Number(number)) => {
                        let index = number.as_u64().and_then(|it| usize::try_from(it).ok());
                        let item = index.and_then(|index| items.get(index));
                        item.cloned().ok_or_else(|| format!("index out of range: {key}"))?
                    }
                    (Value::Object(entries), Value::String(key)) => {
                        entries.get(key).cloned().unwrap_or(Value::Null)
                    }
                    _ => return Err(format!("index of {value} with {key}")),
                };
            }
            Ok(value)
        }
        ("printf", [format, args @ ..]) => {
            let mut args = args.iter();
            let mut out = String::new();
            let mut letters = text(format)?.chars();
            while let Some(letter) = letters.next() {
                match (letter, if letter == '%' { letters.next() } else { None }) {
                    ('%', Some('%')) => out.push('%'),
                    ('%', Some('v')) => {
                        let value = args.next().ok_or("%!v(MISSING)")?;
                        out.push_str(&printed(value));
                    }
                    ('%', Some('s')) => out.push_str(text(args.next().ok_or("%!s(MISSING)")?)?),
                    ('%', verb) => return Err(format!("the verb {verb:?}")),
                    (letter, _) => out.push(letter),
                }
            }
            match args.next() {
                Some(extra) => Err(format!("%!(EXTRA {extra})")),
                None => string(out),
            }
        }
        ("toJson", [value]) => string(value.to_string()),
        ("slugify", [value]) => string(slug(text(value)?)),
        ("lower", [value]) => string(text(value)?.to_lowercase()),
        ("upper", [value]) => string(text(value)?.to_uppercase()),
        ("trimPrefix", [part, value]) => {
            let (part, value) = (text(part)?, text(value)?);
            string(value.strip_prefix(part).unwrap_or(value).to_owned())
        }
        ("trimSuffix", [part, value]) => {
            let (part, value) = (text(part)?, text(value)?);
            string(value.strip_suffix(part).unwrap_or(value).to_owned())
        }
        ("replace", [from, to, value]) => string(text(value)?.replace(text(from)?, text(to)?)),
        ("trunc", [most, value]) => {
            let most = most.as_u64().and_then(|it| usize::try_from(it).ok()).ok_or("trunc")?;
            string(text(value)?.chars().take(most).collect())
        }
        ("default", [other, value]) => {
            Ok(if is_true(value) { value.clone() } else { other.clone() })
        }
        ("dig", [keys @ .., other, dict]) => {
            let mut value = dict.clone();
            for key in keys {
                let Value::Object(entries) = &value else {
                    return Err(format!("dig into {value}"));
                };
                match entries.get(text(key)?) {
                    Some(inner) => value = inner.clone(),
                    None => return Ok(other.clone()),
                }
            }
            Ok(value)
        }
        ("eq", [first, rest @ ..]) => Ok(Value::Bool(rest.iter().any(|it| it == first))),
        _ => Err(format!("function \"{name}\" of {} arguments not defined", args.len())),
    }
}

/// `slugify` of Argo CD: normalised, one `-` between words, at most 50 characters of whole words.
fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|it: char| !it.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let mut out = String::new();
    for word in words {
        let longer = if out.is_empty() { word.to_owned() } else { format!("{out}-{word}") };
        if longer.len() > 50 {
            return if out.is_empty() { word.chars().take(50).collect() } else { out };
        }
        out = longer;
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::render;

    #[test]
    fn templates_print_as_go_prints_them() {
        let dot = json!({
            "path": { "path": "apps/web/shop_1", "segments": ["apps", "web", "shop_1"] },
            "replicas": 3, "on": true, "a-b": "x", "list": [1, "b"],
        });
        let check = |template: &str, wanted: &str| {
            assert_eq!(render(template, &dot).as_deref(), Ok(wanted), "{template}");
        };
        check("plain {x}", "plain {x}");
        check("{{ .path.path }}", "apps/web/shop_1");
        check("{{ slugify (index .path.segments 2) }}-x", "shop-1-x");
        check("{{ index . \"a-b\" }}{{ \"{{\" }} }}", "x{{ }}");
        check("{{ toJson (printf \"100%% %v {{x}}\" .replicas) }}", "\"100% 3 {{x}}\"");
        check("{{ toJson .list }}{{ toJson .on }}", "[1,\"b\"]true");
        check(
            "{{ dig \"path\" \"none\" \"-\" . }}{{ dig \"path\" \"path\" \"-\" . }}",
            "-apps/web/shop_1",
        );
        check("{{ if eq .replicas 3 }}three{{ else }}other{{ end }}!", "three!");
        check(
            "{{ (printf \"%v-%s\" .replicas .path.path) | trunc 8 | trimSuffix \"/\" }}",
            "3-apps/w",
        );
        check("{{ replace \"/\" \".\" .path.path }}", "apps.web.shop_1");
    }

    #[test]
    fn what_is_missing_is_an_error() {
        let dot = json!({ "path": { "segments": ["a"] } });
        let refused = |template: &str, why: &str| {
            let error = render(template, &dot).expect_err(template);
            assert!(error.contains(why), "{template}: {error}");
        };
        refused("{{ .env }}", "no entry for key \"env\"");
        refused("{{ .path.basename }}", "no entry for key \"basename\"");
        refused("{{ index .path.segments 1 }}", "out of range");
        refused("{{ path.basename }}", "not defined");
        refused("{{ if .path }}x", "without `end`");
        refused("{{ .path", "not closed");
    }
}
