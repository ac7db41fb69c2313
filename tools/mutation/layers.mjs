/** The layers of packages/momentum that are mutated, and the folders whose tests must find it. */
export const LAYERS = {
  values: { mutate: 'values/**/*.ts', tests: ['values'] },
  compare: { mutate: 'compare/**/*.ts', tests: ['compare'] },
  secrets: { mutate: 'ast/secrets.ts', tests: ['ast'] },
  files: { mutate: 'files/**/*.ts', tests: ['files'] },
  edit: { mutate: 'edit/**/*.ts', tests: ['edit'] },
  lex: { mutate: 'lex/**/*.ts', tests: ['lex', 'syntax'] },
  syntax: { mutate: 'syntax/**/*.ts', tests: ['lex', 'syntax'] },
  evaluate: { mutate: 'evaluate/**/*.ts', tests: ['evaluate'] },
};

/** Percent of the mutants that some test must find, over all layers. */
export const SCORE_MIN = 85;

export function reportOf(layer) {
  return `.cache/mutation/${layer}.json`;
}
