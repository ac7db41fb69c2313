// An SMTP listener with STARTTLS, in a process of its own: prints its port. Argument: the folder of key.pem and cert.pem.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { smtpDouble } from '../../test/standin/dist/services/smtp-double.js';

const [folder] = process.argv.slice(2);
const material = { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) };
const server = smtpDouble('mta1.example.com', () => material);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
