import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import type { WireRequest, WireResponse } from '../../../src/emulator/index.js';
import { headersOf, textOf } from '../front/local-cloud.js';
import { openPoolWorld, type PoolWorld, tokensOf, USER } from './pool-world.js';

const HOST = 'cognito-idp.eu-west-1.amazonaws.com';

function get({ cloud }: PoolWorld, host: string, path: string): Promise<WireResponse> {
  return cloud.emulator.handle({ method: 'GET', host, path, query: '', headers: { host }, body: new Uint8Array() });
}

/** An operation as a client sends it that does not sign. */
function post({ cloud }: PoolWorld, host: string, operation: string, input: object): Promise<WireResponse> {
  const request: WireRequest = {
    method: 'POST',
    host,
    path: '/',
    query: '',
    headers: {
      host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: Buffer.from(JSON.stringify(input)),
  };
  return cloud.emulator.handle(request);
}

test.each([HOST, '127.0.0.1'])('on %s the keys of a pool verify its tokens', async (host) => {
  const world = await openPoolWorld();
  const { id, access } = await tokensOf(world);

  const answer = await get(world, host, `/${world.pool.id}/.well-known/jwks.json`);

  const { keys } = JSON.parse(textOf(answer)) as { keys: (JsonWebKey & { kid: string })[] };
  const kidsOf = [id, access].map((token) => {
    const [header = '', claims = '', signature = ''] = token.split('.');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
    const { n, e, kty } = keys.find((key) => key.kid === kid) ?? {};
    const key = createPublicKey({ key: { n, e, kty } as Record<string, string>, format: 'jwk' });
    const isSigned = verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'));
    return [kid, isSigned];
  });
  expect([answer.status, headersOf(answer)['content-type']]).toEqual([200, 'application/json']);
  expect(kidsOf).toEqual(keys.map(({ kid }) => [kid, true]));
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(2);
  expect(keys.map((key) => Object.keys(key).sort())).toEqual(
    Array.from({ length: 2 }, () => ['alg', 'e', 'kid', 'kty', 'n', 'use']),
  );
});

test('the configuration of a pool names its issuer and where its keys are', async () => {
  const world = await openPoolWorld();

  const answer = await get(world, HOST, `/${world.pool.id}/.well-known/openid-configuration`);

  const issuer = `https://${HOST}/${world.pool.id}`;
  expect(JSON.parse(textOf(answer))).toMatchObject({ issuer, jwks_uri: `${issuer}/.well-known/jwks.json` });
});

test.each([
  ['an unknown pool', HOST, () => '/eu-west-1_000000000/.well-known/jwks.json'],
  ['a pool of another Region', 'cognito-idp.us-east-1.amazonaws.com', (id: string) => `/${id}/.well-known/jwks.json`],
  ['another document', HOST, (id: string) => `/${id}/.well-known/secrets.json`],
])('%s is not found', async (_what, host, pathOf) => {
  const world = await openPoolWorld();

  const answer = await get(world, host, pathOf(world.pool.id));

  expect(answer.status).toBe(404);
});

test('the keys are shown before anybody has signed in, and stay', async () => {
  const world = await openPoolWorld();
  const path = `/${world.pool.id}/.well-known/jwks.json`;

  const [before, after] = [await get(world, HOST, path), await get(world, HOST, path)];

  expect(textOf(after)).toBe(textOf(before));
});

test.each([HOST, '127.0.0.1'])('on %s users sign in unsigned, and administrators must sign', async (host) => {
  const world = await openPoolWorld();
  const ask = { ClientId: world.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: USER };

  const signedIn = await post(world, host, 'InitiateAuth', ask);
  const { AuthenticationResult } = JSON.parse(textOf(signedIn)) as { AuthenticationResult: { AccessToken: string } };
  const user = await post(world, host, 'GetUser', { AccessToken: AuthenticationResult.AccessToken });
  const admin = await post(world, host, 'AdminGetUser', { UserPoolId: world.pool.id, Username: 'alice' });

  expect([signedIn.status, user.status, admin.status]).toEqual([200, 200, 400]);
  expect(JSON.parse(textOf(user))).toMatchObject({ Username: 'alice' });
  expect(JSON.parse(textOf(admin))).toEqual({
    __type: 'MissingAuthenticationTokenException',
    message: 'Missing Authentication Token',
  });
});

test('what is not emulated answers 501 by name', async () => {
  const answer = await post(await openPoolWorld(), HOST, 'CreateGroup', {});

  expect([answer.status, textOf(answer)]).toEqual([501, expect.stringContaining('cognito-idp CreateGroup')]);
});

test('no refusal repeats a password, a session, a token or a code', async () => {
  const world = await openPoolWorld();
  const secret = 'Planted-secret-1';
  const calls: [string, object][] = [
    [
      'InitiateAuth',
      { ClientId: world.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { ...USER, PASSWORD: secret } },
    ],
    [
      'InitiateAuth',
      { ClientId: world.clientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: secret } },
    ],
    ['GetUser', { AccessToken: secret }],
    ['AssociateSoftwareToken', { Session: secret }],
    ['VerifySoftwareToken', { AccessToken: secret, UserCode: secret }],
    [
      'RespondToAuthChallenge',
      {
        ClientId: world.clientId,
        ChallengeName: 'MFA_SETUP',
        Session: secret,
        ChallengeResponses: { USERNAME: 'alice' },
      },
    ],
  ];

  const answers = await Promise.all(calls.map(([operation, input]) => post(world, HOST, operation, input)));

  expect(answers.map(({ status }) => status)).toEqual(calls.map(() => 400));
  expect(answers.filter((answer) => textOf(answer).includes(secret))).toEqual([]);
});

test('a signature that does not hold is refused in words of JSON 1.1', async () => {
  const world = await openPoolWorld();
  const headers = { 'x-amz-target': 'AWSCognitoIdentityProviderService.ListUserPools' };
  const keys = { accessKeyId: 'AKIANOBODY0000000000', secretAccessKey: 'x' };

  const answer = await world.cloud.sendSigned({ service: 'cognito-idp', host: HOST, method: 'POST', headers, keys });

  expect(answer.status).toBe(400);
  expect(JSON.parse(textOf(answer))).toMatchObject({ __type: 'UnrecognizedClientException' });
});
