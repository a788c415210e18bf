import type { InvokePermission } from '../aws/lambda.js';
import type { LambdaAccess, MountConfig } from '../config/config.js';
import type { Address, Change } from '../model/plan.js';
import { functionAuthorizer } from '../surface/access.js';
import type { ApiHave } from './api.js';
import type { Environment, Memo, Resource, World } from './resource.js';

/** Leave for the API's authorizer to call a function, as it is wanted. */
export interface PermissionWant {
  readonly functionArn: string;
  readonly sid: string;
  /** ARN of the authorizer; undefined until the API is made, whose id is part of it. */
  readonly sourceArn: string | undefined;
}

/** The permission as it is. */
export interface PermissionHave {
  readonly functionArn: string;
  readonly permission: InvokePermission | undefined;
  /** A function that an earlier config named, and whose permission is of no use any more. */
  readonly former?: string;
}

/** In plans; the same before and after the API has an id. */
const CALLER = 'the authorizer of this API';

/** A mount whose callers a function lets in. */
export type LambdaMount = MountConfig & { readonly access: LambdaAccess };

/** Whether a function lets in the callers of a mount. */
export function isLambdaMount(mount: MountConfig): mount is LambdaMount {
  return mount.access.kind === 'lambda';
}

/**
 * The permission of a mount's authorizer to call its function: one statement of the function's own policy, named after
 * the installation, so that exactly it is taken away again. Without it every request ends in a 500.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export function permissionResource(
  environment: Environment,
  mount: LambdaMount,
): Resource<PermissionWant, PermissionHave> {
  const { functionArn } = mount.access;
  const sid = permissionSid(environment, mount);
  return {
    address: `permission/${mount.id}`,
    needs: [],
    desire: (_config, known) => {
      const api = known.get('api') as ApiHave | undefined;
      const authorizerId = api?.reading.authorizerIds[functionAuthorizer(mount.id)];
      const { partition, region, account } = environment;
      const sourceArn =
        api === undefined || authorizerId === undefined
          ? undefined
          : `arn:${partition}:execute-api:${region}:${account}:${api.id}/authorizers/${authorizerId}`;
      return { functionArn, sid, sourceArn };
    },
    label: (want) => `${want.functionArn}, statement ${want.sid}`,
    observe,
    diff: (want, have) =>
      [
        ...(have?.permission === undefined || have.permission.sourceArn !== want.sourceArn
          ? [{ path: 'caller', from: have?.permission === undefined ? undefined : 'another', to: CALLER }]
          : []),
        ...(have?.former === undefined ? [] : [{ path: `former ${have.former}`, from: 'allowed', to: undefined }]),
      ] satisfies Change[],
    async converge(world, want, have) {
      const { lambda } = world.aws;
      if (want.sourceArn === undefined) throw new Error(`the authorizer of ${mount.path} is not there`);
      if (have?.former !== undefined) await lambda.removePermission(have.former, want.sid);
      const { sid, sourceArn } = want;
      const is = have?.permission;
      // AWS: a statement cannot be changed, and a second one of its name is refused.
      if (is !== undefined && is.sourceArn !== sourceArn) await lambda.removePermission(functionArn, sid);
      if (is?.sourceArn !== sourceArn) await lambda.addPermission(functionArn, { sid, sourceArn });
      return { functionArn, permission: { sid, sourceArn } };
    },
    async remove({ aws }, have) {
      for (const each of [have.functionArn, ...(have.former === undefined ? [] : [have.former])])
        await aws.lambda.removePermission(each, sid);
    },
    remember: (have) => ({ functionArn: have.functionArn, sid }),
  };
}

/**
 * The permission that a mount had while a function let in its callers: only the ledger knows of which function. It is taken
 * away with everything else; until then it lets nobody in, since no authorizer of ours asks that function any more.
 *
 * Undefined when there is nothing to go by.
 */
export function formerPermission(
  address: Address,
  memo: Memo | undefined,
): Resource<PermissionWant, PermissionHave> | undefined {
  const { functionArn, sid } = (memo?.settled ?? {}) as { functionArn?: string; sid?: string };
  if (functionArn === undefined || sid === undefined) return undefined;
  return {
    address,
    needs: [],
    desire: () => ({ functionArn, sid, sourceArn: undefined }),
    label: () => `${functionArn}, statement ${sid}`,
    observe,
    diff: () => [],
    converge: async () => {
      throw new Error(`${address} is not to be made`);
    },
    remove: (world) => world.aws.lambda.removePermission(functionArn, sid),
    remember: () => ({ functionArn, sid }),
  };
}

async function observe(
  { aws }: World,
  { functionArn, sid }: PermissionWant,
  memo?: Memo,
): Promise<PermissionHave | undefined> {
  const permission = await aws.lambda.findPermission(functionArn, sid);
  const remembered = (memo?.settled as { functionArn?: string } | undefined)?.functionArn;
  const former =
    remembered === undefined || remembered === functionArn
      ? undefined
      : await aws.lambda.findPermission(remembered, sid);
  if (permission === undefined && former === undefined) return undefined;
  return {
    functionArn,
    permission,
    ...(former === undefined || remembered === undefined ? {} : { former: remembered }),
  };
}

/** Name of the statement; AWS takes letters, digits, '-' and '_'. */
function permissionSid({ token }: Environment, { id }: MountConfig): string {
  return `pixgate-${token}-${id.replaceAll('.', '_')}`.slice(0, 100);
}
