import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

export interface OutlivingPipe {
  /** For the program; ours is closed once the program has it. */
  readonly writable: Writable;
  readonly readable: Readable;
}

/** Hands on what it reads. When nobody takes it any more it goes on reading, until every writer has closed. */
const RELAY = 'cat; exec cat >/dev/null';

/**
 * A pipe that does not break when this process is gone. An init script that is told by a broken pipe that its agent was
 * killed ends in the middle of what it does, and leaves a service that neither runs nor is stopped.
 */
export function outlivingPipe(): OutlivingPipe {
  const relay = spawn('/bin/sh', ['-c', RELAY], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    // In a process group of its own: it is not ended with the program, nor with us.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  relay.on('error', () => relay.stdout.destroy());
  // A daemon that an init script left behind holds its pipe as long as it lives: no reason for us to stay.
  relay.unref();
  return { writable: relay.stdin, readable: relay.stdout };
}
