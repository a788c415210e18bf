import type { Config, MountAccess } from '../config/config.js';
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

/** Whom MFA keeps out for good, which nobody guesses. */
const MFA =
  'asks for MFA: long-lived keys, and sessions of roles, IAM Identity Center, federations and services, never pass.';

/** What a plan changes in who may see the images of each mount, in sentences; nothing for mounts that it makes as public. */
export function noticeAccess({ mounts }: Config, steps: readonly Step[]): string[] {
  const changes = steps.find(({ address }) => address === 'api')?.changes ?? [];
  return mounts.flatMap(({ path, access }) => {
    // A field that differs within the kind, or the kind itself.
    const route = `routes.GET ${path}/{key+}`;
    const kind = changes.find((change) => change.path === `${route}.access.kind` || change.path === `${route}.access`);
    const from = kind === undefined ? undefined : kindOf(kind.from);
    const isNew = changes.some((change) => change.path === route || change.path === 'routes');
    const changed = from === undefined ? [] : [`${path} is ${from} and becomes ${access.kind}: ${MEANS[access.kind]}.`];
    const eased =
      kind === undefined
        ? easedBy(
            changes.find((change) => change.path === 'policy'),
            path,
          )
        : [];
    const asksForMfa = access.kind === 'iam' && access.mfa === 'required';
    const touched = isNew || changed.length > 0 || changes.some((change) => change.path === 'policy');
    return [
      ...changed,
      ...eased.map((what) => `${path} ${what}.`),
      ...(asksForMfa && touched ? [`${path} ${MFA}`] : []),
    ];
  });
}

/** Says of keys that no mount asks for any more that they are still there; nothing where there are none. */
export function noticeKeys(config: Config, steps: readonly Step[]): string[] {
  const step = steps.find(({ address }) => address === 'keys');
  if (step === undefined || keyAccessOf(config) !== undefined) return [];
  return [`No mount asks for API keys any more: ${step.label} and its keys stay until teardown, and open nothing.`];
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
