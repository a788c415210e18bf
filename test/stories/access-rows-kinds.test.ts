import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Config, MountAccess } from '../../src/config/config.js';
import type { Project } from '../../src/project/project.js';
import { forge } from '../../src/project/tokens.js';
import { newWorld, type World } from './world.js';

/** What a row needs to know of the mount it asks. */
interface Scene {
  readonly world: World;
  readonly project: Project;
  /** What lets a caller in. */
  readonly good: Readonly<Record<string, string>>;
  readonly secret: string;
}

/** One request that must stay out, and what API Gateway answers. */
type Row = readonly [what: string, status: number, ask: (scene: Scene) => Ask | Promise<Ask>];

interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly path?: string;
  readonly method?: string;
}

const bearer = (value: string): Ask => ({ headers: { Authorization: value } });
const keyed = (value: string): Ask => ({ headers: { 'x-api-key': value } });

const KEY_ROWS: readonly Row[] = [
  ['nothing', 403, () => ({})],
  ['an empty key', 403, () => keyed('')],
  ['a key that nobody made', 403, () => keyed('0123456789012345678901234567890123456789')],
  ['a key and one letter', 403, ({ secret }) => keyed(`${secret}x`)],
  ['a key without its last letter', 403, ({ secret }) => keyed(secret.slice(0, -1))],
  ['a key in capitals', 403, ({ secret }) => keyed(secret.toUpperCase().replace(/^\d+$/, 'X'))],
  ['the key in the query', 403, ({ secret }) => ({ query: `?x-api-key=${secret}` })],
  ['the key as a token', 403, ({ secret }) => bearer(secret)],
  ['the key in a header of another name', 403, ({ secret }) => ({ headers: { 'api-key': secret } })],
  [
    'a key that was deleted',
    403,
    async ({ project }) => {
      const { id } = await project.keys.add('gone');
      const value = await project.keys.reveal(id);
      await project.keys.remove(id);
      return keyed(value);
    },
  ],
  [
    'a key in no plan',
    403,
    async ({ world }) => {
      const { usagePlans } = await world.aws();
      const id = await usagePlans.createKey({ name: 'stray', tags: {} });
      return keyed((await usagePlans.findKeyValue(id)) ?? '');
    },
  ],
  [
    'a key of the plan of another stage',
    403,
    async ({ world }) => {
      const access: MountAccess = { kind: 'api-key', throttle: { rate: 10, burst: 10 } };
      const other = world.config(
        { name: 'elsewhere' },
        { access, bucket: { name: 'auto', create: true, versioning: false, prefix: 'other/' } },
      );
      await world.run('up', other);
      return keyed(await (await world.open(other)).keys.reveal('default'));
    },
  ],
];

const TOKEN_ROWS: readonly Row[] = [
  ['nothing', 401, () => ({})],
  ['an empty token', 401, () => bearer('')],
  ['nonsense', 401, () => bearer('nonsense')],
  ['three parts of nonsense', 401, () => bearer('a.b.c')],
  ['a token that nobody signed', 401, ({ secret }) => bearer(forge(secret, 'unsigned'))],
  ['a token that a stranger signed', 401, ({ secret }) => bearer(forge(secret, 'own-key'))],
  ['a token that was changed', 401, ({ secret }) => bearer(forge(secret, 'changed'))],
  ['a token and one letter', 401, ({ secret }) => bearer(`${secret}x`)],
  ['a token without its signature', 401, ({ secret }) => bearer(secret.split('.').slice(0, 2).join('.'))],
  ['the token in the query', 401, ({ secret }) => ({ query: `?Authorization=${secret}` })],
  ['the token in a header of another name', 401, ({ secret }) => ({ headers: { 'X-Token': secret } })],
  ['the token as a key', 401, ({ secret }) => keyed(secret)],
];

const FUNCTION_ROWS: readonly Row[] = [
  ['nothing', 401, () => ({})],
  ['an empty token', 401, () => bearer('')],
  ['a token that the function does not know', 401, () => bearer('someone')],
  ['a token that it denies', 403, () => bearer('deny')],
  ['a token that it says nothing of', 403, () => bearer('silent')],
  ['a token that it allows another path', 403, () => bearer('elsewhere')],
  ['a token that it allows another verb', 403, () => bearer('other-verb')],
  ['a token that it allows another stage', 403, () => bearer('other-stage')],
  ['a token at which it throws', 500, () => bearer('throw')],
  ['a token at which it answers nothing', 500, () => bearer('nothing')],
  ['a token at which it answers no policy', 500, () => bearer('no-policy')],
  ['a token at which it does not end in time', 500, () => bearer('never')],
  ['the token in the query', 401, () => ({ query: '?Authorization=allow' })],
  ['the token in a header of another name', 401, () => ({ headers: { 'X-Token': 'allow' } })],
];

/** Allows or not by what the token says. */
const AUTHORIZER = `export default async ({ authorizationToken: token, methodArn }) => {
  const [arn, stage] = methodArn.split('/');
  const policy = (Effect, Resource) => ({
    principalId: 'ann',
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] },
  });
  const answers = {
    allow: () => policy('Allow', \`\${arn}/\${stage}/*\`),
    deny: () => policy('Deny', \`\${arn}/*\`),
    silent: () => policy('Deny', \`\${arn}/\${stage}/OPTIONS/*\`),
    elsewhere: () => policy('Allow', \`\${arn}/\${stage}/GET/images/sun.ico\`),
    'other-verb': () => policy('Allow', \`\${arn}/\${stage}/OPTIONS/*\`),
    'other-stage': () => policy('Allow', \`\${arn}/prod/*\`),
    throw: () => { throw new Error('out of order'); },
    nothing: () => undefined,
    never: () => new Promise(() => {}),
    'no-policy': () => ({ principalId: 'ann' }),
  };
  if (answers[token] === undefined) throw new Error('Unauthorized');
  return answers[token]();
};
`;

interface Kind {
  readonly name: string;
  readonly access: (folder: string) => MountAccess;
  readonly rows: readonly Row[];
  /** Finds what lets a caller in. */
  readonly enter: (project: Project, world: World) => Promise<Pick<Scene, 'good' | 'secret'>>;
}

const KINDS: readonly Kind[] = [
  {
    name: 'api-key',
    access: () => ({ kind: 'api-key', throttle: { rate: 1000, burst: 2000 } }),
    rows: KEY_ROWS,
    async enter(project) {
      const secret = await project.keys.reveal('default');
      return { secret, good: { 'x-api-key': secret } };
    },
  },
  {
    name: 'cognito',
    access: () => ({ kind: 'cognito', mfa: 'none' }),
    rows: TOKEN_ROWS,
    async enter(project, world) {
      const { temporaryPassword } = await project.users.add('ann');
      const { idToken } = await project.users.signIn(
        'ann',
        {
          password: async () => temporaryPassword,
          newPassword: async () => 'Correct-Horse-9-Staple',
          code: async () => '',
          showSeed: async () => {},
        },
        world.emulator.clock,
      );
      return { secret: idToken, good: { Authorization: idToken } };
    },
  },
  {
    name: 'lambda',
    access(folder) {
      const local = path.join(folder, 'authorizer.mjs');
      writeFileSync(local, AUTHORIZER);
      const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:viewers';
      return { kind: 'lambda', functionArn, type: 'token', identityHeaders: ['Authorization'], ttlSeconds: 300, local };
    },
    rows: FUNCTION_ROWS,
    enter: async () => ({ secret: 'allow', good: { Authorization: 'allow' } }),
  },
];

it.each(KINDS)(
  'nobody gets a byte of an $name mount by anything else, with the cache off, cold and warm',
  async (kind) => {
    const faults: string[] = [];
    let count = 0;
    for (const cached of [false, true]) {
      const world = newWorld(undefined, { functionTimeoutMs: 300 });
      const { cache: _cache, ...plain } = world.config({}, { access: kind.access(world.folder) });
      const config: Config = cached ? { ...plain, cache: { sizeGb: 0.5, ttlSeconds: 300 } } : plain;
      await world.run('up', config);
      const project = await world.open(config);
      const scene = { world, project, ...(await kind.enter(project, world)) };
      const { url } = await project.access();
      const whole = await world.get(`${url}/images/orbit.gif`, scene.good);
      expect(whole.status).toBe(200);
      for (const state of cached ? ['cold', 'warm'] : ['off']) {
        for (const [what, status, ask] of kind.rows) {
          const { headers = {}, query = '' } = await ask(scene);
          const { apiGateway } = await world.aws();
          const [api] = await apiGateway.listApis();
          if (state === 'cold') {
            for (const { id } of await apiGateway.listApis().then((all) => all.filter((is) => is.name === api?.name)))
              await apiGateway.flushStageCache(id, 'dev');
            await world.emulator.clock.sleep(5000);
          }
          if (state === 'warm') await world.get(`${url}/images/orbit.gif`, scene.good);
          for (const method of ['GET', 'HEAD']) {
            count += 1;
            const { status: got, body } = await world.get(`${url}/images/orbit.gif${query}`, headers, method);
            const text = body.toString('latin1');
            const bare = method === 'HEAD' ? text === '' : text.includes('"requestId"');
            const leaks = /GIF8|<Error|pixgate-|000000000000/.test(text);
            if (got !== status || !bare || leaks)
              faults.push(`${method} with ${what}, cache ${state}: ${got} ${text.slice(0, 80)}`);
          }
        }
      }
    }

    process.stdout.write(`access, ${kind.name}: ${count} requests, ${faults.length} wrong\n`);
    expect(faults).toEqual([]);
  },
);
