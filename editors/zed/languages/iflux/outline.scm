; What the outline lists.
(block keyword: (identifier) @context key: (identifier) @name) @item
(schema name: (type_name) @name) @item
(kind name: (type_name) @name) @item
(preset name: (type_name) @name) @item
(component name: (type_name) @name) @item
(type_definition name: (type_name) @name) @item
(function name: (variable) @name) @item
(test name: (quoted) @name) @item
