-- Prints what tree-sitter's queries capture in the files that are given: start, end and name of each, later ones stronger.
local get = vim.treesitter.query and vim.treesitter.query.get or vim.treesitter.query.get_query
local query = get('iflux', 'highlights')
for _, path in ipairs(vim.fn.argv()) do
  vim.cmd('silent edit ' .. vim.fn.fnameescape(path))
  io.stdout:write('file ' .. vim.fn.fnamemodify(path, ':p') .. '\n')
  local root = vim.treesitter.get_parser(0, 'iflux'):parse()[1]:root()
  for id, node in query:iter_captures(root, 0, 0, -1) do
    local a, b, c, d = node:range()
    io.stdout:write(table.concat({ 'capture', a, b, c, d, query.captures[id] }, ' ') .. '\n')
  end
end
vim.cmd('qall!')
