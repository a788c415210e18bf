import path from 'node:path';
import type { Store } from '../store.js';

/** Region of a function that names none. */
const DEFAULT_REGION = 'us-east-1';

/** One statement of a function's policy, as AddPermission makes and GetPolicy shows it. */
export interface PermissionStatement {
  /** The caller's own name for it, unique in the policy. */
  readonly Sid: string;
  /** Always Allow. */
  readonly Effect: 'Allow';
  /** `*`, or a service or account. */
  readonly Principal: '*' | Readonly<Record<string, string>>;
  /** Such as `lambda:InvokeFunction`. */
  readonly Action: string;
  /** ARN of the function. */
  readonly Resource: string;
  /** Values by operator and key. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A function as the account keeps it. */
export interface LambdaFunction {
  /** Name, unique in account and Region. */
  readonly name: string;
  /** ARN without a version. */
  readonly arn: string;
  /** Absolute path of the JavaScript module that is the function. */
  readonly file: string;
  /** When it was put last, in milliseconds since 1970. */
  readonly modifiedAtMs: number;
  /** Who else may do what with it. */
  readonly statements: readonly PermissionStatement[];
  /** Changes whenever the function is put or its statements change; a UUID. */
  readonly revisionId: string;
}

/** A function to put into the account from outside. */
export interface NewFunction {
  /** Letters, digits, `-` and `_`: 1 to 64. */
  readonly name: string;
  /** Where it is. @default 'us-east-1' */
  readonly region?: string | undefined;
  /** Absolute path of an ES module whose default export, or else export `handler`, takes an event and answers what the function answers. */
  readonly file: string;
}

/** What a new function needs to know of its account. */
export interface FunctionOwner {
  /** Twelve digits. */
  readonly accountId: string;
  /** First part of its ARN behind `arn:`. */
  readonly partition: string;
  /** Now, in milliseconds since 1970. */
  readonly nowMs: number;
  /** A new UUID: what was put is another revision. */
  readonly revisionId: string;
}

/** region/name → LambdaFunction */
const TABLE = 'lambda/function';

/**
 * Puts a function into the account, in place of one of the same name and Region, whose policy it keeps. Nobody looks for the file yet.
 *
 * @throws {RangeError} when the name is none that AWS allows, or the path is not absolute.
 */
export function putFunction(
  store: Store,
  { name, region = DEFAULT_REGION, file }: NewFunction,
  owner: FunctionOwner,
): void {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name))
    throw new RangeError(`Cannot put function "${name}": AWS allows no such name.`);
  if (!path.isAbsolute(file)) throw new RangeError(`Cannot put function "${name}": ${file} is not an absolute path.`);
  const { accountId, nowMs: modifiedAtMs, partition, revisionId } = owner;
  const arn = `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
  const known = findFunction(store, region, name);
  if (known?.arn === arn && known.file === file) return;
  const statements = known?.statements ?? [];
  saveFunction(store, region, { name, arn, file, modifiedAtMs, statements, revisionId });
}

/** Looks up a function by its name. */
export function findFunction(store: Store, region: string, name: string): LambdaFunction | undefined {
  return store.get<LambdaFunction>(TABLE, `${region}/${name}`);
}

/** Looks up a function by its ARN without a version. */
export function findFunctionByArn(store: Store, arn: string): LambdaFunction | undefined {
  const [, region = '', name = ''] = /^arn:[^:]+:lambda:([^:]+):\d{12}:function:([^:]+)$/.exec(arn) ?? [];
  const found = findFunction(store, region, name);
  return found?.arn === arn ? found : undefined;
}

/** Writes a function. */
export function saveFunction(store: Store, region: string, value: LambdaFunction): void {
  store.put(TABLE, `${region}/${value.name}`, value);
}

/** The function's policy as JSON text; undefined when it has no statement. */
export function policyOf({ statements }: LambdaFunction): string | undefined {
  if (statements.length === 0) return undefined;
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
}
