import { Sha256 as Other } from '@aws-crypto/sha256-js';
import { describe, expect, it } from 'vitest';
import { Sha256 } from '../../src/emulator/sha256.js';

describe('Sha256', () => {
  const slice = new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4);

  it.each<[string, ...ConstructorParameters<typeof Sha256>]>([
    ['no secret'],
    ['text as secret', 'clé'],
    ['bytes as secret', slice],
    ['a long secret', new Uint8Array(100).fill(7)],
  ])('answers what another implementation answers, with %s', async (_what, ...secret) => {
    const [ours, theirs] = [new Sha256(...secret), new Other(...secret)];
    for (const hash of [ours, theirs]) {
      hash.update('café');
      hash.update(slice);
      hash.update(new Uint8Array([4, 5]).buffer);
    }

    expect(Buffer.from(await ours.digest())).toEqual(Buffer.from(await theirs.digest()));
  });

  it('begins anew after reset(), with its secret', async () => {
    const [used, fresh] = [new Sha256('secret'), new Sha256('secret')];
    used.update('before');
    used.reset();
    for (const hash of [used, fresh]) hash.update('after');

    expect(await used.digest()).toEqual(await fresh.digest());
  });
});
