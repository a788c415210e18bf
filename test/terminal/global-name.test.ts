import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RefusedError } from '../../src/errors.js';
import * as library from '../../src/index.js';
import { findNamespaceRefusal, takeGlobalName, tellWithoutFile } from '../../src/terminal/global-name.js';

const options = { code: 'NAMESPACE_NOT_AVAILABLE', suggestions: ['set bucket.namespace to global in pixgate.yaml'] };
const refusal = () => Object.assign(new RefusedError('No.', options), { mount: '/b', region: 'me-south-1' });
const FILE = `version: 1
name: holiday
region: me-south-1
mounts:
  - { path: /a, source: ., access: public, bucket: { namespace: global } }
  - { path: /b, source: ., access: public } # two
`;

test('findNamespaceRefusal() asks for the mount and the Region that the error names', () => {
  expect(findNamespaceRefusal(refusal())).toEqual({
    mount: '/b',
    region: 'me-south-1',
    question:
      'The Region me-south-1 has no account-regional bucket names. Use a global name for /b (someone else could take it after teardown)?',
  });
});

test.each([
  ['another code', Object.assign(new RefusedError('No.'), { mount: '/b', region: 'me-south-1' })],
  ['a name that global could not help', new RefusedError('No.', options)],
  ['what is no complaint', Object.assign(new Error('No.'), { ...options, mount: '/b', region: 'me-south-1' })],
  ['nothing', undefined],
])('findNamespaceRefusal() finds none in %s', (_name, error) => {
  expect(findNamespaceRefusal(error)).toBeUndefined();
});

test('tellWithoutFile() has the refusal name what to write, and leaves every other error alone', () => {
  const [refused, other] = [refusal(), new RefusedError('No.', { suggestions: ['wait'] })];

  tellWithoutFile(refused);
  tellWithoutFile(other);

  expect(refused.suggestions).toEqual([
    'write a pixgate.yaml, and in it at mount /b:  bucket: { namespace: global }',
    'choose the name yourself: add --bucket NAME',
  ]);
  expect(other.suggestions).toEqual(['wait']);
});

test.each([
  ['the file', false],
  ['its draft', true],
])('takeGlobalName() gives the text of %s and the very config that it is read as', async (_name, isDraft) => {
  const cwd = await mkdtemp(join(tmpdir(), 'pixgate-'));
  const path = join(cwd, 'pixgate.yaml');
  await writeFile(path, FILE);
  const config = await library.loadConfig({ cwd, env: {}, flags: {} });
  if (isDraft) await writeFile(path, 'the draft counts, not this');
  const draft = isDraft ? { path, text: FILE } : undefined;

  const taken = await takeGlobalName({ library, config, mount: '/b', path, draft });
  await writeFile(path, taken.text);
  const read = await library.loadConfig({ cwd, env: {}, flags: {} });

  expect(taken.text).toBe(FILE.replace('public } # two', 'public, bucket: { namespace: global } } # two'));
  expect(taken.config).toEqual(read);
});
