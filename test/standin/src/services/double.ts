// One service of a node without Debian's packages: `node double.js --root DIR SERVICE --`. Started by service-ctl.
// The certificate is read once, at start, so that a renewed one is served after a restart and not before.
import { writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { loadRunning } from '../running/console-config.js';
import { pidFile, type ServiceName } from '../running/service-processes.js';
import {
  ecconfigdEndpoint,
  esmtpEndpoint,
  msyspgEndpoint,
  type TlsEndpoint,
  webuiEndpoint,
} from '../running/service-settings.js';
import { launched, type StandinNode, statePath } from '../running/standin-node.js';
import { httpsDouble } from './https-double.js';
import { postgresqlDouble } from './postgresql-double.js';
import { smtpDouble } from './smtp-double.js';
import { readMaterial, refuseOpenKey } from './tls-material.js';

interface Double {
  readonly endpoint: TlsEndpoint;
  readonly server: Server;
}

const DOUBLES: Readonly<Record<ServiceName, (node: StandinNode) => Double>> = {
  ecconfigd: (node) => https(node, ecconfigdEndpoint(node), "ecconfigd's Subversion server"),
  ecwebconsole: (node) => https(node, webuiEndpoint(node), "Momentum's web UI"),
  msyspg(node) {
    const endpoint = msyspgEndpoint(node);
    refuseOpenKey(node, endpoint.key);
    return { endpoint, server: postgresqlDouble(readMaterial(node, endpoint)) };
  },
  ecelerity(node) {
    const endpoint = esmtpEndpoint(loadRunning(node));
    let material = readMaterial(node, endpoint);
    // `config reload` and `tls flush cache` tell the listener to look again.
    process.on('SIGHUP', () => {
      material = readMaterial(node, esmtpEndpoint(loadRunning(node)));
    });
    return { endpoint, server: smtpDouble(node.settings.name, () => material) };
  },
};

function https(node: StandinNode, endpoint: TlsEndpoint, what: string): Double {
  const material = readMaterial(node, endpoint);
  if (material === null) throw new Error('SSLEngine is not on');
  return { endpoint, server: httpsDouble(material, what) };
}

function isService(name: string | undefined): name is ServiceName {
  return name !== undefined && name in DOUBLES;
}

const { node, words } = launched(process.argv.slice(2));
const [service] = words;
if (!isService(service)) throw new Error(`there is no service ${service}`);
const complain = (error: unknown) => {
  writeFileSync(
    statePath(node, `${service}.error`),
    `${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
};
try {
  const { endpoint, server } = DOUBLES[service](node);
  server.on('error', complain);
  server.listen(endpoint.port, endpoint.host, () =>
    writeFileSync(pidFile(node, service), `${process.pid}\n`),
  );
} catch (error) {
  complain(error);
}
process.on('SIGTERM', () => process.exit(0));
