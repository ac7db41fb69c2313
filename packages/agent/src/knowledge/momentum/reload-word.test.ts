import { expect, it } from 'vitest';
import { tree } from '../../../testing/remediation.js';
import { nodeFiles } from '../../adapters/node-files.js';
import { reloadWord } from './programs.js';

const script = (arms: string) => `#!/bin/sh\ncase "$1" in\n${arms}\nesac\n`;

it.each([
  ['an arm of its own', script('  start) a ;;\n  reload)\n b ;;'), 'reload'],
  ['an arm of several words', script('restart|reload|force-reload) b ;;'), 'reload'],
  ['httpd’s word and another', script('reload) a ;;\n"graceful") b ;;'), 'graceful'],
  ['a word that only ends so', script('force-reload) b ;;'), null],
  ['a word that is only printed', script('*) echo "start|stop|reload"; exit 2 ;;'), null],
  ['a comment', script('# reload) b ;;'), null],
  ['the manual’s four', script('start|stop|restart|status) b ;;'), null],
])('an init script with %s', (_name, text, word) => {
  const files = nodeFiles(tree({ '/etc/init.d/ecwebconsole': text }));
  expect(reloadWord(files, 'ecwebui')).toBe(word);
  expect(reloadWord(files, 'msyspg')).toBe(null);
});
