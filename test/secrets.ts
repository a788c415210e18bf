import { existsSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import type { Emulator, WireRequest } from '../src/emulator/index.js';
import { openStore } from '../src/emulator/store.js';

/** Fields of requests and answers whose text nobody else may see, by AWS's names. */
const COGNITO_FIELDS = new Set([
  ...['Password', 'TemporaryPassword', 'PreviousPassword', 'ProposedPassword', 'PASSWORD', 'NEW_PASSWORD'],
  ...['SecretCode', 'AccessToken', 'IdToken', 'RefreshToken', 'REFRESH_TOKEN', 'Session'],
]);
const KEY_FIELDS = new Set(['value']);

/** Shorter texts are found anywhere by chance. */
const SHORTEST = 8;

/** Looks for secrets that went over the wire. */
export interface SecretWatch {
  /** Has every secret that reaches this cloud, or comes from it, looked for from then on. */
  watch(emulator: Emulator): Emulator;
  /** Has a text looked for from then on. */
  add(secret: string, from: string): void;
  /** Looks through a text, or an error as a program prints it that dies of it, or anything else as JSON. */
  lookThrough(where: string, seen: unknown): void;
  /** How many secrets there are. */
  count(): number;
  /** Where any was found, and which call carried it. */
  found(): readonly string[];
}

/** Begins to watch. */
export function createSecretWatch(): SecretWatch {
  const secrets = new Map<string, string>();
  const found = new Set<string>();
  const add = (secret: string, from: string) => {
    if (secret.length >= SHORTEST) secrets.set(secret, from);
  };
  return {
    add,
    watch: (emulator) => ({
      ...emulator,
      async handle(request) {
        const response = await emulator.handle(request);
        for (const secret of carried(request, [request.body, response.body])) add(secret, nameOf(request));
        return response;
      },
    }),
    lookThrough(where, seen) {
      if (secrets.size === 0 || seen === undefined) return;
      const text = textOfSeen(seen);
      for (const [secret, call] of secrets) if (text.includes(secret)) found.add(`${where}: a secret of ${call}`);
    },
    count: () => secrets.size,
    found: () => [...found],
  };
}

function textOfSeen(seen: unknown): string {
  if (typeof seen === 'string') return seen;
  return seen instanceof Error ? inspect(seen, { depth: Infinity }) : JSON.stringify(seen);
}

/** Watches all that one test file does. */
export const fileWatch = createSecretWatch();

/** Has the API keys of the account that a command's folder holds looked for, and its users' seeds. */
export function learnAccount(folder: string): void {
  const home = path.join(folder, '.pixgate', 'local');
  if (!existsSync(home)) return;
  const store = openStore(home);
  const keys = store.list<{ value: string }>('apigateway/apikey');
  const users = store.list<{ totp?: { seed: string }; pendingSeed?: string }>('cognito/user');
  store.close();
  for (const { value } of keys) fileWatch.add(value.value, 'an API key');
  for (const { value } of users)
    for (const seed of [value.totp?.seed, value.pendingSeed]) fileWatch.add(seed ?? '', 'an authenticator');
}

/** Looks for the secrets of this test file. */
export const { lookThrough } = fileWatch;

const nameOf = ({ method, path, headers }: WireRequest) => headers['x-amz-target'] ?? `${method} ${path}`;

/** Gives the secrets of one call: of users and tokens, of API keys, and of sessions. */
function carried({ path, headers, body }: WireRequest, bodies: readonly Uint8Array[]): string[] {
  if (headers['x-amz-target']?.startsWith('AWSCognitoIdentityProviderService.'))
    return bodies.flatMap(pick(COGNITO_FIELDS));
  if (path.startsWith('/apikeys')) return bodies.flatMap(pick(KEY_FIELDS));
  if (/^Action=(AssumeRole|GetSessionToken)&/.test(textOf(body).slice(0, 30))) {
    const tags = bodies.flatMap((is) => [...textOf(is).matchAll(/<(?:SecretAccessKey|SessionToken)>([^<]+)</g)]);
    return tags.map(([, text = '']) => text);
  }
  return [];
}

const textOf = (body: Uint8Array) => Buffer.from(body).toString();

/** Gives the texts of these fields of a JSON body, however deep. */
function pick(names: ReadonlySet<string>): (body: Uint8Array) => string[] {
  const within = (value: unknown): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, inner]) =>
          typeof inner === 'string' && names.has(name) ? [inner] : within(inner),
        )
      : [];
  return (body) => {
    try {
      return within(JSON.parse(textOf(body)));
    } catch {
      return [];
    }
  };
}
