import { randomBytes } from 'node:crypto';
import type { MountConfig } from '../config/config.js';
import type { Visitor } from '../model/check.js';
import type { Context } from './context.js';
import type { Credentials } from './project.js';
import { signers } from './signers.js';
import { forge } from './tokens.js';

/** Who may ask for the images of a mount and who may not, those who may first; none where everybody may. */
export function visitorsOf(
  context: Context,
  url: string,
  mount: MountConfig,
  credentials: Credentials,
): readonly Visitor[] {
  const { path, access } = mount;
  switch (access.kind) {
    case 'public':
      return [];
    case 'iam':
      return signers(context, url, mount, access);
    case 'api-key':
      return holders(path, credentials.apiKey);
    case 'cognito':
      return members(
        path,
        access.userPoolArn === undefined ? (credentials.poolToken ?? credentials.token) : credentials.token,
      );
    case 'lambda':
      return identified(path, access.identityHeaders, credentials.identities ?? []);
  }
}

/** Makes visitors that must stay out of a path. */
export function keptOut(path: string): (id: string, what: string, dress: Visitor['dress']) => Visitor {
  return (id, what, dress) => ({ id, title: `${path} is closed to ${what}.`, admitted: false, dress });
}

/** Adds a header to a request. */
function withHeader(name: string, value: () => string): Visitor['dress'] {
  return async ({ headers }) => ({ ...headers, [name]: value() });
}

function holders(path: string, apiKey: string | undefined): Visitor[] {
  const out = keptOut(path);
  return [
    ...(apiKey === undefined
      ? []
      : [
          {
            id: 'key',
            title: `${path} is open to an API key.`,
            admitted: true,
            dress: withHeader('x-api-key', () => apiKey),
          },
        ]),
    out('anonymous', 'requests without an API key', async ({ headers }) => headers),
    out(
      'unknown-key',
      'a key that nobody made',
      withHeader('x-api-key', () => randomBytes(20).toString('hex')),
    ),
    out(
      'empty-key',
      'an empty key',
      withHeader('x-api-key', () => ''),
    ),
  ];
}

function members(path: string, token: string | undefined): Visitor[] {
  const out = keptOut(path);
  const header = 'Authorization';
  return [
    ...(token === undefined ? [] : [letIn(path, { [header]: token })]),
    out('anonymous', 'requests without a token', async ({ headers }) => headers),
    out(
      'nonsense',
      'what is no token',
      withHeader(header, () => randomBytes(20).toString('hex')),
    ),
    out(
      'unsigned',
      'a token that nobody signed',
      withHeader(header, () => forge(token, 'unsigned')),
    ),
    out(
      'own-key',
      'a token that a stranger signed',
      withHeader(header, () => forge(token, 'own-key')),
    ),
    ...(token === undefined
      ? []
      : [
          out(
            'changed',
            'a token that was changed on the way',
            withHeader(header, () => forge(token, 'changed')),
          ),
        ]),
  ];
}

/** Somebody gets in only with something for each header that the function is asked with. */
function identified(path: string, names: readonly string[], identities: readonly string[]): Visitor[] {
  const out = keptOut(path);
  const told = Object.fromEntries(names.map((name, nth) => [name, identities[nth] ?? '']));
  const nonsense = (): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, randomBytes(20).toString('hex')]));
  return [
    ...(Object.values(told).includes('') ? [] : [letIn(path, told)]),
    out('anonymous', 'requests without a token', async ({ headers }) => headers),
    out('nonsense', 'what is no token', async ({ headers }) => ({ ...headers, ...nonsense() })),
  ];
}

function letIn(path: string, shown: Readonly<Record<string, string>>): Visitor {
  return {
    id: 'token',
    title: `${path} is open to the token of this run.`,
    admitted: true,
    dress: async ({ headers }) => ({ ...headers, ...shown }),
  };
}
