// node test/standin/dist/demo/receiver-main.js --secret-file FILE [--host IP] [--port N]: on-call as a program of its own.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { pageText } from './on-call.js';
import { WebhookReceiver } from './receiver.js';

const { values } = parseArgs({
  options: {
    'secret-file': { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '9000' },
  },
});
const secretFile = values['secret-file'];
if (secretFile === undefined) throw new Error('--secret-file FILE is missing');

const receiver = await WebhookReceiver.listen(values.host, Number(values.port));
receiver.trust(readFileSync(secretFile, 'utf8').trim());
receiver.onPage = (page) => process.stdout.write(`${pageText(page)}\n`);
process.stdout.write(`on-call listens on port ${values.port}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => void receiver.close().then(() => process.exit(0)));
