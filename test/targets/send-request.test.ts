import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { AwsError } from '../../src/errors.js';
import { sendRequest } from '../../src/targets/send-request.js';

/** Serves on the loopback address, and keeps what was asked. */
async function startServer(answer: RequestListener, host = '127.0.0.1') {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  }).listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, port, server, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}` };
}

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

test.each([
  '/dev/images/cat.png',
  '/a/../b',
  '/a/./b',
  '/a//b',
  '/%2e%2e/b',
  '/a/%2E%2e%2fb',
  '/a%20b',
  '/caf%C3%A9.png',
  '/a.png%3Flist-type=2',
  '/a.png?list-type=2',
  '/a.png?',
  "/a'(b)!*~.png",
  '/a%zz',
  '/a\\b',
])('sendRequest() sends the path %s as it stands', async (path) => {
  const { url, asked } = await startServer((_request, response) => response.end());

  await sendRequest({ method: 'GET', url: url + path, headers: {} });

  expect(asked.map((request) => request.url)).toEqual([path]);
});

test('sendRequest() asks for the root when there is no path', async () => {
  const { url, asked } = await startServer((_request, response) => response.end());

  await sendRequest({ method: 'GET', url, headers: {} });

  expect(asked.map((request) => request.url)).toEqual(['/']);
});

test('sendRequest() adds no header but Host and the end of the connection', async () => {
  const { url, port, asked } = await startServer((_request, response) => response.end());

  await sendRequest({ method: 'GET', url: `${url}/`, headers: {} });
  await sendRequest({ method: 'GET', url: `${url}/`, headers: { 'If-None-Match': '"x"', accept: 'image/png' } });

  const always = { host: `127.0.0.1:${port}`, connection: 'close' };
  expect(asked.map(({ headers }) => headers)).toEqual([
    always,
    { ...always, 'if-none-match': '"x"', accept: 'image/png' },
  ]);
});

test.each(['GET', 'HEAD', 'OPTIONS', 'DELETE', 'POST'])('sendRequest() sends %s, without a body', async (method) => {
  const { url, asked } = await startServer((_request, response) => response.end());

  await sendRequest({ method, url: `${url}/`, headers: {} });

  expect(asked.map((request) => request.method)).toEqual([method]);
});

test('sendRequest() answers with status, lower-case headers and the exact bytes', async () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, nth) => nth % 251);
  const { url } = await startServer((_request, response) => {
    response.writeHead(206, { 'Content-Type': 'image/png', 'X-Many': ['a', 'b'], 'Set-Cookie': ['c=1', 'd=2'] });
    response.end(bytes);
  });

  const { status, headers, body } = await sendRequest({ method: 'GET', url: `${url}/`, headers: {} });

  expect(status).toBe(206);
  expect(headers).toMatchObject({ 'content-type': 'image/png', 'x-many': 'a, b', 'set-cookie': 'c=1, d=2' });
  expect(Buffer.compare(body, bytes)).toBe(0);
});

test('sendRequest() does not unpack a body', async () => {
  const { url } = await startServer((_request, response) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip' });
    response.end('not unpacked');
  });

  const { body } = await sendRequest({ method: 'GET', url: `${url}/`, headers: {} });

  expect(Buffer.from(body).toString()).toBe('not unpacked');
});

test.each([301, 302, 307, 308])('sendRequest() does not follow a %i', async (status) => {
  const { url, asked } = await startServer((_request, response) => {
    response.writeHead(status, { Location: '/elsewhere' });
    response.end();
  });

  const answer = await sendRequest({ method: 'GET', url: `${url}/here`, headers: {} });

  expect(answer).toMatchObject({ status, headers: { location: '/elsewhere' } });
  expect(asked.map((request) => request.url)).toEqual(['/here']);
});

test('sendRequest() opens a connection of its own for every request', async () => {
  const { url, asked } = await startServer((_request, response) => response.end());

  const ports = new Set<unknown>();
  for (let nth = 0; nth < 3; nth += 1) {
    await sendRequest({ method: 'GET', url: `${url}/`, headers: {} });
    ports.add(asked.at(-1)?.socket);
  }

  expect(ports.size).toBe(3);
});

test('sendRequest() to a port where nothing listens is an AwsError that names the address', async () => {
  const { url, server } = await startServer((_request, response) => response.end());
  server.close();
  await once(server, 'close');

  const failure = await sendRequest({ method: 'GET', url: `${url}/x`, headers: {} }).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(AwsError);
  expect(failure).toMatchObject({
    code: 'API_UNREACHABLE',
    message: `Cannot reach ${url}/x: connect ECONNREFUSED ${url.slice('http://'.length)}.`,
    failure: { service: 'API Gateway', operation: 'Invoke', awsCode: 'ECONNREFUSED' },
  });
});

test.each<[string, RequestListener]>([
  ['before the answer', (request) => request.socket.destroy()],
  [
    'in the middle of the body',
    (request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('half', () => request.socket.destroy());
    },
  ],
])('sendRequest() whose connection breaks %s is an AwsError', async (_when, answer) => {
  const { url } = await startServer(answer);

  const failure = await sendRequest({ method: 'GET', url: `${url}/`, headers: {} }).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(AwsError);
  expect(failure).toMatchObject({ failure: { awsCode: 'ECONNRESET' } });
});

test('sendRequest() to what does not speak HTTP is an AwsError', async () => {
  const { url } = await startServer((request) => request.socket.end('220 mail.example ESMTP\r\n'));

  await expect(sendRequest({ method: 'GET', url: `${url}/`, headers: {} })).rejects.toThrow(AwsError);
});

test.skipIf(!hasIpv6)('sendRequest() reaches an address of IPv6', async () => {
  const { url } = await startServer((_request, response) => response.end('here'), '::1');

  const { body } = await sendRequest({ method: 'GET', url: `${url}/`, headers: {} });

  expect(Buffer.from(body).toString()).toBe('here');
});
