// Draws one program as two engines see it: TextMate's as VS Code has it, and tree-sitter's as Neovim has it.
// From the folder vscode, with the program, the captures that captures.lua printed, and the picture's path: see make.sh.

import { readFileSync, writeFileSync } from 'node:fs';

import { grammar, tokens } from '../vscode/test/engine';

interface Piece { text: string; colour: string }

/** Colours by what a scope or a capture begins with; the longest beginning wins. */
const COLOURS: Record<string, string> = {
  comment: '#6e7781', keyword: '#cf222e', 'keyword.operator': '#24292f', 'keyword.other.kind': '#cf222e', storage: '#cf222e',
  'storage.type': '#953800', operator: '#24292f', string: '#0a3069', constant: '#0550ae', number: '#0550ae', entity: '#8250df',
  'entity.name.type': '#953800', 'entity.name.section': '#24292f', 'entity.name.metric': '#116329', type: '#953800',
  'variable.other.property': '#0550ae', 'variable.other.label': '#953800', property: '#0550ae', function: '#8250df',
  support: '#8250df', 'variable.builtin': '#cf222e', 'variable.language': '#cf222e', embedded: '#24292f',
  punctuation: '#24292f', 'punctuation.special': '#cf222e', 'punctuation.section': '#cf222e',
};

function colour(name: string): string | undefined {
  const steps = name.split('.');
  for (let length = steps.length; length > 0; length--) {
    const found = COLOURS[steps.slice(0, length).join('.')];
    if (found) return found;
  }
  return undefined;
}

function textmate(lines: { text: string; scopes: string[] }[][]): Piece[][] {
  return lines.map(line => line.map(({ text, scopes }) => {
    const inside = scopes.slice(scopes.findLastIndex(it => it.startsWith('meta.embedded')) + 1);
    return { text, colour: inside.map(colour).findLast(it => it) ?? '#24292f' };
  }));
}

function treeSitter(program: string, captures: string): Piece[][] {
  const lines = program.split('\n');
  const colours = lines.map(line => Array<string>(line.length).fill('#24292f'));
  for (const said of captures.split('\n').filter(it => it.startsWith('capture '))) {
    const [, a, b, c, d, name] = said.split(' ');
    const found = colour(name!);
    if (!found) continue;
    for (let line = +a!; line <= +c!; line++) {
      const [from, to] = [line === +a! ? +b! : 0, line === +c! ? +d! : lines[line]!.length];
      colours[line]?.fill(found, from, to);
    }
  }
  return lines.map((line, at) => {
    const pieces: Piece[] = [];
    [...line].forEach((text, column) => {
      const last = pieces.at(-1);
      if (last && last.colour === colours[at]![column]) last.text += text;
      else pieces.push({ text, colour: colours[at]![column]! });
    });
    return pieces;
  });
}

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function drawn(title: string, lines: Piece[][], top: number): string {
  const rows = lines.map((line, at) => {
    const pieces = line.map(({ text, colour }) => `<tspan fill="${colour}">${escaped(text)}</tspan>`);
    return `<text x="12" y="${top + 40 + at * 17}" xml:space="preserve">${pieces.join('')}</text>`;
  });
  return `<text x="12" y="${top + 18}" font-weight="bold" fill="#57606a">${title}</text>\n${rows.join('\n')}`;
}

async function main(): Promise<void> {
  const [program, captures, out] = process.argv.slice(2);
  const text = readFileSync(program!, 'utf8').trimEnd();
  const left = textmate(tokens(await grammar(), text));
  const right = treeSitter(text, readFileSync(captures!, 'utf8'));
  const height = text.split('\n').length * 17 + 44;
  writeFileSync(out!, `<svg xmlns="http://www.w3.org/2000/svg" width="700" height="${2 * height + 8}" font-family="monospace" font-size="13">
<rect width="100%" height="100%" fill="#fff"/>
${drawn('TextMate (VS Code)', left, 0)}
${drawn('tree-sitter (Neovim)', right, height)}
</svg>
`);
}

void main();
