import type { Flaw, InvokeRequest } from '../aws/execute-api.js';
import type { IamAccess, MountConfig } from '../config/config.js';
import type { Visitor } from '../model/check.js';
import type { Context } from './context.js';
import { keptOut } from './visitors.js';

/** AWS takes signatures of the last five minutes, or fifteen. */
const TOO_OLD_MS = 20 * 60_000;

/** Who asks for a mount of signed requests: one who signs with the credentials of this run, and many whose signature is flawed. */
export function signers(
  { aws, environment }: Context,
  url: string,
  { path }: MountConfig,
  access: IamAccess,
): Visitor[] {
  const sign = (
    { method, path, headers }: { method: string; path: string } & Pick<InvokeRequest, 'headers'>,
    flaw?: Flaw,
  ) => aws.signInvoke({ method, url: `${url}${path}`, headers }, flaw);
  const out = keptOut(path);
  const doubt = doubtOf(access);
  return [
    {
      id: 'signed',
      title: `${path} is open to requests signed with the credentials of this run.`,
      admitted: true,
      ...(doubt === undefined ? {} : { doubt }),
      dress: (request) => sign(request),
    },
    out('anonymous', 'requests without a signature', async ({ headers }) => headers),
    out('unknown-key', 'keys that AWS does not know', (request) => sign(request, { keys: 'unknown' })),
    out('wrong-secret', 'a key with another secret', (request) => sign(request, { keys: 'wrong-secret' })),
    out('old', 'a signature of twenty minutes ago', (request) => sign(request, { ageMs: TOO_OLD_MS })),
    out('other-region', 'a signature for another Region', (request) =>
      sign(request, { region: environment.region === 'us-east-1' ? 'eu-west-1' : 'us-east-1' }),
    ),
    out('other-path', 'a signature for another path', (request) =>
      sign({ ...request, path: `${path}/pixgate-other-path` }),
    ),
    out('other-verb', 'a signature for another verb', (request) =>
      sign({ ...request, method: request.method === 'GET' ? 'HEAD' : 'GET' }),
    ),
    out('changed-header', 'a signed header that was changed on the way', async (request) => ({
      ...(await sign({ ...request, headers: { ...request.headers, 'x-pixgate-test': 'signed' } })),
      'x-pixgate-test': 'sent',
    })),
  ];
}

/** What keeps out credentials that may call everything. */
function doubtOf({ accounts, roles, sourceIps, mfa }: IamAccess): string | undefined {
  const asked = [
    ...(accounts === undefined && roles === undefined ? [] : ['callers that it lists']),
    ...(sourceIps === undefined ? [] : ['addresses that it lists']),
    ...(mfa === 'required' ? ['MFA'] : []),
  ];
  return asked.length === 0 ? undefined : `the mount asks for ${asked.join(' and ')}`;
}
