import { once } from 'node:events';
import { connect } from 'node:net';
import { CreateRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Served, serve, type WireRequest, type WireResponse } from '../../../src/emulator/index.js';
import { openCloud, refusalOf } from './local-cloud.js';

const OK: WireResponse = { status: 200, headers: { 'Content-Type': 'text/plain' }, body: Buffer.from('ok') };

/** A server whose front answers one thing, and what it was asked. */
async function serving(answer: WireResponse | Error = OK): Promise<{ served: Served; asked: WireRequest[] }> {
  const asked: WireRequest[] = [];
  const handle = async (request: WireRequest) => {
    asked.push(request);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const served = await serve({ handle }, { port: 0 });
  onTestFinished(() => served.close());
  return { served, asked };
}

/** Sends bytes as they are, and answers what comes back until the server hangs up. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.on('error', reject);
  });
}

const END = 'Connection: close\r\n\r\n';

describe('serve()', () => {
  test('serve() hands over target, headers, body and address as they came', async () => {
    const { served, asked } = await serving();
    const head =
      'POST //a/../%2e%2e/b%zz+?x=%20&&y;z HTTP/1.1\r\nHost: API.Example:1234\r\nX-Two: a\r\nx-two: b\r\nUser-Agent: p\r\nUser-Agent: q\r\n';

    await raw(served.port, `${head}Content-Length: 3\r\nConnection: close\r\n\r\nabc`);

    expect(asked).toEqual([
      {
        method: 'POST',
        host: 'api.example',
        path: '//a/../%2e%2e/b%zz+',
        query: 'x=%20&&y;z',
        headers: {
          host: 'API.Example:1234',
          'x-two': 'a, b',
          'user-agent': 'p, q',
          'content-length': '3',
          connection: 'close',
        },
        body: Buffer.from('abc'),
        rawHeaders: [
          ['Host', 'API.Example:1234'],
          ['X-Two', 'a'],
          ['x-two', 'b'],
          ['User-Agent', 'p'],
          ['User-Agent', 'q'],
          ['Content-Length', '3'],
          ['Connection', 'close'],
        ],
        sourceIp: '127.0.0.1',
        protocol: 'HTTP/1.1',
      },
    ]);
  });

  test.each([
    'GET http://other.example/ HTTP/1.1\r\nHost: a\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: a\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n',
    'GET / HTTP/1.1\r\n',
    'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n',
    'GETT / HTTP/1.1\r\nHost: a\r\n',
  ])('serve() answers 400 to %j without asking the emulator', async (head) => {
    const { served, asked } = await serving();

    const answer = await raw(served.port, head + END);

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(asked).toEqual([]);
  });

  const answers: [what: string, method: string, answer: WireResponse, head: RegExp, absent: RegExp, body: string][] = [
    ['measures a body', 'GET', OK, /^Content-Length: 2$/m, /transfer-encoding/i, 'ok'],
    ['sends a length once', 'GET', withHeader('content-length', '2'), /^content-length: 2$/m, /Content-Length/, 'ok'],
    ['keeps the length of HEAD', 'HEAD', withHeader('Content-Length', '99'), /^Content-Length: 99$/m, /chunked/, ''],
    ['makes up no length for HEAD', 'HEAD', OK, /^HTTP\/1\.1 200/, /content-length/i, ''],
    ['sends no body with 304', 'GET', { ...OK, status: 304 }, /^HTTP\/1\.1 304/, /content-length/i, ''],
    ['sends no body with 204', 'GET', { ...OK, status: 204 }, /^HTTP\/1\.1 204/, /content-length/i, ''],
    ['keeps the case of names', 'GET', withHeader('x-AMZ-Weird', 'v'), /^x-AMZ-Weird: v$/m, /x-amz-weird/, 'ok'],
    ['sends one date', 'GET', withHeader('date', 'then'), /^date: then$/m, /^Date: /m, 'ok'],
    ['sends any status', 'GET', { ...OK, status: 429 }, /^HTTP\/1\.1 429/, /200/, 'ok'],
  ];
  test.each(answers)('serve() %s', async (_what, method, answer, present, absent, body) => {
    const { served } = await serving(answer);

    const text = await raw(served.port, `${method} / HTTP/1.1\r\nHost: a\r\n${END}`);

    const end = text.indexOf('\r\n\r\n');
    const head = text.slice(0, end).replaceAll('\r\n', '\n');
    expect(head).toMatch(present);
    expect(head).not.toMatch(absent);
    expect(text.slice(end + 4)).toBe(body);
  });

  function withHeader(name: string, value: string): WireResponse {
    return { ...OK, headers: { [name]: value } };
  }

  test('serve() answers 413 to a body above 12 MiB, and goes on serving', async () => {
    const { served, asked } = await serving();
    const post = (size: number) =>
      fetch(`${served.url}/`, { method: 'POST', body: new Uint8Array(size) }).then((response) => response.status);

    const statuses = [await post(12 * 1024 * 1024 + 1), await post(12 * 1024 * 1024), await post(0)];

    expect(statuses).toEqual([413, 200, 200]);
    expect(asked.map((request) => request.body.length)).toEqual([12 * 1024 * 1024, 0]);
  });

  test('serve() answers 500 when the emulator itself fails', async () => {
    const { served } = await serving(new Error('boom'));

    const response = await fetch(served.url);

    expect([response.status, await response.text()]).toEqual([500, 'The local cloud failed: Error: boom']);
  });

  test('serve() rejects with the code of Node when the port is taken', async () => {
    const { served } = await serving();

    const second = serve({ handle: async () => OK }, { port: served.port });

    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('close() drops open connections and frees the port', async () => {
    const first = await serve({ handle: async () => OK }, { port: 0 });
    const socket = connect(first.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');

    const closed = once(socket, 'close');
    await first.close();
    await closed;

    const second = await serve({ handle: async () => OK }, { port: first.port });
    onTestFinished(() => second.close());
    expect(second.url).toBe(first.url);
  });
});

describe('an emulator behind a port', () => {
  test('serves AWS SDKs over real HTTP', async () => {
    const cloud = openCloud();
    const served = await serve(cloud.emulator, { port: 0 });
    onTestFinished(() => served.close());
    const config = {
      endpoint: served.url,
      region: 'eu-west-1',
      credentials: cloud.emulator.credentials,
      maxAttempts: 1,
    };
    const s3 = new S3Client({ ...config, forcePathStyle: true });
    const iam = new IAMClient(config);
    const at = { Bucket: 'photos', Key: 'a b/ü.png' };

    await s3.send(
      new CreateBucketCommand({ Bucket: 'photos', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    await s3.send(new PutObjectCommand({ ...at, Body: Buffer.from([137, 80, 0, 255]), ContentType: 'image/png' }));
    const head = await s3.send(new HeadObjectCommand(at));
    const object = await s3.send(new GetObjectCommand(at));
    const refusal = await refusalOf(iam.send(new GetRoleCommand({ RoleName: 'none' })));
    const malformed = await refusalOf(
      iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: '{' })),
    );

    expect([head.ContentLength, head.ContentType]).toEqual([4, 'image/png']);
    expect(await object.Body?.transformToByteArray()).toEqual(new Uint8Array([137, 80, 0, 255]));
    expect([refusal.name, malformed.name]).toEqual(['NoSuchEntityException', 'MalformedPolicyDocumentException']);
  });
});
