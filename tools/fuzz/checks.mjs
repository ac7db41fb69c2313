// What must hold for every text, valid or not. Throws with the property's name where one does not.
import {
  applyEdits,
  decodeBytes,
  encodeText,
  evaluate,
  layoutEdits,
  loadConfig,
  maskSecrets,
  parse,
  print,
  secretSpans,
  setOption,
  tlsScopes,
  unsetOption,
} from '@castellan/momentum';

const MAIN = '/main.conf';
const SCOPES = [
  [],
  [{ type: 'binding', name: 'bulk' }],
  [{ type: 'domain', name: 'a.example' }],
  [
    { type: 'esmtp_listener', name: null },
    { type: 'listen', name: ':25' },
  ],
];
const OPTION = 'TLS_Protocols';
const WANTED = '+ALL:-SSLv3';

export function check(text) {
  const { tree, diagnostics } = parse(text, MAIN);
  hold('print gives the text back', print(tree) === text);
  const lines = text.split('\n').length;
  hold(
    'every problem stands in the text',
    diagnostics.every(({ line, column }) => line >= 1 && line <= lines && column >= 1),
  );
  checkBytes(text);
  const masked = maskSecrets(text);
  hold('a mask keeps the lines', masked.split('\n').length === lines);
  if (diagnostics.every(({ severity }) => severity !== 'error')) {
    // Where a secret in a comment ends is a guess, and the mask may change it.
    if (secretSpans(text).every(({ inComment }) => !inComment))
      hold('masking twice is once', maskSecrets(masked) === masked);
    checkLayout(text);
  }
  checkConfig(text);
}

function checkBytes(text) {
  const bytes = Buffer.from(text, 'latin1');
  const decoded = decodeBytes(bytes);
  const back = encodeText(print(parse(decoded.text).tree), decoded.encoding);
  hold('print gives the bytes back', bytes.equals(back));
}

function checkLayout(text) {
  const once = applyEdits(text, layoutEdits(text));
  hold('laying out twice is once', layoutEdits(once).length === 0);
  const valid = parse(once).diagnostics.every(({ severity }) => severity !== 'error');
  hold('a text that is laid out is still valid', valid);
}

function checkConfig(text) {
  const config = configOf(text);
  for (const scope of SCOPES) evaluate(config, scope, OPTION).why;
  for (const scope of tlsScopes(config)) scope.setting('tls_ciphers').chain;
  const scope = SCOPES[text.length % SCOPES.length];
  const result = setOption(config, scope, OPTION, WANTED);
  if (result.ok) {
    const after = result.unchanged ? config : configOf(result.files[0].after);
    const answer = evaluate(after, scope, OPTION);
    // A file that is not there makes an answer doubtful, and forbids no edit.
    const isCertain = !answer.indeterminate || after.unread.length > 0;
    hold('what is set is in force', answer.text === WANTED && isCertain);
    hold('setting twice is once', setOption(after, scope, OPTION, WANTED).unchanged === true);
  }
  const unset = unsetOption(config, scope, OPTION);
  if (unset.ok && !unset.unchanged)
    hold(
      'what is unset is gone',
      unsetOption(configOf(unset.files[0].after), scope, OPTION).unchanged === true,
    );
}

function configOf(text) {
  const read = (path) =>
    path === MAIN ? { ok: true, text } : { ok: false, problem: 'missing', detail: `${path} is not there` };
  return loadConfig({ read, list: () => null }, MAIN);
}

function hold(property, holds) {
  if (!holds) throw new Error(`does not hold: ${property}`);
}
