import type { SentRequest } from './aws-hosts.js';

/**
 * What was sent, one line a call, as a person reads it: `s3 PUT /?policy`, `iam CreateRole`. Ids have stable names, and
 * neighbours that differ in their last word share a line.
 */
export function callLines(sent: readonly SentRequest[]): string {
  const names = idNames(sent);
  const lines: { head: string; tails: string[] }[] = [];
  for (const { head, tail } of sent.map((request) => callOf(request, names))) {
    const last = lines.at(-1);
    if (last?.head === head) last.tails.push(tail);
    else lines.push({ head, tails: [tail] });
  }
  return lines.map(({ head, tails }) => `${head}${counted(tails).join(' ')}\n`).join('');
}

/** Repeats of a word are counted: `dev ×2`. */
function counted(words: readonly string[]): string[] {
  const runs: { word: string; times: number }[] = [];
  for (const word of words) {
    const last = runs.at(-1);
    if (last?.word === word) last.times += 1;
    else runs.push({ word, times: 1 });
  }
  return runs.map(({ word, times }) => (times === 1 ? word : `${word} ×${times}`));
}

interface Call {
  /** Service, verb and path up to the last slash. */
  readonly head: string;
  readonly tail: string;
}

function callOf(request: SentRequest, names: ReadonlyMap<string, string>): Call {
  const service = serviceOf(request);
  const operation = operationOf(request);
  if (operation !== undefined) return { head: `${service} `, tail: operation };
  const parts = request.path.split('/').map((part) => names.get(part) ?? part);
  const parameters = request.query.split('&').filter((part) => part !== '' && !part.startsWith('x-id='));
  const query = parameters.map((part) => part.replace(/^(continuation-token)=.*|=$/, '$1')).join('&');
  return {
    head: `${service} ${request.method} ${parts.slice(0, -1).join('/')}/`,
    tail: `${parts.at(-1)}${query === '' ? '' : `?${query}`}`,
  };
}

/** 's3', 'apigateway', 'iam', 'sts', 'logs', 'cognito-idp', or 'execute-api', by the host name alone. */
export function serviceOf({ host }: SentRequest): string {
  return (
    /(?:^|\.)(s3|apigateway|iam|sts|logs|cognito-idp|execute-api)\.(?:[a-z0-9-]+\.)?amazonaws\.com$/.exec(host)?.[1] ??
    host
  );
}

/** The operation's name, where it is not in verb and path: for IAM, STS, CloudWatch Logs and Cognito. */
export function operationOf({ headers, body }: SentRequest): string | undefined {
  const target = headers['x-amz-target'];
  if (target !== undefined) return target.slice(target.indexOf('.') + 1);
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return isForm ? (new URLSearchParams(body.toString()).get('Action') ?? undefined) : undefined;
}

/** Stable names of the ids that API Gateway chose, from its own answers. */
function idNames(sent: readonly SentRequest[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const request of sent) {
    const { method, path, status, reply } = request;
    if (serviceOf(request) !== 'apigateway' || status === undefined || status >= 300) continue;
    if (method === 'GET' && path === '/restapis') {
      for (const { id } of (JSON.parse(reply.toString()) as { item: { id: string }[] }).item) names.set(id, '{api}');
    }
    if (method !== 'POST') continue;
    const made = JSON.parse(reply.toString()) as { id?: string; rootResourceId?: string; path?: string };
    const kind = path === '/restapis' ? 'api' : (path.split('/').at(-1) ?? '').replace(/s$/, '');
    if (made.id !== undefined) names.set(made.id, `{${made.path?.slice(1).replace(/[{}+]/g, '') ?? kind}}`);
    if (made.rootResourceId !== undefined) names.set(made.rootResourceId, '{root}');
  }
  return names;
}
