import { createPage, type Page } from './page.js';

/** The streams and the environment that a command finds itself in. */
export interface Streams {
  /** Where answers come from. */
  readonly stdin: NodeJS.ReadStream;
  /** Where results go. */
  readonly stdout: NodeJS.WriteStream;
  /** Where everything else goes. */
  readonly stderr: NodeJS.WriteStream;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How much is said, and how. */
export interface Manner {
  /** One JSON document on stdout and no other result. */
  readonly json: boolean;
  /** No progress. */
  readonly quiet: boolean;
  /** Everything that is known. */
  readonly verbose: boolean;
  /** false: never a colour; true: where the stream can show it. */
  readonly color: boolean;
}

/** Where a command speaks: results, progress and everything else. */
export interface Voice extends Manner {
  /** Results, on stdout; silent with `--json`. */
  readonly out: Page;
  /** Plans, questions, warnings and complaints, on stderr. */
  readonly err: Page;
  /** Progress, on stderr; silent with `--quiet`. */
  readonly progress: Page;
  /** Whether a person is there to answer: a terminal on both ends, and no `--json`. */
  readonly canAsk: boolean;
  /** Whether lines may move: stderr is a terminal that understands it and says how wide it is, and progress is wanted. */
  readonly animated: boolean;
}

/** Widest line we compose on a terminal, in columns. */
const WIDEST = 100;

/** Columns of a terminal that does not say how many it has, as many in a container do not. */
const USUAL = 80;

/** Decides from the streams and the environment what can be shown where. */
export function createVoice({ stdin, stdout, stderr, env }: Streams, manner: Manner): Voice {
  const dumb = env['TERM'] === 'dumb';
  const colored = (stream: NodeJS.WriteStream) =>
    manner.color && !env['NO_COLOR'] && !dumb && (stream.isTTY === true || isForced(env['FORCE_COLOR']));
  const pageOf = (stream: NodeJS.WriteStream, silent: boolean) =>
    createPage({
      write: silent ? () => {} : (text) => void stream.write(text),
      columns: stream.isTTY ? Math.min(isWide(stream) ? stream.columns : USUAL, WIDEST) : Number.POSITIVE_INFINITY,
      color: colored(stream),
    });
  return {
    ...manner,
    out: pageOf(stdout, manner.json),
    err: pageOf(stderr, false),
    progress: pageOf(stderr, manner.quiet),
    canAsk: stdin.isTTY === true && stderr.isTTY === true && !manner.json,
    // ora divides by the columns: of none it would clear lines without end.
    animated: stderr.isTTY === true && isWide(stderr) && !dumb && !manner.quiet && !manner.json && !env['CI'],
  };
}

function isWide({ columns }: Partial<Pick<NodeJS.WriteStream, 'columns'>>): boolean {
  return columns !== undefined && columns > 0;
}

function isForced(value: string | undefined): boolean {
  return value !== undefined && value !== '0' && value !== 'false';
}
