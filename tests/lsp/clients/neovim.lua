-- Drives `iflux lsp` with Neovim's own client: open, type, complete, hover, rename, format, fix.
--
-- IFLUX=PROGRAM nvim --headless -u NONE -i NONE -l tests/lsp/clients/neovim.lua, or before 0.9 `+"luafile ..."`.

local program = assert(os.getenv("IFLUX"), "IFLUX names the program")
local folder = vim.loop.fs_realpath(vim.fn.tempname():match("(.*)/")) .. "/work"
vim.fn.mkdir(folder, "p")
local path = folder .. "/main.iflux"
vim.fn.writefile({ "[project]", 'name = "acme"' }, folder .. "/iflux.toml")
vim.fn.writefile({
  "environment dev {}",
  "environment prod { after = dv }",
  'platform   acme { domain = "acme.example", hub = one }',
  'external cluster one { environment = prod, kubernetes = "v1.34.2" }',
}, path)

local function check(what, wanted)
  if not wanted then
    io.stderr:write("neovim: " .. what .. ": not as it should be\n")
    vim.cmd("cquit 1")
  end
  io.stdout:write(what .. "\n")
end

local function drive()
  vim.cmd("edit " .. vim.fn.fnameescape(path))
  local buffer = vim.api.nvim_get_current_buf()
  local id = vim.lsp.start_client({
    name = "iflux",
    cmd = { program, "lsp" },
    root_dir = folder,
    workspace_folders = { { uri = vim.uri_from_fname(folder), name = "work" } },
  })
  vim.lsp.buf_attach_client(buffer, id)
  local function found()
    return vim.diagnostic.get(buffer)
  end
  local function ask(method, params)
    local answers = vim.lsp.buf_request_sync(buffer, method, params, 60000)
    check(method, answers and answers[id] and not answers[id].err)
    return answers[id].result
  end
  local function at(line, column)
    return { textDocument = { uri = vim.uri_from_bufnr(buffer) }, position = { line = line, character = column } }
  end
  local client
  vim.wait(60000, function()
    client = vim.lsp.get_client_by_id(id)
    return client and client.initialized and #found() == 1
  end, 20)
  check("open: a finding", #found() == 1 and found()[1].code == "name/unknown-reference")

  local params = at(1, 28)
  params.range = { start = params.position, ["end"] = params.position }
  params.context = { diagnostics = {} }
  local fix
  for _, action in ipairs(ask("textDocument/codeAction", params)) do
    fix = fix or (action.isPreferred and action)
  end
  vim.lsp.util.apply_workspace_edit(fix.edit, client.offset_encoding)
  check("fix: " .. fix.title, vim.fn.getline(2) == "environment prod { after = dev }")
  vim.wait(60000, function()
    return #found() == 0
  end, 20)
  check("nothing is found any more", #found() == 0)

  vim.api.nvim_buf_set_lines(buffer, 4, 4, false, { "environment test { after =  }" })
  local proposals = ask("textDocument/completion", at(4, 27))
  check("complete: " .. proposals[1].label, proposals[1].label == "dev")
  vim.api.nvim_buf_set_text(buffer, 4, 27, 4, 27, { "prod" })

  local hover = ask("textDocument/hover", at(3, 38))
  check("hover", hover.contents.value:find("environment prod", 1, true))

  params = at(0, 13)
  params.newName = "sandbox"
  vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", params), client.offset_encoding)
  check("rename", vim.fn.getline(1) == "environment sandbox {}" and vim.fn.getline(2):find("after = sandbox", 1, true))

  params = { textDocument = { uri = vim.uri_from_bufnr(buffer) }, options = { tabSize = 2, insertSpaces = true } }
  vim.lsp.util.apply_text_edits(ask("textDocument/formatting", params), buffer, client.offset_encoding)
  check("format", vim.fn.getline(3):find("platform acme {", 1, true) == 1)
  vim.lsp.stop_client(id)
end

local ok, why = pcall(drive)
if not ok then
  io.stderr:write("neovim: " .. tostring(why) .. "\n")
  vim.cmd("cquit 1")
end
vim.cmd("qall!")
