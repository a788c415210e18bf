import { type Credential, findAccessKey } from './iam/credentials.js';
import type { Caller, WireRequest } from './operation.js';
import { bodyMatches, isSignedBy, type SignatureClaim, signedAt } from './signature.js';
import type { Store } from './store.js';
import { findSession } from './sts/sessions.js';

/** What may be wrong with a signature, in the order in which it is looked at. */
export type SignatureFault =
  | 'malformed'
  | 'unknown-key'
  | 'bad-token'
  | 'expired-token'
  | 'too-old'
  | 'too-new'
  | 'bad-body'
  | 'bad-signature';

/** How far the clocks of client and AWS may be apart, in milliseconds. */
export const MAX_SKEW_MS = 900_000;

/** Somebody who signs requests to nobody. */
export const ANONYMOUS: Caller = { kind: 'anonymous', accountId: '', arn: '', userId: '' };

/** What the check of a signature needs to know. */
export interface SignatureCheck {
  /** Where access keys and sessions lie. */
  readonly store: Store;
  /** First part of every ARN behind `arn:`, such as 'aws'. */
  readonly partition: string;
  /** Now on the world's clock, by which signatures are dated; milliseconds since 1970. */
  readonly wallMs: number;
  /** Now on the emulator's clock, by which sessions end; milliseconds since 1970. */
  readonly nowMs: number;
}

/** Finds out who signed a request. Answers the caller, or what is wrong. */
export async function authenticate(
  request: WireRequest,
  claim: SignatureClaim,
  check: SignatureCheck,
): Promise<Caller | SignatureFault> {
  const credential = findCredential(check, claim.accessKeyId);
  if (credential === undefined) return 'unknown-key';
  if (credential.sessionToken !== request.headers['x-amz-security-token']) return 'bad-token';
  if ((credential.expiresAtMs ?? Infinity) <= check.nowMs) return 'expired-token';
  const atMs = signedAt(request);
  if (atMs === undefined) return 'malformed';
  if (atMs < check.wallMs - MAX_SKEW_MS) return 'too-old';
  if (atMs > check.wallMs + MAX_SKEW_MS) return 'too-new';
  if (!(await isSignedBy(request, claim, credential.secretAccessKey))) return 'bad-signature';
  return bodyMatches(request) ? credential.caller : 'bad-body';
}

function findCredential({ store, partition }: SignatureCheck, accessKeyId: string): Credential | undefined {
  return findAccessKey(store, accessKeyId, partition) ?? findSession(store, accessKeyId);
}
