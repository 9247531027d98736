// The preview follows the cursor both ways.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import * as vscode from 'vscode';

import { linesOf, originOf, page } from '../src/manifests';
import { picturePage } from '../src/picture';
import { Manifests } from '../src/preview';
import type { Preview } from '../src/protocol';
import * as mock from './vscode.mock';

const SOURCE = 'file:///p/main.iflux';
const range = (line: number, from: number, to: number, last = line) =>
  ({ start: { line, character: from }, end: { line: last, character: to } });
const PREVIEW: Preview = {
  address: 'workload.web',
  files: [
    { path: 'out/a/web.yaml', text: 'kind: Deployment\nreplicas: 3\n', lines: [{ line: 1, uri: SOURCE, range: range(4, 2, 14) }] },
    {
      path: 'out/b/web.yaml',
      text: 'kind: Service\nport: 80\nname: web\n',
      lines: [{ line: 0, uri: SOURCE, range: range(1, 0, 1, 9) }, { line: 1, uri: SOURCE, range: range(6, 2, 20) }],
    },
  ],
};

test('files stand one below the other, each below its path', () => {
  assert.equal(page(PREVIEW).text, [
    '# out/a/web.yaml', 'kind: Deployment', 'replicas: 3', '', '# out/b/web.yaml', 'kind: Service', 'port: 80', 'name: web', '',
  ].join('\n'));
});

test('the narrowest place around the cursor decides which lines are meant', () => {
  const shown = page(PREVIEW);
  assert.deepEqual(linesOf(shown, SOURCE, { line: 4, character: 5 }), [2]);
  assert.deepEqual(linesOf(shown, SOURCE, { line: 8, character: 0 }), [5]);
  assert.deepEqual(linesOf(shown, SOURCE, { line: 4, character: 0 }), [5]);
  assert.deepEqual(linesOf(shown, SOURCE, { line: 40, character: 0 }), []);
  assert.deepEqual(linesOf(shown, 'file:///p/other.iflux', { line: 4, character: 5 }), []);
});

test('a line without an origin has that of the line above it, in its file only', () => {
  const shown = page(PREVIEW);
  assert.equal(originOf(shown, 7)?.range.start.line, 6);
  assert.equal(originOf(shown, 5)?.range.start.line, 1);
  assert.equal(originOf(shown, 1), undefined);
});

const source = () => new mock.Editor({ uri: mock.Uri.parse(SOURCE), languageId: 'iflux' });
const real = (editor: mock.Editor) => editor as unknown as vscode.TextEditor;
const settled = () => new Promise(done => setImmediate(done));
const move = async (editor: mock.Editor, line: number, character: number, kind: number | undefined) => {
  editor.selection = { active: new mock.Position(line, character) };
  mock.selections.fire({ textEditor: editor, kind });
  await settled();
};

beforeEach(() => { mock.window.visibleTextEditors = []; });

test('a move in the source marks lines of the preview, and asks for the block there', async () => {
  const asked: unknown[] = [];
  const manifests = new Manifests(async <T>(command: string, argument: unknown) => {
    asked.push([command, argument]);
    return PREVIEW as T;
  });
  const editor = source();
  await manifests.open(real(editor));
  const panel = mock.window.visibleTextEditors[0]!;
  assert.equal(panel.document.uri.scheme, 'iflux-preview');
  await move(editor, 4, 5, 2);
  assert.deepEqual(asked.at(-1), ['iflux.preview', { textDocument: { uri: SOURCE }, position: { line: 4, character: 5 } }]);
  assert.deepEqual(panel.decorations.at(-1)!.map(it => it.start.line), [2]);
  assert.equal(panel.revealed.at(-1)!.start.line, 2);
});

test('a move in the preview shows the place in the source, and what the preview moves is not followed', async () => {
  const manifests = new Manifests(async <T>() => PREVIEW as T);
  const editor = source();
  mock.window.visibleTextEditors.push(editor);
  await manifests.open(real(editor));
  const panel = mock.window.visibleTextEditors[1]!;
  await move(panel, 6, 0, 1);
  assert.equal(editor.revealed.at(-1)!.start.line, 6);
  await move(panel, 2, 0, undefined);
  assert.equal(editor.revealed.at(-1)!.start.line, 6);
});

test('while the program has errors the last manifests stay, and opening tells the error', async () => {
  let fails = false;
  const manifests = new Manifests(async <T>() => {
    if (fails) throw new Error('nothing is written');
    return PREVIEW as T;
  });
  const editor = source();
  await manifests.open(real(editor));
  const before = manifests.provideTextDocumentContent();
  fails = true;
  await move(editor, 6, 5, 2);
  assert.equal(manifests.provideTextDocumentContent(), before);
  await assert.rejects(manifests.open(real(editor)), /nothing is written/);
});

test('a slow answer does not replace a newer one', async () => {
  const waiting: ((preview: Preview) => void)[] = [];
  const manifests = new Manifests(<T>() => new Promise<T>(done => waiting.push(it => done(it as T))));
  const editor = source();
  const opened = manifests.open(real(editor));
  waiting[0]!(PREVIEW);
  await opened;
  await move(editor, 4, 5, 2);
  await move(editor, 6, 5, 2);
  waiting[2]!({ address: 'b', files: [{ path: 'new', text: '', lines: [] }] });
  await settled();
  waiting[1]!({ address: 'a', files: [{ path: 'old', text: '', lines: [] }] });
  await settled();
  assert.match(manifests.provideTextDocumentContent(), /# new/);
});

test('the picture runs no script but the page\'s own', () => {
  const html = picturePage('<svg><script>bad()</script></svg>', 'n1');
  assert.ok(!html.includes('bad()') && html.includes("script-src 'nonce-n1'"));
});
