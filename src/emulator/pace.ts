import type { Call, Handled, Pace, WireRequest } from './operation.js';
import type { Store } from './store.js';
import { Refusal } from './wire/refusal.js';
import { parseJsonObject, restJsonError } from './wire/rest-json.js';

/** A quota of the control plane: `burst` calls at once, then one every `everyMs` milliseconds. */
interface Quota {
  readonly burst: number;
  readonly everyMs: number;
}

const oneIn = (seconds: number): Quota => ({ burst: 1, everyMs: seconds * 1000 });

/** The quota of all calls of one account and Region together. */
const TOGETHER: Quota = { burst: 40, everyMs: 100 };

/**
 * The calls that have a quota of their own. Edge-optimized APIs are made more slowly than others. That so many may come
 * at once as the row's figure says is guessed.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const QUOTAS: ReadonlyMap<string, Quota> = new Map([
  ['CreateRestApi', oneIn(3)],
  ['CreateRestApi EDGE', oneIn(30)],
  ['ImportRestApi', oneIn(3)],
  ['ImportRestApi EDGE', oneIn(30)],
  ['PutRestApi', oneIn(1)],
  ['DeleteRestApi', oneIn(30)],
  ['CreateResource', { burst: 5, everyMs: 200 }],
  ['DeleteResource', { burst: 5, everyMs: 200 }],
  ['GetResources', { burst: 5, everyMs: 400 }],
  ['CreateDeployment', oneIn(5)],
  ['CreateApiKey', { burst: 5, everyMs: 200 }],
  ['DeleteApiKey', { burst: 5, everyMs: 200 }],
  ['UpdateAccount', oneIn(20)],
  ['UpdateUsagePlan', oneIn(20)],
  ['CreateDomainName', oneIn(30)],
  ['DeleteDomainName', oneIn(30)],
  ['UpdateDomainName', oneIn(30)],
]);

const TABLE = 'emulator/pace';

/** Whose quotas a call uses, and when. */
export interface Turn {
  /** Twelve digits. */
  readonly accountId: string;
  /** Region that was asked. */
  readonly region: string;
  /** AWS's name of the operation; with ` EDGE` behind it when it makes an edge-optimized API. */
  readonly name: string;
  /** Moment of the call on the account's clock, in milliseconds since 1970. */
  readonly atMs: number;
}

/**
 * Takes a turn in every quota that counts the call, for all processes that hold the account.
 *
 * @returns 0 when the turn is taken; else the milliseconds until there is one, and nothing is taken.
 */
export function takeTurn(store: Store, { accountId, region, name, atMs }: Turn): number {
  const own = QUOTAS.get(name);
  const counting: [string, Quota][] = [['', TOGETHER], ...(own === undefined ? [] : [[name, own] as [string, Quota]])];
  return store.transaction(() => {
    // Of each quota one moment is kept: when the last of the calls so far would go out, were they sent evenly.
    const moments = counting.map(([row, { burst, everyMs }]) => {
      const key = `${accountId} ${region} ${row}`;
      const evenMs = Math.max(atMs, store.get<number>(TABLE, key) ?? 0);
      return { key, nextMs: evenMs + everyMs, waitMs: evenMs - (burst - 1) * everyMs - atMs };
    });
    const waitMs = Math.max(0, ...moments.map((moment) => moment.waitMs));
    if (waitMs === 0) for (const { key, nextMs } of moments) store.put(TABLE, key, nextMs);
    return waitMs;
  });
}

/**
 * Counts a call of API Gateway's control plane against its quotas when the account keeps AWS's pace. One too many gets
 * AWS's refusal for an answer, and takes nothing.
 */
export function inTurn(request: WireRequest, call: Call, handled: Handled): Handled {
  const { operation } = handled;
  if (call.settings.pace !== 'aws' || operation === undefined) return handled;
  const name = isEdge(operation, request) ? `${operation} EDGE` : operation;
  const turn = { accountId: call.caller.accountId, region: call.region, name, atMs: call.now() };
  const waitMs = takeTurn(call.store, turn);
  if (waitMs === 0) return handled;
  const refusal = restJsonError(new Refusal('TooManyRequestsException', 429, 'Too Many Requests'), call.requestId);
  const headers = { ...refusal.headers, 'Retry-After': String(Math.ceil(waitMs / 1000)) };
  return { operation, response: { ...refusal, headers } };
}

/** Whether a call makes an edge-optimized API: AWS makes one where nothing else is said. */
function isEdge(operation: string, { query, body }: WireRequest): boolean {
  if (operation === 'ImportRestApi') {
    return (new URLSearchParams(query).get('endpointConfigurationTypes') ?? 'EDGE') === 'EDGE';
  }
  if (operation !== 'CreateRestApi') return false;
  const asked = parseJsonObject(body)?.['endpointConfiguration'] as { readonly types?: unknown } | null | undefined;
  return !Array.isArray(asked?.types) || asked.types.includes('EDGE');
}

/** The pace that an account keeps: what was asked for last, by whichever process. */
export function keepPace(store: Store, asked: Pace | undefined): Pace {
  const key = 'kept';
  if (asked !== undefined) store.put(TABLE, key, asked);
  return store.get<Pace>(TABLE, key) ?? 'none';
}
