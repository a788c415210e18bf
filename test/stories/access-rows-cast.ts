import { createHash } from 'node:crypto';
import { putRootKey } from '../../src/emulator/index.js';
import type { Keys } from '../emulator/front/local-cloud.js';
import { ALLOW_ALL, FOREIGN, type Hall, openHall } from './access-rows-hall.js';
import { RIGHTS, type Signer } from './access-rows-row.js';
import { REGION } from './world.js';

/** An image of the iam mount. */
export const WAVES = '/dev/private/waves.png';

const HALF_DAY_MS = 12 * 3_600_000;
const UNKNOWN = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };

/** An API with an iam mount, and everybody who asks it. */
export interface Cast {
  /** The API. */
  readonly hall: Hall;
  /** What each of them signs with. */
  readonly keys: ReadonlyMap<Signer, Keys>;
  /** Puts names, ids, keys and tokens into the words of a row. */
  fill(text: string): string;
  /** Gives the reader's rights, or takes them away. */
  setReader(mayRead: boolean): void;
}

/** Statements of a policy: effect, action, resource. */
type Statements = readonly (readonly [effect: string, action: string, resource: string])[];

/** Brings an API up, another one beside it, and all who ask. */
export async function openCast(
  cache: { readonly sizeGb: number; readonly ttlSeconds: number } | undefined,
): Promise<Cast> {
  const hall = await openHall({ kind: 'iam' }, cache);
  const { world, apiId, host } = hall;
  const { accountId } = world.emulator;
  await world.run('up', world.config({ name: 'attic', mounts: hall.config.mounts }));
  const apis = await (await world.aws()).apiGateway.listApis();
  const elsewhere = apis.find(({ id }) => id !== apiId)?.id ?? '';
  const words: Record<string, string> = { api: apiId, host, elsewhere, account: accountId };
  words['elsewhereHost'] = `${elsewhere}.execute-api.${REGION}.amazonaws.com`;
  words['etag'] = `"${createHash('md5').update(imageOf(hall, WAVES)).digest('hex')}"`;
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => words[name] ?? whole);
  const mine = ['GET', 'HEAD'].map(
    (verb) =>
      ['Allow', 'execute-api:Invoke', `arn:aws:execute-api:${REGION}:{account}:{api}/dev/${verb}/private/*`] as const,
  );
  const setReader = (mayRead: boolean) => hall.user('reader', mayRead ? policyOf(mine, fill) : {});
  const keys = await makeKeys(hall, setReader(true), fill);
  Object.assign(words, wordsOf(keys));
  return { hall, keys, fill, setReader };
}

/** What the rows call the keys and tokens of those who sign. */
function wordsOf(keys: ReadonlyMap<Signer, Keys>): Record<string, string> {
  const { accessKeyId = '', secretAccessKey = '' } = keys.get('reader') ?? {};
  return {
    key: accessKeyId,
    basic: Buffer.from(`${accessKeyId}:${secretAccessKey}`).toString('base64'),
    otherKey: keys.get('a user without rights')?.accessKeyId ?? '',
    token: keys.get('reader, in a session')?.sessionToken ?? '',
    otherToken: keys.get('a user without rights, in a session')?.sessionToken ?? '',
  };
}

function policyOf(statements: Statements, fill: Cast['fill']): { policies?: Record<string, string> } {
  const Statement = statements.map(([Effect, Action, Resource]) => ({ Effect, Action, Resource: fill(Resource) }));
  return Statement.length === 0 ? {} : { policies: { p: JSON.stringify({ Version: '2012-10-17', Statement }) } };
}

async function makeKeys(hall: Hall, reader: Keys, fill: Cast['fill']): Promise<Map<Signer, Keys>> {
  const { store, accountId, clock } = hall.world.emulator;
  const keys = new Map<Signer, Keys>([['reader', reader]]);
  keys.set('reader, in a session that is over', await hall.session(reader));
  await clock.sleep(HALF_DAY_MS);
  keys.set('reader, in a session', await hall.session(reader));
  keys.set('reader, with another secret', { ...reader, secretAccessKey: `${reader.secretAccessKey}x` });
  keys.set('reader, with the id in lower case', { ...reader, accessKeyId: reader.accessKeyId.toLowerCase() });
  keys.set('nobody knows', UNKNOWN);
  keys.set('nobody knows, with the secret of the reader', { ...UNKNOWN, secretAccessKey: reader.secretAccessKey });
  for (const [n, [name, statements]] of Object.entries(RIGHTS).entries()) {
    const foreign = name.includes('foreign') ? { accountId: FOREIGN } : {};
    keys.set(name as Signer, hall.user(`user-${n}`, { ...policyOf(statements, fill), ...foreign }));
  }
  const root = { accessKeyId: 'AKIAROOT000000000000', secretAccessKey: 'secret-of-a-root' };
  putRootKey(store, { accountId: FOREIGN, ...root });
  keys.set('root of a foreign account', root);
  const powerless = hall.user('powerless');
  keys.set('a user without rights, in a session', await hall.session(powerless));
  const admin = hall.user('admin', { policies: { p: ALLOW_ALL } });
  keys.set('a role without rights', await hall.roleSession(admin, { accountId, name: 'powerless' }));
  return keys;
}

/** The bytes of the image that a path is for. */
export function imageOf({ images }: Hall, path: string): Buffer {
  const found = images.get(path.includes('dunes.jpg') ? 'dunes.jpg' : 'waves.png');
  if (found === undefined) throw new Error(`${path} is no image`);
  return found;
}
