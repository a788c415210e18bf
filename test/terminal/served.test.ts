import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { isServed } from '../../src/terminal/served.js';

test('isServed() tells a port that answers from one that does not', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/dev`;

  const before = await isServed(url);
  server.close();
  await once(server, 'close');
  const after = await isServed(url);

  expect([before, after]).toEqual([true, false]);
});
