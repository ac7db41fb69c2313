import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar } from 'vscode-textmate';

export const EDITORS = new URL('../../packages/momentum/editors/', import.meta.url);
export const SCOPE = 'source.ecelerity-conf';

export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Without the scope of the whole and the name of the language at the end of each. */
  readonly scopes: readonly string[];
}

/** The grammar of editors/ in the engine that VS Code has. */
export async function loadGrammar(): Promise<IGrammar> {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(new Uint8Array(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () =>
      JSON.parse(readFileSync(new URL('ecelerity-conf.tmLanguage.json', EDITORS), 'utf8')),
  });
  const grammar = await registry.loadGrammar(SCOPE);
  if (!grammar) throw new Error('the grammar is not loaded');
  return grammar;
}

/** The pieces of a text as the engine cuts it, line by line; offsets are those of the whole text. */
export function tokenise(grammar: IGrammar, text: string): Piece[] {
  let state = textmate.INITIAL;
  let offset = 0;
  return text.split('\n').flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    const at = offset;
    state = ruleStack;
    offset += line.length + 1;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({
      start: at + startIndex,
      // The engine counts the end of the line in.
      end: at + Math.min(endIndex, line.length),
      scopes: scopes.slice(1).map((scope) => scope.replace(/\.ecelerity-conf$/, '')),
    }));
  });
}
