// The same as attacker.c where there is no compiler: three renames in the place of one exchange.
import { renameSync } from 'node:fs';

const [uid, a, b] = process.argv.slice(2);
process.setgid(Number(uid));
process.setuid(Number(uid));
let swaps = 0;
let isOver = false;
process.on('SIGTERM', () => {
  isOver = true;
});
function swap() {
  renameSync(a, `${a}.aside`);
  renameSync(b, a);
  renameSync(`${a}.aside`, b);
  swaps += 1;
}
/** Somebody was in between: the next round finds both again. */
function undone(act) {
  try {
    act();
    return false;
  } catch (error) {
    return error.code !== undefined;
  }
}
function some() {
  for (let count = 0; count < 16; count += 1) if (undone(swap)) undone(() => renameSync(`${a}.aside`, a));
  if (!isOver) return setImmediate(some);
  if (swaps % 2 === 1) swap();
  process.stdout.write(`${swaps}\n`);
}
process.stdout.write('ready\n');
some();
