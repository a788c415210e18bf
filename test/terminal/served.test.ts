import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { isServed } from '../../src/terminal/served.js';

const ID = { 'x-amzn-RequestId': 'd87b649f' };

test.each([
  ['the API', 404, { ...ID, 'x-amzn-ErrorType': 'MissingAuthenticationTokenException' }, true],
  ['an API that lets nobody in', 403, { ...ID, 'x-amzn-ErrorType': 'AccessDeniedException' }, true],
  ['the local cloud of another folder', 403, { ...ID, 'x-amzn-ErrorType': 'ForbiddenException' }, false],
  ['another server', 200, {}, false],
])('isServed() of %s is %i %j: %s', async (_who, status, headers, served) => {
  const server = createServer((_request, response) => response.writeHead(status, headers).end('{}'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/_aws/execute-api/abcdefghij/dev`;

  const before = await isServed(url);
  server.close();
  await once(server, 'close');

  expect([before, await isServed(url)]).toEqual([served, false]);
});

test('isServed() does not wait for a server that says nothing', async () => {
  const server = createServer(() => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;

  expect(await isServed(`http://127.0.0.1:${port}/`)).toBe(false);
  server.closeAllConnections();
  server.close();
});
