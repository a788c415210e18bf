import type { Config, MountAccess, MountConfig } from '../config/config.js';
import type { Json } from '../model/json.js';
import type { Change, Step } from '../model/plan.js';
import { keyAccessOf } from '../resources/keys.js';

/** What each kind of access means for who reads the images. */
const MEANS: Readonly<Record<MountAccess['kind'], string>> = {
  public: 'everybody who knows an address can read its images',
  iam: 'only requests that are signed with AWS credentials and allowed to execute-api:Invoke get its images',
  'api-key': 'only requests with an API key get its images',
  cognito: 'only requests with a token of its user pool get its images',
  lambda: 'only requests that its authorizer function lets in get its images',
};

/** A key may have been switched off because somebody else had it. */
const SWITCHED_ON =
  'The first API key was switched off by somebody, and is switched on again: where it leaked, delete it first with pixgate access key delete default.';

/** Whom MFA keeps out for good, which nobody guesses. */
const MFA =
  'asks for MFA: long-lived keys, and sessions of roles, IAM Identity Center, federations and services, never pass.';

/** What a plan changes in who may see the images of each mount, in sentences; nothing for mounts that it makes as public. */
export function noticeAccess({ mounts }: Config, steps: readonly Step[]): string[] {
  const changes = steps.find(({ address }) => address === 'api')?.changes ?? [];
  return mounts.flatMap((mount) => noticeMount(mount, changes));
}

function noticeMount({ path, access }: MountConfig, changes: readonly Change[]): string[] {
  const find = (...fields: readonly string[]): Change | undefined => changes.find((is) => fields.includes(is.path));
  const route = `routes.GET ${path}/{key+}`;
  const kind = find(`${route}.access.kind`, `${route}.access`);
  if (kind !== undefined) {
    const becomes = `${path} is ${kindOf(kind.from)} and becomes ${access.kind}: ${MEANS[access.kind]}.`;
    return [becomes, ...noticeMfa(path, access)];
  }
  const policy = find('policy');
  const isTouched = policy !== undefined || find(route, 'routes') !== undefined;
  return [...easedBy(policy, path).map((what) => `${path} ${what}.`), ...(isTouched ? noticeMfa(path, access) : [])];
}

function noticeMfa(path: string, access: MountAccess): string[] {
  return access.kind === 'iam' && access.mfa === 'required' ? [`${path} ${MFA}`] : [];
}

/** Says of keys what nobody would see by itself: that they stay though no mount asks for any, or are switched on again. */
export function noticeKeys(config: Config, steps: readonly Step[]): string[] {
  const step = steps.find(({ address }) => address === 'keys');
  if (step === undefined) return [];
  if (keyAccessOf(config) === undefined)
    return [`No mount asks for API keys any more: ${step.label} and its keys stay until teardown, and open nothing.`];
  return step.changes.some(({ path, from }) => path === 'key.enabled' && from === false) ? [SWITCHED_ON] : [];
}

/** The kind in a drawing's access, or AWS's word for one that is not drawn. */
function kindOf(access: Json | undefined): string {
  if (typeof access === 'string') return access;
  if (typeof access !== 'object' || access === null || Array.isArray(access)) return 'closed';
  const { kind, authorizationType } = access as Readonly<Record<string, Json>>;
  return String(kind === 'other' ? authorizationType : kind);
}

/** What each condition of a policy asks of the callers of a mount. */
const ASKED: readonly (readonly [key: string, no: string, yes: string])[] = [
  ['aws:MultiFactorAuthPresent', 'no longer asks for MFA', 'asks for MFA from now on'],
  ['aws:SourceIp', 'is open to callers from anywhere', 'is open to callers from certain addresses only'],
  [
    'aws:PrincipalArn',
    'is open to every caller of this account with the right to call it',
    'is open to listed callers only',
  ],
];

/** In what a change of the resource policy asks more or less of who calls a mount. */
function easedBy(change: Change | undefined, path: string): string[] {
  if (typeof change?.from !== 'string' || typeof change.to !== 'string') return [];
  const [before, after] = [asksOf(change.from, path), asksOf(change.to, path)];
  return ASKED.flatMap(([key, no, yes]) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was === is) return [];
    if (is === undefined) return [no];
    return [was === undefined ? yes : `${yes}, and they are others than before`];
  });
}

/** The conditions under which a policy denies the reading of a mount, as JSON by condition key. */
function asksOf(policy: string, path: string): Map<string, string> {
  const { Statement = [] } = JSON.parse(policy) as {
    Statement?: readonly { Effect?: string; Resource?: unknown; Condition?: Readonly<Record<string, object>> }[];
  };
  const own = Statement.filter(
    ({ Effect, Resource }) => Effect === 'Deny' && [Resource].flat().some((is) => String(is).endsWith(`/GET${path}/*`)),
  );
  return new Map(
    own.flatMap(({ Condition = {} }) =>
      Object.values(Condition).flatMap((keys) =>
        Object.entries(keys).map(([key, value]): [string, string] => [key, JSON.stringify(value)]),
      ),
    ),
  );
}
