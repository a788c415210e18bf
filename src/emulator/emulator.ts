import { TABLES } from './apigateway/model.js';
import type { CallRecord } from './calls.js';
import { createClock, type EmulatorClock, type TimeSource, wallTime } from './clock.js';
import { fromFetchRequest, toFetchResponse } from './fetch.js';
import { type Account, answerRequest, SERVICES } from './front.js';
import {
  LOCAL_ADMIN_ACCESS_KEY_ID,
  LOCAL_ADMIN_NAME,
  LOCAL_ADMIN_SECRET_ACCESS_KEY,
  putUser,
} from './iam/credentials.js';
import { findUser, IAM_TABLES } from './iam/model.js';
import { createIdentifiers } from './identifiers.js';
import { type NewFunction, putFunction } from './lambda/model.js';
import type { OperationInfo, Settings, WireRequest, WireResponse } from './operation.js';
import { keepPace } from './pace.js';
import { openStore, type Store } from './store.js';

/** How to open a local cloud. */
export interface EmulatorOptions {
  /** Folder that keeps the account between processes. @default in memory */
  readonly folder?: string | undefined;
  /** Time that the emulator's clock starts from. Signatures are held against `wall` all the same. @default the world's */
  readonly clock?: TimeSource | undefined;
  /** Time that signatures are held against, and that answers tell. @default the world's */
  readonly wall?: TimeSource | undefined;
  /** Makes ids the same from run to run. @default random ids */
  readonly seed?: string | undefined;
  /** Knobs that differ from their defaults. */
  readonly settings?: Partial<Settings> | undefined;
  /** Hears of every answered request, after its changes are kept. */
  readonly observe?: ((record: CallRecord) => void) | undefined;
}

/** A local cloud. */
export interface Emulator {
  /** Answers one request over the real wire protocols. Rejects only when the emulator itself fails. */
  handle(request: WireRequest): Promise<WireResponse>;
  /** Answers a standard request, such as one for a finished API. */
  fetch(request: Request): Promise<Response>;
  /** The clock of the account; it skips ahead instead of waiting. */
  readonly clock: Pick<EmulatorClock, 'now' | 'sleep'>;
  /** Where everything lies. */
  readonly store: Store;
  /** Keys of the account's administrator. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Twelve digits. */
  readonly accountId: string;
  /**
   * Puts a function into the account, in place of one of the same name and Region. There is no other way to make one.
   *
   * @throws {RangeError} when the name is none that AWS allows, or the path is not absolute.
   */
  putFunction(value: NewFunction): void;
  /** Everything emulated, and how far to trust it. */
  readonly operations: readonly (OperationInfo & { readonly service: string })[];
  /** Lets go of the account; nothing may be asked afterwards. */
  close(): void;
  /** Lets go of the account, and takes its file away where a new account would hold as much and nobody else has it open. Answers whether it is gone. */
  leave(): boolean;
}

const DEFAULT_SETTINGS: Settings = {
  accountId: '000000000000',
  partition: 'aws',
  pageSize: 5,
  cacheClusterMs: 2000,
};

/**
 * Opens a local cloud: S3, API Gateway with its finished APIs, Lambda, IAM, STS and CloudWatch Logs of one account.
 *
 * A new account has one user, `local-admin`, who may do everything.
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const store = openStore(options.folder);
  const pace = keepPace(store, options.settings?.pace);
  const settings: Settings = { ...DEFAULT_SETTINGS, ...options.settings, pace };
  const clock = createClock(store, options.clock ?? wallTime);
  const { wall = wallTime } = options;
  const account: Account = { store, clock, wall, settings, identifiers: createIdentifiers(store, options.seed) };
  store.transaction(() => ensureAdmin(account));
  let calls = 0;
  const handle = async (request: WireRequest): Promise<WireResponse> => {
    const { response, ...what } = await answerRequest(account, withPlainBody(request));
    options.observe?.({ n: ++calls, ...what, status: response.status });
    return response;
  };
  return {
    handle,
    fetch: async (request) => toFetchResponse(await handle(await fromFetchRequest(request)), request.method),
    clock,
    store,
    credentials: { accessKeyId: LOCAL_ADMIN_ACCESS_KEY_ID, secretAccessKey: LOCAL_ADMIN_SECRET_ACCESS_KEY },
    accountId: settings.accountId,
    putFunction(value) {
      const { accountId, partition } = settings;
      store.transaction(() => {
        const revisionId = account.identifiers.newUuid();
        putFunction(store, value, { accountId, partition, nowMs: clock.now(), revisionId });
      });
    },
    operations: SERVICES.flatMap(({ signingName, operations }) =>
      operations.map(({ name, fidelity, source, mutating }) => ({
        service: signingName,
        name,
        fidelity,
        source,
        mutating,
      })),
    ),
    close: () => store.close(),
    leave: () => store.leave(() => holdsNothing(store, settings)),
  };
}

/** Tables that hold no thing of anybody's: how far the clock skipped ahead, and who waits for a turn. */
const INTERNAL: ReadonlySet<string> = new Set(['emulator/clock', 'emulator/pace', 'emulator/identifiers']);

/** Whether a new account would do as well: there are no things, and no settings or users that somebody chose. */
function holdsNothing(store: Store, { pace }: Settings): boolean {
  if (pace === 'aws') return false;
  return store.tables().every((table) => {
    if (INTERNAL.has(table)) return true;
    const rows = store.list(table, { limit: 2 });
    if (table === IAM_TABLES.user || table === IAM_TABLES.accessKey) return rows.length === 1;
    return table === TABLES.account && store.list(table).every(({ value }) => JSON.stringify(value) === '{}');
  });
}

/** SDKs hand over bodies of their own classes, which complain when they are read as anything but bytes. */
function withPlainBody(request: WireRequest): WireRequest {
  const { buffer, byteOffset, byteLength } = request.body;
  return { ...request, body: Buffer.from(buffer, byteOffset, byteLength) };
}

function ensureAdmin({ store, clock, settings: { accountId, partition } }: Account): void {
  if (findUser(store, accountId, LOCAL_ADMIN_NAME) !== undefined) return;
  const admin = {
    accountId,
    name: LOCAL_ADMIN_NAME,
    accessKeyId: LOCAL_ADMIN_ACCESS_KEY_ID,
    secretAccessKey: LOCAL_ADMIN_SECRET_ACCESS_KEY,
    attached: [`arn:${partition}:iam::aws:policy/AdministratorAccess`],
  };
  putUser(store, admin, clock.now(), partition);
}
