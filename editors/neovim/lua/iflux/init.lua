-- iflux in Neovim: `require('iflux').setup()` starts the language server for iflux files.
-- Made for 0.7 and later; where a newer function is better, it is used if it is there.
local iflux = {}

local defaults = {
  -- The compiler: a name that is found on the path, or a path.
  program = 'iflux',
  -- Called with client and buffer, as `vim.lsp.start_client` says.
  on_attach = nil,
}

-- Highlights a buffer by tree-sitter. False where the parser is not installed.
function iflux.highlight(buffer)
  if buffer == 0 then buffer = vim.api.nvim_get_current_buf() end
  local found = pcall(vim.treesitter.get_parser, buffer, 'iflux')
  if not found then return false end
  if vim.treesitter.start then
    return (pcall(vim.treesitter.start, buffer, 'iflux'))
  end
  local parser = vim.treesitter.get_parser(buffer, 'iflux')
  return (pcall(vim.treesitter.highlighter.new, parser))
end

-- The folder of the project: the nearest one above that has `iflux.toml`, or the file's own.
function iflux.root(path)
  local folder = vim.fn.fnamemodify(path, ':p:h')
  local found = vim.fn.findfile('iflux.toml', vim.fn.escape(folder, ' ,;') .. ';')
  return found ~= '' and vim.fn.fnamemodify(found, ':p:h') or folder
end

-- Clients by project, where Neovim has no `vim.lsp.start`, which shares them itself.
local clients = {}

local function start(options, buffer)
  local root = iflux.root(vim.api.nvim_buf_get_name(buffer))
  local config = {
    name = 'iflux',
    cmd = { options.program, 'lsp' },
    root_dir = root,
    on_attach = options.on_attach,
  }
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = buffer })
    return
  end
  config.on_exit = function() clients[root] = nil end
  clients[root] = clients[root] or vim.lsp.start_client(config)
  if clients[root] then vim.lsp.buf_attach_client(buffer, clients[root]) end
end

local function shown(lines, filetype)
  vim.cmd('vnew')
  vim.api.nvim_buf_set_lines(0, 0, -1, false, lines)
  vim.bo.buftype, vim.bo.bufhidden, vim.bo.swapfile, vim.bo.filetype = 'nofile', 'wipe', false, filetype
end

-- Runs a command of the server on the place of the cursor, and shows its answer.
local function ask(command, draw)
  local window = vim.fn.winsaveview()
  local line = vim.api.nvim_get_current_line()
  local argument = {
    textDocument = { uri = vim.uri_from_bufnr(0) },
    position = { line = window.lnum - 1, character = vim.str_utfindex and select(2, vim.str_utfindex(line, window.col)) or window.col },
  }
  vim.lsp.buf_request(0, 'workspace/executeCommand', { command = command, arguments = { argument } }, function(failure, answer)
    if failure then
      vim.notify(failure.message, vim.log.levels.ERROR)
    elseif answer then
      draw(answer)
    end
  end)
end

function iflux.setup(given)
  local options = vim.tbl_extend('force', defaults, given or {})
  local group = vim.api.nvim_create_augroup('iflux', { clear = true })
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = 'iflux',
    callback = function(event) start(options, event.buf) end,
  })
  vim.api.nvim_create_user_command('IfluxPreview', function()
    ask('iflux.preview', function(answer)
      local lines = {}
      for _, file in ipairs(answer.files) do
        table.insert(lines, '# ' .. file.path)
        vim.list_extend(lines, vim.split(file.text, '\n'))
      end
      shown(lines, 'yaml')
    end)
  end, { desc = 'Show the manifests of the block under the cursor' })
  vim.api.nvim_create_user_command('IfluxWhy', function()
    ask('iflux.why', function(answer) shown(vim.split(answer.text, '\n'), 'text') end)
  end, { desc = 'Show where the value under the cursor comes from' })
end

return iflux
