import type { AccessDocument } from '../index.js';
import type { KeyInfo, MountCalls, UserInfo } from '../model/access.js';
import { type Page, wrapText } from './page.js';
import { safeText } from './safe-text.js';
import { renderTable } from './tables.js';

const TITLES: Readonly<Record<MountCalls['calls'][number]['by'], string>> = {
  curl: 'curl',
  browser: 'in a page',
  sdk: 'in JavaScript',
};

/** What a secret is called by who sends it. */
const SECRETS: Readonly<Partial<Record<MountCalls['access'], string>>> = {
  'api-key': 'the key, for PIXGATE_API_KEY',
  cognito: 'the token, for PIXGATE_TOKEN',
};

/** Adds to a command the flags that chose the environment. */
type Aim = (command: string) => string;

/** Has the commands that give secrets go to the same environment. */
export function aimSecrets(done: AccessDocument, aim: Aim): AccessDocument {
  if (!('mounts' in done)) return done;
  const mounts = done.mounts.map((mount) =>
    mount.secretFrom === undefined ? mount : { ...mount, secretFrom: mount.secretFrom.map(aim) },
  );
  return { ...done, mounts };
}

/** Sets out what `pixgate access` did or found. What is to be pasted is never broken into lines. */
export function renderAccess(done: AccessDocument, page: Page, aim: Aim): string[] {
  if ('mounts' in done)
    return done.mounts.flatMap((mount, nth) => [...(nth === 0 ? [] : ['']), ...renderMount(mount, page)]);
  if ('keys' in done) return renderKeys(done.keys, page);
  if ('users' in done) return renderUsers(done.users, page);
  const named = `${safeText(done.name)}${done.id === undefined ? '' : ` (${safeText(done.id)})`}`;
  const line = `${page.paint('good', '✓')} ${done.done}: ${named}`;
  if (!('secret' in done) && !('file' in done)) return [line, ...whatNext(done, aim)];
  return [
    line,
    ...(done.file === undefined ? [] : [`  written to ${safeText(done.file)}, which only you may read`]),
    ...(done.secret === undefined ? [] : [`  ${safeText(done.secret)}`]),
    ...whatNext(done, aim),
  ];
}

/** What goes on being true, and is easily missed. */
function whatNext({ done, name }: Extract<AccessDocument, { done: string }>, aim: Aim): string[] {
  const called = safeText(name);
  switch (done) {
    case 'key added':
    case 'key rotated':
      return [
        '  AWS takes up to two minutes to know it.',
        ...(done === 'key added' ? [] : [`  The one before works until: ${aim('pixgate access key delete ID')}`]),
      ];
    case 'key deleted':
      return ['  AWS takes up to two minutes to forget it.'];
    case 'user deleted':
      return [
        '  Tokens that were given already open images until they end, after at most an hour: API Gateway does not ask again.',
      ];
    case 'user added':
    case 'password reset':
      return [`  It is asked to be replaced at the first sign-in: ${aim(`pixgate access login ${called} --reveal`)}`];
    default:
      return [];
  }
}

function renderKeys(keys: readonly KeyInfo[], page: Page): string[] {
  if (keys.length === 0) return ['No API keys.'];
  const rows = keys.map(({ id, name, enabled, asked, createdAt }) => [
    safeText(name),
    id,
    enabled ? (asked ? 'works' : 'no mount asks for it') : 'switched off',
    `${createdAt.slice(0, 16).replace('T', ' ')} UTC`,
  ]);
  return renderTable(['name', 'id', 'state', 'since'], rows, page);
}

function renderUsers(users: readonly UserInfo[], page: Page): string[] {
  if (users.length === 0) return ['No users.'];
  const rows = users.map(({ username, status, enabled, createdAt }) => [
    safeText(username),
    enabled ? status : 'disabled',
    `${createdAt.slice(0, 16).replace('T', ' ')} UTC`,
  ]);
  return renderTable(['name', 'state', 'since'], rows, page);
}

function renderMount({ path, access, who, calls, secretFrom = [], policy }: MountCalls, page: Page): string[] {
  return [
    page.paint('strong', `${path}: ${access}`),
    ...wrapText(`  ${safeText(who)}`, page.columns, 2),
    ...(secretFrom.length === 0
      ? []
      : ['', page.paint('faint', `  ${SECRETS[access]}`), ...secretFrom.flatMap(indent)]),
    ...calls.flatMap(({ by, text }) => ['', page.paint('faint', `  ${TITLES[by]}`), ...indent(text)]),
    ...(policy === undefined ? [] : ['', page.paint('faint', '  the policy that lets a caller in'), ...indent(policy)]),
  ];
}

function indent(text: string): string[] {
  return text.split('\n').map((line) => `  ${safeText(line)}`);
}
