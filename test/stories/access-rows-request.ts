import { sign } from '../emulator/front/local-cloud.js';
import { type Cast, WAVES } from './access-rows-cast.js';
import type { SentRequest } from './access-rows-hall.js';
import type { AccessRow } from './access-rows-row.js';

/** The request of a row, signed at this moment as the row says. */
export async function toRequest(cast: Cast, row: AccessRow): Promise<SentRequest> {
  const { verb: method = 'GET', body = new Uint8Array(), path = WAVES, query } = row;
  const filled = (values: Readonly<Record<string, string>> = {}) => mapValues(values, cast.fill);
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const headers = {
    host: cast.hall.host,
    ...(await signatureOf(cast, row)),
    ...filled(row.headers),
    ...mapValues(filled(row.swapped), (value) => value.replace('{now}', now)),
  };
  const isDropped = (name: string) => row.swapped?.[name] === '';
  return {
    method,
    target: cast.fill(query === undefined ? path : `${path}?${query}`),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !isDropped(name))),
    body,
  };
}

/** The headers of a row's signature; none when nobody signs. */
async function signatureOf({ hall, keys, fill }: Cast, row: AccessRow): Promise<Readonly<Record<string, string>>> {
  const { by, path = WAVES, query = '', body = new Uint8Array(), verb: method = 'GET', signed = {}, ageMs = 0 } = row;
  if (by === undefined) return {};
  const signer = keys.get(by);
  if (signer === undefined) throw new Error(`${by} has no keys`);
  const ask = { service: 'execute-api', host: hall.host, method, path, query, body, ...signed };
  const { headers } = await sign(signer, {
    ...ask,
    host: fill(ask.host),
    path: fill(ask.path),
    query: fill(ask.query),
    headers: mapValues(row.headers ?? {}, fill),
    atMs: Date.now() - ageMs,
  });
  const [found, put] = row.edit ?? [/^$/, ''];
  const authorization = (headers['authorization'] ?? '').replace(found, fill(put));
  return { ...headers, authorization, host: hall.host };
}

function mapValues(
  values: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
