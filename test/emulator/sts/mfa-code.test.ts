import { CreateRoleCommand, GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { type NewUser, putUser } from '../../../src/emulator/index.js';
import { codeOf } from '../../../src/emulator/totp.js';
import { ACCOUNT, type Keys, type LocalCloud, openCloud, refusalOf } from '../front/local-cloud.js';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
const STEP = NOW_MS / 30_000;
const SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const KEYS: Keys = { accessKeyId: 'AKIAMFAUSER000000000', secretAccessKey: 'mfa' };
const SERIAL = `arn:aws:iam::${ACCOUNT}:mfa/mary`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy`;
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

const WRONG = 'MultiFactorAuthentication failed with invalid MFA one time pass code.';
const NO_DEVICE =
  'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.';
const HALF = 'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.';

/** A cloud whose clock stands still unless it is put ahead, with mary and her device in it. */
function cloudWithMary(change: Partial<NewUser> = {}): LocalCloud {
  const cloud = openCloud({ clock: { now: () => NOW_MS } });
  putMary(cloud, change);
  return cloud;
}

function putMary({ emulator }: LocalCloud, change: Partial<NewUser> = {}): void {
  const mfa = { serialNumber: SERIAL, seed: SEED };
  putUser(emulator.store, { accountId: ACCOUNT, name: 'mary', ...KEYS, mfa, ...change }, NOW_MS);
}

interface Shown {
  readonly SerialNumber?: string;
  readonly TokenCode?: string;
}

const show = (step: number): Shown => ({ SerialNumber: SERIAL, TokenCode: codeOf(SEED, step) });

function begin(cloud: LocalCloud, shown: Shown = {}, keys = KEYS) {
  return new STSClient(cloud.config(keys)).send(new GetSessionTokenCommand(shown));
}

/** How a call ended: 'ok', or the sentence it was refused with. */
function saidOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'ok',
    ({ message }: Error) => message,
  );
}

async function sessionKeys(cloud: LocalCloud, shown: Shown): Promise<Keys> {
  const { Credentials } = await begin(cloud, shown);
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** What mary may do under one condition: read herself, by whichever of her keys. */
function onlyIf(condition: unknown): Partial<NewUser> {
  const statement = { Effect: 'Allow', Action: 'iam:GetUser', Resource: '*', Condition: condition };
  return { policies: { p: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) } };
}

const getSelf = (cloud: LocalCloud, keys: Keys) =>
  saidOf(new IAMClient(cloud.config(keys)).send(new GetUserCommand({ UserName: 'mary' })));

describe('GetSessionToken with a code of an MFA device', () => {
  test.each<[what: string, shown: Shown, said: string]>([
    ['the code of the moment', show(STEP), 'ok'],
    ['the code before it', show(STEP - 1), 'ok'],
    ['the code after it', show(STEP + 1), 'ok'],
    ['one code earlier', show(STEP - 2), WRONG],
    ['one code later', show(STEP + 2), WRONG],
    ['the device of somebody else', { ...show(STEP), SerialNumber: `${SERIAL}2` }, NO_DEVICE],
    ['no code', { SerialNumber: SERIAL }, HALF],
    ['no device', { TokenCode: codeOf(SEED, STEP) }, HALF],
    [
      'half a code',
      { SerialNumber: SERIAL, TokenCode: '123' },
      "1 validation error detected: Value '123' at 'tokenCode' failed to satisfy constraint: Member must have length greater than or equal to 6",
    ],
    [
      'letters',
      { SerialNumber: SERIAL, TokenCode: 'abcdef' },
      "1 validation error detected: Value 'abcdef' at 'tokenCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\d]*",
    ],
  ])('answers %s with what AWS says', async (_what, shown, said) => {
    expect(await saidOf(begin(cloudWithMary(), shown))).toBe(said);
  });

  test('a wrong code is a 403 AccessDenied, and uses nothing up', async () => {
    const cloud = cloudWithMary();

    const refusal = await refusalOf(begin(cloud, show(STEP + 2)));

    expect(refusal).toEqual({ name: 'AccessDenied', status: 403, message: WRONG });
    expect(await saidOf(begin(cloud, show(STEP)))).toBe('ok');
  });

  test('a code is taken once, as none before it is, and neither after the user was put anew', async () => {
    const cloud = cloudWithMary();
    await begin(cloud, show(STEP));

    const again = await saidOf(begin(cloud, show(STEP)));
    const earlier = await saidOf(begin(cloud, show(STEP - 1)));
    putMary(cloud, { policies: {} });
    const anew = await saidOf(begin(cloud, show(STEP)));
    await cloud.emulator.clock.sleep(30_000);
    const next = await saidOf(begin(cloud, show(STEP + 1)));
    putMary(cloud, { mfa: { serialNumber: SERIAL, seed: `${SEED}AAAAAAAA` } });
    const otherSeed = await saidOf(begin(cloud, { ...show(STEP), TokenCode: codeOf(`${SEED}AAAAAAAA`, STEP) }));

    expect([again, earlier, anew, next, otherSeed]).toEqual([WRONG, WRONG, WRONG, 'ok', 'ok']);
  });

  test('a user without a device, and one whose device was taken away, have no valid code', async () => {
    const cloud = cloudWithMary();
    putUser(cloud.emulator.store, { accountId: ACCOUNT, name: 'mary', ...KEYS }, NOW_MS);

    expect(await saidOf(begin(cloud, show(STEP)))).toBe(NO_DEVICE);
    expect(await saidOf(begin(cloud, show(STEP), cloud.emulator.credentials))).toBe(NO_DEVICE);
  });

  test.each(['', 'A', 'jbswy3dp', 'JBSWY3D1', 'JBSWY3DP===='])('putUser() refuses the seed "%s"', (seed) => {
    const cloud = openCloud();

    expect(() => putMary(cloud, { mfa: { serialNumber: SERIAL, seed } })).toThrow(
      new RangeError('The seed of an MFA device must be Base32.'),
    );
  });
});

describe('a session of GetSessionToken', () => {
  const OK = 'ok';
  const NOT_FOR_IAM = 'The security token included in the request is invalid';
  const DENIED = `User: arn:aws:iam::${ACCOUNT}:user/mary is not authorized to perform: iam:GetUser on resource: arn:aws:iam::${ACCOUNT}:user/mary because no identity-based policy allows the iam:GetUser action`;

  test.each<[what: string, condition: unknown, said: readonly string[]]>([
    ['is present', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, [DENIED, NOT_FOR_IAM, OK]],
    ['is present, if told', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }, [OK, NOT_FOR_IAM, OK]],
    ['is young', { NumericLessThan: { 'aws:MultiFactorAuthAge': '60' } }, [DENIED, NOT_FOR_IAM, OK]],
    ['is old', { NumericGreaterThan: { 'aws:MultiFactorAuthAge': '60' } }, [DENIED, NOT_FOR_IAM, DENIED]],
    ['was never told', { Null: { 'aws:MultiFactorAuthAge': 'true' } }, [OK, NOT_FOR_IAM, DENIED]],
    ['is a session', { Null: { 'aws:TokenIssueTime': 'false' } }, [DENIED, NOT_FOR_IAM, OK]],
  ])('under the condition that MFA %s: keys, session without and with a code', async (_what, condition, said) => {
    const cloud = cloudWithMary(onlyIf(condition));
    const plain = await sessionKeys(cloud, {});
    const withCode = await sessionKeys(cloud, show(STEP));

    expect([await getSelf(cloud, KEYS), await getSelf(cloud, plain), await getSelf(cloud, withCode)]).toEqual(said);
  });

  test('the age of MFA grows with the clock of the account, from 0 seconds on', async () => {
    const cloud = cloudWithMary(onlyIf({ NumericLessThanEquals: { 'aws:MultiFactorAuthAge': '60' } }));
    const keys = await sessionKeys(cloud, show(STEP));

    await cloud.emulator.clock.sleep(60_000);
    const young = await getSelf(cloud, keys);
    await cloud.emulator.clock.sleep(1000);
    const old = await getSelf(cloud, keys);

    expect([young, old]).toEqual([OK, DENIED]);
  });
});

describe('AssumeRole of a role that asks for MFA', () => {
  const refusedBy = (who: string) =>
    `User: ${who} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${ACCOUNT}:role/deploy`;
  const MARY = `arn:aws:iam::${ACCOUNT}:user/mary`;

  async function cloudWithRole(): Promise<LocalCloud> {
    const cloud = cloudWithMary({ attached: [ADMINISTRATOR] });
    const trust = {
      Effect: 'Allow',
      Principal: { AWS: ACCOUNT },
      Action: 'sts:AssumeRole',
      Condition: {
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        NumericLessThan: { 'aws:MultiFactorAuthAge': '300' },
      },
    };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    await new IAMClient(cloud.config()).send(new CreateRoleCommand({ RoleName: 'deploy', AssumeRolePolicyDocument }));
    return cloud;
  }

  const assume = (cloud: LocalCloud, shown: Shown, keys: Keys = KEYS) =>
    new STSClient(cloud.config(keys)).send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'ci', ...shown }));

  test('takes a code once, and refuses a wrong one and none', async () => {
    const cloud = await cloudWithRole();

    const without = await saidOf(assume(cloud, {}));
    const wrong = await saidOf(assume(cloud, show(STEP + 2)));
    const right = await saidOf(assume(cloud, show(STEP)));
    const again = await saidOf(assume(cloud, show(STEP)));
    const elsewhere = await saidOf(begin(cloud, show(STEP)));

    expect([without, wrong, right, again, elsewhere]).toEqual([refusedBy(MARY), WRONG, 'ok', WRONG, WRONG]);
  });

  test('takes a session that began with a code, as long as it is young', async () => {
    const cloud = await cloudWithRole();
    const keys = await sessionKeys(cloud, show(STEP));
    const plain = await sessionKeys(cloud, {});

    const young = await saidOf(assume(cloud, {}, keys));
    const unproven = await saidOf(assume(cloud, {}, plain));
    await cloud.emulator.clock.sleep(300_000);
    const old = await saidOf(assume(cloud, {}, keys));

    expect([young, unproven, old]).toEqual(['ok', refusedBy(MARY), refusedBy(MARY)]);
  });
});
