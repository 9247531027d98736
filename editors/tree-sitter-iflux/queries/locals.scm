; A name holds in the body, the function, the arm or the list around it.
[(file) (body) (function) (arm) (list) (for_statement)] @local.scope

(let name: (variable) @local.definition)
(parameter name: (variable) @local.definition)
(for_statement (variable) @local.definition)
(for_clause (variable) @local.definition)
(arm (variable) @local.definition)
(function name: (variable) @local.definition)

(reference) @local.reference
