import { expect, it } from 'vitest';
import { faultsOf, openGallery } from './gallery.js';
import { get, image, send, TOO_MANY } from './row.js';

const WAVES = '/dev/images/waves.png';
const BURST = 20;
/** One request in ten seconds: nothing flows in while the burst is sent. */
const RATE = 0.1;

it('a burst over the limit gets our 429, and images again once the clock has moved on', async () => {
  const gallery = await openGallery((config) => ({ ...config, throttle: { rate: RATE, burst: BURST } }));
  await gallery.world.emulator.clock.sleep((BURST / RATE) * 1000);
  const burst = Array.from({ length: BURST }, () => get(WAVES));

  const within = await Promise.all(burst.map((request) => faultsOf(gallery, request, image('waves.png'))));
  const over = await Promise.all(
    [get(WAVES), get('/dev/images/none.png'), get(WAVES, 'Origin: https://a.example'), send('HEAD', WAVES)].map(
      (request) => faultsOf(gallery, request, TOO_MANY),
    ),
  );
  await gallery.world.emulator.clock.sleep(2000 / RATE);
  const recovered = [
    await faultsOf(gallery, get(WAVES), image('waves.png')),
    await faultsOf(gallery, get('/dev/images/dunes.jpg'), image('dunes.jpg')),
    await faultsOf(gallery, get(WAVES), TOO_MANY),
  ];

  expect({ within: within.flat(), over: over.flat(), recovered: recovered.flat() }).toEqual({
    within: [],
    over: [],
    recovered: [],
  });
});

it('a stranger who is turned away reaches neither S3 nor the cache', async () => {
  const gallery = await openGallery((config) => ({ ...config, throttle: { rate: RATE, burst: BURST } }));
  await gallery.world.emulator.clock.sleep((BURST / RATE) * 1000);
  for (let n = 0; n < BURST; n += 1) await gallery.ask(get('/dev/images/none.png'));
  const before = gallery.sentToS3().length;

  const refused = await faultsOf(gallery, get('/dev/images/sunset.webp'), TOO_MANY);
  const sent = gallery.sentToS3().length;
  await gallery.world.emulator.clock.sleep(1000 / RATE);
  const served = await faultsOf(gallery, get('/dev/images/sunset.webp'), image('sunset.webp'));

  expect({ refused, served, reached: sent - before }).toEqual({ refused: [], served: [], reached: 0 });
});
