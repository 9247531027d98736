; Later patterns win.

(comment) @comment
((comment) @comment.documentation (#match? @comment.documentation "^///"))

(path (identifier) @property)
(field name: (identifier) @property)
(by_body (identifier) @constant)
(by_arm (identifier) @constant)
(block keyword: (identifier) @type)
(block key: (identifier) @variable)
(block keyword: (identifier) @keyword
  (#any-of? @keyword "addon" "alerts" "apps" "backup" "cluster" "dashboard" "database" "environment" "job" "manifest" "monitoring" "namespace" "platform" "policy" "project" "provider" "receiver" "repository" "routing" "scrape" "secret" "secret-store" "service" "slo" "team" "time-window" "traffic" "workload"))
(block path: (path (identifier) @keyword)
  (#any-of? @keyword "addon" "alerts" "apps" "backup" "cluster" "dashboard" "database" "environment" "job" "manifest" "monitoring" "namespace" "platform" "policy" "project" "provider" "receiver" "repository" "routing" "scrape" "secret" "secret-store" "service" "slo" "team" "time-window" "traffic" "workload"))
(star) @operator
(module (identifier) @module)
(folder) @string.special.path
(pick (identifier) @type)

(type_name) @type
(type_path (identifier) @module)
((type_name) @type.builtin
  (#any-of? @type.builtin "Bool" "Int" "Float" "String" "Duration" "Bytes" "Cpu" "Percent" "Range" "Data" "Object" "Type" "Name" "Image" "Cidr" "Ip" "Host" "Url" "Cron" "Glob" "Version" "Regex" "PromQL" "Rego" "Cel" "Shell"))
(computed_type (identifier) @function)

(reference) @variable
(variable) @variable
(parameter name: (variable) @variable.parameter)
(function name: (variable) @function)
(call function: (reference) @function)
(call function: (access name: (identifier) @function))
(access name: (identifier) @property)
(chain_reference name: (identifier) @property)
(named_argument name: (identifier) @variable.parameter)
((reference) @constant.builtin (#any-of? @constant.builtin "true" "false" "none"))
((reference) @variable.builtin (#any-of? @variable.builtin "self" "outer" "here"))
(wildcard) @variable.builtin

(number) @number
(quoted) @string
(block_text) @string
(raw) @string
(fence) @string
(hash_quoted) @string
(hash_raw) @string
(hash_fence) @string
(content) @string
(escape) @string.escape
(language) @label
(code) @label
(hole ["\\(" "\\#(" ")"] @punctuation.special) @embedded

(operator) @operator
["=" "+=" "!" "-" "?" "..." "=>" "->" "|"] @operator
["(" ")" "[" "]" "{" "}"] @punctuation.bracket
["," ":" "." "?."] @punctuation.delimiter

[
  "addressable" "all" "allow" "as" "assert" "because" "by" "check" "component" "declared" "else" "error" "expect" "extends" "extern" "external" "fact" "final" "fn" "for" "if" "import" "in" "is" "key" "kind" "later" "let" "match" "new" "of" "out" "override" "param" "patch" "preset" "private" "remove" "schema" "single" "staged" "test" "then" "type" "warn"
] @keyword
