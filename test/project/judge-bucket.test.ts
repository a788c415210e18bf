import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { judgeBucket } from '../../src/project/judge-bucket.js';
import { tempFolder } from '../files/temp-folder.js';

/** An endpoint that takes what is sent, and never answers. */
async function silence(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

test.each([
  ['nobody listens', () => Promise.resolve('http://127.0.0.1:1')],
  ['nobody answers', silence],
])('judgeBucket() counts a bucket as usable within seconds where %s', async (_name, endpoint) => {
  const options = { region: 'eu-west-1', localPort: 4510, directory: await tempFolder() };
  const start = performance.now();

  const verdict = await judgeBucket({ ...options, endpointUrl: await endpoint() }, 'my-photos');

  expect(verdict).toBe(true);
  expect(performance.now() - start).toBeLessThan(4_500);
});

test('judgeBucket() says of a bucket that is not there that there is none', async () => {
  const options = { target: 'local', region: 'eu-west-1', localPort: 4510, directory: await tempFolder() } as const;

  expect(await judgeBucket(options, 'my-photos')).toBe('There is no such bucket.');
});
