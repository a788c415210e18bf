import { execFile, spawnSync } from 'node:child_process';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { expect, it, onTestFinished } from 'vitest';
import { serve, type WireRequest } from '../../src/emulator/index.js';
import type { Keys } from '../emulator/front/local-cloud.js';
import { ALLOW_ALL, type Hall, openHall, type SentRequest } from './access-rows-hall.js';
import { REGION } from './world.js';

const WAVES = '/dev/private/waves.png';
const MARYS = { serialNumber: 'arn:aws:iam::000000000000:mfa/mary', seed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' };

const HAS_CURL = spawnSync('curl', ['--help', 'all']).stdout?.includes('--aws-sigv4') ?? false;
if (!HAS_CURL) process.stdout.write('access: curl is not asked, since there is none that knows --aws-sigv4\n');

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** Has curl sign a request and send it to the API as if it were on AWS; keys go in by its standard input. */
function curl({ host }: Hall, port: number, { accessKeyId, secretAccessKey, sessionToken }: Keys): Promise<Answer> {
  const lines = [
    `url = "http://${host}${WAVES}"`,
    `connect-to = "${host}:80:127.0.0.1:${port}"`,
    'noproxy = "*"',
    'silent',
    `aws-sigv4 = "aws:amz:${REGION}:execute-api"`,
    `user = "${accessKeyId}:${secretAccessKey}"`,
    ...(sessionToken === undefined ? [] : [`header = "X-Amz-Security-Token: ${sessionToken}"`]),
    'write-out = "%{stderr}%{http_code}"',
  ];
  return new Promise((resolve, reject) => {
    const child = execFile('curl', ['--disable', '--config', '-'], { encoding: 'buffer' }, (error, stdout, stderr) => {
      if (error === null) resolve({ status: Number(stderr.toString()), body: stdout });
      else reject(new Error(`curl ended with ${error.code}: ${stderr.toString()}`));
    });
    child.stdin?.end(lines.join('\n'));
  });
}

/** Serves the API once more, and keeps what it is sent. */
async function listen({ world: { emulator } }: Hall): Promise<{ port: number; seen: WireRequest[] }> {
  const seen: WireRequest[] = [];
  const handle = (request: WireRequest) => {
    seen.push(request);
    return emulator.handle(request);
  };
  const served = await serve({ handle }, { port: 0 });
  onTestFinished(() => served.close());
  return { port: served.port, seen };
}

/** Every text that differs from one in a single byte behind `from`. */
function otherwise(text: string, from = 0): string[] {
  const places = Array.from({ length: text.length - from }, (_, n) => from + n);
  return places.map((n) => `${text.slice(0, n)}${text[n] === 'x' ? 'y' : 'x'}${text.slice(n + 1)}`);
}

/** A request with one byte changed: of the path, and of each header that tells who signed what and when. */
function changed(request: SentRequest): SentRequest[] {
  const names = Object.keys(request.headers).filter((name) => /^(authorization|x-amz-.*)$/i.test(name));
  return [
    ...otherwise(request.target, 1).map((target) => ({ ...request, target })),
    ...names.flatMap((name) =>
      otherwise(request.headers[name] ?? '').map((value) => ({
        ...request,
        headers: { ...request.headers, [name]: value },
      })),
    ),
  ];
}

/** Sends each request, and tells which of them got what. */
async function askAll(hall: Hall, requests: readonly SentRequest[]): Promise<Map<string, number>> {
  const answers = new Map<string, number>();
  for (const request of requests) {
    const { status, body } = await hall.send(request);
    const answer = `${status}${body.equals(imageOf(hall)) ? ', the image' : ''}`;
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  return answers;
}

function imageOf({ images }: Hall): Buffer {
  return images.get('waves.png') ?? Buffer.alloc(0);
}

it.skipIf(!HAS_CURL)('curl signs a request and gets the image; with any one byte changed it does not', async () => {
  const hall = await openHall({ kind: 'iam' });
  const { port, seen } = await listen(hall);

  const { status, body } = await curl(hall, port, hall.world.emulator.credentials);
  const [{ method, path: target, rawHeaders = [] }] = seen as [WireRequest];
  const request = { method, target, headers: Object.fromEntries(rawHeaders) };
  const same = await askAll(hall, [request]);
  const others = changed(request);
  const answers = await askAll(hall, others);

  expect([status, body.equals(imageOf(hall))]).toEqual([200, true]);
  expect(same).toEqual(new Map([['200, the image', 1]]));
  expect(others.length).toBeGreaterThan(200);
  expect(answers).toEqual(new Map([['403', others.length]]));
});

it.skipIf(!HAS_CURL)('where MFA is asked for, curl gets the image by a session that began with a code', async () => {
  const hall = await openHall({ kind: 'iam', mfa: 'required' });
  const mary = hall.user('mary', { policies: { p: ALLOW_ALL }, mfa: MARYS });
  const keys = [mary, await hall.session(mary), await hall.session(mary, MARYS)];

  const answers = [];
  for (const each of keys) answers.push(await curl(hall, hall.port, each));

  expect(answers.map(({ status }) => status)).toEqual([403, 403, 200]);
  expect(answers.map(({ body }) => body.equals(imageOf(hall)))).toEqual([false, false, true]);
});

/** Has the SDK's own signer sign a request to the local address of the API. */
async function signBySdk({ apiId, port, world }: Hall): Promise<SentRequest> {
  const { credentials } = world.emulator;
  const signer = new SignatureV4({ service: 'execute-api', region: REGION, credentials, sha256: Sha256 });
  const target = `/_aws/execute-api/${apiId}${WAVES}`;
  const host = `127.0.0.1:${port}`;
  const plain = { method: 'GET', protocol: 'http:', hostname: '127.0.0.1', port, path: target, headers: { host } };
  const { method, headers } = await signer.sign(plain);
  return { method, target, headers };
}

async function fetchIt(hall: Hall, { target, headers: { host: _host, ...headers } }: SentRequest): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${hall.port}${target}`, { headers });
  const body = Buffer.from(await answer.arrayBuffer());
  return `${answer.status}${body.equals(imageOf(hall)) ? ', the image' : ''}`;
}

/** The names of the headers that a request says are signed. */
function signedNames({ headers }: SentRequest): string | undefined {
  return /SignedHeaders=[^,]*/.exec(headers['authorization'] ?? '')?.[0];
}

it('the signer of the SDK signs a request, and fetch gets the image; with any one byte changed it does not', async () => {
  const hall = await openHall({ kind: 'iam' });
  const request = await signBySdk(hall);
  const start = request.target.slice(0, request.target.indexOf(WAVES) + 1);
  const isSameApi = ({ target }: SentRequest) => target.startsWith(start);
  const others = changed(request).filter((is) => isSameApi(is) && signedNames(is) === signedNames(request));

  const got = await fetchIt(hall, request);
  const answers = [];
  for (const other of others) answers.push(await fetchIt(hall, other));

  expect(got).toBe('200, the image');
  expect(others.length).toBeGreaterThan(200);
  expect(new Set(answers)).toEqual(new Set(['403']));
});

it('with any byte of the names of signed headers changed, fetch gets no image', async () => {
  const hall = await openHall({ kind: 'iam' });
  const request = await signBySdk(hall);
  const others = changed(request).filter((is) => signedNames(is) !== signedNames(request));

  const answers = [];
  for (const other of others) answers.push(await fetchIt(hall, other));

  expect(new Set(answers)).toEqual(new Set(['403']));
});
