import { generateKeyPairSync, sign } from 'node:crypto';

/** In what a token is not one that a user pool gave. */
export type Forgery = 'unsigned' | 'own-key' | 'changed';

/** A header and claims as a user pool would write them; of nobody, when there is no token to take them from. */
const NOBODY = {
  header: { alg: 'RS256', kid: 'pixgate' },
  claims: { sub: 'pixgate', token_use: 'id', exp: 4_102_444_800 },
};

/** Makes a token that must open nothing, as much like a good one as can be had. */
export function forge(token: string | undefined, how: Forgery): string {
  const { header, claims } = parse(token) ?? NOBODY;
  const write = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  switch (how) {
    case 'unsigned':
      return `${write({ ...header, alg: 'none' })}.${write(claims)}.`;
    case 'own-key': {
      const body = `${write(header)}.${write(claims)}`;
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      return `${body}.${sign('RSA-SHA256', Buffer.from(body), privateKey).toString('base64url')}`;
    }
    case 'changed': {
      const signature = (token ?? '').split('.')[2] ?? '';
      return `${write(header)}.${write({ ...claims, sub: 'pixgate' })}.${signature}`;
    }
  }
}

function parse(token: string | undefined): typeof NOBODY | undefined {
  const [header = '', claims = ''] = (token ?? '').replace(/^Bearer /i, '').split('.');
  try {
    const read = (part: string): never => JSON.parse(Buffer.from(part, 'base64url').toString()) as never;
    return { header: read(header), claims: read(claims) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
