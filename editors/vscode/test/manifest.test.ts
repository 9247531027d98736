// What package.json contributes fits the extension and the compiler's output.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

test('every command that is offered is registered, and the reverse', () => {
  const source = readFileSync('src/extension.ts', 'utf8');
  const registered = [...source.matchAll(/registerCommand\('([^']+)'/g)].map(it => it[1]).sort();
  assert.deepEqual(manifest.contributes.commands.map((it: { command: string }) => it.command).sort(), registered);
});

test('every file that is named is there', () => {
  const { languages, grammars, snippets } = manifest.contributes;
  const paths = [...grammars, ...snippets].map(it => it.path).concat(languages.flatMap((it: any) => it.configuration ?? []));
  for (const path of paths) {
    assert.ok(existsSync(path), path);
    JSON.parse(readFileSync(path, 'utf8'));
  }
});

test('the problem matcher reads what `iflux check --format short` writes', () => {
  const { pattern } = manifest.contributes.problemMatchers[0];
  const read = (line: string) => new RegExp(pattern.regexp).exec(line);
  const found = read('teams/bad.iflux:2:6: error[syntax/unexpected]: the member ends too early')!;
  assert.deepEqual(
    [pattern.file, pattern.line, pattern.column, pattern.severity, pattern.code, pattern.message].map(it => found[it]),
    ['teams/bad.iflux', '2', '6', 'error', 'syntax/unexpected', 'the member ends too early'],
  );
  assert.equal(read('C:\\p\\a.iflux:10:1: warning[lint/unused]: nobody uses `a`')![1], 'C:\\p\\a.iflux');
  assert.equal(read('error[io/not-found]: there is no `x`'), null);
});
