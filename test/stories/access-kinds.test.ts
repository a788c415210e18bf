import { expect, it } from 'vitest';
import type { Config, MountAccess } from '../../src/config/config.js';
import { changing, newWorld, type World } from './world.js';

/** What there is that lets somebody in. */
async function credentialsOf(world: World, config: Config): Promise<unknown> {
  const { keys, users } = await world.open(config);
  return [await keys.list(), config.mounts[0]?.access.kind === 'cognito' ? await users.list() : []];
}

const API_KEY: MountAccess = { kind: 'api-key', throttle: { rate: 500, burst: 1000 } };

it.each<[string, MountAccess, string[]]>([
  ['an api-key mount', API_KEY, ['key', 'anonymous', 'unknown-key', 'empty-key']],
  [
    'a cognito mount whose users show a code',
    { kind: 'cognito', mfa: 'required' },
    ['token', 'anonymous', 'nonsense', 'unsigned', 'own-key', 'changed'],
  ],
  [
    'a cognito mount without a second factor',
    { kind: 'cognito', mfa: 'none' },
    ['token', 'anonymous', 'nonsense', 'unsigned', 'own-key', 'changed'],
  ],
])(
  '%s lets in whom it should and nobody else, with credentials made for the run and removed',
  async (_what, access, visitors) => {
    const world = newWorld();
    const empty = world.everything();
    const config = world.config({}, { access });
    await world.run('up', config);
    const before = await credentialsOf(world, config);

    const { results } = await world.verify(config, { makeCredentials: true });
    const after = await credentialsOf(world, config);
    const begun = world.calls.length;
    const again = await world.run('wire', config);
    const changed = changing(world.calls.slice(begun));
    const { left } = await world.run('teardown', config);

    expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(results.flatMap(({ id, group }) => (group === 'auth' ? [id] : []))).toEqual(
      visitors.map((name) => `auth/images/${name}`),
    );
    expect(results.some(({ id }) => id === 'cache/images/not-for-strangers')).toBe(true);
    expect(after).toEqual(before);
    expect([again.changed, changed]).toEqual([0, []]);
    expect(left).toEqual([]);
    expect(world.everything()).toEqual(empty);
  },
);
