// One whole process, measured from outside: wall clock, CPU of it and its children, and the most memory that one of them held.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const GNU_TIME = '/usr/bin/time';
/** Stands in for GNU time where there is none. */
const PYTHON_TIME = `
import os, sys
out, command = sys.argv[1], sys.argv[2:]
child = os.spawnvp(os.P_NOWAIT, command[0], command)
_, status, used = os.wait4(child, 0)
open(out, 'w').write('%f %f %d' % (used.ru_utime, used.ru_stime, used.ru_maxrss // (1024 if sys.platform == 'darwin' else 1)))
sys.exit(os.waitstatus_to_exitcode(status) & 255)
`;

/** Runs a command to its end; answers { wallS, cpuS, rssMb }. @throws {Error} when it fails. */
export async function measure({ command, args, cwd, env }, note) {
  const timer = existsSync(GNU_TIME) ? [GNU_TIME, '-f', '%U %S %M', '-o', note] : ['python3', '-c', PYTHON_TIME, note];
  const [program, ...rest] = [...timer, command, ...args];
  const started = performance.now();
  const child = spawn(program, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      said = (said + part).slice(-2000);
    });
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const wallS = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${said}`);
  const [user, system, rssKb] = readFileSync(note, 'utf8').trim().split('\n').at(-1).split(' ').map(Number);
  return { wallS, cpuS: user + system, rssMb: rssKb / 1024 };
}
