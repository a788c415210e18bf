import type { Credentials } from '../index.js';

/** How many identity headers a function can be asked with. */
const MOST_IDENTITIES = 20;

/** What a run of checks shows to be let in, from the environment alone: arguments are seen by everybody on the machine. Empty counts as not given. */
export function readCredentials(env: Readonly<Record<string, string | undefined>>): Credentials {
  const read = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const identities = Array.from({ length: MOST_IDENTITIES }, (_, nth) =>
    read(nth === 0 ? 'PIXGATE_IDENTITY' : `PIXGATE_IDENTITY_${nth + 1}`),
  );
  const end = identities.indexOf(undefined);
  return {
    apiKey: read('PIXGATE_API_KEY'),
    token: read('PIXGATE_TOKEN'),
    identities: identities.slice(0, end).map((is) => is ?? ''),
  };
}
