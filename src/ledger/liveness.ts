import { readFile } from 'node:fs/promises';

/** A process, told apart from every later one that gets the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** When it began, in clock ticks since boot; '' where the system does not tell. */
  readonly born: string;
}

/** The mark of this process. */
export async function ownMark(): Promise<ProcessMark> {
  return { pid: process.pid, born: (await statusOf(process.pid)).born };
}

/** Whether a process of this machine still runs. In doubt it does; a stopped one does, one that waits to be reaped does not. */
export async function isRunning({ pid, born }: ProcessMark): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = await statusOf(pid);
  if (now.state === 'Z' || now.state === 'X') return false;
  return born === '' || now.born === '' || born === now.born;
}

/** Both are '' where the system does not tell. */
async function statusOf(pid: number): Promise<{ state: string; born: string }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is the name in brackets, which may hold blanks and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', born: fields[19] ?? '' };
}
