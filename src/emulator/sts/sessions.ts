import type { Credential } from '../iam/credentials.js';
import { toIamTime } from '../iam/model.js';
import type { Call, Caller } from '../operation.js';
import type { Store } from '../store.js';
import type { XmlValue } from '../wire/query-xml.js';

/** access key id → Credential */
const SESSIONS = 'sts/session';

/** Begins a session of `caller` and answers its Credentials element. */
export function beginSession(call: Call, caller: Caller, seconds: number): Record<string, XmlValue> {
  const accessKeyId = `ASIA${call.newId(16).toUpperCase()}`;
  const secretAccessKey = call.newId(40);
  const sessionToken = call.newId(160);
  const expiresAtMs = call.now() + seconds * 1000;
  // AWS: every temporary credential tells when it was issued. (IAM User Guide, "AWS global condition context keys")
  const context = { ...caller.context, 'aws:TokenIssueTime': toIamTime(call.now()) };
  const session: Credential = {
    secretAccessKey,
    sessionToken,
    expiresAtMs,
    caller: { ...caller, accessKeyId, context },
  };
  call.store.put(SESSIONS, accessKeyId, session);
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: toIamTime(expiresAtMs),
  };
}

/** Looks up a session by its access key id, expired or not. */
export function findSession(store: Store, accessKeyId: string): Credential | undefined {
  return store.get<Credential>(SESSIONS, accessKeyId);
}
