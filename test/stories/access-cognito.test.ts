import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Config, MountAccess } from '../../src/config/config.js';
import { codeOf } from '../../src/emulator/totp.js';
import type { SignInAsk } from '../../src/project/sign-in.js';
import { forge } from '../../src/project/tokens.js';
import { newWorld, type World } from './world.js';

const MEMBERS: MountAccess = { kind: 'cognito', mfa: 'required' };
const PASSWORD = 'Correct-Horse-9-Staple';
const HOUR_MS = 3_600_000;

/** Somebody with an authenticator, whose codes may be made wrong. */
class Member {
  #seed = '';
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  ask(password: string, mistakes = 0): SignInAsk {
    let left = mistakes;
    return {
      password: async () => password,
      newPassword: async () => PASSWORD,
      code: async () => {
        const step = Math.floor(this.#world.emulator.clock.now() / 30_000);
        const code = codeOf(this.#seed, step);
        left -= 1;
        return left >= 0 ? String((Number(code) + 1) % 1_000_000).padStart(6, '0') : code;
      },
      showSeed: async (seed) => {
        this.#seed = seed;
      },
    };
  }
}

/** A wired world, a member of its pool who is enrolled, and the tokens of the enrolment. */
async function openClub(config: (world: World) => Config) {
  const world = newWorld();
  await world.run('up', config(world));
  const project = await world.open(config(world));
  const { temporaryPassword } = await project.users.add('ann');
  const ann = new Member(world);
  const tokens = await project.users.signIn('ann', ann.ask(temporaryPassword), world.emulator.clock);
  const { url } = await project.access();
  const get = async (Authorization?: string, path = '/images/orbit.gif') =>
    world.get(`${url}${path}`, Authorization === undefined ? {} : { Authorization });
  return { world, project, ann, tokens, get, url };
}

it('a pool with required MFA leads a user by password and authenticator to the image, and nobody else', async () => {
  const { world, project, ann, tokens, get } = await openClub((is) => is.config({}, { access: MEMBERS }));
  const { clock } = world.emulator;
  const other = await openClub((is) => is.config({ name: 'elsewhere' }, { access: MEMBERS }));

  const enrolled = await get(tokens.idToken);
  const again = await project.users.signIn('ann', ann.ask(PASSWORD), clock);
  const refusals = await Promise.all(
    [
      project.users.signIn('ann', ann.ask(PASSWORD, 9), clock),
      project.users.signIn('ann', ann.ask('Wrong-Horse-9-Staple'), clock),
      project.users.signIn('nobody', ann.ask(PASSWORD), clock),
    ].map((signing) => signing.then(() => 'let in').catch((error) => String(error.code))),
  );
  const inside = await get(again.idToken);
  const outside = [
    await get(),
    await get(other.tokens.idToken),
    await get(again.accessToken),
    await get(forge(again.idToken, 'unsigned')),
    await get(forge(again.idToken, 'own-key')),
    await get(forge(again.idToken, 'changed')),
    await get(`${again.idToken}x`),
    await get(`Basic ${Buffer.from(`ann:${PASSWORD}`).toString('base64')}`),
    await get(signedWithPublicKey(again.idToken)),
  ];
  await clock.sleep(2 * HOUR_MS);
  const late = await get(again.idToken);

  expect([enrolled.status, inside.status]).toEqual([200, 200]);
  expect(inside.body.equals(enrolled.body)).toBe(true);
  expect(refusals).toEqual(['WRONG_CODE', 'SIGN_IN_REFUSED', 'SIGN_IN_REFUSED']);
  expect(outside.map(({ status }) => status)).toEqual(outside.map(() => 401));
  expect([late.status, JSON.parse(late.body.toString()).error]).toEqual([401, 'TokenExpired']);
  for (const { body } of [...outside, late]) expect(Object.keys(JSON.parse(body.toString()))).toContain('requestId');
});

it('a token that holds opens what is cached, and one that ended does not', async () => {
  const { world, tokens, get } = await openClub((is) => is.config({}, { access: MEMBERS }));

  const warm = [await get(tokens.idToken), await get(tokens.idToken), await get()];
  await world.emulator.clock.sleep(HOUR_MS + 1000);
  const ended = await get(tokens.idToken);

  expect(warm.map(({ status }) => status)).toEqual([200, 200, 401]);
  expect(ended.status).toBe(401);
});

it('wire deploys again when the pool was deleted behind its back, and users of the new one get in', async () => {
  const { world, get, project } = await openClub((is) => is.config({}, { access: MEMBERS }));
  const { config } = project;
  const { userPools } = await world.aws();
  for (const { id } of await userPools.listPools()) await userPools.deletePool(id);

  const { steps } = await world.plan('wire', config);
  await world.run('wire', config);
  const again = await world.run('wire', config);
  const { temporaryPassword } = await project.users.add('bob');
  const { idToken } = await project.users.signIn('bob', new Member(world).ask(temporaryPassword), world.emulator.clock);

  expect(steps.flatMap(({ address, action }) => (action === 'keep' ? [] : [`${action} ${address}`]))).toEqual([
    'create pool',
    'update api',
    'update stage',
  ]);
  expect(again.changed).toBe(0);
  expect((await get(idToken)).status).toBe(200);
});

/** A token signed with a secret that everybody knows, for verifiers that take the key of one algorithm for another's. */
function signedWithPublicKey(token: string): string {
  const [, claims = ''] = token.split('.');
  const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');
  const signature = createHmac('sha256', 'public').update(`${header}.${claims}`).digest('base64url');
  return `${header}.${claims}.${signature}`;
}
