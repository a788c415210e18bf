import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOOD, HEAD, MOUNT, type Row } from './row.js';

/** A row of `wire` whose config holds this. */
function text(config: string | Uint8Array, says: string, suggests = ''): Row {
  return ['wire', [], `Cannot read pixgate.yaml: ${says}`, { config, suggests }];
}

/** Aliases of aliases: nine lines that would come to 10 ** 9 words. */
const BOMB = `a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]`).join('\n')}\n`;

const BOM = '\u{feff}';

/** Config files that cannot be read, and what cannot be read of them. */
export const configFiles: readonly Row[] = [
  ...(['wire', 'upload', 'test', 'status', 'flush', 'logs', 'access'] as const).map(
    (command): Row => [
      command,
      [],
      'Cannot read pixgate.yaml: there is no such file in "',
      { config: null, suggests: 'pixgate init' },
    ],
  ),
  ['teardown', [], 'Cannot read pixgate.yaml: there is no such file in "', { config: null, suggests: 'pixgate list' }],
  [
    'teardown',
    ['--name', 'holiday', '--stage', 'dev'],
    'Cannot read pixgate.yaml: there is no such file in "',
    { config: null },
  ],
  ['wire', ['--target', 'local'], 'Cannot read pixgate.yaml: there is no such file', { config: null }],
  ['wire', ['--config', 'nope.yaml'], 'Cannot read nope.yaml: there is no such file.'],
  ['wire', ['--config', ''], '--config must be a file such as pixgate.yaml: got "".'],
  ['wire', ['--config', 'images'], 'Cannot read images: it is a folder.'],
  ['wire', ['--config', 'pixgate.yaml/x'], 'Cannot read pixgate.yaml/x: there is no such file.'],
  ['wire', ['--config', '../nope.yaml'], 'Cannot read ../nope.yaml: there is no such file.'],
  ['wire', ['--config', '/dev/null'], 'Cannot read /dev/null: it is not an ordinary file.'],
  ['wire', ['--config', '\u001b[2J'], 'Cannot read \\x1b[2J: there is no such file.'],
  ['wire', ['--config', `${'x'.repeat(300)}.yaml`], 'Cannot read xxx'],
  ['up', ['--config', 'images', '--yes'], 'Cannot read images: it is a folder.'],
  ['list', ['--config', 'images'], 'Cannot read images: it is a folder.'],
  [
    'wire',
    [],
    'Cannot read pixgate.yaml: it is a folder.',
    { config: null, prepare: (folder) => mkdirSync(join(folder, 'pixgate.yaml')) },
  ],
  [
    'wire',
    [],
    'Cannot read pixgate.yaml: the system answered ELOOP.',
    { config: null, prepare: (folder) => symlinkSync('pixgate.yaml', join(folder, 'pixgate.yaml')) },
  ],
  [
    'wire',
    [],
    'Cannot read pixgate.yaml: there is no such file',
    { config: null, prepare: (folder) => symlinkSync('gone.yaml', join(folder, 'pixgate.yaml')) },
  ],
  [
    'wire',
    ['--config', 'latin.yaml'],
    'Cannot read latin.yaml: it is not UTF-8 text.',
    { prepare: (folder) => writeFileSync(join(folder, 'latin.yaml'), Uint8Array.of(0x6e, 0xe9)) },
  ],
  [
    'wire',
    ['--config', 'sealed.yaml'],
    'Cannot read sealed.yaml: permission was denied.',
    { prepare: (folder) => seal(join(folder, 'sealed.yaml')), asNobody: true, env: { XDG_DATA_HOME: '/nowhere' } },
  ],
  text('', 'it is empty.', 'pixgate init'),
  text(' \n\t\n', 'it is empty.'),
  text('# nothing\n', 'it is empty.'),
  text('---\n', 'it is empty.'),
  text(BOM, 'it is empty.'),
  text('null', 'it is empty.'),
  text(`${BOM}${HEAD}stage: a b\n${MOUNT}`, 'line 4, stage must be 1 to 128'),
  text(`${HEAD}stage: a b\n${MOUNT}`.replaceAll('\n', '\r\n'), 'line 4, stage must be 1 to 128'),
  text(`# ${'x'.repeat(1_048_576)}\n`, 'it is larger than 1 MiB: got 1048579 bytes.'),
  text(new Uint8Array(50_000_000), 'it is larger than 1 MiB: got 50000000 bytes.'),
  text(Uint8Array.of(0xff, 0xfe, 0x76, 0), 'it is not UTF-8 text.'),
  text('hello', 'line 1, the file must be a set of fields such as "name: holiday": got "hello".'),
  text('- a', 'line 1, the file must be a set of fields such as "name: holiday": got ["a"].'),
  text('42', 'line 1, the file must be a set of fields such as "name: holiday": got 42.'),
  text('version: 1\nlogs:\n\tlevel: off\n', 'line 3, a tab stands where YAML wants spaces.'),
  text('version: 1\n\tname: holiday\n', 'line 2, a tab stands where YAML wants spaces.'),
  text(`${GOOD}name: twice\n`, 'line 8, name is written twice.'),
  text(`${GOOD}    access: iam\n`, 'line 8, access is written twice.'),
  text('version: [1\n', 'line 2, the text is not YAML: a "[" has no "]".'),
  text('version: {1\n', 'line 2, the text is not YAML: a "{" has no "}".'),
  text('version: "1\n', 'line 2, the text is not YAML: a quotation mark is missing at the end.'),
  text("name: it's: bad\n", 'line 1, the text is not YAML: '),
  text('name: `x`\n', 'line 1, the text is not YAML: text that begins with "`" needs quotes.'),
  text('name: @x\n', 'line 1, the text is not YAML: text that begins with "@" needs quotes.'),
  text('name: %x\n', 'line 1, the text is not YAML: text that begins with "%" needs quotes.'),
  text(
    'a: b: c\n',
    'line 1, the text is not YAML: a ":" stands in text that needs quotes, or the line is indented too far.',
  ),
  text('{ "version": 1, }}\n', 'line 1, the text is not YAML: there is a "}" without a "{".'),
  text(`${HEAD}mounts: ]\n`, 'line 4, the text is not YAML: there is a "]" without a "[".'),
  text(`${GOOD}---\nname: b\n`, 'line 8, the text is not YAML: a second document begins, and one is all there may be.'),
  text('version: !!js/function x\n', 'line 1, the text is not YAML: Unresolved tag: tag:yaml.org,2002:js/function.'),
  text('version: *nobody\n', 'line 1, there is no anchor for the alias *nobody.'),
  text('- a\nb: 1\n', 'line 2, the text is not YAML: there is text behind a value that has ended.'),
  text('a\nb: 1\n', 'line 1, the text is not YAML: a ":" is missing.'),
  text('name: "\\q"\n', 'line 1, the text is not YAML: Invalid escape sequence \\\\q.'),
  text('? { a: b }\n: c\n', 'line 1, the text is not YAML: the name of a field must be text.'),
  text(BOMB, 'line 1, the aliases (*) of the file multiply beyond measure.'),
  text('['.repeat(50_000), 'line 1, the file is nested too deeply.'),
  text(`__proto__: { polluted: true }\n${GOOD}`, 'line 1, __proto__ is not a known field.'),
  text(`${HEAD}"__proto__": { polluted: true }\n${MOUNT}`, 'line 4, __proto__ is not a known field.'),
  text(`${GOOD}    bucket: { __proto__: { polluted: true } }\n`, 'line 8, __proto__ is not a known field.'),
  text(`${GOOD}constructor: { prototype: { polluted: true } }\n`, 'line 8, constructor is not a known field.'),
  text(`${GOOD}toString: x\n`, 'line 8, toString is not a known field.'),
  text(`${GOOD}    hasOwnProperty: x\n`, 'line 8, mounts[0].hasOwnProperty is not a known field.'),
  text('version: 1\n', 'line 1, mounts must be a list with at least one mount: it is missing.'),
  text(MOUNT, 'line 1, version must be 1: it is missing.'),
  text(`version: 2\nnew: 1\n`, 'line 1, version must be 1; a newer pixgate wrote this file: got 2.'),
  text(`version: 99\n${MOUNT}`, 'line 1, version must be 1; a newer pixgate wrote this file: got 99.'),
  text(`version: 0\n${MOUNT}`, 'line 1, version must be 1: got 0.'),
  text(`version: "1"\n${MOUNT}`, 'line 1, version must be 1: got "1".'),
  text(`version: 1.5\n${MOUNT}`, 'line 1, version must be 1; a newer pixgate wrote this file: got 1.5.'),
  text(`version: latest\n${MOUNT}`, 'line 1, version must be 1: got "latest".'),
  text(`version:\n${MOUNT}`, 'line 1, version must be 1: got null.'),
];

/** A file that nobody may read but root. */
function seal(path: string): void {
  writeFileSync(path, GOOD);
  chmodSync(path, 0);
}
