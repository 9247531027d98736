-- Prints what tree-sitter's queries capture in the open file: start, end and name of each, later ones stronger.
local get = vim.treesitter.query and vim.treesitter.query.get or vim.treesitter.query.get_query
local root = vim.treesitter.get_parser(0, 'iflux'):parse()[1]:root()
local query = get('iflux', 'highlights')
for id, node in query:iter_captures(root, 0, 0, -1) do
  local a, b, c, d = node:range()
  io.stdout:write(table.concat({ 'capture', a, b, c, d, query.captures[id] }, ' ') .. '\n')
end
vim.cmd('qall!')
