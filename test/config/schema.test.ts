import { readFile } from 'node:fs/promises';
import { SecurityPolicy } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { renderJsonSchema } from '../../src/config/schema.js';

describe('pixgate.schema.json', () => {
  it('is what the schema renders: run node scripts/schema.mjs after a build when it is not', async () => {
    const shipped = await readFile(new URL('../../pixgate.schema.json', import.meta.url), 'utf8');

    expect(shipped).toBe(renderJsonSchema());
  });

  it('tells editors about every field', () => {
    const schema = JSON.parse(renderJsonSchema());

    expect(Object.keys(schema.properties)).toEqual([
      'version',
      'name',
      'region',
      'stage',
      'endpoint',
      'securityPolicy',
      'cache',
      'logs',
      'throttle',
      'cors',
      'tracing',
      'metrics',
      'tags',
      'expires',
      'mounts',
      'concurrency',
    ]);
    expect(schema.properties.securityPolicy.enum.toSorted()).toEqual(
      Object.values(SecurityPolicy)
        .filter((name) => name.startsWith('SecurityPolicy_'))
        .sort(),
    );
    expect(schema.required).toEqual(['version', 'mounts']);
    expect(schema.additionalProperties).toBe(false);
    expect(schema.properties.mounts.items.required).toEqual(['path', 'source', 'access']);
  });
});
