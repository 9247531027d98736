"""Drives `iflux lsp` with a client of others (pygls, from PyPI): open, type, complete, hover, rename, format, fix.

python session.py PROGRAM
"""

import asyncio
import pathlib
import sys
import tempfile

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

PROGRAM = """environment dev {}
environment prod { after = dv }
platform   acme { domain = "acme.example", hub = one }
external cluster one { environment = prod, kubernetes = "v1.34.2" }
"""


async def main(program):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        (root / "iflux.toml").write_text('[project]\nname = "acme"\n')
        path = root / "main.iflux"
        path.write_text(PROGRAM)
        await drive(program, root, path)


async def drive(program, root, path):
    client = LanguageClient("session", "1")
    found = asyncio.Queue()

    @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def published(params):
        found.put_nowait(params)

    await client.start_io(program, "lsp")
    capabilities = lsp.ClientCapabilities(
        workspace=lsp.WorkspaceClientCapabilities(
            workspace_edit=lsp.WorkspaceEditClientCapabilities(document_changes=True)
        )
    )
    folder = lsp.WorkspaceFolder(uri=root.as_uri(), name="acme")
    params = lsp.InitializeParams(capabilities=capabilities, workspace_folders=[folder])
    hello = await client.initialize_async(params)
    assert hello.server_info.name == "iflux", hello
    client.initialized(lsp.InitializedParams())

    uri = path.as_uri()
    text = PROGRAM
    version = 1

    async def findings():
        while True:
            params = await asyncio.wait_for(found.get(), 60)
            if params.uri == uri and params.version == version:
                return list(params.diagnostics)

    def place(snippet):
        before, after = snippet.split("|")
        at = text.index(before + after) + len(before)
        line = text.count("\n", 0, at)
        return lsp.Position(line, at - (text.rfind("\n", 0, at) + 1))

    async def edit(edits):
        nonlocal text, version
        version += 1
        changes = []
        lines = text.splitlines(keepends=True)

        def offset(position):
            return sum(map(len, lines[: position.line])) + position.character

        for it in sorted(edits, key=lambda it: (it.range.start.line, it.range.start.character), reverse=True):
            text = text[: offset(it.range.start)] + it.new_text + text[offset(it.range.end) :]
            changes.append(lsp.TextDocumentContentChangePartial(range=it.range, text=it.new_text))
        client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                text_document=lsp.VersionedTextDocumentIdentifier(uri=uri, version=version), content_changes=changes
            )
        )
        return await findings()

    document = lsp.TextDocumentIdentifier(uri=uri)
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri=uri, language_id="iflux", version=1, text=text))
    )
    first = await findings()
    codes = [it.code for it in first]
    assert codes == ["name/unknown-reference"], codes
    page = pathlib.Path(first[0].code_description.href.removeprefix("file://"))
    assert page.read_text().startswith("# name/unknown-reference"), page
    print("open:", codes)

    # The fix that the finding carries.
    at = place("after = d|v")
    actions = await client.text_document_code_action_async(
        lsp.CodeActionParams(document, lsp.Range(at, at), lsp.CodeActionContext(diagnostics=first))
    )
    fix = next(it for it in actions if it.is_preferred)
    assert await edit(fix.edit.document_changes[0].edits) == []
    assert "after = dev }" in text
    print("fix:", fix.title)

    hover = await client.text_document_hover_async(lsp.HoverParams(document, place("environment = pr|od")))
    assert "environment prod" in hover.contents.value, hover
    print("hover:", hover.contents.value.splitlines()[1])

    line = lsp.Position(4, 0)
    await edit([lsp.TextEdit(lsp.Range(line, line), "environment test { after =  }\n")])
    proposals = await client.text_document_completion_async(lsp.CompletionParams(document, place("test { after = | }")))
    labels = [it.label for it in proposals][:3]
    assert labels == ["dev", "prod", "test"], labels
    print("complete:", labels)
    at = place("test { after = | }")
    await edit([lsp.TextEdit(lsp.Range(at, at), "prod")])

    renamed = await client.text_document_rename_async(lsp.RenameParams(document, place("environment d|ev {"), "sandbox"))
    assert await edit(renamed.document_changes[0].edits) == []
    assert "environment sandbox {}" in text and "after = sandbox" in text, text
    print("rename: dev to sandbox")

    edits = await client.text_document_formatting_async(
        lsp.DocumentFormattingParams(document, lsp.FormattingOptions(tab_size=2, insert_spaces=True))
    )
    await edit(edits)
    assert 'platform acme { domain' in text, text
    print("format:", len(edits), "edits")

    await client.shutdown_async(None)
    client.exit(None)
    await asyncio.wait_for(client.stop(), 30)


asyncio.run(main(sys.argv[1]))
print("a client of others: fine")
