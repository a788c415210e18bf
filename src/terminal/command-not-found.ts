import { UsageError } from '../errors.js';
import { renderComplaint, toErrorDocument } from './complaint.js';
import { mannerOf } from './invocation.js';
import { createVoice } from './voice.js';

/** What oclif tells of a word that is no command. */
export interface NotFound {
  /** The word. */
  readonly id: string;
  /** What followed it. */
  readonly argv?: readonly string[];
  readonly config: { readonly version: string; readonly commandIDs: readonly string[] };
}

/** Answers a word that is no command: one sentence, the nearest command there is, exit code 2. */
export default function commandNotFound({ id, argv = [], config }: NotFound): void {
  const word = id.split(':')[0] ?? id;
  const voice = createVoice(process, mannerOf([...argv], process.env));
  const nearest = [...config.commandIDs].sort((a, b) => distance(word, a) - distance(word, b))[0];
  const close = nearest !== undefined && distance(word, nearest) <= 2 ? [`pixgate ${nearest}`] : [];
  const error = new UsageError(`There is no command "${word}".`, {
    code: 'NO_SUCH_COMMAND',
    suggestions: [...close, 'pixgate --help'],
  });
  if (voice.json) process.stdout.write(`${JSON.stringify({ error: toErrorDocument(error, false) }, null, 2)}\n`);
  else for (const line of renderComplaint(error, voice.err, config.version, false)) voice.err.line(line);
  process.exit(2);
}

/** How many letters must be changed, added or left out to make one word of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
