// The extension as a whole: what its commands ask, and show.

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type * as vscode from 'vscode';

import { activate, deactivate } from '../src/extension';
import { LanguageClient } from './client.mock';
import * as mock from './vscode.mock';

const SOURCE = 'file:///p/main.iflux';
const last = () => LanguageClient.made.at(-1)!;
const here = { textDocument: { uri: SOURCE }, position: { line: 3, character: 7 } };

const subscriptions: vscode.Disposable[] = [];

async function begin(program = 'iflux') {
  mock.workspace.program = program;
  await activate({ subscriptions } as unknown as vscode.ExtensionContext);
}

beforeEach(() => {
  mock.window.errors = [];
  mock.window.panels = [];
  mock.window.typed = undefined;
  mock.workspace.opened = [];
  mock.languages.findings = [];
  LanguageClient.answers = {};
  const editor = new mock.Editor({ uri: mock.Uri.parse(SOURCE), languageId: 'iflux' });
  editor.selection = { active: new mock.Position(3, 7) };
  mock.window.activeTextEditor = editor;
});
afterEach(async () => {
  subscriptions.splice(0).forEach(it => it.dispose());
  await deactivate();
});

test('the server is the program of the setting, and ends with the extension', async () => {
  await begin();
  assert.deepEqual(last().server, { command: 'iflux', args: ['lsp'] });
  assert.equal(last().state, 'running');
  await deactivate();
  assert.equal(last().state, 'stopped');
});

test('a server that could not start is tried again, by command and when the setting names another', async () => {
  await begin('ifluks');
  assert.match(mock.window.errors.join(), /ifluks failed/);
  mock.workspace.program = 'iflux';
  await mock.commands.run('iflux.restart');
  assert.equal(last().state, 'running');
  assert.equal(mock.window.errors.length, 1);

  const before = LanguageClient.made.length;
  mock.settings.fire({ affectsConfiguration: name => name === 'editor' });
  assert.equal(LanguageClient.made.length, before);
  mock.settings.fire({ affectsConfiguration: name => name === 'iflux.path' });
  await new Promise(done => setImmediate(done));
  assert.equal(LanguageClient.made.length, before + 1);
  assert.deepEqual([LanguageClient.made[before - 1]!.state, last().state], ['stopped', 'running']);
});

test('a restart ends the server that runs', async () => {
  await begin();
  const first = last();
  await mock.commands.run('iflux.restart');
  assert.deepEqual([first.state, last().state], ['stopped', 'running']);
  assert.notEqual(first, last());
});

test('the finding under the cursor is explained, another is not, and without one a code is asked for', async () => {
  await begin();
  LanguageClient.answers['iflux.explain'] = { code: 'type/mismatch', text: '# Page' };
  const other = { range: { contains: () => false }, code: 'name/unknown' };
  const found = { range: { contains: (at: mock.Position) => at.line === 3 }, code: { value: 'type/mismatch', target: 'x' } };
  mock.languages.findings = [other, found];
  await mock.commands.run('iflux.explain.open');
  const asked = (code: string) => ['workspace/executeCommand', { command: 'iflux.explain', arguments: [{ code }] }];
  assert.deepEqual(last().requests.at(-1), asked('type/mismatch'));
  assert.deepEqual(mock.workspace.opened, [{ content: '# Page', language: 'markdown' }]);

  mock.languages.findings = [other];
  await mock.commands.run('iflux.explain.open');
  assert.equal(last().requests.length, 1);
  mock.window.typed = 'syntax/unexpected';
  await mock.commands.run('iflux.explain.open');
  assert.deepEqual(last().requests.at(-1), asked('syntax/unexpected'));
});

test('why asks about the place of the cursor, and what the server refuses with is told', async () => {
  await begin();
  LanguageClient.answers['iflux.why'] = { query: 'a.b', text: 'set here' };
  await mock.commands.run('iflux.why.open');
  assert.deepEqual(last().requests.at(-1), ['workspace/executeCommand', { command: 'iflux.why', arguments: [here] }]);
  assert.deepEqual(mock.workspace.opened, [{ content: 'set here', language: 'plaintext' }]);

  LanguageClient.answers = {};
  await mock.commands.run('iflux.why.open');
  assert.deepEqual(mock.window.errors, ['no answer to iflux.why']);
  mock.window.activeTextEditor = undefined;
  await mock.commands.run('iflux.preview.open');
  assert.equal(mock.window.errors.at(-1), 'open an iflux file first');
});

test('what a lens runs in the server is shown', async () => {
  await begin();
  const run = (command: string, answer: unknown) => last().options.middleware.executeCommand(command, [], async () => answer);
  await run('iflux.preview', { address: 'a.b', files: [{ path: 'out/b.yaml', text: 'kind: B\n', lines: [] }] });
  await run('iflux.why', { query: 'a.b', text: 'set here' });
  await run('iflux.other', 1);
  assert.deepEqual(mock.workspace.opened, [
    { content: '# out/b.yaml\nkind: B\n', language: 'yaml' },
    { content: 'set here', language: 'plaintext' },
  ]);
});

test('the graph is what the program draws of the folder, and its complaint is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'iflux-'));
  try {
    const program = join(folder, 'iflux');
    writeFileSync(program, '#!/bin/sh\nif [ "$4" = /p ]; then echo "<svg>$*</svg>"; else echo "no project" >&2; exit 1; fi\n');
    chmodSync(program, 0o755);
    await begin(program);
    await mock.commands.run('iflux.graph.open');
    const picture = Buffer.from('<svg>graph --format svg /p</svg>\n').toString('base64');
    assert.ok(mock.window.panels[0]!.webview.html.includes(picture));

    mock.window.activeTextEditor!.document.uri = mock.Uri.parse('file:///q/main.iflux');
    await mock.commands.run('iflux.graph.open');
    assert.equal(mock.window.panels.length, 1);
    assert.equal(mock.window.errors.at(-1), 'no project');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
