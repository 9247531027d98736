// The engines that VS Code highlights with: vscode-textmate, and Oniguruma.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as oniguruma from 'vscode-oniguruma';
import * as textmate from 'vscode-textmate';

/** A piece of a line and its scopes, outermost first. */
export interface Token { text: string; scopes: string[] }

const FILES: Record<string, string> = {
  'source.iflux': 'syntaxes/iflux.tmLanguage.json',
  'source.promql': 'syntaxes/promql.tmLanguage.json',
  'source.rego': 'syntaxes/rego.tmLanguage.json',
};

/** What VS Code brings itself is not here: a text of it is one piece. */
const FOREIGN = ['source.yaml', 'source.shell'];

export async function grammar(): Promise<textmate.IGrammar> {
  const wasm = createRequire(`${process.cwd()}/package.json`).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(readFileSync(wasm).buffer as ArrayBuffer);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async scope => {
      const file = FILES[scope];
      if (file) return textmate.parseRawGrammar(readFileSync(file, 'utf8'), file);
      if (FOREIGN.includes(scope)) return { scopeName: scope, patterns: [], repository: {} } as never;
      throw new Error(`no grammar for ${scope}`);
    },
  });
  return (await registry.loadGrammar('source.iflux'))!;
}

/** The pieces of a text, line by line. */
export function tokens(grammar: textmate.IGrammar, text: string): Token[][] {
  let stack = textmate.INITIAL;
  return text.split('\n').map(line => {
    const found = grammar.tokenizeLine(line, stack);
    stack = found.ruleStack;
    return found.tokens.map(it => ({ text: line.slice(it.startIndex, it.endIndex), scopes: it.scopes }));
  });
}
