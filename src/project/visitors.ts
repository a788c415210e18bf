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
      return bearers(path, 'Authorization', credentials.token, true);
    case 'lambda':
      return bearers(path, access.identityHeaders[0] ?? 'Authorization', credentials.token, false);
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

function bearers(path: string, header: string, token: string | undefined, isJwt: boolean): Visitor[] {
  const out = keptOut(path);
  return [
    ...(token === undefined
      ? []
      : [
          {
            id: 'token',
            title: `${path} is open to the token of this run.`,
            admitted: true,
            dress: withHeader(header, () => token),
          },
        ]),
    out('anonymous', 'requests without a token', async ({ headers }) => headers),
    out(
      'nonsense',
      'what is no token',
      withHeader(header, () => randomBytes(20).toString('hex')),
    ),
    ...(isJwt
      ? [
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
        ]
      : []),
    ...(isJwt && token !== undefined
      ? [
          out(
            'changed',
            'a token that was changed on the way',
            withHeader(header, () => forge(token, 'changed')),
          ),
        ]
      : []),
  ];
}
