import { expect, test } from 'vitest';
import { type ConfigEdit, editConfig } from '../../src/config/edit-config.js';

const FILE = `# ours
version: 1   # of the format
name: holiday     # root
cache: { sizeGb: 0.5 }   # costs
tags: { team: web }

mounts:   # one
  - path: /images   # served
    source: ./images
    access:   # who
      cognito:
        mfa: required
    headers: { X-Kind: photo }   # fixed
`;

const CASES: readonly (readonly [name: string, answers: ConfigEdit['answers'], after: string])[] = [
  ['nothing', {}, FILE],
  ['what it says already', { name: 'holiday', access: 'cognito', cacheSizeGb: 0.5, mount: '/images' }, FILE],
  ['a name', { name: 'winter' }, FILE.replace('name: holiday', 'name: winter')],
  [
    'a field that is not there',
    { region: 'eu-west-1' },
    FILE.replace('of the format\n', 'of the format\nregion: eu-west-1\n'),
  ],
  ['no cache', { cacheSizeGb: 'none' }, FILE.replace(/cache: .*\n/, '')],
  ['another cache', { cacheSizeGb: 1.6 }, FILE.replace('0.5', '1.6')],
  ['a kind of access in lines', { access: 'iam' }, FILE.replace(/access: [\s\S]*required/, 'access: iam')],
  [
    'a bucket',
    { bucket: 'my-photos', create: false },
    FILE.replace('# served\n', '# served\n    bucket: { name: my-photos, create: false }\n'),
  ],
  ['a folder with a quote', { source: "./it's" }, FILE.replace('source: ./images', `source: ./it's`)],
];

test.each(CASES)('editConfig() writes %s and keeps every other character', (_name, answers, after) => {
  expect(editConfig({ text: FILE, file: 'pixgate.yaml', answers })).toBe(after);
});

test.each(CASES)('editConfig() keeps the line ends of Windows with %s', (_name, answers, after) => {
  const windows = (text: string) => text.replaceAll('\n', '\r\n');

  const text = editConfig({ text: windows(FILE), file: 'pixgate.yaml', answers });

  expect(text).toBe(windows(after));
});

test('editConfig() has a file in braces say it too', () => {
  const text = '{ version: 1, name: a1, mounts: [{ path: /images, source: ., access: public }] } # short\n';

  const after = editConfig({ text, file: 'pixgate.yaml', answers: { region: 'eu-west-1', access: 'iam' } });

  expect(after).toBe(
    '{ version: 1, name: a1, mounts: [ { path: /images, source: ., access: iam } ], region: eu-west-1 } # short\n',
  );
});

test('editConfig() refuses to change what other parts of the file share', () => {
  const text = `version: 1
mounts:
  - &one { path: /images, source: ., access: public }
  - { <<: *one, path: /more }
`;
  const shared = text.replace('{ <<: *one, path: /more }', '{ path: /more, source: ., access: public }');
  const anchored = `version: 1
name: &n holiday
tags: { project: *n }
mounts:
  - { path: /images, source: ., access: public }
`;

  expect(editConfig({ text: shared, file: 'f.yaml', answers: { access: 'iam' } })).toContain('access: iam');
  expect(() => editConfig({ text: anchored, file: 'f.yaml', answers: { name: 'winter' } })).toThrow();
});
