import { expect, test } from 'vitest';
import { RefusedError } from '../../src/errors.js';
import { demandOurs, diffTags, isOurs, ownTags } from '../../src/resources/ownership.js';
import type { Environment } from '../../src/resources/resource.js';

const ENVIRONMENT: Environment = {
  target: 'aws',
  account: '123456789012',
  partition: 'aws',
  region: 'eu-west-1',
  name: 'holiday',
  stage: 'dev',
  token: 'token-1',
  createdBy: 'ada',
};

const OURS = {
  'pixgate:token': 'token-1',
  'pixgate:name': 'holiday',
  'pixgate:stage': 'dev',
  'pixgate:region': 'eu-west-1',
  'pixgate:created-by': 'ada',
};

test('ownTags() marks whose a thing is, beside the tags of the config', () => {
  expect(ownTags(ENVIRONMENT, { team: 'web' })).toEqual({ team: 'web', ...OURS });
});

test('ownTags() cannot be overruled by the config', () => {
  expect(ownTags(ENVIRONMENT, { 'pixgate:token': 'token-2' })).toEqual(OURS);
});

test('ownTags() has no tag for a maker that nobody knows, since AWS would keep an empty one', () => {
  expect(ownTags({ ...ENVIRONMENT, createdBy: '' }, {})).not.toHaveProperty('pixgate:created-by');
});

test.each([
  ['what we made', OURS, true],
  ['what we made and others tagged too', { ...OURS, team: 'web' }, true],
  ['what somebody else of us made', { ...OURS, 'pixgate:created-by': 'bob' }, true],
  ['no tags', {}, false],
  ['another installation', { ...OURS, 'pixgate:token': 'token-2' }, false],
  ['another name', { ...OURS, 'pixgate:name': 'work' }, false],
  ['another stage', { ...OURS, 'pixgate:stage': 'prod' }, false],
  ['a stage that differs in case', { ...OURS, 'pixgate:stage': 'Dev' }, false],
  ['a token only', { 'pixgate:token': 'token-1' }, false],
])('isOurs() judges %s', (_what, tags, ours) => {
  expect(isOurs(tags, ENVIRONMENT)).toBe(ours);
});

test('demandOurs() lets pass what we made', () => {
  expect(() => demandOurs('bucket', 'my-bucket', OURS, ENVIRONMENT)).not.toThrow();
});

test.each([
  ['without tags', {}, 'Cannot use bucket "my-bucket": it exists without the tags of this project.'],
  [
    'of another installation',
    { ...OURS, 'pixgate:token': 'token-2' },
    'Cannot use bucket "my-bucket": it belongs to installation token-2.',
  ],
])('demandOurs() refuses a thing %s', (_what, tags, message) => {
  let refusal: unknown;
  try {
    demandOurs('bucket', 'my-bucket', tags, ENVIRONMENT);
  } catch (error) {
    refusal = error;
  }

  expect(refusal).toBeInstanceOf(RefusedError);
  expect(refusal).toMatchObject({
    code: 'NOT_OURS',
    message,
    suggestions: ['choose another name in pixgate.yaml', 'remove the bucket if nobody needs it'],
  });
});

test('demandOurs() refuses a thing of another stage without calling it its own', () => {
  const tags = { ...OURS, 'pixgate:stage': 'prod' };

  expect(() => demandOurs('role', 'r', tags, ENVIRONMENT)).toThrow(RefusedError);
});

test.each([
  ['nothing that differs', { a: '1' }, { a: '1' }, []],
  ['a tag that is missing', { a: '1' }, {}, [{ path: 'tags.a', from: undefined, to: '1' }]],
  ['a tag that differs', { a: '1' }, { a: '2' }, [{ path: 'tags.a', from: '2', to: '1' }]],
  ['a tag that others added', {}, { theirs: '1' }, []],
  ['an empty value', { a: '' }, {}, [{ path: 'tags.a', from: undefined, to: '' }]],
  [
    'several, in order of their names',
    { b: '1', a: '1' },
    {},
    [
      { path: 'tags.a', from: undefined, to: '1' },
      { path: 'tags.b', from: undefined, to: '1' },
    ],
  ],
])('diffTags() sees %s', (_what, wanted, have, changes) => {
  expect(diffTags(wanted, have)).toEqual(changes);
});
