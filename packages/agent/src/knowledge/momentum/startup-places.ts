import type { FileReader } from '../../ports/files.js';
import { isBelow } from '../permissions/path-access.js';
import { foreignLink, openFolderAbove } from './managed-paths.js';
import { rootAccount } from './root-account.js';

/** Files of the system that decide by which umask root's shells and Momentum's daemons start, and nothing beside them. */
const FILES: readonly RegExp[] = [
  /^\/etc\/(profile|bashrc|bash\.bashrc|ksh\.kshrc|csh\.cshrc|csh\.login|login\.defs|crontab)$/,
  /^\/etc\/(zsh\/)?(zshenv|zshrc|zprofile|zlogin)$/,
  /^\/etc\/(profile\.d|pam\.d|cron\.d)\/[^/]+$/,
  /^\/etc\/default\/login$/,
  /^\/etc\/(rc\.d\/)?(init\.d\/)?(ecelerity|ecconfigd|ecwebconsole|msyspg|eccmgr)$/,
  /^\/etc\/systemd\/system\/(ecelerity|ecconfigd|ecwebconsole|msyspg|eccmgr)\.service$/,
  /^\/etc\/systemd\/system\/(ecelerity|ecconfigd|ecwebconsole|msyspg|eccmgr)\.service\.d(\/[^/]+\.conf)?$/,
  /^\/var\/spool\/cron\/((tabs|crontabs)\/)?root$/,
];

/**
 * Whether a path, links followed, is a startup file of root's that a remediation may edit: one of the table above or a dot
 * file of root's home, in folders that only root writes in. What is not there is judged by its folder.
 */
export function isStartupPlace(files: FileReader, path: string): boolean {
  const real = files.realpath(path);
  if (!real.ok && (real.problem !== 'missing' || files.lstat(path).ok)) return false;
  const at = real.ok ? real.value.path : path;
  return (
    (FILES.some((one) => one.test(at)) || isDotFile(files, at)) &&
    foreignLink(files, path) === null &&
    openFolderAbove(files, real.ok ? at : existing(files, at)) === null
  );
}

/** A folder that is to be made has those above it that are there. */
function existing(files: FileReader, path: string): string {
  let at = path;
  while (at !== '/' && !files.lstat(at).ok) at = at.slice(0, Math.max(1, at.lastIndexOf('/')));
  return `${at === '/' ? '' : at}/x`;
}

function isDotFile(files: FileReader, path: string): boolean {
  const { home } = rootAccount(files);
  return home === ''
    ? /^\/\.[^/]+$/.test(path)
    : isBelow(path, home) && path.slice(home.length + 1).startsWith('.');
}
