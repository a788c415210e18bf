import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { Aws } from '../../src/aws/aws.js';
import type { Config } from '../../src/config/config.js';
import { cloud } from '../../src/emulator/cloud.js';
import { serve, type WireRequest } from '../../src/emulator/index.js';
import { findManifest } from '../../src/resources/manifest.js';
import { newWorld, REGION, type World } from '../stories/world.js';
import { judgeAnswer } from './judge.js';
import { exchange, type RawAnswer } from './raw-socket.js';
import { head, type Wanted } from './row.js';

/** Bucket of somebody else, which the mount's role may not read. */
const OTHER_BUCKET = 'pixgate-corpus-neighbour';

/** Longer than a flush takes: until it is done the cache keeps nothing. */
const FLUSH_MS = 5000;

/** What lies where no answer may come from: keys by bucket, 'own' being the mount's. The prefix served is `images/`. */
const CANARY_KEYS: Readonly<Record<'own' | 'other', readonly string[]>> = {
  own: ['secret.png', 'waves.png', 'images', 'imagesecret.png', 'images-old/secret.png', 'images/forbidden.png'],
  other: ['secret.png', 'images/secret.png', 'images/waves.png'],
};

/** A finished gateway over the sample images, served over HTTP, with things around it that it must not give away. */
export interface Gallery {
  /** The project and its account. */
  readonly world: World;
  /** AWS, as the account's administrator. */
  readonly aws: Aws;
  /** Id of the API. */
  readonly apiId: string;
  /** The mount's bucket. */
  readonly bucket: string;
  /** By key below the prefix. */
  readonly images: Map<string, Buffer>;
  /** Contents of the objects that must stay unread. */
  readonly canaries: readonly string[];
  /** Words that no answer may hold: names of buckets, roles and the account. */
  readonly secrets: readonly string[];
  /** What the gateway sent to S3, in order. */
  sentToS3(): readonly WireRequest[];
  /** Sends a raw request; `{host}`, `{api}`, `{bucket}`, and `{etag}` and `{modified}` of waves.png in it are filled in. */
  ask(request: string): Promise<RawAnswer>;
  /** The request with its placeholders filled in. */
  fill(request: string): string;
  /** Puts an image straight into the bucket, as another tool would; `images` stays as it is. */
  put(key: string, body: Buffer): Promise<void>;
  /** Empties the stage cache, as its owner may. */
  flush(): Promise<void>;
  /** Every object of every bucket by place, with the digest of its bytes, and all that the buckets are set to. */
  contents(): Promise<Record<string, unknown>>;
}

/** What is wrong with the answer to a request; empty when nothing is. @throws {Error} when there is no whole answer. */
export async function faultsOf(gallery: Gallery, request: string, ...wanted: Wanted[]): Promise<readonly string[]> {
  return judgeAnswer(gallery.fill(request), wanted, await gallery.ask(request), gallery);
}

/** Brings a gallery up with the product's own `up`; it goes when the test ends. `dress` lets a request in where not everybody is. */
export async function openGallery(
  change: (config: Config) => Config = (config) => config,
  dress: (request: string, gallery: Gallery) => Promise<string | undefined> = async (request) => request,
): Promise<Gallery> {
  const world = newWorld();
  const toS3 = vi.spyOn(cloud, 's3');
  await world.run('up', change(world.config()));
  const aws = await world.aws();
  const apiId = (await aws.apiGateway.listApis())[0]?.id ?? '';
  const bucket = (await aws.s3.listBuckets('pixgate-'))[0]?.name ?? '';
  const canaries = await plantCanaries(aws, bucket);
  const served = await serve(world.emulator, { port: 0 });
  onTestFinished(async () => {
    toS3.mockRestore();
    await served.close();
  });
  const roles = (await aws.iam.listRoles('/pixgate/')).map(({ name }) => name);
  const images = readSamples(path.join(world.folder, 'images'));
  const words: Record<string, string> = { api: apiId, bucket, host: `${apiId}.execute-api.${REGION}.amazonaws.com` };
  const fill = (request: string): string =>
    request.replace(/\{(\w+)\}/g, (whole, name: string) => words[name] ?? whole);
  const ask = (request: string) => exchange(served.port, Buffer.from(fill(request), 'latin1'));
  const gallery: Gallery = {
    world,
    aws,
    apiId,
    bucket,
    images,
    canaries,
    secrets: [bucket, OTHER_BUCKET, world.emulator.accountId, ...roles, 'arn:aws:', 's3.eu-west-1'],
    sentToS3: () => toS3.mock.calls.map(([request]) => request),
    fill,
    ask,
    put: (key, body) => putPng(aws, bucket, `images/${key}`, body),
    async flush() {
      await aws.apiGateway.flushStageCache(apiId, 'dev');
      await world.emulator.clock.sleep(FLUSH_MS);
    },
    contents: () => readBuckets(world, aws, [bucket, OTHER_BUCKET]),
  };
  const { headers } = await ask((await dress(head('/dev/images/waves.png'), gallery)) ?? '');
  words['etag'] = headers.get('etag') ?? '';
  words['modified'] = headers.get('last-modified') ?? '';
  return gallery;
}

async function plantCanaries(aws: Aws, bucket: string): Promise<string[]> {
  await aws.s3.createBucket(OTHER_BUCKET, { team: 'somebody else' });
  const canaries: string[] = [];
  for (const [name, keys] of [
    [bucket, CANARY_KEYS.own],
    [OTHER_BUCKET, CANARY_KEYS.other],
  ] as const) {
    for (const key of keys) {
      const text = [0, 1, 2, 3].map((n) => createHash('sha256').update(`${name}/${key}/${n}`).digest('hex')).join('');
      canaries.push(text);
      await putPng(aws, name, key, Buffer.from(text));
    }
  }
  await forbid(aws, bucket, 'images/forbidden.png');
  return [...canaries, ...(await readManifest(aws, bucket))];
}

/** The manifest beside the prefix is a secret too; these parts of it stand nowhere else. */
async function readManifest(aws: Aws, bucket: string): Promise<string[]> {
  const manifest = await findManifest(aws.s3, bucket, '.pixgate/holiday.dev.eu-west-1.images.ndjson');
  if (manifest === undefined) throw new Error('there is no manifest');
  return [manifest.token, ...Object.values(manifest.objects).map((entry) => entry.sha256)];
}

/** Shuts the mount's role out of one object, which is how S3 comes to say 403. */
async function forbid(aws: Aws, bucket: string, key: string): Promise<void> {
  const policy: { Statement: unknown[] } = JSON.parse((await aws.s3.settings.read(bucket)).policy);
  policy.Statement.push({
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${bucket}/${key}`,
    Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/pixgate/*' } },
  });
  await aws.s3.settings.write(bucket, 'policy', JSON.stringify(policy));
}

async function putPng(aws: Aws, bucket: string, key: string, body: Buffer): Promise<void> {
  const headers = { 'Cache-Control': 'public, max-age=300' };
  await aws.s3.putObject(bucket, { key, body, contentType: 'image/png', headers });
}

function readSamples(folder: string): Map<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return [path.relative(folder, file).split(path.sep).join('/'), readFileSync(file)];
    }),
  );
}

async function readBuckets(world: World, aws: Aws, buckets: readonly string[]): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const bucket of buckets) {
    for (const { key } of await aws.s3.listObjects(bucket, '')) {
      const bytes = (await aws.s3.findObject(bucket, key))?.bytes ?? Buffer.alloc(0);
      found[`${bucket}/${key}`] = sha256(bytes);
    }
  }
  const settings = Object.entries(world.everything()).filter(([place]) => place.startsWith('s3/'));
  return { ...found, ...Object.fromEntries(settings) };
}

/** Lower-case hexadecimal digest. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
