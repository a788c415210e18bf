import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { serve } from '../../src/emulator/index.js';
import { newWorld, REGION, type World } from './world.js';

/** A request target, and the answer: '200 the image', an error of ours by name, or a refusal at API Gateway's door. */
type Row = readonly [target: string, answer: string];

const FORBIDDEN = '403 Forbidden';
const NO_IMAGE = '404 ImageNotFound';
const NO_ROUTE = '404 NotFound';
const IMAGE = '200 the image';

/** Where a decoded question mark would hand S3 a query of the client's. */
const ENCODED: readonly Row[] = [
  ['/dev/images/%3Flist-type=2', FORBIDDEN],
  ['/dev/images/%3flist-type=2', FORBIDDEN],
  ['/dev/images/%3Fversions', FORBIDDEN],
  ['/dev/images/%3Facl', FORBIDDEN],
  ['/dev/images/%3Flocation', FORBIDDEN],
  ['/dev/images/%3Fuploads', FORBIDDEN],
  ['/dev/images/waves.png%3F', FORBIDDEN],
  ['/dev/images/waves.png%3Facl', FORBIDDEN],
  ['/dev/images/waves.png%3FversionId=null', FORBIDDEN],
  ['/dev/images/waves.png%3Fresponse-content-type=text/html', FORBIDDEN],
  ['/dev/images/waves.png%3fresponse-content-type=text/html', FORBIDDEN],
  ['/dev/images/waves.png%3Fresponse-content-disposition=attachment', FORBIDDEN],
  ['/dev/images/a/%3F/../waves.png', FORBIDDEN],
  ['/dev/images/.pixgate/holiday.dev.eu-west-1.images.ndjson%3F', FORBIDDEN],
  ['/dev/images/%253Flist-type=2', NO_IMAGE],
  ['/dev/images/waves.png%253Facl', NO_IMAGE],
  ['/dev/images/waves.png%253Fresponse-content-type=text/html', NO_IMAGE],
  ['/dev/images/waves.png%C0%BFacl', NO_IMAGE],
  ['/dev/images/waves.png%EF%BC%9Facl', NO_IMAGE],
  ['/dev/images/waves.png%26acl', NO_IMAGE],
  ['/dev/images/waves.png%23', NO_IMAGE],
  ['/dev/images/waves.png;acl', NO_IMAGE],
  ['/dev/images%3Flist-type=2', NO_ROUTE],
  ['/dev/images%2F%3Flist-type=2', NO_ROUTE],
  ['/dev/%3Flist-type=2', NO_ROUTE],
  ['/dev/images/waves.png%u003Facl', '400 at the door'],
  ['/dev%3Flist-type=2/images/waves.png', '403 at the door'],
];

/** A plain query is handed on to nobody. */
const PLAIN: readonly Row[] = [
  ['/dev/images/waves.png?response-content-type=text/html', IMAGE],
  ['/dev/images/waves.png?response-content-disposition=attachment', IMAGE],
  ['/dev/images/waves.png?list-type=2', IMAGE],
  ['/dev/images/waves.png?versionId=null', IMAGE],
  ['/dev/images/waves.png?acl', IMAGE],
  ['/dev/images/waves.png?uploads;versions', IMAGE],
  ['/dev/images/.pixgate/holiday.dev.eu-west-1.images.ndjson?x', NO_IMAGE],
  ['/dev/images/?list-type=2', NO_ROUTE],
  ['/dev/images?list-type=2', NO_ROUTE],
  ['/dev?list-type=2', NO_ROUTE],
];

/** Ways out of the prefix, the mount, the stage and the bucket. `waves%2Epng` shows that decoding does take place. */
const TRAVERSAL: readonly Row[] = [
  ['/dev/images/waves%2Epng', IMAGE],
  ['/dev/images/waves.png/', IMAGE],
  ['/dev/images/../secret.png', NO_IMAGE],
  ['/dev/images/a/../../secret.png', NO_IMAGE],
  ['/dev/images/..%2fsecret.png', NO_IMAGE],
  ['/dev/images/%2e%2e/secret.png', NO_IMAGE],
  ['/dev/images/%2e%2e%2fsecret.png', NO_IMAGE],
  ['/dev/images/%252e%252e%252fsecret.png', NO_IMAGE],
  ['/dev/images/.%2e/secret.png', NO_IMAGE],
  ['/dev/images/..;/secret.png', NO_IMAGE],
  ['/dev/images/..;jsessionid=1/secret.png', NO_IMAGE],
  ['/dev/images/%c0%ae%c0%ae/secret.png', NO_IMAGE],
  ['/dev/images/..%5csecret.png', NO_IMAGE],
  ['/dev/images/../../canary-bucket/secret.png', NO_IMAGE],
  ['/dev/images/%2e%2e%2f%2e%2e%2fcanary-bucket%2fsecret.png', NO_IMAGE],
  ['/dev/images/%2f%2fcanary-bucket/secret.png', NO_IMAGE],
  ['/dev/images/%2fsecret.png', NO_IMAGE],
  ['/dev/images/./waves.png', NO_IMAGE],
  ['/dev/images//waves.png', NO_IMAGE],
  ['/dev/images///waves.png', NO_IMAGE],
  ['/dev/images/waves.png//', NO_IMAGE],
  ['/dev/images/waves.png%2f', NO_IMAGE],
  ['/dev/images/waves.png.', NO_IMAGE],
  ['/dev/images/%00', NO_IMAGE],
  ['/dev/images/waves.png%00.html', NO_IMAGE],
  ['/dev/images/.pixgate/holiday.dev.eu-west-1.images.ndjson', NO_IMAGE],
  ['/dev/images/../.pixgate/holiday.dev.eu-west-1.images.ndjson', NO_IMAGE],
  ['/dev/images/..%2f.pixgate%2fholiday.dev.eu-west-1.images.ndjson', NO_IMAGE],
  ['/dev/images/%2e%70ixgate%2Fholiday.dev.eu-west-1.images.ndjson', NO_IMAGE],
  ['/dev/images/.//.pixgate/holiday.dev.eu-west-1.images.ndjson', NO_IMAGE],
  ['/dev/images', NO_ROUTE],
  ['/dev/images/', NO_ROUTE],
  ['/dev/../secret.png', NO_ROUTE],
  ['/dev//images/waves.png', NO_ROUTE],
  ['//dev/images/waves.png', '403 at the door'],
  ['/../dev/images/waves.png', '403 at the door'],
  ['/dev/images/..\\secret.png', '400 at the door'],
  ['/dev/images/%zz', '400 at the door'],
  ['/dev/images/%', '400 at the door'],
  ['http://other.example/dev/images/waves.png', '400 at the door'],
  ['*', '400 at the door'],
];

const DOOR = new Set(['{"message":"Forbidden"}', '{"message":"Bad Request"}', 'Bad Request']);
const CANARY = 'canary, whom nobody may hear';

interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A finished gateway behind a port. */
interface Gateway {
  readonly world: World;
  readonly apiId: string;
  readonly config: Config;
  ask(target: string, method?: string): Promise<Answer>;
  /** Whether an answer tells of anything but the image: a canary, the bucket, the account, a listing. */
  leaks(answer: Answer): boolean;
  /** The answer in the words of the tables; what fits none is told whole. */
  describe(answer: Answer): string;
}

/** Makes an environment that serves what lies below `prefix`, canaries beside it, and a port to ask. */
async function openGateway(prefix: string): Promise<Gateway> {
  const world = newWorld();
  const config = world.config({}, { bucket: { name: 'auto', create: true, prefix, versioning: false } });
  await world.run('up', config);
  const { s3, apiGateway } = await world.aws();
  const [bucket = ''] = (await s3.listBuckets('pixgate-')).map(({ name }) => name);
  const canary = { body: Buffer.from(CANARY), contentType: 'image/png', headers: {} };
  await s3.createBucket('canary-bucket', {});
  await s3.putObject('canary-bucket', { key: 'secret.png', ...canary });
  if (prefix !== '') await s3.putObject(bucket, { key: 'secret.png', ...canary });
  const apiId = (await apiGateway.listApis())[0]?.id ?? '';
  const server = await serve(world.emulator, { port: 0 });
  onTestFinished(() => server.close());
  const image = readFileSync(path.join(world.folder, 'images', 'waves.png'));
  // The manifest is a canary too: its digests are nobody's business.
  const secrets = [CANARY, bucket, world.emulator.accountId, 'arn:aws', '"sha256"', '<?xml', '<Error', 'Result'];
  const leaks = ({ body }: Answer): boolean => secrets.some((secret) => body.includes(secret));
  return {
    world,
    apiId,
    config,
    leaks,
    ask: (target, method = 'GET') =>
      askRaw(server.port, `${method} ${target} HTTP/1.1\r\nHost: ${apiId}.execute-api.${REGION}.amazonaws.com\r\n\r\n`),
    describe(answer) {
      const { status, headers, body } = answer;
      const text = body.toString('latin1');
      const whole = `${status} ${JSON.stringify(headers)} ${text.slice(0, 500)}`;
      const isImage = body.equals(image) && headers['content-type'] === 'image/png';
      if (status === 200) return isImage && !('content-disposition' in headers) ? IMAGE : whole;
      if (DOOR.has(text)) return `${status} at the door`;
      if (leaks(answer) || !isHardened(headers)) return whole;
      const { error } = JSON.parse(text) as { error: string };
      return `${status} ${error}`;
    },
  };
}

/** Whether an answer has the headers that keep a browser from taking it for anything but data. */
function isHardened(headers: Answer['headers']): boolean {
  return (
    headers['content-type'] === 'application/json' &&
    headers['cache-control'] === 'no-store' &&
    headers['x-content-type-options'] === 'nosniff' &&
    headers['content-security-policy'] === "default-src 'none'; style-src 'unsafe-inline'; sandbox"
  );
}

/** Sends bytes as they are, which no HTTP client does with such targets, and reads one answer. */
function askRaw(port: number, bytes: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const answer = readAnswer(received, bytes.startsWith('HEAD '));
      if (answer === undefined) return;
      socket.destroy();
      resolve(answer);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`half an answer to ${bytes}`)));
  });
}

/** The answer, or undefined while part of it is under way. */
function readAnswer(received: Buffer, isHead: boolean): Answer | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [first = '', ...lines] = received.toString('latin1', 0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = received.subarray(end + 4);
  const length = isHead ? 0 : Number(headers['content-length']);
  return body.length < length ? undefined : { status: Number(first.split(' ')[1]), headers, body };
}

describe.each([{ prefix: 'images/' }, { prefix: '' }])('a gateway on the prefix "$prefix"', ({ prefix }) => {
  it.each([
    ['an encoded query', ENCODED],
    ['a plain query', PLAIN],
    ['a way out', prefix === '' ? TRAVERSAL : [...TRAVERSAL, ['/dev/images/secret.png', NO_IMAGE]]],
  ] as readonly [string, readonly Row[]][])(
    'answers %s with the image itself or a refusal, cached or not',
    async (_family, rows) => {
      const gateway = await openGateway(prefix);

      const first: Row[] = [];
      const second: Row[] = [];
      for (const [target] of rows) {
        first.push([target, gateway.describe(await gateway.ask(target))]);
        second.push([target, gateway.describe(await gateway.ask(target))]);
      }

      expect(first).toEqual(rows);
      expect(second).toEqual(rows);
    },
  );

  it('answers HEAD of every such target with the status and the type of its GET, and no body', async () => {
    const gateway = await openGateway(prefix);
    const targets = [...ENCODED, ...PLAIN, ...TRAVERSAL].map(([target]) => target);

    const heads: unknown[] = [];
    const gets: unknown[] = [];
    for (const target of targets) {
      const [head, get] = [await gateway.ask(target, 'HEAD'), await gateway.ask(target)];
      heads.push([target, head.status, head.headers['content-type'], head.body.length]);
      gets.push([target, get.status, get.headers['content-type'], 0]);
    }

    expect(heads).toEqual(gets);
  });

  it('without its resource policy retypes an image at the wish of a stranger, which test names and wire repairs', async () => {
    const gateway = await openGateway(prefix);
    const { world, apiId, config } = gateway;
    const { apiGateway } = await world.aws();
    const target = '/dev/images/waves.png%3Fresponse-content-type=text/html';

    await apiGateway.patchApi(apiId, [{ op: 'replace', path: '/policy', value: '' }]);
    const deploymentId = await apiGateway.createDeployment(apiId, 'by hand');
    await apiGateway.patchStage(apiId, 'dev', [{ op: 'replace', path: '/deploymentId', value: deploymentId }]);
    const open = await gateway.ask(target);
    const leaking: string[] = [];
    for (const [each] of ENCODED) if (gateway.leaks(await gateway.ask(each))) leaking.push(each);
    const report = await world.verify(config);
    await world.run('wire', config);
    const shut = gateway.describe(await gateway.ask(target));
    const repaired = await world.verify(config);

    const failed = report.results.filter(({ status }) => status === 'failed');
    expect([open.status, open.headers['content-type']]).toEqual([200, 'text/html']);
    // The role cannot list, so nothing worse than another type comes of it.
    expect(leaking).toEqual([]);
    expect(failed.map(({ id }) => id)).toContain('hardening/api/policy');
    expect(failed.some(({ id }) => id.includes('%3Fresponse-content-type=text/html'))).toBe(true);
    expect([shut, repaired.failed]).toEqual([FORBIDDEN, 0]);
  });
});
