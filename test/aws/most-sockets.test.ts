import { expect, test } from 'vitest';
import { mostSockets } from '../../src/aws/most-sockets.js';

const limitsOf = (files: string): string => `Limit                     Soft Limit           Hard Limit           Units
Max processes             unlimited            unlimited            processes
Max open files            ${files.padEnd(20)} 1048576              files
`;

test.each([
  ['20', 10],
  ['64', 32],
  ['511', 255],
  ['1024', 256],
  ['1048576', 256],
  ['1', 1],
  ['unlimited', 256],
])('mostSockets() leaves half of %s open files to others', (files, sockets) => {
  expect(mostSockets(limitsOf(files))).toBe(sockets);
});

test('mostSockets() is 256 where the system has no such text', () => {
  expect(mostSockets('')).toBe(256);
});
