import { createHash } from 'node:crypto';
import { type Disk, partsOf } from './snapshots.js';

/** Tables of what passes by: the clock, ids handed out, throttles, metrics, cached answers, and lines of logs. */
const PASSING = /^(emulator|execute-api)\/|^logs\/(event|stream)$/;

/** What passed by, inside rows that stay: how many lines were logged, and what a cache cluster was before it settled. */
const PASSING_FIELDS: ReadonlySet<string> = new Set(['nextEvent', 'lastUpdatedDate', 'meanwhile']);

/** Parts the row's place from its text. */
const IS = ' = ';

interface Row {
  readonly place: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * The account row by row, every field and every byte of every object, with generated ids, tokens and times under names
 * that are the same in every run. Two accounts with the same picture differ in nothing that a user could tell.
 */
export function pictureOf(disk: Disk): string[] {
  const rename = renaming(disk);
  return rowsOf(disk)
    .filter(({ value }) => Object.keys(value).length > 0)
    .map(({ place, value }) => {
      const whole = 'bodyId' in value ? withBytes(value, disk, rename) : value;
      return rename(placeOf(place)) + IS + steadyText(whole, rename);
    })
    .sort();
}

/** What the ledger remembers, under the same names; undefined when there is none. */
export function memoOf(disk: Disk): string | undefined {
  const text = [...disk.files].find(([name]) => name.endsWith('.json'))?.[1];
  if (text === undefined) return undefined;
  const { digest: _digest, ...said } = JSON.parse(text) as Record<string, unknown>;
  const memo = steadyText(said, renaming(disk));
  // Of what is gone already, only the ledger knows the id.
  const gone = [...memo.matchAll(/"(?:id|apiId|deploymentId)":"([a-z0-9]+)"/g)].map(([, id = '']) => id);
  return [...new Set(gone)].reduce((left, id, n) => left.replaceAll(id, `<gone ${n + 1}>`), memo);
}

/** The account as it is, byte for byte: all of it but the local cloud's own clock and count of ids. */
export function bareRowsOf(disk: Disk): string[] {
  return rowsOf(disk, /^emulator\//)
    .filter(({ value }) => Object.keys(value).length > 0)
    .map(({ place, value }) => place + IS + JSON.stringify(value));
}

/** Files of the state folder that are left after everything was taken away. */
export function leftFiles({ files }: Disk): string[] {
  return [...files.keys()].map((name) => `+ ${name}`);
}

/** Where two pictures differ, with the text around the first difference of each row. */
export function differences(have: readonly string[], want: readonly string[]): string[] {
  const count = (rows: readonly string[], row: string): number => rows.filter((is) => is === row).length;
  const beyond = (rows: readonly string[], others: readonly string[], sign: string): string[] =>
    rows.flatMap((row) => {
      if (count(rows, row) <= count(others, row)) return [];
      const [name = ''] = row.split(IS);
      const other = others.find((is) => is.startsWith(name + IS)) ?? name;
      const at = [...row].findIndex((letter, index) => letter !== other[index]);
      return [`${sign} ${name}: ${row.slice(Math.max(0, at - 60), at + 60)}`];
    });
  return [...beyond(have, want, '+'), ...beyond(want, have, '-')];
}

function rowsOf(disk: Disk, without = PASSING): Row[] {
  return [...disk.rows]
    .filter(([place]) => !without.test(partsOf(place)[0]))
    .map(([place, text]) => ({ place: partsOf(place).join(': '), value: JSON.parse(text) as Row['value'] }));
}

/** Puts names in the place of everything that was generated. */
function renaming(disk: Disk): (text: string) => string {
  const rows = rowsOf(disk);
  const known = rows.flatMap(namesOf);
  const names = [...known, ...goneApis(rows, new Map(known)), ...tokensOf(disk)];
  return (text) => names.reduce((renamed, [id, name]) => renamed.replaceAll(id, name), text);
}

/** JSON of a value, under names before it is put in order, since generated ids have an order of their own. */
function steadyText(value: unknown, rename: (text: string) => string): string {
  return JSON.stringify(steady(JSON.parse(rename(JSON.stringify(value)))));
}

/** The id that a row was given, and a name for it that says what the row is. */
function namesOf({ place, value }: Row): (readonly [id: string, name: string])[] {
  const { id, path, name, description } = value;
  if (typeof id !== 'string') return [];
  return [[id, `<${place.split(':')[0]} ${String(name ?? path ?? description)}>`]];
}

/** Ids of APIs that are gone, and that only the names of their execution logs still tell. */
function goneApis(rows: readonly Row[], known: ReadonlyMap<string, string>): (readonly [id: string, name: string])[] {
  const told = rows.flatMap(({ place }) => [...place.matchAll(/API-Gateway-Execution-Logs_([a-z0-9]+)\//g)]);
  const gone = [...new Set(told.map(([, id = '']) => id))].filter((id) => !known.has(id));
  return gone.map((id, n) => [id, `<gone API ${n + 1}>`]);
}

/** Tokens of the installation, wherever one stands. */
function tokensOf({ rows, files }: Disk): (readonly [id: string, name: string])[] {
  const texts = [...rows].filter(([place]) => !PASSING.test(partsOf(place)[0])).map(([, text]) => text);
  const found = [...texts, ...files.values()].join('\n').matchAll(/"(?:pixgate:token|installation)":\s*"([^"]+)"/g);
  return [...new Set([...found].map(([, token = '']) => token))].map((token, n) => [token, `<token ${n + 1}>`]);
}

/** AWS's key of an object's version counts down; what is kept is one version of a key, the newest first. */
function placeOf(place: string): string {
  return place.replace(/\u0001.*$/, '');
}

/** An object with its bytes instead of where they lie, and without what follows from them. */
function withBytes(value: Row['value'], { bodies }: Disk, rename: (text: string) => string): Record<string, unknown> {
  const { bodyId, etag, checksum: _checksum, size, sequence: _sequence, ...others } = value;
  const bytes = bodies.get(String(bodyId)) ?? Buffer.from('lost');
  const isTrue = etag === createHash('md5').update(bytes).digest('hex') && size === bytes.length;
  const isList = others['key']?.toString().endsWith('.ndjson') === true;
  if (!isList) return { ...others, isTrue, bytes: createHash('sha256').update(bytes).digest('hex') };
  const lines = bytes.toString('utf8').trimEnd().split('\n');
  const said = lines.map((line) => steadyText(withoutRun(JSON.parse(line)), rename)).join('\n');
  const headers = { ...(others['headers'] as Record<string, string>) };
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (headers['x-amz-meta-pixgate-sha256'] === digest) headers['x-amz-meta-pixgate-sha256'] = 'true';
  return { ...others, headers, isTrue, bytes: createHash('sha256').update(said).digest('hex') };
}

/** A line of a list without what says which run sent it, and when that had looked. */
function withoutRun(line: unknown): unknown {
  if (Array.isArray(line)) return line[5] === 2 ? line.slice(0, 5) : line;
  return { ...(line as object), seenMs: 0 };
}

/** A value whose times are all the same, and whose order is that of its content. */
function steady(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(steady);
    const isSet = items.every((item) => typeof item === 'object' && item !== null);
    return isSet ? items.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)) : items;
  }
  if (typeof value === 'number') return isTime(value) ? '<time>' : value;
  if (typeof value === 'string') return value.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>');
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !PASSING_FIELDS.has(name));
  return Object.fromEntries(
    members.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, is]) => [name, steady(is)]),
  );
}

/** Seconds or milliseconds since 1970, of this century. */
function isTime(value: number): boolean {
  const seconds = value > 1e12 ? value / 1000 : value;
  return seconds > 1_600_000_000 && seconds < 4_000_000_000;
}
