import { createHash, generateKeyPairSync } from 'node:crypto';
import type { Call } from '../operation.js';
import type { Store } from '../store.js';
import { COGNITO_TABLES } from './model.js';

/** One RSA key pair of a pool. */
export interface SigningKey {
  /** What tokens name it by. */
  readonly kid: string;
  /** Modulus, in base64url. */
  readonly n: string;
  /** Exponent, in base64url. */
  readonly e: string;
  /** PKCS #8 in PEM: a secret. */
  readonly privateKey: string;
}

/** The key pairs of a pool. AWS: two of them, one for ID tokens, one for access tokens. (Developer Guide, "Verifying JSON web tokens") */
export interface SigningKeys {
  /** Pool they belong to. */
  readonly poolId: string;
  /** Signs ID tokens. */
  readonly id: SigningKey;
  /** Signs access tokens. */
  readonly access: SigningKey;
}

/** The key pairs of a pool; undefined for one that never had to sign or show them. */
export function findSigningKeys(store: Store, poolId: string): SigningKeys | undefined {
  return store.get<SigningKeys>(COGNITO_TABLES.keys, poolId);
}

/** The key pairs of a pool, made when they are first needed: that takes a while, and most pools never sign. */
export function getSigningKeys(call: Call, poolId: string): SigningKeys {
  const found = findSigningKeys(call.store, poolId);
  if (found !== undefined) return found;
  const keys: SigningKeys = { poolId, id: makeKey(), access: makeKey() };
  call.store.put(COGNITO_TABLES.keys, poolId, keys);
  return keys;
}

function makeKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(n).digest('base64');
  return { kid, n, e, privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}
