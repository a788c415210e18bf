import { appendFileSync } from 'node:fs';
import { afterAll, expect } from 'vitest';
import { fileWatch, lookThrough } from './secrets.js';

// What a test lets the product say is looked through as it is said.
for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream);
  stream.write = ((...args: Parameters<typeof write>) => {
    lookThrough('the output', String(args[0]));
    return write(...args);
  }) as typeof stream.write;
}

afterAll(() => {
  const found = fileWatch.found();
  const file = process.env['PIXGATE_TEST_SECRETS'];
  if (file !== undefined) appendFileSync(file, `${fileWatch.count()} ${found.length}\n`);
  expect(found).toEqual([]);
});
