import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { onTestFinished } from 'vitest';
import type { Config, IamAccess, MountAccess, MountConfig } from '../../src/config/config.js';
import { type NewUser, putUser, serve } from '../../src/emulator/index.js';
import { codeOf } from '../../src/emulator/totp.js';
import { targetOn } from '../../src/targets/local.js';
import { exchange, type RawAnswer } from '../corpus/raw-socket.js';
import type { Keys } from '../emulator/front/local-cloud.js';
import { newWorld, REGION, type World } from './world.js';

/** Somebody else's account. */
export const FOREIGN = '999988887777';

/** Lets a user do everything that its own account can let it do. */
export const ALLOW_ALL = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

/** The two images that lie in both mounts. */
const IMAGES = ['waves.png', 'dunes.jpg'] as const;

/** A finished API with a public mount `/images` and an iam mount `/private`, served over HTTP. */
export interface Hall {
  /** The project and its account. */
  readonly world: World;
  /** As it was brought up. */
  readonly config: Config;
  /** Id of the API. */
  readonly apiId: string;
  /** Host name of the API on AWS. */
  readonly host: string;
  /** TCP port that it is served on. */
  readonly port: number;
  /** Bytes of the images by name. */
  readonly images: ReadonlyMap<string, Buffer>;
  /** Names of its buckets. */
  readonly buckets: readonly string[];
  /** Puts a user into the account, in place of one of the same name, and gives its keys. */
  user(name: string, change?: Partial<NewUser>): Keys;
  /** Begins a session of a user; with `seed`, by a code of its device. */
  session(keys: Keys, mfa?: NewUser['mfa']): Promise<Keys>;
  /** Makes a role below `/team/` that its account may take on, unless it has made it before, and begins a session of it. */
  roleSession(keys: Keys, role: NewRole): Promise<Keys>;
  /** Sends one request as it stands; header names in the case they are given in. */
  send(request: SentRequest): Promise<RawAnswer>;
}

/** A role to make and to take on. */
export interface NewRole {
  /** Its account, which is that of whoever makes it. */
  readonly accountId: string;
  readonly name: string;
  /** Its policy as JSON text. @default none */
  readonly policy?: string;
  /** The device of whoever takes it on. @default none */
  readonly mfa?: NewUser['mfa'];
}

/** A request as it goes over the wire. */
export interface SentRequest {
  readonly method: string;
  /** Raw path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Brings an API up with the product's own `up`; it goes when the test ends. */
export async function openHall(access: IamAccess, cache?: Config['cache']): Promise<Hall> {
  const world = newWorld();
  const mounts = [mountOf(world, 'images', { kind: 'public' }), mountOf(world, 'private', access)];
  const { cache: _cache, ...plain } = world.config({ mounts });
  const config = cache === undefined ? plain : { ...plain, cache };
  await world.run('up', config);
  const { apiGateway, s3 } = await world.aws();
  const apiId = (await apiGateway.listApis())[0]?.id ?? '';
  const served = await serve(world.emulator, { port: 0 });
  onTestFinished(() => served.close());
  const images = IMAGES.map((name) => [name, readFileSync(path.join(world.folder, 'images', name))] as const);
  const clients = openClients(world);
  return {
    world,
    config,
    apiId,
    host: `${apiId}.execute-api.${REGION}.amazonaws.com`,
    port: served.port,
    images: new Map(images),
    buckets: (await s3.listBuckets('pixgate-')).map(({ name }) => name),
    user: (name, change = {}) => addUser(world, name, change),
    session: (keys, mfa) => clients.session(keys, mfa),
    roleSession: (keys, role) => clients.roleSession(keys, role),
    send: (request) => exchange(served.port, toBytes(request)),
  };
}

/** A mount with a folder of its own, holding two of the samples. */
function mountOf(world: World, id: string, access: MountAccess): MountConfig {
  const [first] = world.config().mounts;
  if (first === undefined) throw new Error('the world has no mount');
  const source = path.join(world.folder, `of-${id}`);
  mkdirSync(source);
  for (const name of IMAGES) cpSync(path.join(world.folder, 'images', name), path.join(source, name));
  const bucket = { name: 'auto', create: true, prefix: `${id}/`, versioning: false };
  return { ...first, id, path: `/${id}`, source, access, bucket };
}

function addUser({ emulator }: World, name: string, change: Partial<NewUser>): Keys {
  const { accountId = emulator.accountId } = change;
  const accessKeyId = `AKIA${name.replace(/\W/g, '').toUpperCase()}${accountId}`.slice(0, 20).padEnd(20, '0');
  const keys = { accessKeyId, secretAccessKey: `secret-of-${name}-in-${accountId}` };
  putUser(emulator.store, { accountId, name, ...keys, ...change }, emulator.clock.now());
  return keys;
}

/** The SDK's clients, leading into the local cloud as the product's own do. */
function openClients({ emulator }: World): Pick<Hall, 'session' | 'roleSession'> {
  const { access } = targetOn(emulator, REGION, 4510);
  const { requestHandler } = access;
  if (requestHandler === undefined) throw new Error('the local cloud has no way in');
  const configOf = ({ sessionToken, ...keys }: Keys) => ({
    region: REGION,
    requestHandler,
    credentials: sessionToken === undefined ? keys : { ...keys, sessionToken },
  });
  const made = new Set<string>();
  const shown = (mfa: NewUser['mfa']) =>
    mfa === undefined
      ? {}
      : { SerialNumber: mfa.serialNumber, TokenCode: codeOf(mfa.seed, Math.floor(emulator.clock.now() / 30_000)) };
  return {
    async session(keys, mfa) {
      const sts = new STSClient(configOf(keys));
      return keysOf(await sts.send(new GetSessionTokenCommand(shown(mfa))));
    },
    async roleSession(keys, { accountId, name, policy, mfa }) {
      const trust = { Effect: 'Allow', Principal: { AWS: accountId }, Action: 'sts:AssumeRole' };
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
      const arn = `arn:aws:iam::${accountId}:role/team/${name}`;
      const iam = new IAMClient(configOf(keys));
      if (!made.has(arn))
        await iam.send(new CreateRoleCommand({ RoleName: name, Path: '/team/', AssumeRolePolicyDocument }));
      made.add(arn);
      if (policy !== undefined)
        await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'p', PolicyDocument: policy }));
      const ask = { RoleArn: arn, RoleSessionName: 'story', ...shown(mfa) };
      return keysOf(await new STSClient(configOf(keys)).send(new AssumeRoleCommand(ask)));
    },
  };
}

interface SdkKeys {
  readonly AccessKeyId: string | undefined;
  readonly SecretAccessKey: string | undefined;
  readonly SessionToken: string | undefined;
}

function keysOf({ Credentials }: { readonly Credentials?: SdkKeys | undefined }): Keys {
  if (Credentials === undefined) throw new Error('there are no credentials');
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials;
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

function toBytes({ method, target, headers, body = new Uint8Array() }: SentRequest): Buffer {
  const length = body.byteLength === 0 ? {} : { 'Content-Length': String(body.byteLength) };
  const lines = Object.entries({ ...headers, ...length }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), body]);
}
