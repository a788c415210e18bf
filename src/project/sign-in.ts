import type { SignInAnswer, UserSignIn } from '../aws/user-sign-in.js';
import type { Clock } from '../clock.js';
import { AwsError, UsageError } from '../errors.js';

/** The pool that somebody signs in to. */
export interface SignInPool {
  readonly userPools: UserSignIn;
  readonly clientId: string;
  /** What an authenticator calls it: 'holiday-dev'. */
  readonly issuer: string;
  /** The time that authenticators go by: the world's, unless the pool's own clock runs ahead of it. */
  readonly clock: Clock;
}

/** Asks the person. Nothing of what is answered or shown is kept, and none of it is in an error. */
export interface SignInAsk {
  password(): Promise<string>;
  /** A password in place of the temporary one; `refusal` is AWS's sentence about the one before. */
  newPassword(refusal?: string): Promise<string>;
  /** What the authenticator shows: six digits. `refusal` says why the one before was not taken. */
  code(refusal?: 'wrong' | 'used'): Promise<string>;
  /** Shows the seed of a new authenticator, once: in Base32 to type, and as `otpauth://` to scan. */
  showSeed(seed: string, uri: string): Promise<void>;
  /** Hears that the next code is waited for, in milliseconds. */
  waiting?(ms: number): void;
}

/** Who signs in, and how they are asked. */
export interface SignInOptions {
  readonly username: string;
  readonly ask: SignInAsk;
}

/** What somebody has who is signed in. */
export interface SignedIn {
  readonly idToken: string;
  readonly accessToken: string;
  /** From now on. */
  readonly expiresInSeconds: number;
}

/** How long an authenticator shows a code, in milliseconds. (RFC 6238) */
const WINDOW_MS = 30_000;

/** How often a person may mistype one thing. */
const TRIES = 3;

/** One sign-in under way. */
interface Run extends SignInOptions {
  readonly pool: SignInPool;
  /** Number of the last window whose code is used up; undefined while none is known to be. */
  usedWindow: number | undefined;
}

type Challenge = Extract<SignInAnswer, { kind: 'challenge' }>;

/**
 * Signs a user in by password, and by whatever the pool asks for then: another password, an authenticator, its code.
 *
 * @throws {UsageError | AwsError} a UsageError when the pool does not take what was answered, or that took too long.
 */
export async function signIn(pool: SignInPool, options: SignInOptions): Promise<SignedIn> {
  const run: Run = { ...options, pool, usedWindow: undefined };
  const user = { username: options.username, password: await options.ask.password() };
  let answer = await pool.userPools.initiate(pool.clientId, user).catch(refuse);
  while (answer.kind === 'challenge') {
    const step = STEPS[answer.name];
    if (step === undefined)
      throw complaint(`the user pool asks for ${answer.name}, which is none of ours`, 'SIGN_IN_UNKNOWN');
    answer = await step(run, answer);
  }
  const { idToken, accessToken, expiresInSeconds } = answer;
  return { idToken, accessToken, expiresInSeconds };
}

const STEPS: Readonly<Record<string, (run: Run, challenge: Challenge) => Promise<SignInAnswer>>> = {
  NEW_PASSWORD_REQUIRED: (run, challenge) =>
    insist(async (before) => {
      const NEW_PASSWORD = await run.ask.newPassword(before?.message);
      return respond(run, challenge, { NEW_PASSWORD });
    }),
  async MFA_SETUP(run, challenge) {
    const { userPools, issuer, clock } = run.pool;
    const { seed, session } = await userPools.associate(challenge.session).catch(refuse);
    await run.ask.showSeed(seed, uriOf(issuer, run.username, seed));
    const verified = await insist(async (before) => userPools.verify(session, await askCode(run, before)));
    run.usedWindow = windowOf(clock.now());
    return respond(run, { ...challenge, session: verified.session }, {}).catch(refuse);
  },
  SOFTWARE_TOKEN_MFA: (run, challenge) =>
    insist(async (before) => respond(run, challenge, { SOFTWARE_TOKEN_MFA_CODE: await askCode(run, before) })),
};

function respond(
  { pool, username }: Run,
  { name, session }: Challenge,
  responses: Readonly<Record<string, string>>,
): Promise<SignInAnswer> {
  return pool.userPools.respond(pool.clientId, { name, session, username }, responses);
}

/** Tries again what was mistyped; `before` is what was wrong with it. */
async function insist<T>(attempt: (before: UsageError | undefined) => Promise<T>): Promise<T> {
  let before: UsageError | undefined;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(before).catch(refuse);
    } catch (error) {
      if (!(error instanceof UsageError) || !MISTYPED.has(error.code) || tries === TRIES) throw error;
      before = error;
    }
  }
}

/** Asks for a code that is not used up yet. */
async function askCode(run: Run, before: UsageError | undefined): Promise<string> {
  const { clock } = run.pool;
  if (before?.code === CODE_USED) run.usedWindow = windowOf(clock.now());
  // AWS: a code is good for one sign-in, and so is the one that an authenticator was set up with.
  const waitMs = run.usedWindow === undefined ? 0 : (run.usedWindow + 1) * WINDOW_MS - clock.now();
  if (waitMs > 0) {
    run.ask.waiting?.(waitMs);
    await clock.sleep(waitMs);
  }
  const code = await run.ask.code(before === undefined ? undefined : before.code === CODE_USED ? 'used' : 'wrong');
  // Nothing else is sent: AWS would repeat it in a message.
  if (!/^\d{6}$/.test(code)) throw complaint('a code has six digits', WRONG_CODE);
  return code;
}

function windowOf(ms: number): number {
  return Math.floor(ms / WINDOW_MS);
}

/** The address that an authenticator scans. @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
function uriOf(issuer: string, username: string, seed: string): string {
  const [from, who] = [encodeURIComponent(issuer), encodeURIComponent(username)];
  return `otpauth://totp/${from}:${who}?secret=${seed}&issuer=${from}`;
}

const WRONG_CODE = 'WRONG_CODE';
const CODE_USED = 'CODE_USED';
const PASSWORD_REFUSED = 'PASSWORD_REFUSED';
const SIGN_IN_REFUSED = 'SIGN_IN_REFUSED';

/** What a person may set right by typing it again. */
const MISTYPED: ReadonlySet<string> = new Set([WRONG_CODE, CODE_USED, PASSWORD_REFUSED]);

/** What is the matter, by AWS's codes. (Cognito API Reference, "InitiateAuth", "RespondToAuthChallenge", "VerifySoftwareToken") */
const REFUSALS: Readonly<Record<string, string>> = {
  CodeMismatchException: WRONG_CODE,
  EnableSoftwareTokenMFAException: WRONG_CODE,
  // AWS: it says so of a code that was used before. (Cognito Developer Guide, "TOTP software token MFA")
  ExpiredCodeException: CODE_USED,
  InvalidPasswordException: PASSWORD_REFUSED,
  NotAuthorizedException: SIGN_IN_REFUSED,
  UserNotFoundException: SIGN_IN_REFUSED,
  UserNotConfirmedException: SIGN_IN_REFUSED,
  PasswordResetRequiredException: SIGN_IN_REFUSED,
};

/** Makes the person's complaint of AWS's, where it is theirs to act. @throws {UsageError} or what it was given. */
function refuse(error: unknown): never {
  const code = error instanceof AwsError ? REFUSALS[error.failure.awsCode] : undefined;
  if (code === undefined) throw error;
  const said = sentenceOf(error);
  // AWS: a session that is over is refused by the same code as a wrong password.
  throw complaint(said, code === SIGN_IN_REFUSED && /session/i.test(said) ? 'SIGN_IN_EXPIRED' : code, error);
}

/** What AWS itself said. */
function sentenceOf(error: unknown): string {
  const { cause, message } = error as AwsError;
  return (cause instanceof Error ? cause.message : message).trim().replace(/\.$/, '');
}

function complaint(why: string, code: string, cause?: unknown): UsageError {
  const suggestions = ['sign in again'];
  return new UsageError(`Cannot sign in: ${why}.`, { code, suggestions, ...(cause === undefined ? {} : { cause }) });
}
