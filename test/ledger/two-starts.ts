import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const DIST = new URL('../../dist/src/', import.meta.url);

/** At every other line begins at the moment it is told and takes the lock; at the lines between gives it back. */
const CONTENDER = `
  import { createInterface } from 'node:readline';
  const [dist, folder, subject] = process.argv.slice(1);
  const { openLedger } = await import(new URL('ledger/ledger.js', dist));
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const clock = () => performance.timeOrigin + performance.now();
  console.log('ready');
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const moment = Number(line.value);
    await new Promise((resolve) => setTimeout(resolve, moment - clock() - 3));
    while (clock() < moment);
    const began = clock();
    const heard = [];
    const lock = async () => (await openLedger(folder, JSON.parse(subject))).lock((text) => heard.push(text));
    const outcome = await lock().then((unlock) => ({ unlock }), (error) => ({ error }));
    const { message = '', name = '' } = outcome.error ?? {};
    console.log(JSON.stringify({ began, heard, message, name }));
    await lines.next();
    await outcome.unlock?.();
    console.log('ready');
  }
`;

/** What came of one process. */
export interface Start {
  readonly pid: number;
  /** When it began, in milliseconds since 1970. */
  readonly began: number;
  /** What it was told while it took the lock. */
  readonly heard: readonly string[];
  /** '' for the one that works. */
  readonly message: string;
  /** The name of its error; '' for the one that works. */
  readonly name: string;
}

/** Two processes that work in the same folder. */
export interface Pair {
  /** Lets both take the lock at the same moment; nobody holds it any more when it answers. */
  start(): Promise<readonly [Start, Start]>;
  close(): void;
}

/** How long after the word goes out they begin, in milliseconds. */
const AHEAD_MS = 10;

/** Begins two processes with the code as it was built. */
export async function openPair(folder: string, subject: unknown): Promise<Pair> {
  const argv = ['--input-type=module', '-e', CONTENDER, DIST.href, folder, JSON.stringify(subject)];
  const begin = () => {
    const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const hear = async (): Promise<string> => String((await lines.next()).value);
    const read = async (): Promise<Start> => ({ ...JSON.parse(await hear()), pid: child.pid });
    return { child, hear, read };
  };
  const one = begin();
  const two = begin();
  const tell = (line: string): void => {
    for (const { child } of [one, two]) child.stdin.write(`${line}\n`);
  };
  const ready = (): Promise<unknown> => Promise.all([one.hear(), two.hear()]);
  await ready();
  return {
    async start() {
      tell(String(Date.now() + AHEAD_MS));
      const both = await Promise.all([one.read(), two.read()]);
      tell('give it back');
      await ready();
      return both;
    },
    close() {
      for (const { child } of [one, two]) child.kill('SIGKILL');
    },
  };
}
