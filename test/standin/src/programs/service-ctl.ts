/**
 * The init scripts and the _ctl programs: start | stop | restart | status, and reload where the node's scripts let it by.
 * Manual, executable.ecconfigd_ctl, executable.ec_ctl, web3.starting.web.console, operations.postgresql: the words.
 * ASSUMED: what they print and that status exits 3 when stopped, as init scripts of that time do (LSB); the manual is silent.
 */
import { keepRunning, loadFromDisk } from '../running/console-config.js';
import { forgetPid, isAlive, runningPid, type ServiceName, waitUntil } from '../running/service-processes.js';
import { launched, type StandinNode } from '../running/standin-node.js';
import { startDouble } from '../running/start-double.js';
import { reloadReal, startReal } from '../running/start-real.js';

const STOP_MS = 10_000;

async function start(node: StandinNode, service: ServiceName): Promise<number> {
  if (runningPid(node, service) !== null) return said(0, `${service} is already running`);
  if (service === 'ecelerity') {
    const loaded = loadFromDisk(node);
    if (!loaded.ok)
      return said(
        1,
        [...loaded.lines, 'Global configuration error.', `Starting ${service}: [FAILED]`].join('\n'),
      );
    keepRunning(node, loaded.config);
  }
  const problem = await (node.settings.form === 'real'
    ? startReal(node, service)
    : startDouble(node, service));
  return problem === null
    ? said(0, `Starting ${service}: [  OK  ]`)
    : said(1, `${problem}\nStarting ${service}: [FAILED]`);
}

async function stop(node: StandinNode, service: ServiceName): Promise<number> {
  const pid = runningPid(node, service);
  if (pid === null) return said(0, `${service} is not running`);
  // PostgreSQL: SIGINT is the fast shutdown, SIGTERM would wait for every session.
  process.kill(pid, service === 'msyspg' ? 'SIGINT' : 'SIGTERM');
  if (!(await waitUntil(() => !isAlive(pid), STOP_MS))) process.kill(pid, 'SIGKILL');
  forgetPid(node, service);
  return said(0, `Stopping ${service}: [  OK  ]`);
}

function status(node: StandinNode, service: ServiceName): number {
  const pid = runningPid(node, service);
  return pid === null ? said(3, `${service} is stopped`) : said(0, `${service} (pid ${pid}) is running...`);
}

/** Debian's programs read their files again and go on to listen; the doubles cannot. */
async function reload(node: StandinNode, service: ServiceName): Promise<number> {
  const pid = runningPid(node, service);
  if (pid === null) return said(7, `${service} is not running`);
  if (node.settings.form !== 'real' || service === 'ecelerity')
    return said(3, `${service}: reload is not known`);
  const problem = await reloadReal(node, service, pid);
  return said(problem === null ? 0 : 1, problem ?? `Reloading ${service}: [  OK  ]`);
}

function said(code: number, text: string): number {
  process.stdout.write(`${text}\n`);
  return code;
}

async function act(node: StandinNode, service: ServiceName, word: string | undefined): Promise<number> {
  if (word === 'start') return start(node, service);
  if (word === 'stop') return stop(node, service);
  if (word === 'status') return status(node, service);
  if (word === 'reload') return reload(node, service);
  if (word !== 'restart') return said(2, `Usage: ${service} {start|stop|restart|reload|status}`);
  await stop(node, service);
  return start(node, service);
}

const { node, words, args } = launched(process.argv.slice(2));
const SERVICES: readonly ServiceName[] = ['ecconfigd', 'ecwebconsole', 'msyspg', 'ecelerity'];
const service = SERVICES.find((name) => name === words[0]);
if (!service) throw new Error(`there is no service ${words[0]}`);
process.exitCode = await act(node, service, args[0]);
