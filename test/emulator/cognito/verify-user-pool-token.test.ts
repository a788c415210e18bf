import { createHmac, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { verifyUserPoolToken } from '../../../src/emulator/cognito/index.js';
import { findSigningKeys } from '../../../src/emulator/cognito/signing-keys.js';
import { claimsOf, makeClient, makePool, makeUser, openPoolWorld, type PoolWorld, tokensOf } from './pool-world.js';

const SCOPE = 'aws.cognito.signin.user.admin';

interface Tokens {
  readonly id: string;
  readonly access: string;
}

/** What an authorizer of the pool makes of a token. */
function verify({ cloud, pool }: PoolWorld, token: string | undefined, scopes: readonly string[] = []) {
  const { store, clock } = cloud.emulator;
  return verifyUserPoolToken({ store, now: () => clock.now() }, { providerArns: [pool.arn], token, scopes });
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** A token with other parts in the place of its own. */
function altered(token: string, { header, claims, signature }: Record<string, object | string>): string {
  const [oldHeader = '', oldClaims = '', oldSignature = ''] = token.split('.');
  const own = (part: string): object => JSON.parse(Buffer.from(part, 'base64url').toString());
  return [
    typeof header === 'object' ? encode({ ...own(oldHeader), ...header }) : oldHeader,
    typeof claims === 'object' ? encode({ ...own(oldClaims), ...claims }) : oldClaims,
    typeof signature === 'string' ? signature : oldSignature,
  ].join('.');
}

/** The last letter of a signature bears bits that no byte is made of: with these changed it decodes to the same. */
function respelt(token: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + letters.charAt(letters.indexOf(token.slice(-1)) ^ 1);
}

/** The mistake of a verifier that lets the token choose: the public key taken for a shared secret. */
function signedByHmac(token: string): string {
  const text = altered(token, { header: { alg: 'HS256' } })
    .split('.')
    .slice(0, 2)
    .join('.');
  return `${text}.${createHmac('sha256', 'public key').update(text).digest('base64url')}`;
}

test.each<[string, readonly string[], (tokens: Tokens) => string]>([
  ['an ID token without scopes', [], ({ id }) => id],
  ['an ID token after Bearer', [], ({ id }) => `Bearer ${id}`],
  ['an access token with one of the scopes', ['images/read', SCOPE], ({ access }) => access],
])('%s is good', async (_what, scopes, pick) => {
  const world = await openPoolWorld();
  const token = pick(await tokensOf(world));

  const verdict = verify(world, token, scopes);

  expect(verdict).toEqual({ claims: claimsOf(token) });
});

const REFUSED: readonly [string, string, readonly string[], (tokens: Tokens) => string | undefined][] = [
  ['nothing', 'missing', [], () => undefined],
  ['an empty header', 'missing', [], () => ''],
  ['Bearer alone', 'missing', [], () => 'Bearer '],
  ['a word', 'malformed', [], () => 'token'],
  ['another scheme', 'malformed', [], ({ id }) => `Basic ${id}`],
  ['a token without its signature', 'malformed', [], ({ id }) => id.split('.').slice(0, 2).join('.')],
  ['a token with a part too many', 'malformed', [], ({ id }) => `${id}.x`],
  ['claims that are no object', 'malformed', [], ({ id }) => id.replace(/\.[^.]+\./, `.${encode([1])}.`)],
  ['claims that are no JSON', 'malformed', [], ({ id }) => id.replace(/\.[^.]+\./, '.e30x.')],
  ['a signature spelt otherwise', 'malformed', [], ({ id }) => respelt(id)],
  ['another issuer', 'issuer', [], ({ id }) => altered(id, { claims: { iss: 'https://example.com/pool' } })],
  ['a later end', 'signature', [], ({ id }) => altered(id, { claims: { exp: 9_999_999_999 } })],
  ['another user', 'signature', [], ({ id }) => altered(id, { claims: { 'cognito:username': 'root' } })],
  ['no signature', 'signature', [], ({ id }) => altered(id, { signature: '' })],
  ['alg none', 'signature', [], ({ id }) => altered(id, { header: { alg: 'none' }, signature: '' })],
  ['alg none with the signature', 'signature', [], ({ id }) => altered(id, { header: { alg: 'none' } })],
  ['alg HS256', 'signature', [], ({ id }) => signedByHmac(id)],
  ['a key that the pool does not have', 'signature', [], ({ id }) => altered(id, { header: { kid: 'mine' } })],
  ['a key of its own', 'signature', [], ({ id }) => altered(id, { header: { kid: undefined, jwk: { kty: 'RSA' } } })],
  ['an access token without scopes', 'use', [], ({ access }) => access],
  ['an ID token with scopes', 'use', [SCOPE], ({ id }) => id],
  ['an access token without the scope', 'scopes', ['images/read'], ({ access }) => access],
  ['an access token with half of the scope', 'scopes', ['aws.cognito.signin'], ({ access }) => access],
];

test('what is no good token of the pool is refused, each for its own reason', async () => {
  const world = await openPoolWorld();
  const tokens = await tokensOf(world);

  const verdicts = REFUSED.map(([what, , scopes, pick]) => [what, verify(world, pick(tokens), scopes)]);

  expect(verdicts).toEqual(REFUSED.map(([what, refusal]) => [what, { refusal }]));
});

test.each(['none', 'HS256', 'RS512', undefined])(
  'a token that says it is signed with %s is refused, even if the pool’s own key signed it',
  async (alg) => {
    const world = await openPoolWorld();
    const { id } = await tokensOf(world);
    const text = altered(id, { header: { alg } }).split('.').slice(0, 2).join('.');
    const { privateKey = '' } = findSigningKeys(world.cloud.emulator.store, world.pool.id)?.id ?? {};
    const signature = sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url');

    const verdict = verify(world, `${text}.${signature}`);

    expect(verdict).toEqual({ refusal: 'signature' });
  },
);

test('a token is good until its end on the account’s clock, and not a millisecond longer', async () => {
  const world = await openPoolWorld();
  const { id } = await tokensOf(world);

  await world.cloud.emulator.clock.sleep(3_600_000 - 1);
  const before = verify(world, id);
  await world.cloud.emulator.clock.sleep(1);
  const after = verify(world, id);

  expect([before, after]).toEqual([{ claims: claimsOf(id) }, { refusal: 'expired' }]);
});

test('a token of another pool is refused, even where it claims to be of this one', async () => {
  const world = await openPoolWorld();
  const other = await makePool(world.cognito);
  await makeUser(world.cognito, other.id);
  const clientId = await makeClient(world.cognito, other.id);
  const { id } = await tokensOf({ ...world, clientId });
  const { iss } = claimsOf((await tokensOf(world)).id);

  const verdicts = [verify(world, id), verify(world, altered(id, { claims: { iss: String(iss) } }))];

  expect(verdicts).toEqual([{ refusal: 'issuer' }, { refusal: 'signature' }]);
  expect(verify({ ...world, pool: other }, id)).toEqual({ claims: claimsOf(id) });
});

test('a token of any client of any of several pools is good', async () => {
  const world = await openPoolWorld();
  const { store, clock } = world.cloud.emulator;
  const other = await makePool(world.cognito);
  const clientId = await makeClient(world.cognito, world.pool.id);
  const { id: token } = await tokensOf({ ...world, clientId });
  const providerArns = [other.arn, world.pool.arn];

  const verdict = verifyUserPoolToken({ store, now: () => clock.now() }, { providerArns, token, scopes: [] });

  expect(verdict).toMatchObject({ claims: { aud: clientId } });
});

test.each([
  ['another account', (arn: string) => arn.replace('111122223333', '444455556666')],
  ['another Region', (arn: string) => arn.replace(':eu-west-1:', ':us-east-1:')],
  ['no pool', () => 'arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_000000000'],
])('a token is refused where the authorizer names a pool of %s', async (_what, change) => {
  const world = await openPoolWorld();
  const { id } = await tokensOf(world);

  const verdict = verify({ ...world, pool: { ...world.pool, arn: change(world.pool.arn) } }, id);

  expect(verdict).toEqual({ refusal: 'issuer' });
});
