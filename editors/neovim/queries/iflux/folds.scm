; What may be closed.
[(body) (list) (match) (by_statement) (by_expression) (arguments) (parameters) (map_type) (fence) (block_text) (hash_fence) (pick)] @fold
