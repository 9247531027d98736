; Brackets indent what they hold.
[(body) (list) (match) (by_statement) (by_expression) (arguments) (parameters) (parenthesised) (map_type) (list_type) (pick)] @indent
["}" "]" ")"] @outdent
