import { UsageError } from '../errors.js';
import { renderComplaint, toErrorDocument } from './complaint.js';
import { mannerOf } from './invocation.js';
import { findNearestWord } from './nearest.js';
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
  const nearest = findNearestWord(word, config.commandIDs);
  const close = nearest === undefined ? [] : [`pixgate ${nearest}`];
  const error = new UsageError(`There is no command "${word}".`, {
    code: 'NO_SUCH_COMMAND',
    suggestions: [...close, 'pixgate --help'],
  });
  if (voice.json) process.stdout.write(`${JSON.stringify({ error: toErrorDocument(error, false) }, null, 2)}\n`);
  else for (const line of renderComplaint(error, voice.err, config.version, false)) voice.err.line(line);
  process.exit(2);
}
