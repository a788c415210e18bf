import type { Call } from '../operation.js';
import { notAuthorized } from './input.js';
import { type AuthSession, COGNITO_TABLES, isInRegion } from './model.js';

/** Begins to wait for an answer. Answers the text that the client has to send along with it. */
export function openSession(call: Call, session: Omit<AuthSession, 'endsMs'>): string {
  const id = call.newId(128);
  const endsMs = call.now() + session.minutes * 60_000;
  call.store.put(COGNITO_TABLES.session, id, { ...session, endsMs });
  return id;
}

/**
 * Takes a session, which nobody can take again; a call that is refused gives it back.
 *
 * @throws {Refusal} NotAuthorizedException.
 */
export function takeSession(call: Call, id: string): AuthSession {
  const session = call.store.get<AuthSession>(COGNITO_TABLES.session, id);
  if (session === undefined || !isInRegion(call, session.poolId)) throw invalidSession();
  if (session.endsMs <= call.now()) throw notAuthorized('Invalid session for the user, session is expired.');
  call.store.delete(COGNITO_TABLES.session, id);
  return session;
}

/** What is said of a session that does not fit. */
export function invalidSession() {
  return notAuthorized('Invalid session for the user.');
}
