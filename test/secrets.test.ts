import { expect, it } from 'vitest';
import { openAws, openSts } from '../src/aws/aws.js';
import { createEmulator } from '../src/emulator/index.js';
import { targetOn } from '../src/targets/local.js';
import { createSecretWatch } from './secrets.js';

it('a secret that went over the wire is found wherever it is seen, and what merely looks like one is not', async () => {
  const watch = createSecretWatch();
  const target = targetOn(watch.watch(createEmulator({ seed: 'watch' })), 'eu-west-1', 4510);
  const { usagePlans } = await openAws(target.access, await openSts(target.access).getIdentity());
  const id = await usagePlans.createKey({ name: 'ci', tags: {} });
  const value = (await usagePlans.findKeyValue(id)) ?? '';

  watch.lookThrough('a line', `key ${id}, ${'x'.repeat(value.length)}`);
  const before = watch.found();
  watch.lookThrough('a line', `key ${value}`);
  watch.lookThrough('a document', { keys: [{ value }] });
  watch.lookThrough('an error', Object.assign(new Error('broken'), { cause: { request: { body: value } } }));
  await target.close();

  expect(watch.count()).toBe(1);
  expect(before).toEqual([]);
  expect(watch.found().map((is) => is.split(':')[0])).toEqual(['a line', 'a document', 'an error']);
});
