import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Which room may open which door. The same table stands in ARCHITECTURE.md. A `type:` door may be opened for types only. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  commands: ['terminal', 'errors', 'type:index', '@oclif/core'],
  terminal: ['model', 'errors', 'type:index', 'index', '@oclif/core', 'inquirer', 'ora'],
  index: ['project', 'checks', 'config', 'model', 'errors'],
  project: [
    'model',
    'errors',
    'clock',
    'config',
    'surface',
    'resources',
    'engine',
    'ledger',
    'aws',
    'targets',
    'checks',
  ],
  checks: ['model', 'surface', 'errors', 'clock'],
  engine: ['model', 'ledger', 'errors', 'clock', 'type:resources', 'type:config'],
  resources: ['model', 'surface', 'files', 'type:config', 'aws', 'errors', 'type:clock', 'p-limit'],
  targets: ['aws', 'clock', 'errors', 'emulator'],
  aws: ['type:model', 'errors', 'type:clock', '@aws-sdk/', '@smithy/'],
  ledger: ['model', 'errors'],
  surface: ['model', 'errors', 'type:config'],
  files: ['model', 'errors', 'mime-types', 'image-size', 'picomatch', 'ignore'],
  config: ['model', 'errors', 'zod', 'yaml'],
  model: [],
  errors: [],
  clock: [],
  emulator: ['libsql', 'fast-xml-parser', 'velocityjs', '@smithy/signature-v4'],
};

/** Only these may touch what is outside of the process. */
const MAY_PRINT = ['src/terminal/'];
const MAY_READ_ENVIRONMENT = ['src/terminal/', 'commands/'];
// Signatures are dated by the world's time, whatever clock the target waits by.
const MAY_KNOW_THE_TIME = [
  'src/clock.ts',
  'src/emulator/',
  'src/terminal/',
  'src/ledger/lock.ts',
  'src/aws/execute-api.ts',
];

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')));
}

const FILES = [...sources('commands'), ...sources('src')];

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const statics = [...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)';/gms)].map(
    (match) => {
      const names =
        /\{([^}]*)\}/s
          .exec(match[0])?.[1]
          ?.split(',')
          .map((name) => name.trim())
          .filter(Boolean) ?? [];
      const allTypes = names.length > 0 && names.every((name) => name.startsWith('type '));
      return { file, specifier: match[2] ?? '', typeOnly: match[1] !== undefined || allTypes };
    },
  );
  const dynamics = [...text.matchAll(/(typeof )?import\('([^']+)'\)/g)].map((match) => ({
    file,
    specifier: match[2] ?? '',
    typeOnly:
      match[1] !== undefined ||
      /import\('[^']+'\)\.[A-Z]/.test(text.slice(match.index, match.index + match[0].length + 2)),
  }));
  return [...statics, ...dynamics];
}

function roomOf(file: string): string {
  if (file.startsWith('commands/')) return 'commands';
  const [, first = ''] = file.split('/');
  return first.replace(/\.ts$/, '');
}

function trespasses({ file, specifier, typeOnly }: Import): boolean {
  const room = roomOf(file);
  const doors = DOORS[room];
  if (doors === undefined) return true;
  if (specifier.startsWith('node:')) return false;
  const isOurs = specifier.startsWith('.');
  const to = isOurs
    ? roomOf(path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier)).replace(/\.js$/, '.ts'))
    : specifier;
  if (isOurs && to === room) return false;
  return !doors.some((door) => {
    const name = door.replace('type:', '');
    const fits = name.endsWith('/') ? to.startsWith(name) : to === name || to.startsWith(`${name}/`);
    return fits && (typeOnly || !door.startsWith('type:'));
  });
}

describe('architecture', () => {
  it('every import goes through a door that the table allows', () => {
    const wrong = FILES.flatMap(importsOf).filter(trespasses);

    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it('only targets/local.ts opens the emulator', () => {
    const openers = FILES.flatMap(importsOf).filter(
      ({ file, specifier }) => specifier.includes('emulator/') && !file.startsWith('src/emulator/'),
    );

    expect([...new Set(openers.map(({ file }) => file))]).toEqual(['src/targets/local.ts']);
  });

  it('the table in ARCHITECTURE.md is the table that is enforced', () => {
    const text = readFileSync(path.join(ROOT, 'ARCHITECTURE.md'), 'utf8');
    const rows = Object.fromEntries(
      [...text.matchAll(/^\| `([a-z]+)` \| (.*) \|$/gm)].map(([, room = '', doors = '']) => [
        room,
        [...doors.matchAll(/`([^`]+)`/g)].map(([, door]) => door),
      ]),
    );

    expect(rows).toEqual(DOORS);
  });

  it.each([
    ['console', /\bconsole\./, []],
    ['standard streams', /process\.(stdout|stderr)/, MAY_PRINT],
    ['the environment or the working directory', /process\.(env|cwd)\b/, MAY_READ_ENVIRONMENT],
    ['the time of day', /\bDate\.now\(\)|new Date\(\)/, MAY_KNOW_THE_TIME],
  ])('%s stays where it belongs', (_what, pattern, allowed: readonly string[]) => {
    const offenders = FILES.filter((file) => !allowed.some((prefix) => file.startsWith(prefix))).filter((file) =>
      pattern.test(readFileSync(path.join(ROOT, file), 'utf8')),
    );

    expect(offenders).toEqual([]);
  });

  it('every room has a short README', () => {
    const rooms = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && !['model', 'export'].includes(entry.name),
    );

    for (const { name } of rooms) {
      const lines = readFileSync(path.join(ROOT, 'src', name, 'README.md'), 'utf8')
        .trim()
        .split('\n');
      expect(lines.length, name).toBeLessThanOrEqual(name === 'emulator' ? 450 : 14);
    }
  });
});
