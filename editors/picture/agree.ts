// Where TextMate and tree-sitter take the same piece of a program for different things. Takes what captures.sh printed: see agree.sh.
// Texts in other languages are left out: only one of the two engines has their grammars here.

import { readFileSync } from 'node:fs';

import { grammar, tokens } from '../vscode/test/engine';

/** What a name of a scope or a capture means. The first beginning that fits decides. */
const CLASSES: [string, string][] = [
  ['keyword.operator', ''], ['keyword', 'word'], ['storage.modifier', 'word'],
  // A block of what is no kind of the library: its keyword is the name of a field of the block around it.
  ['storage.type', 'type'],
  ['comment', 'comment'], ['string', 'text'], ['punctuation.definition.string', 'text'], ['constant.character', 'text'],
  ['number', 'number'], ['constant.numeric', 'number'], ['type', 'type'], ['entity.name.type', 'type'],
];

/** Differences that are meant: a parser sees from afar what patterns of a line cannot. */
const MEANT = new Set([
  // `by environment`, and a parameter `routing:` before a record, are what they are to a pattern by their name.
  'keyword.other.kind.iflux, none', 'keyword.other.kind.iflux, variable.parameter',
  // A name in capitals after a dot, or alone, may be a type or a resource: only what is declared tells.
  'entity.name.type.iflux, property', 'entity.name.type.iflux, variable',
]);

function meaning(name: string): string {
  return CLASSES.find(([start]) => name === start || name.startsWith(`${start}.`))?.[1] ?? '';
}

/** For every byte of every line the name of the strongest capture. */
function captured(text: string, said: string[]): string[][] {
  const names = text.split('\n').map(line => Array<string>(Buffer.byteLength(line)).fill('none'));
  for (const line of said) {
    const [, fromLine, from, toLine, to, name] = line.split(' ');
    for (let at = +fromLine!; at <= +toLine!; at++) {
      names[at]?.fill(name!, at === +fromLine! ? +from! : 0, at === +toLine! ? +to! : names[at]!.length);
    }
  }
  return names;
}

async function main(): Promise<void> {
  const iflux = await grammar();
  let [compared, files] = [0, 0];
  const differ: string[] = [];
  for (const part of readFileSync(process.argv[2]!, 'utf8').replace(/\r/g, '').split(/^file /m).slice(1)) {
    const [path, ...said] = part.split('\n');
    const text = readFileSync(path!, 'utf8');
    const names = captured(text, said.filter(it => it.startsWith('capture ')));
    files++;
    tokens(iflux, text).forEach((line, row) => {
      let before = '';
      for (const token of line) {
        const word = token.text.trim();
        const column = before.length + token.text.indexOf(word);
        const at = Buffer.byteLength(before + token.text.slice(0, token.text.indexOf(word)));
        before += token.text;
        if (!word || token.scopes.some(it => /^meta\.embedded\.(inline|block)/.test(it))) continue;
        const [left, right] = [token.scopes.at(-1)!, names[row]![at]!];
        compared++;
        if (meaning(left) !== meaning(right) && !MEANT.has(`${left}, ${right}`)) {
          differ.push(`${path}:${row + 1}:${column + 1}: \`${word}\` is ${left} to TextMate, and ${right} to tree-sitter`);
        }
      }
    });
  }
  differ.slice(0, 40).forEach(it => console.error(it));
  console.log(`${compared} pieces of ${files} programs compared, ${differ.length} differ`);
  process.exitCode = differ.length > 0 || compared < 10_000 ? 1 : 0;
}

void main();
