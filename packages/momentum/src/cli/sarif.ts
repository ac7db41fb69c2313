import { pathToFileURL } from 'node:url';
import type { Diagnostic } from '../text/diagnostic.js';

/** SARIF 2.1.0 of what is wrong with the texts. Paths that are relative stay so: a build server resolves them. */
export function sarifOf(diagnostics: readonly Diagnostic[], version: string): string {
  const rules = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const run = {
    tool: { driver: { name: 'ecconf', version, rules: rules.map((id) => ({ id })) } },
    columnKind: 'utf16CodeUnits',
    results: diagnostics.map(({ code, severity, message, hint, file, line, column }) => ({
      ruleId: code,
      ruleIndex: rules.indexOf(code),
      level: severity,
      message: { text: hint === null ? message : `${message}: ${hint}` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(file) },
            region: { startLine: line, startColumn: column },
          },
        },
      ],
    })),
  };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

function uriOf(file: string): string {
  if (file.startsWith('/')) return pathToFileURL(file).href;
  return file.split('/').map(encodeURIComponent).join('/');
}
