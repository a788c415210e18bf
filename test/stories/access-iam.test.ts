import { expect, it } from 'vitest';
import type { IamAccess } from '../../src/config/config.js';
import { newWorld } from './world.js';

const IAM: IamAccess = { kind: 'iam' };

it.each([
  ['off', undefined],
  ['cold, then warm', { sizeGb: 0.5, ttlSeconds: 300 }],
])('with the cache %s, an iam mount lets signed callers in and keeps all others out', async (_what, cache) => {
  const world = newWorld();
  const { cache: _cache, ...plain } = world.config({}, { access: IAM });
  const config = cache === undefined ? plain : { ...plain, cache };

  await world.run('up', config);
  const { results } = await world.verify(config);

  expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(results.flatMap(({ id, group }) => (group === 'auth' ? [id] : []))).toEqual(
    [
      ...['signed', 'anonymous', 'unknown-key', 'wrong-secret', 'old', 'other-region', 'other-path', 'other-verb'],
      'changed-header',
    ].map((name) => `auth/images/${name}`),
  );
  expect(results.filter(({ id }) => id === 'cache/images/not-for-strangers')).toHaveLength(cache === undefined ? 0 : 1);
});

it('a plan tells a change of who may see the images, and wire brings it about both ways', async () => {
  const world = newWorld();
  const open = world.config();
  const closed = world.config({}, { access: IAM });
  await world.run('up', open);

  const closing = await world.plan('wire', closed);
  await world.run('wire', closed);
  const whenClosed = await world.verify(closed);
  const opening = await world.plan('wire', open);
  await world.run('wire', open);
  const whenOpen = await world.verify(open);
  const { left } = await world.run('teardown', closed);

  expect(closing.notices).toContain(
    '/images is public and becomes iam: only requests that are signed with AWS credentials and allowed to execute-api:Invoke get its images.',
  );
  expect(opening.notices).toContain(
    '/images is iam and becomes public: everybody who knows an address can read its images.',
  );
  expect([closing.callers, opening.callers].map((callers) => callers?.length)).toEqual([1, 1]);
  expect([whenClosed.failed, whenOpen.failed]).toEqual([0, 0]);
  expect(left).toEqual([]);
});

it('what the teardown of a closed mount leaves is nothing, whatever the config says by then', async () => {
  const world = newWorld();
  const empty = world.everything();
  const asks: IamAccess = { ...IAM, mfa: 'required', sourceIps: ['203.0.113.0/24'], accounts: ['111122223333'] };
  await world.run('up', world.config({}, { access: asks }));

  const { left } = await world.run('teardown', world.config());

  expect(left).toEqual([]);
  expect(world.everything()).toEqual(empty);
});

it('checks of a mount that keeps their own credentials out are passed over, and those of strangers are not', async () => {
  const world = newWorld();
  const config = world.config({}, { access: { ...IAM, mfa: 'required' } });
  const { notices } = await world.run('up', config).then(() => world.plan('wire', world.config({}, { access: IAM })));

  const { results } = await world.verify(config);

  expect(notices).toContain('/images no longer asks for MFA.');
  expect(notices).toEqual(expect.not.arrayContaining([expect.stringContaining('never pass')]));
  const told = results.filter(({ group }) => group === 'auth').map(({ id, status, got }) => [id, status, got]);
  expect(told[0]).toEqual([
    'auth/images/signed',
    'skipped',
    '/images is not public, and the credentials of this run are kept out: the mount asks for MFA',
  ]);
  expect(told.slice(1).map(([, status]) => status)).toEqual(Array.from({ length: 8 }, () => 'passed'));
  expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
});

it('a plan tells what an iam mount asks no more, and what it begins to ask', async () => {
  const world = newWorld();
  const strict: IamAccess = { ...IAM, mfa: 'required', sourceIps: ['203.0.113.0/24'], accounts: ['111122223333'] };
  await world.run('up', world.config({}, { access: strict }));

  const easing = await world.plan('wire', world.config({}, { access: IAM }));
  const other = await world.plan('wire', world.config({}, { access: { ...strict, sourceIps: ['192.0.2.7'] } }));

  expect(easing.notices).toEqual(
    expect.arrayContaining([
      '/images no longer asks for MFA.',
      '/images is open to callers from anywhere.',
      '/images is open to every caller of this account with the right to call it.',
    ]),
  );
  expect(other.notices).toContain(
    '/images is open to callers from certain addresses only, and they are others than before.',
  );
});
