import { describe, expect, it } from 'vitest';
import { openGallery } from './gallery.js';
import { get, head, send } from './row.js';

const WAVES = '/dev/images/waves.png';

/** Requests whose answers are of every kind that can be shaped. */
const KINDS = [
  get(WAVES),
  get(WAVES, 'Range: bytes=0-9'),
  get(WAVES, 'Range: bytes=99999999-'),
  get(WAVES, 'If-Match: "x"'),
  get(WAVES, 'If-None-Match: *'),
  head(WAVES),
  get('/dev/images/none.png'),
  get('/dev/images/forbidden.png'),
  get('/dev/images/%3Facl'),
  get('/dev/nowhere'),
  send('PUT', WAVES, [], 'x'),
].flatMap((request) => [request, request.replace('\r\n\r\n', '\r\nOrigin: https://shop.example\r\n\r\n')]);

describe('the gateway', () => {
  it('with one origin names that one to everybody, preflights and errors included', async () => {
    const only = 'https://shop.example';
    const gallery = await openGallery((config) => ({ ...config, cors: { origin: only } }));
    const asked = [...KINDS, send('OPTIONS', WAVES, ['Origin: https://evil.example']), send('OPTIONS', WAVES)];

    const origins: (string | undefined)[] = [];
    const reflected: string[] = [];
    for (const request of asked) {
      for (const _state of ['cold', 'warm']) {
        const { headers, head: text } = await gallery.ask(request);
        origins.push(headers.get('access-control-allow-origin'));
        if (text.includes('evil.example') || headers.has('access-control-allow-credentials')) reflected.push(request);
      }
    }

    expect({ origins: [...new Set(origins)], reflected }).toEqual({ origins: [only], reflected: [] });
  });

  it('without CORS says nothing of it and serves no preflight', async () => {
    const gallery = await openGallery(({ cors: _, ...config }) => config);

    const said: string[] = [];
    for (const request of KINDS) {
      const { headers } = await gallery.ask(request);
      said.push(...[...headers.keys()].filter((name) => name.startsWith('access-control-')));
    }
    const preflight = await gallery.ask(send('OPTIONS', WAVES, ['Origin: https://shop.example']));

    expect(said).toEqual([]);
    expect([preflight.status, JSON.parse(preflight.body.toString()).error]).toEqual([404, 'NotFound']);
  });
});
