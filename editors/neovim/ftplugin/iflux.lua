-- Comments, and highlighting by tree-sitter where the parser is installed.
vim.bo.commentstring = '// %s'
vim.bo.comments = ':///,://'
vim.bo.expandtab = true
vim.bo.shiftwidth = 2
-- A hyphen belongs to a name.
vim.opt_local.iskeyword:append('-')
require('iflux').highlight(0)
