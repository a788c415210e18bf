import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkKey } from '../../src/files/check-key.js';
import { findCollisions } from '../../src/files/collisions.js';
import { mediaType } from '../../src/files/media-type.js';
import { readImage } from '../../src/files/read-image.js';
import { walkImages } from '../../src/files/walk.js';

describe('samples/', () => {
  it('holds images of every kind that can all be served', async () => {
    const keys: string[] = [];
    const complaints: string[] = [];
    let totalBytes = 0;
    let largest = 0;
    for (const entry of walkImages(fileURLToPath(new URL('../../samples', import.meta.url)))) {
      if ('reason' in entry) throw new Error(`${entry.file} ${entry.reason}`);
      const image = readImage(entry);
      if ('reason' in image) throw new Error(`${entry.key} ${image.reason}`);
      const type = mediaType(entry.key, image.bytes);
      const verdict = checkKey(entry.key, 'images/');
      if ('reason' in type) complaints.push(type.reason);
      if (!verdict.ok) complaints.push(verdict.reason);
      keys.push(entry.key);
      totalBytes += entry.sizeBytes;
      largest = Math.max(largest, entry.sizeBytes);
    }

    expect(complaints).toEqual([]);
    expect(findCollisions(keys).size).toBe(0);
    expect(keys.length).toBeGreaterThanOrEqual(12);
    expect(new Set(keys.map((key) => extname(key)))).toEqual(
      new Set(['.png', '.jpg', '.webp', '.avif', '.gif', '.svg', '.ico']),
    );
    expect(keys.some((key) => key.includes(' '))).toBe(true);
    expect(keys.some((key) => /[^\x20-\x7e]/.test(key))).toBe(true);
    expect(keys.some((key) => key.split('/').length === 3)).toBe(true);
    expect(largest).toBeGreaterThan(1_048_576);
    expect(totalBytes).toBeLessThan(4_000_000);
  });
});
