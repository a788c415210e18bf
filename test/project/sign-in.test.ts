import { inspect } from 'node:util';
import { expect, it, test } from 'vitest';
import type { UserSignIn } from '../../src/aws/user-sign-in.js';
import type { CognitoAccess } from '../../src/config/config.js';
import { codeOf } from '../../src/emulator/totp.js';
import { type SignInAsk, type SignInPool, signIn } from '../../src/project/sign-in.js';
import { chooseTemporaryPassword } from '../../src/resources/temporary-password.js';
import { openPoolBench, type PoolBench } from '../resources/pool-bench.js';

const WINDOW_MS = 30_000;
const OWN = 'Quite another, 2 be sure';

/** A pool with ann in it, and what she and her authenticator know. */
interface SignInWorld {
  readonly bench: PoolBench;
  readonly pool: SignInPool;
  readonly poolId: string;
  readonly temporaryPassword: string;
  /** What she was shown: seeds and addresses. */
  readonly shown: { seed: string; uri: string }[];
  /** What she was asked, in order, with what was said of her last answer. */
  readonly asked: string[];
  /** What her authenticator shows, `windows` away from now. */
  code(windows?: number): string;
  /** Answers as she does; `change` says where she does otherwise. */
  ask(change?: Partial<SignInAsk>): SignInAsk;
}

async function openSignIn(mfa: NonNullable<CognitoAccess['mfa']> = 'required'): Promise<SignInWorld> {
  const bench = await openPoolBench();
  const { pool, client } = await bench.run({ kind: 'cognito', mfa });
  const temporaryPassword = chooseTemporaryPassword();
  const { userPools } = bench.world.aws;
  await userPools.createUser(pool.id, { username: 'ann', temporaryPassword });
  const [shown, asked]: [SignInWorld['shown'], string[]] = [[], []];
  const world: SignInWorld = {
    ...{ bench, poolId: pool.id, temporaryPassword, shown, asked },
    pool: { userPools, clientId: client?.id ?? '', issuer: 'holiday dev', clock: bench.emulator.clock },
    code: (windows = 0) =>
      codeOf(shown.at(-1)?.seed ?? '', Math.floor(bench.emulator.clock.now() / WINDOW_MS) + windows),
    ask: (change = {}) => ({
      password: async () => OWN,
      newPassword: async (refusal) => {
        asked.push(`new password${refusal === undefined ? '' : `: ${refusal}`}`);
        return OWN;
      },
      code: async (refusal) => {
        asked.push(`code${refusal === undefined ? '' : `: ${refusal}`}`);
        return world.code();
      },
      showSeed: async (seed, uri) => void shown.push({ seed, uri }),
      waiting: (ms) => void asked.push(`wait ${ms} ms`),
      ...change,
    }),
  };
  return world;
}

/** Signs ann in for the first time, by her temporary password. */
function signInFirst(world: SignInWorld, change: Partial<SignInAsk> = {}) {
  const ask = world.ask({ password: async () => world.temporaryPassword, ...change });
  return signIn(world.pool, { username: 'ann', ask });
}

/** The claims of a token, unverified. */
function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

it('leads from a temporary password through enrolment to the tokens', async () => {
  const world = await openSignIn();

  const { idToken, accessToken, expiresInSeconds } = await signInFirst(world);

  expect(claimsOf(idToken)).toMatchObject({ 'cognito:username': 'ann', token_use: 'id', aud: world.pool.clientId });
  expect(claimsOf(accessToken)).toMatchObject({ username: 'ann', token_use: 'access' });
  expect(expiresInSeconds).toBe(3600);
  expect(world.asked).toEqual(['new password', 'code']);
  const [{ seed = '', uri = '' } = {}, ...more] = world.shown;
  expect(seed).toMatch(/^[A-Z2-7]{52}$/);
  expect(uri).toBe(`otpauth://totp/holiday%20dev:ann?secret=${seed}&issuer=holiday%20dev`);
  expect(more).toEqual([]);
});

it('asks for a code of the next window when the one of the enrolment is used again', async () => {
  const world = await openSignIn();
  await signInFirst(world);
  world.asked.length = 0;

  const { idToken } = await signIn(world.pool, { username: 'ann', ask: world.ask() });

  expect(claimsOf(idToken)).toMatchObject({ 'cognito:username': 'ann' });
  expect(world.asked).toEqual(['code', 'wait 30000 ms', 'code: used']);
});

it('waits for the next window by itself where a pool asks for a code right after the enrolment', async () => {
  const tokens = { kind: 'tokens', idToken: 'id', accessToken: 'access', expiresInSeconds: 3600 } as const;
  const challenge = (name: string) => ({ kind: 'challenge', name, session: name }) as const;
  const userPools: UserSignIn = {
    initiate: async () => challenge('MFA_SETUP'),
    associate: async () => ({ seed: 'SEED', session: 'associated' }),
    verify: async () => ({ session: 'verified' }),
    respond: async (_clientId, { name }) => (name === 'MFA_SETUP' ? challenge('SOFTWARE_TOKEN_MFA') : tokens),
  };
  const [slept, codesAt]: [number[], number[]] = [[], []];
  let nowMs = 60_000 + 12_000;
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
    nowMs += ms;
  };
  const { ask } = await openSignIn();
  const code = async (): Promise<string> => `${100_000 + codesAt.push(nowMs)}`;

  await signIn(
    { userPools, clientId: 'c', issuer: 'i', clock: { now: () => nowMs, sleep } },
    { username: 'ann', ask: ask({ code }) },
  );

  expect(slept).toEqual([18_000]);
  expect(codesAt).toEqual([72_000, 90_000]);
});

it.each([
  ['required', ['new password', 'code']],
  ['optional', ['new password']],
  ['none', ['new password']],
] as const)('where MFA is %s, the first sign-in asks for %j', async (mfa, expected) => {
  const world = await openSignIn(mfa);

  await signInFirst(world);

  expect(world.asked).toEqual(expected);
});

it('asks again for a new password that the pool does not take, in its words', async () => {
  const world = await openSignIn('none');
  const passwords = ['short', OWN];

  await signInFirst(world, {
    newPassword: async (refusal = '') => {
      world.asked.push(refusal);
      return passwords.shift() ?? '';
    },
  });

  expect(world.asked).toEqual(['', 'Cannot sign in: Password did not conform with policy: Password not long enough.']);
});

it('asks again for a code that was mistyped, at the enrolment and later, and shows the seed once', async () => {
  const world = await openSignIn();
  const codes = ['000000', 'twelve', undefined];
  const code: SignInAsk['code'] = async (refusal = undefined) => {
    world.asked.push(`code: ${refusal}`);
    return codes.shift() ?? world.code();
  };

  await signInFirst(world, { code });
  codes.push('000000', undefined);
  await world.bench.emulator.clock.sleep(2 * WINDOW_MS);
  await signIn(world.pool, { username: 'ann', ask: world.ask({ code }) });

  expect(world.shown).toHaveLength(1);
  expect(world.asked.filter((what) => what.startsWith('code'))).toEqual([
    ...['code: undefined', 'code: wrong', 'code: wrong'],
    ...['code: undefined', 'code: wrong'],
  ]);
});

/** What a sign-in of somebody who is enrolled comes to. */
type Story = readonly [
  what: string,
  code: string,
  username: string,
  change: (world: SignInWorld) => Partial<SignInAsk>,
];

const REFUSED: readonly Story[] = [
  ['a wrong password', 'SIGN_IN_REFUSED', 'ann', () => ({ password: async () => 'Wrong password, 1 thinks' })],
  ['an unknown user', 'SIGN_IN_REFUSED', 'bob', () => ({})],
  ['three wrong codes', 'WRONG_CODE', 'ann', (world) => ({ code: async () => world.code(-5) })],
  ['three codes that are none', 'WRONG_CODE', 'ann', () => ({ code: async () => 'hunter2 is no code' })],
  [
    'a session that took too long',
    'SIGN_IN_EXPIRED',
    'ann',
    (world) => ({
      code: async () => {
        await world.bench.emulator.clock.sleep(4 * 60_000);
        return world.code();
      },
    }),
  ],
];

it.each(REFUSED)('%s ends as %s, and its error tells no secret', async (_what, code, username, change) => {
  const world = await openSignIn();
  await signInFirst(world);
  const typed: string[] = [];
  const { password, code: answer, ...ask } = world.ask(change(world));
  const noted = async (text: Promise<string>): Promise<string> => {
    typed.push(await text);
    return text;
  };
  const noting = { ...ask, password: () => noted(password()), code: (is?: 'wrong' | 'used') => noted(answer(is)) };

  const failure: unknown = await signIn(world.pool, { username, ask: noting }).catch((error: unknown) => error);

  expect(failure).toMatchObject({ name: 'UsageError', code });
  const told = inspect(failure, { depth: Infinity });
  expect([...typed, world.temporaryPassword, world.shown[0]?.seed ?? ''].filter((is) => told.includes(is))).toEqual([]);
});

it('a challenge that is none of ours is named', async () => {
  const { pool, ask } = await openSignIn();
  const challenge = { kind: 'challenge', name: 'SMS_MFA', session: 's' } as const;
  const userPools = { ...pool.userPools, initiate: async () => challenge };

  const failure: unknown = await signIn({ ...pool, userPools }, { username: 'ann', ask: ask() }).catch(
    (error: unknown) => error,
  );

  expect(failure).toMatchObject({ code: 'SIGN_IN_UNKNOWN', message: expect.stringContaining('SMS_MFA') as string });
});

test('an administrator sees users, gives another temporary password, and takes users away', async () => {
  const { bench, pool, poolId } = await openSignIn('none');
  const { userPools } = bench.world.aws;
  const temporaryPassword = chooseTemporaryPassword();
  const listed = async () => (await userPools.listUsers(poolId)).map(({ username, status }) => [username, status]);

  const first = await listed();
  await userPools.resetPassword(poolId, { username: 'ann', temporaryPassword });
  const answer = await userPools.initiate(pool.clientId, { username: 'ann', password: temporaryPassword });
  await userPools.deleteUser(poolId, 'ann');
  await userPools.deleteUser(poolId, 'ann');

  expect(first).toEqual([['ann', 'FORCE_CHANGE_PASSWORD']]);
  expect(answer).toMatchObject({ kind: 'challenge', name: 'NEW_PASSWORD_REQUIRED' });
  expect(await listed()).toEqual([]);
});
