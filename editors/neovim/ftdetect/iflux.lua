-- Files of the language.
vim.api.nvim_create_autocmd({ 'BufRead', 'BufNewFile' }, {
  pattern = '*.iflux',
  callback = function() vim.bo.filetype = 'iflux' end,
})
