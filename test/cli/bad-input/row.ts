import type { commands } from '../commands.js';

/** What goes with a row beside the words that are typed. */
export interface Around {
  /** Environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** What `pixgate.yaml` holds; null: there is none. @default a good one with one public mount */
  readonly config?: string | Uint8Array | null;
  /** Makes more of the folder, before it is looked at. */
  readonly prepare?: (folder: string) => void;
  /** Part of what is suggested. */
  readonly suggests?: string;
  /** Exit code. @default 2 */
  readonly exit?: number;
  /** Whether it is about how output is asked for, so that it cannot be tried with `PIXGATE_JSON=1` too. @default false */
  readonly plainOnly?: boolean;
  /** Whether a plan is shown before the complaint. @default false */
  readonly isShown?: boolean;
  /** Whether it is tried as somebody whom file permissions bind. @default false */
  readonly asNobody?: boolean;
}

/** One bad input: the command, what is typed behind it, and a part of the sentence that answers it. */
export type Row = readonly [command: keyof typeof commands, argv: readonly string[], says: string, around?: Around];

/** The first lines of a good config, up to where fields can be added. */
export const HEAD = `version: 1
name: holiday
region: eu-west-1
`;

/** One public mount, as the end of a good config; more fields of it can follow. */
export const MOUNT = `mounts:
  - path: /images
    source: ./images
    access: public
`;

/** A good config. */
export const GOOD = `${HEAD}${MOUNT}`;

/** A row of `wire` whose config has one more line before its mount. */
export function field(line: string, says: string, around: Around = {}): Row {
  return ['wire', [], says, { config: `${HEAD}${line}\n${MOUNT}`, ...around }];
}

/** A row of `wire` whose config has one more line in its mount. */
export function ofMount(line: string, says: string, around: Around = {}): Row {
  return ['wire', [], says, { config: `${GOOD}    ${line}\n`, ...around }];
}

/** A row of `wire` whose mount has this access. */
export function access(text: string, says: string, around: Around = {}): Row {
  return ['wire', [], says, { config: GOOD.replace('public', text), ...around }];
}
