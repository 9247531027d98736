// The TextMate grammars, in the engines that VS Code reads them with.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { IGrammar } from 'vscode-textmate';

import { grammar, tokens } from './engine';

let iflux: IGrammar;
before(async () => { iflux = await grammar(); });

/** The innermost scope of the first piece that is `text`. */
function scopes(program: string, text: string): string[] {
  const found = tokens(iflux, program).flat().find(it => it.text.trim() === text);
  assert.ok(found, `\`${text}\` is a piece of ${JSON.stringify(tokens(iflux, program).flat().map(it => it.text))}`);
  return found.scopes;
}
const scope = (program: string, text: string) => scopes(program, text).at(-1);

test('blocks, members and marks', () => {
  const program = 'cluster eu-1 : Large {\n  override for = 5m\n  by environment { dev { a = true } }\n}';
  assert.equal(scope(program, 'cluster'), 'keyword.other.kind.iflux');
  assert.equal(scope(program, 'eu-1'), 'entity.name.section.iflux');
  assert.equal(scope(program, 'Large'), 'entity.name.type.iflux');
  assert.equal(scope(program, 'override'), 'storage.modifier.iflux');
  assert.equal(scope(program, 'for'), 'variable.other.property.iflux');
  assert.equal(scope(program, '5m'), 'constant.numeric.iflux');
  assert.equal(scope(program, 'by'), 'keyword.control.iflux');
  assert.equal(scope(program, 'true'), 'constant.language.iflux');
});

test('a word is no keyword as a field, or inside of a name', () => {
  assert.equal(scope('kind = "x"', 'kind'), 'variable.other.property.iflux');
  assert.equal(scope('a = pre-match', 'pre-match'), 'variable.other.iflux');
  assert.equal(scope('for x in xs { }', 'for'), 'keyword.control.iflux');
});

test('types are types, whatever follows them', () => {
  const program = 'schema A extends Base {\n  cpu: Cpu = 1\n  of: {LabelKey: Int} = {}\n  x: Int | Other = 2\n  y: later Third = z\n}';
  for (const type of ['A', 'Base', 'Cpu', 'LabelKey', 'Int', 'Other', 'Third']) {
    assert.equal(scope(program, type), 'entity.name.type.iflux', type);
  }
  assert.equal(scope(program, 'extends'), 'keyword.control.iflux');
  assert.equal(scope(program, 'of'), 'variable.other.property.iflux');
  assert.equal(scope('manifest a : k8s.apps.v1.Deployment,\n  B { }', 'manifest'), 'keyword.other.kind.iflux');
  assert.equal(scope('manifest a : k8s.apps.v1.Deployment { }', 'Deployment'), 'entity.name.type.iflux');
});

test('loops and conditions are no blocks, and blocks may have the name of a mark, or a text for a key', () => {
  assert.equal(scope('for pool in pools { }', 'in'), 'keyword.control.iflux');
  assert.equal(scope('if x is Docker { }', 'is'), 'keyword.control.iflux');
  assert.equal(scope('key access-key { }', 'key'), 'storage.type.iflux');
  assert.equal(scope('key name: {String: Int}', 'key'), 'storage.modifier.iflux');
  assert.equal(scope('key name: String(`[a-z]([-a-z]{0,4})?`)', 'key'), 'storage.modifier.iflux');
  assert.equal(scope('check size(key) > 0', 'key'), 'variable.other.iflux');
  assert.equal(scope('test "a" { }', 'test'), 'keyword.other.item.iflux');
  assert.equal(scope('alert "\\(a)Down" { }', 'alert'), 'storage.type.iflux');
  assert.equal(scope('namespace "a-\\(b)" { }', 'namespace'), 'keyword.other.kind.iflux');
  assert.equal(scope('monitoring { }', 'monitoring'), 'keyword.other.kind.iflux');
  assert.equal(scope('let where = a.b', 'where'), 'variable.other.iflux');
  assert.equal(scope('let where = a.b', 'b'), 'variable.other.property.iflux');
});

test('holes hold expressions, and brackets in them', () => {
  const program = 'a = "x \\(f(b) + 1) y"';
  assert.ok(scopes(program, '1').includes('meta.embedded.line.iflux'));
  assert.equal(scope(program, 'y'), 'string.quoted.double.iflux');
  assert.equal(scope('a = `b\\(c)`\nd = 1', '1'), 'constant.numeric.iflux');
});

test('texts with a hash have holes with a hash', () => {
  const program = 'a = #"b \\(c) \\#(1)"#\nd = 2';
  assert.ok(scopes(program, '1').includes('meta.embedded.line.iflux'));
  assert.ok(scopes(program, 'b \\(c)').includes('string.quoted.double.iflux'));
  assert.equal(scope(program, '2'), 'constant.numeric.iflux');
});

test('queries are PromQL, with holes', () => {
  const program = 'expr = `sum by (job) (rate(http_total{job="\\(x)"}[5m])) > 1`\nb = 1';
  assert.equal(scope(program, 'sum'), 'support.function.aggregation.promql');
  assert.equal(scope(program, 'rate'), 'support.function.promql');
  assert.equal(scope(program, 'http_total'), 'entity.name.metric.promql');
  assert.equal(scope(program, '5m'), 'constant.numeric.duration.promql');
  assert.equal(scope(program, 'b'), 'variable.other.property.iflux');
});

test('rules are Rego, scripts are shell, fences say what they are', () => {
  const fence = '```';
  assert.equal(scope(`rego = ${fence}\n  violation contains x if { input.a }\n  ${fence}\n`, 'contains'), 'keyword.control.rego');
  assert.ok(scopes(`script = #${fence}\n  echo hi\n  ${fence}#\n`, 'echo hi').includes('meta.embedded.inline.shell'));
  assert.ok(scopes(`a = ${fence}yaml\n  b: 1\n  ${fence}\n`, 'b: 1').includes('meta.embedded.block.yaml'));
  assert.equal(scope(`a = ${fence}yaml\n  b: 1\n  ${fence}\nc = 2`, '2'), 'constant.numeric.iflux');
});

test('no example leaves a text open, and none has an escape that is none', () => {
  const root = '../../examples';
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(it => it.endsWith('.iflux'));
  assert.ok(files.length > 10);
  for (const file of files) {
    const lines = tokens(iflux, readFileSync(join(root, file), 'utf8') + '\nlast = 1');
    assert.equal(lines.at(-1)![0]!.scopes.at(-1), 'variable.other.property.iflux', file);
    assert.ok(!lines.flat().some(it => it.scopes.some(scope => scope.startsWith('invalid'))), file);
  }
});
