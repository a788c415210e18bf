import { describe, expect, it } from 'vitest';
import type { IamAccess } from '../../src/config/config.js';
import type { WireRequest } from '../../src/emulator/index.js';
import { type Keys, sign } from '../emulator/front/local-cloud.js';
import { ALLOW_ALL, FOREIGN, type Hall, openHall } from './access-rows-hall.js';

const OWN = '000000000000';
const MARYS = { serialNumber: `arn:aws:iam::${OWN}:mfa/mary`, seed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' };
const EVES = { serialNumber: `arn:aws:iam::${FOREIGN}:mfa/eve`, seed: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' };
const PAULS = { serialNumber: `arn:aws:iam::${OWN}:mfa/paul`, seed: 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU' };
const ALL = { policies: { p: ALLOW_ALL } };

/** Everybody who may come by: mary and paul of the API's account, eve of another; all but paul may do everything. */
const VISITORS = {
  anonymous: async () => undefined,
  'the administrator': async ({ world }) => world.emulator.credentials,
  'mary, by her own keys': async (hall) => hall.user('mary', { ...ALL, mfa: MARYS }),
  'mary, in a session': async (hall) => hall.session(hall.user('mary', { ...ALL, mfa: MARYS })),
  'mary, in a session with MFA': async (hall) => hall.session(hall.user('mary', { ...ALL, mfa: MARYS }), MARYS),
  'paul, who has no rights, in a session with MFA': async (hall) =>
    hall.session(hall.user('paul', { mfa: PAULS }), PAULS),
  'eve, by her own keys': async (hall) => hall.user('eve', { accountId: FOREIGN, ...ALL, mfa: EVES }),
  'eve, in a session': async (hall) => hall.session(hall.user('eve', { accountId: FOREIGN, ...ALL, mfa: EVES })),
  'eve, in a session with MFA': async (hall) =>
    hall.session(hall.user('eve', { accountId: FOREIGN, ...ALL, mfa: EVES }), EVES),
  'mallory, who has no rights where eve lives': async (hall) => hall.user('mallory', { accountId: FOREIGN }),
  'the role readers': async (hall) => ownRole(hall, 'readers'),
  'the role writers': async (hall) => ownRole(hall, 'writers'),
  'the role readers, taken on with MFA': async (hall) =>
    hall.roleSession(hall.user('mary', { ...ALL, mfa: MARYS }), {
      accountId: OWN,
      name: 'readers',
      policy: ALLOW_ALL,
      mfa: MARYS,
    }),
  "the role readers of eve's account": async (hall) =>
    hall.roleSession(hall.user('eve', { accountId: FOREIGN, ...ALL }), {
      accountId: FOREIGN,
      name: 'readers',
      policy: ALLOW_ALL,
    }),
} satisfies Record<string, (hall: Hall) => Promise<Keys | undefined>>;

type Visitor = keyof typeof VISITORS;

function ownRole(hall: Hall, name: string): Promise<Keys> {
  return hall.roleSession(hall.world.emulator.credentials, { accountId: OWN, name, policy: ALLOW_ALL });
}

/** Longer than a code of an MFA device is shown. */
const STEP_MS = 30_000;

/** The keys of somebody, who has codes to show that nobody has used. */
async function invite(hall: Hall, who: Visitor): Promise<Keys | undefined> {
  await hall.world.emulator.clock.sleep(STEP_MS);
  return VISITORS[who](hall);
}

/** Asks as somebody; `path` is raw. Answers 'in' for an image or what tells of one, else the status. */
async function ask(hall: Hall, keys: Keys | undefined, path: string, change: Partial<WireRequest> = {}) {
  const { method = 'GET' } = change;
  const plain = { method, host: hall.host, path, query: '', headers: { host: hall.host }, body: new Uint8Array() };
  const request = keys === undefined ? plain : await sign(keys, { ...plain, service: 'execute-api' });
  const headers = { ...request.headers, ...change.headers };
  const { status, headers: answered, body } = await hall.world.emulator.handle({ ...request, ...change, headers });
  const isImage = [...hall.images.values()].some((image) => image.equals(body));
  return isImage || status < 400 || 'ETag' in answered ? 'in' : status;
}

describe('a public and an iam mount that asks for MFA, on one API', () => {
  const rows: readonly (readonly [who: Visitor, answer: 'in' | 403])[] = [
    ['anonymous', 403],
    ['the administrator', 403],
    ['mary, by her own keys', 403],
    ['mary, in a session', 403],
    ['mary, in a session with MFA', 'in'],
    ['paul, who has no rights, in a session with MFA', 403],
    ['eve, by her own keys', 403],
    ['eve, in a session', 403],
    ['eve, in a session with MFA', 403],
    ['the role readers', 403],
    ['the role readers, taken on with MFA', 403],
    ["the role readers of eve's account", 403],
  ];

  it('lets everybody in to the public one, and to the other only who began with MFA and has the right', async () => {
    const hall = await openHall({ kind: 'iam', mfa: 'required' });

    const answers: unknown[] = [];
    for (const [who] of rows) {
      const keys = await invite(hall, who);
      const open = await ask(hall, keys, '/dev/images/waves.png');
      const closed = await ask(hall, keys, '/dev/private/waves.png');
      const headers = await ask(hall, keys, '/dev/private/waves.png', { method: 'HEAD' });
      answers.push([who, open, closed, headers]);
    }

    expect(answers).toEqual(rows.map(([who, answer]) => [who, 'in', answer, answer]));
  });

  it('MFA is asked for on a warm cache too', async () => {
    const hall = await openHall({ kind: 'iam', mfa: 'required' }, { sizeGb: 0.5, ttlSeconds: 300 });
    const mary = await invite(hall, 'mary, in a session with MFA');

    const warming = await ask(hall, mary, '/dev/private/waves.png');
    const others: Visitor[] = ['anonymous', 'the administrator', 'mary, in a session', 'eve, in a session with MFA'];
    const answers = [];
    for (const who of others) answers.push(await ask(hall, await invite(hall, who), '/dev/private/waves.png'));

    expect([warming, ...answers]).toEqual(['in', 403, 403, 403, 403]);
  });
});

describe('an iam mount under another spelling', () => {
  const hex = (letter: string) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
  const NAME = [...'private'];
  const SPELLINGS: readonly string[] = [
    ...NAME.map((letter, n) => [...NAME.slice(0, n), hex(letter), ...NAME.slice(n + 1)].join('')),
    NAME.map(hex).join(''),
    NAME.map(hex).join('').toLowerCase(),
    NAME.map((letter) => hex(letter).replace('%', '%25')).join(''),
    '%2570rivate',
    'PRIVATE',
    '/private',
    './private',
    '%2Fprivate',
    '%2e/private',
    'images/../private',
    'images/%2e%2e/private',
    'images/..%2fprivate',
    'images/..%2f%70rivate',
    'private/.',
    'private/',
    'private;x',
    'private%00',
    'private%20',
    'privat%C3%A9',
  ].flatMap((spelt) => [`/dev/${spelt}/waves.png`, `/dev/${spelt}%2Fwaves.png`]);
  const OTHERS = ['/d%65v/private/waves.png', '/dev%2Fprivate/waves.png', '//dev/private/waves.png'];

  it('gives no image to anybody without MFA', async () => {
    const hall = await openHall({ kind: 'iam', mfa: 'required' });

    const letIn: string[] = [];
    for (const who of ['anonymous', 'the administrator', 'mary, in a session', 'eve, in a session with MFA'] as const) {
      const keys = await invite(hall, who);
      for (const path of [...SPELLINGS, ...OTHERS])
        for (const method of ['GET', 'HEAD'])
          if ((await ask(hall, keys, path, { method })) === 'in') letIn.push(`${who}: ${method} ${path}`);
    }

    expect(letIn).toEqual([]);
  });

  it('would give it to them if nothing were done about it: the local cloud takes it for the mount', async () => {
    const hall = await openHall({ kind: 'iam' });
    const spellings = SPELLINGS.slice(0, NAME.length);

    const answers = [];
    for (const path of spellings.filter((path) => !path.includes('%2F')))
      answers.push(await ask(hall, hall.world.emulator.credentials, path));

    expect(new Set(answers)).toEqual(new Set(['in']));
  });
});

describe('an iam mount with lists', () => {
  const own = `arn:aws:iam::${OWN}:role/team`;
  const rows: readonly (readonly [
    access: Omit<IamAccess, 'kind'>,
    letIn: readonly Visitor[],
    out: readonly Visitor[],
  ])[] = [
    [
      { accounts: [OWN] },
      ['the administrator', 'mary, in a session', 'the role readers'],
      ['anonymous', 'eve, by her own keys', "the role readers of eve's account"],
    ],
    [
      { accounts: [FOREIGN] },
      ['eve, by her own keys', 'eve, in a session', "the role readers of eve's account"],
      ['anonymous', 'mallory, who has no rights where eve lives', 'the administrator', 'the role readers'],
    ],
    [
      { accounts: [OWN, FOREIGN], mfa: 'required' },
      ['mary, in a session with MFA', 'eve, in a session with MFA'],
      ['anonymous', 'the administrator', 'mary, in a session', 'eve, in a session', 'the role readers'],
    ],
    [
      { roles: [`${own}/readers`] },
      ['the role readers', 'the role readers, taken on with MFA'],
      ['anonymous', 'the administrator', 'the role writers', "the role readers of eve's account"],
    ],
    [
      { roles: [`${own}/*`] },
      ['the role readers', 'the role writers'],
      ['anonymous', 'the administrator', "the role readers of eve's account", 'eve, by her own keys'],
    ],
    [{ roles: [`${own}/read*`] }, ['the role readers'], ['the role writers', 'the administrator']],
    [
      { roles: [`arn:aws:iam::${FOREIGN}:role/team/*`] },
      ["the role readers of eve's account"],
      ['the role readers', 'eve, by her own keys', 'eve, in a session with MFA'],
    ],
    // AWS: the session of a role says nothing of MFA. (IAM User Guide, "Secure API access with MFA")
    [
      { roles: [`${own}/*`], mfa: 'required' },
      [],
      ['the role readers', 'the role readers, taken on with MFA', 'mary, in a session with MFA'],
    ],
  ];

  it.each(rows)('%j lets in %j and keeps out %j', async (access, letIn, out) => {
    const hall = await openHall({ kind: 'iam', ...access });
    const answers: [who: Visitor, answer: string | number][] = [];
    for (const who of [...letIn, ...out]) {
      answers.push([who, await ask(hall, await invite(hall, who), '/dev/private/waves.png')]);
    }

    expect(answers).toEqual([...letIn.map((who) => [who, 'in']), ...out.map((who) => [who, 403])]);
  });

  const forged = { 'x-forwarded-for': '203.0.113.7', 'x-real-ip': '203.0.113.7', forwarded: 'for=203.0.113.7' };
  const places: readonly (readonly [sourceIp: string, headers: Record<string, string>, answer: 'in' | 403])[] = [
    ['203.0.113.7', {}, 'in'],
    ['203.0.113.255', {}, 'in'],
    ['203.0.114.7', {}, 403],
    ['127.0.0.1', {}, 403],
    ['127.0.0.1', forged, 403],
    ['198.51.100.1', {}, 'in'],
    ['198.51.100.2', forged, 403],
    ['2001:db8::7', {}, 'in'],
    ['2001:db9::7', {}, 403],
  ];
  it('sourceIps let in who signs there, whatever headers say, and a stranger nowhere', async () => {
    const sourceIps = ['203.0.113.0/24', '198.51.100.1', '2001:db8::/32'];
    const hall = await openHall({ kind: 'iam', sourceIps });

    const answers: unknown[] = [];
    for (const [sourceIp, headers] of places) {
      const own = await ask(hall, hall.world.emulator.credentials, '/dev/private/waves.png', { sourceIp, headers });
      const none = await ask(hall, undefined, '/dev/private/waves.png', { sourceIp, headers });
      const open = await ask(hall, undefined, '/dev/images/waves.png', { sourceIp, headers });
      answers.push([sourceIp, headers, own, none, open]);
    }

    expect(answers).toEqual(places.map(([sourceIp, headers, own]) => [sourceIp, headers, own, 403, 'in']));
  });
});
