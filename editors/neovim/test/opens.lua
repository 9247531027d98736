-- What must hold once an example is open. Any failure ends Neovim with an error.
local function main()
  assert(vim.bo.filetype == 'iflux', 'the file type is ' .. vim.bo.filetype)
  assert(vim.bo.commentstring == '// %s', 'comments are known')
  local parser = vim.treesitter.get_parser(0, 'iflux')
  local root = parser:parse()[1]:root()
  assert(root:type() == 'file' and not root:has_error(), 'the example is read')
  assert(vim.treesitter.highlighter.active[vim.api.nvim_get_current_buf()], 'it is highlighted by tree-sitter')
  local get = vim.treesitter.query and vim.treesitter.query.get or vim.treesitter.query.get_query
  local query = get('iflux', 'highlights')
  local counts = {}
  for id in query:iter_captures(root, 0, 0, -1) do
    local name = query.captures[id]
    counts[name] = (counts[name] or 0) + 1
  end
  for _, name in ipairs({ 'keyword', 'string', 'number', 'property', 'comment' }) do
    assert((counts[name] or 0) > 0, 'nothing is a ' .. name)
  end
  for _, name in ipairs({ 'injections', 'folds', 'indents', 'locals' }) do assert(get('iflux', name), name) end
  assert(require('iflux').root(vim.api.nvim_buf_get_name(0)):match('examples/infraflux$'), 'the project is found')
  require('iflux').setup({ program = 'true' })
  assert(vim.fn.exists(':IfluxPreview') == 2, 'commands are there')
end
local fine, failure = pcall(main)
io.stdout:write(fine and 'neovim: fine\n' or ('neovim: ' .. tostring(failure) .. '\n'))
vim.cmd(fine and 'qall!' or 'cquit!')
