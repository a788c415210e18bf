import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FaultyEmulator, withFaults } from '../../src/emulator/faults.js';
import type { WireRequest, WireResponse } from '../../src/emulator/index.js';
import { API_GATEWAY_TRUST } from '../../src/resources/policies.js';
import { changing, newWorld, type Weather, type World } from './world.js';

const ROLE_TAKEN = '/pixgate/';

/** AWS's way to say no, in the words of IAM. */
const DENIED: WireResponse = {
  status: 403,
  headers: { 'Content-Type': 'text/xml' },
  body: Buffer.from(
    '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User is not authorized to perform: iam:DeleteRole</Message></Error><RequestId>1</RequestId></ErrorResponse>',
  ),
};

const actionOf = ({ body }: WireRequest): string | undefined =>
  /Action=(\w+)/.exec(Buffer.from(body).toString('latin1'))?.[1];

/** A weather in which one action of IAM is not allowed until it is told so. */
function denying(action: string) {
  const state = { denied: true };
  const weather: Weather = async (request, handle) =>
    state.denied && actionOf(request) === action ? DENIED : handle(request);
  return { state, weather };
}

async function bucketOf(world: World): Promise<string> {
  const [bucket] = await (await world.aws()).s3.listBuckets('pixgate-');
  if (bucket === undefined) throw new Error('no bucket');
  return bucket.name;
}

const image = (key: string) => ({ key, body: Buffer.from(key), contentType: 'image/png', headers: {} });

/** Which services still hold something. */
const kindsLeft = (world: World): string[] => [
  ...new Set(Object.keys(world.everything()).map((key) => key.split(':')[0] ?? key)),
];

describe('teardown that may not delete a role', () => {
  it('deletes all the rest, says what stays and why, and finishes once it may', async () => {
    const { state, weather } = denying('DeleteRole');
    const world = newWorld(weather);
    const before = world.everything();
    await world.run('up');

    const refusal: unknown = await world.run('teardown').catch((error: unknown) => error);

    expect(refusal).toMatchObject({ code: 'ACCESS_DENIED', failure: { operation: 'DeleteRole' } });
    expect((refusal as Error).message).toMatch(
      /^Cannot delete logging, role\/images: .*iam:DeleteRole.*\(5 of 7 things are deleted\.\)$/,
    );
    expect(kindsLeft(world).every((kind) => kind.startsWith('iam'))).toBe(true);
    expect(existsSync(path.join(world.folder, '.pixgate', 'state'))).toBe(true);
    state.denied = false;
    expect((await world.run('teardown')).left).toEqual([]);
    expect(world.everything()).toEqual(before);
    expect(existsSync(path.join(world.folder, '.pixgate', 'state'))).toBe(false);
  });

  it('and may not even look at it, names it in the plan', async () => {
    const { state, weather } = denying('GetRole');
    state.denied = false;
    const world = newWorld(weather);
    await world.run('up');
    state.denied = true;

    const plan = await world.plan('teardown');
    const refusal: unknown = await world.run('teardown').catch((error: unknown) => error);

    expect(plan.notices.filter((notice) => /^role\/images stays: /.test(notice))).toHaveLength(1);
    expect(refusal).toMatchObject({ code: 'ACCESS_DENIED' });
    // The group that greets whoever names a logging role goes with that role.
    expect(kindsLeft(world).filter((kind) => !/^(iam|logs)\/|^apigateway\/account$/.test(kind))).toEqual([]);
    state.denied = false;
    expect((await world.run('teardown')).left).toEqual([]);
  });
});

describe('teardown beside a role of our name that is not ours any more', () => {
  it('deletes all the rest, leaves the role byte for byte, and is done when it is run again', async () => {
    const world = newWorld();
    await world.run('up');
    const { iam } = await world.aws();
    const [role] = (await iam.listRoles(ROLE_TAKEN)).filter(({ name }) => name.includes('images'));
    if (role === undefined) throw new Error('no role');
    await iam.deleteRole(role.name);
    await iam.createRole({
      name: role.name,
      path: ROLE_TAKEN,
      description: 'theirs',
      trust: API_GATEWAY_TRUST,
      tags: { team: 'web' },
    });
    const theirs = JSON.stringify(await iam.findRole(role.name));

    const refusal: unknown = await world.run('teardown').catch((error: unknown) => error);
    const again = await world.run('teardown');

    expect(refusal).toMatchObject({ name: 'RefusedError', code: 'NOT_OURS' });
    expect(JSON.stringify(await iam.findRole(role.name))).toBe(theirs);
    expect([again.changed, again.left]).toEqual([0, []]);
    expect(kindsLeft(world)).toEqual(['iam/access-key', 'iam/role', 'iam/user']);
  });
});

describe('an own bucket', () => {
  it('of 1,200 versions, delete markers, unfinished uploads and keys that break XML gets empty', async () => {
    const world = newWorld();
    const before = world.everything();
    await world.run(
      'up',
      world.config({}, { bucket: { name: 'auto', create: true, prefix: 'images/', versioning: true } }),
    );
    const { s3 } = await world.aws();
    const bucket = await bucketOf(world);
    for (let n = 0; n < 600; n += 1) await s3.putObject(bucket, image(`images/many-${n % 300}.png`));
    for (let n = 0; n < 300; n += 1) await s3.deleteObject(bucket, `images/many-${n}.png`);
    for (let n = 0; n < 300; n += 1) await s3.putObject(bucket, image(`images/more-${n}.png`));
    await s3.putObject(bucket, image('images/\u0001broken\u0008.png'));

    const config = world.config({}, { bucket: { name: 'auto', create: true, prefix: 'images/', versioning: true } });
    const result = await world.run('teardown', config, { includingForeign: true });

    expect(result.left).toEqual([]);
    expect(world.everything()).toEqual(before);
  }, 60_000);

  it('is emptied without a question for each object, and loses the lists of what was sent last', async () => {
    const state = { denied: true };
    const weather: Weather = async (request, handle) => {
      const isDelete = request.method === 'POST' && /(^|&)delete/.test(request.query);
      const keys = Buffer.from(request.body).toString('latin1');
      const isOfListAlone = keys.includes('.pixgate/') && !keys.includes('images/');
      return state.denied && isDelete && isOfListAlone ? DENIED : handle(request);
    };
    const world = newWorld(weather);
    const before = world.everything();
    const bucket = { name: 'auto', create: true, prefix: 'images/', versioning: true };
    const config = world.config({}, { bucket });
    await world.run('up', config);
    await world.run('upload', world.config({}, { bucket, upload: [] }));
    world.calls.length = 0;

    const refusal: unknown = await world.run('teardown', config).catch((error: unknown) => error);

    const { s3 } = await world.aws();
    const left = await s3.listVersions(await bucketOf(world), '');
    expect(refusal).toMatchObject({ code: 'ACCESS_DENIED' });
    expect(left.map(({ key }) => key)).toEqual(['.pixgate/holiday.dev.eu-west-1.images.ndjson']);
    expect(world.calls.filter(({ operation }) => operation === 'HeadObject')).toEqual([]);
    state.denied = false;
    expect((await world.run('teardown', config)).left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });

  it('into which somebody keeps writing gets empty all the same: writers are shut out first', async () => {
    const written: number[] = [];
    const state = { writing: false, n: 0 };
    const weather: Weather = async (request, handle) => {
      const answer = await handle(request);
      const isDelete = request.method === 'POST' && /(^|&)delete/.test(request.query);
      if (!state.writing || !isDelete) return answer;
      state.n += 1;
      const key = createHash('md5').update(String(state.n)).digest('hex');
      written.push(await stranger.put(`images/${key}.png`));
      return answer;
    };
    const world = newWorld(weather);
    await world.run('up');
    const bucket = await bucketOf(world);
    const stranger = {
      // Straight into the local cloud, so that the writer meets no weather of its own.
      put: async (key: string): Promise<number> => {
        const { s3 } = await world.aws();
        return s3.putObject(bucket, image(key)).then(
          () => 200,
          (error: { failure?: { status?: number } }) => error.failure?.status ?? 0,
        );
      },
    };
    state.writing = true;

    const result = await world.run('teardown');

    expect(written.length).toBeGreaterThan(0);
    expect(written.at(-1)).toBe(403);
    expect(result.left).toEqual([]);
  });

  it('whose objects do not go for all that is deleted ends with their names, after a few rounds', async () => {
    const state = { stubborn: false };
    const weather: Weather = async (request, handle) => {
      const isDelete = (request.method === 'POST' && /(^|&)delete/.test(request.query)) || request.method === 'DELETE';
      const isObject =
        isDelete && /images\/|\.pixgate\//.test(`${request.path}${Buffer.from(request.body).toString('latin1')}`);
      if (!state.stubborn || !isObject || request.host.includes('apigateway')) return handle(request);
      const xml = '<?xml version="1.0" encoding="UTF-8"?><DeleteResult/>';
      return request.method === 'POST'
        ? {
            status: 200,
            headers: { 'Content-Type': 'application/xml', 'x-amz-request-id': '1' },
            body: Buffer.from(xml),
          }
        : { status: 204, headers: { 'x-amz-request-id': '1' }, body: Buffer.alloc(0) };
    };
    const world = newWorld(weather);
    await world.run('up');
    state.stubborn = true;

    const refusal: unknown = await world.run('teardown').catch((error: unknown) => error);

    expect(refusal).toMatchObject({ name: 'WaitError' });
    expect((refusal as Error).message).toMatch(/S3 lists "images\/[^"]+", "images.* again after every delete/);
    state.stubborn = false;
    expect((await world.run('teardown')).left).toEqual([]);
  });
});

describe('a machine whose clock is wrong', () => {
  it.each([
    [14 * 60_000, '14 minutes slow'],
    [-14 * 60_000, '14 minutes fast'],
  ])('by %i ms works all the same, and is told once', async (skewMs, words) => {
    let faulty: FaultyEmulator | undefined;
    const world: World = newWorld((request, handle) => {
      faulty ??= withFaults(world.emulator, [{ kind: 'clock-skew', skewMs, times: Number.POSITIVE_INFINITY }]);
      return request.host.includes('execute-api') ? handle(request) : faulty.handle(request);
    });

    const plan = await world.plan('up');
    await world.run('up');
    const gone = await world.run('teardown');

    expect(plan.notices.filter((notice) => notice.includes('clock'))).toEqual([
      `This machine's clock is ${words}: set it, or other tools will fail.`,
    ]);
    expect(gone.left).toEqual([]);
  });
});

describe('a machine whose clock is further from AWS than signatures may be', () => {
  it.each([
    [16, '16 minutes slow'],
    [-200, '3 hours fast'],
    [2 * 1440, '2 days slow'],
    [-2 * 1440, '2 days fast'],
  ])('by %i minutes lives as any other: one call is refused a command, and it is told once', async (minutes, words) => {
    const world = newWorld(undefined, {}, minutes * 60_000);
    const spoilt: Record<string, unknown> = {};
    for (const phase of ['init', 'upload', 'wire', 'teardown'] as const) {
      world.calls.length = 0;
      const { notices } = await world.plan(phase);
      await world.run(phase);
      spoilt[phase] = {
        notices: notices.filter((notice) => notice.includes('clock')),
        refused: world.calls.filter(({ status, operation }) => status === 403 || operation === undefined).length,
      };
    }

    const told = [`This machine's clock is ${words}: set it, or other tools will fail.`];
    // A plan and a run, each in a process of its own: each finds out by its first call.
    const expected = { notices: told, refused: 2 };
    expect(spoilt).toEqual({ init: expected, upload: expected, wire: expected, teardown: expected });
    expect(await (await world.aws()).apiGateway.listApis()).toEqual([]);
  });
});

describe('an answer that names no account', () => {
  it('is not taken for one, and nothing is deleted', async () => {
    let isEmpty = false;
    const world: World = newWorld(async (request, handle) => {
      const answer = await handle(request);
      return isEmpty && actionOf(request) === 'GetCallerIdentity' ? { ...answer, body: Buffer.alloc(0) } : answer;
    });
    await world.run('up');
    const before = world.everything();
    isEmpty = true;

    await expect(world.run('teardown')).rejects.toMatchObject({ code: 'NOT_AWS' });

    expect(world.everything()).toEqual(before);
  });
});

describe('a teardown that is not needed', () => {
  it('changes nothing before anything was made, and nothing when it is run twice', async () => {
    const world = newWorld();
    const never = await world.run('teardown');
    await world.run('up');
    await world.run('teardown');
    world.calls.length = 0;

    const twice = await world.run('teardown');

    expect([never.changed, never.left, twice.changed, twice.left, changing(world.calls)]).toEqual([0, [], 0, [], []]);
  });
});
