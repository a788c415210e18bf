import { describe, expect, test } from 'vitest';
import { fromFetchRequest, toFetchResponse } from '../../../src/emulator/fetch.js';

describe('fromFetchRequest()', () => {
  test('fromFetchRequest() keeps method, raw path and query, headers and bytes', async () => {
    const url = 'http://API.example:8080/live/a%20b%2Fc+d?x=%20&y';
    const headers = { 'X-Two': 'b', host: 'ignored' };

    const request = await fromFetchRequest(
      new Request(url, { method: 'PUT', headers, body: new Uint8Array([0, 255]) }),
    );

    expect(request).toMatchObject({
      method: 'PUT',
      host: 'api.example',
      path: '/live/a%20b%2Fc+d',
      query: 'x=%20&y',
      headers: { 'x-two': 'b' },
      body: new Uint8Array([0, 255]),
    });
  });

  test('fromFetchRequest() names the host that a request does not', async () => {
    const request = await fromFetchRequest(new Request('http://api.example:8080/'));

    expect(request.headers).toEqual({ host: 'api.example:8080' });
  });
});

describe('toFetchResponse()', () => {
  test.each([200, 206, 403, 500, 599])('toFetchResponse() keeps the status %i, headers and bytes', async (status) => {
    const headers = { 'Content-Type': 'image/png', 'content-encoding': 'gzip', 'Content-Length': '3' };

    const response = toFetchResponse({ status, headers, body: new Uint8Array([137, 0, 255]) }, 'GET');

    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'image/png',
      'content-encoding': 'gzip',
      'content-length': '3',
    });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([137, 0, 255]));
  });

  test.each([
    ['GET', 304],
    ['GET', 204],
    ['HEAD', 200],
  ])('toFetchResponse() has no body for %s %i', (method, status) => {
    const response = toFetchResponse({ status, headers: {}, body: new Uint8Array([1]) }, method);

    expect([response.status, response.body]).toEqual([status, null]);
  });
});
