import type { ErrorDocument } from '../errors.js';
import type { AccessResult, KeyInfo, UserInfo } from '../model/access.js';
import type { Report } from '../model/check.js';
import type { Plan } from '../model/plan.js';
import type { ApplyResult, EnvironmentSummary, FlushResult, LogsResult } from '../model/result.js';
import type { Status } from '../model/status.js';

/** What each command prints with `--json` when it succeeds. */
export interface CommandResults {
  readonly access: AccessDocument;
  readonly completion: CompletionDocument;
  readonly demo: UpDocument;
  readonly flush: FlushResult;
  /** A plan with `--plan`. */
  readonly init: Plan | ApplyResult;
  readonly list: ListDocument;
  /** Printed as soon as it serves. */
  readonly local: LocalDocument;
  readonly logs: LogsResult;
  readonly status: Status;
  /** A plan with `--plan`; a sweep with `--expired` or `--all`. */
  readonly teardown: Plan | ApplyResult | SweepDocument;
  readonly test: Report;
  /** A plan with `--plan`. */
  readonly up: Plan | UpDocument;
  /** A plan with `--plan`. */
  readonly upload: Plan | ApplyResult;
  /** A plan with `--plan`. */
  readonly wire: Plan | ApplyResult;
}

/** What a command prints with `--json` when it fails, beside what it had achieved by then. */
export interface FailureDocument {
  readonly error: ErrorDocument;
}

/** The one document that a command prints with `--json`: its result, an error, or an error beside the result that came before it. */
export type CommandDocument<Name extends keyof CommandResults> =
  | CommandResults[Name]
  | FailureDocument
  | (CommandResults[Name] & FailureDocument);

/** What `up` and `demo` did and found out. */
export interface UpDocument extends ApplyResult {
  /** Without the bytes of the images; absent where the checks were not reached. */
  readonly report?: Report;
}

/** What `list` found. */
export interface ListDocument {
  readonly environments: readonly EnvironmentSummary[];
}

/** What `local` serves, and how to reach it. */
export interface LocalDocument extends ListDocument {
  /** On the loopback address, without a trailing slash. */
  readonly url: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Known to everybody, and good for nothing else. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Twelve digits. */
  readonly accountId: string;
  readonly region: string;
}

/** What `completion` prints. */
export interface CompletionDocument {
  /** For the shell to read. */
  readonly script: string;
}

/** What became of `access`. Secrets are in it only where `--reveal` asked for them. */
export type AccessDocument = AccessResult | KeysDocument | UsersDocument | SecretDocument | DeletedDocument;

/** What `access key list` found. */
export interface KeysDocument {
  readonly keys: readonly KeyInfo[];
}

/** What `access user list` found. */
export interface UsersDocument {
  readonly users: readonly UserInfo[];
}

/** What an action of `access` did that comes with a secret. */
export interface SecretDocument {
  readonly done: 'key added' | 'key rotated' | 'key shown' | 'user added' | 'password reset' | 'signed in';
  /** Of the key or the user. */
  readonly name: string;
  /** Of a key: AWS's id of it. */
  readonly id?: string;
  /** Key, temporary password or token; only with `--reveal`. */
  readonly secret?: string;
  /** Where it was written, as given; only with `--out`. */
  readonly file?: string;
  /** Of a token: seconds until it ends. */
  readonly expiresInSeconds?: number;
}

/** What an action of `access` took away. */
export interface DeletedDocument {
  readonly done: 'key deleted' | 'user deleted';
  /** Of the key or the user. */
  readonly name: string;
  /** Of a key: AWS's id of it. */
  readonly id?: string;
}

/** What `teardown --expired` and `teardown --all` found and did. */
export interface SweepDocument {
  readonly target: 'aws' | 'local';
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** Each environment that is to go: its plan with `--plan`, what became of it otherwise, and why it stays if it does. */
  readonly environments: readonly SweepDocumentEntry[];
  /** Environments whose lease nobody can read, and that stay for that. */
  readonly unreadable: readonly (SweptName & Pick<EnvironmentSummary, 'unreadableLease'>)[];
  /** Buckets named as pixgate names them whose tags may not be read, so that nobody can tell whose they are; absent when there are none. */
  readonly hiddenBuckets?: readonly string[];
}

/** Which environment a sweep is about. */
export type SweptName = Pick<EnvironmentSummary, 'name' | 'stage' | 'token' | 'createdBy' | 'expiresAt'>;

/** One environment of a sweep. */
export interface SweepDocumentEntry extends SweptName {
  /** What is to go; only before it goes. */
  readonly plan?: Plan;
  /** 'removed': nothing is left. 'left': something is. 'refused': nothing was touched. 'renewed': its lease no longer is over. 'waiting': the run was stopped before. */
  readonly outcome?: 'removed' | 'left' | 'refused' | 'renewed' | 'waiting';
  /** What was taken away: address and name. */
  readonly removed?: readonly string[];
  /** What is left: kind and name; empty when nothing is. */
  readonly left?: readonly string[];
  /** Why it stays; absent when it does not, or was renewed. */
  readonly error?: ErrorDocument;
}
