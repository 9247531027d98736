; Texts in other languages: by the field whose type says so, and by the word that a fence gives.
; What stands between holes is one text.

((comment) @injection.content (#set! injection.language "comment"))

(set path: (path . (identifier) @_field .) value: [(raw (content) @injection.content) (fence (content) @injection.content) (block_text (content) @injection.content) (hash_raw (content) @injection.content) (hash_fence (content) @injection.content)]
  (#any-of? @_field "expr" "errors" "good" "total" "state" "series")
  (#set! injection.language "promql") (#set! injection.combined))

(field name: (identifier) @_field default: [(raw (content) @injection.content) (fence (content) @injection.content) (block_text (content) @injection.content) (hash_raw (content) @injection.content) (hash_fence (content) @injection.content)]
  (#any-of? @_field "expr" "errors" "good" "total" "state" "series")
  (#set! injection.language "promql") (#set! injection.combined))

(set path: (path . (identifier) @_field .) value: [(raw (content) @injection.content) (fence (content) @injection.content) (block_text (content) @injection.content) (hash_raw (content) @injection.content) (hash_fence (content) @injection.content)]
  (#any-of? @_field "rego")
  (#set! injection.language "rego") (#set! injection.combined))

(field name: (identifier) @_field default: [(raw (content) @injection.content) (fence (content) @injection.content) (block_text (content) @injection.content) (hash_raw (content) @injection.content) (hash_fence (content) @injection.content)]
  (#any-of? @_field "rego")
  (#set! injection.language "rego") (#set! injection.combined))

(set path: (path . (identifier) @_field .) value: [(raw (content) @injection.content) (fence (content) @injection.content) (block_text (content) @injection.content) (hash_raw (content) @injection.content) (hash_fence (content) @injection.content)]
  (#any-of? @_field "cel")
  (#set! injection.language "cel") (#set! injection.combined))

(field name: (identifier) @_field default: [(raw (content) @injection.content) (fence (content) @injection.content) (block_text (content) @injection.content) (hash_raw (content) @injection.content) (hash_fence (content) @injection.content)]
  (#any-of? @_field "cel")
  (#set! injection.language "cel") (#set! injection.combined))

(set path: (path . (identifier) @_field .) value: [(raw (content) @injection.content) (fence (content) @injection.content) (block_text (content) @injection.content) (hash_raw (content) @injection.content) (hash_fence (content) @injection.content)]
  (#any-of? @_field "script")
  (#set! injection.language "bash") (#set! injection.combined))

(field name: (identifier) @_field default: [(raw (content) @injection.content) (fence (content) @injection.content) (block_text (content) @injection.content) (hash_raw (content) @injection.content) (hash_fence (content) @injection.content)]
  (#any-of? @_field "script")
  (#set! injection.language "bash") (#set! injection.combined))

((fence (language) @injection.language (content) @injection.content) (#set! injection.combined))
((hash_fence (language) @injection.language (content) @injection.content) (#set! injection.combined))
