import type { LambdaClient } from '@aws-sdk/client-lambda';
import { type AwsAccess, clientConfig } from './access.js';
import { createSend } from './sender.js';

/** Leave for one authorizer of API Gateway to call a function, as the function's own policy says it. */
export interface InvokePermission {
  /** Name of the statement: letters, digits, '-' and '_', at most 100. */
  readonly sid: string;
  /** ARN of the authorizer that may call. */
  readonly sourceArn: string;
}

/** Lambda as we use it: nothing but the permissions of authorizers. */
export interface Lambda {
  /** What the function's policy says under a name; undefined when it says nothing, or the function is not there. */
  findPermission(functionArn: string, sid: string): Promise<InvokePermission | undefined>;
  /** Lets an authorizer call the function; there already is success. */
  addPermission(functionArn: string, permission: InvokePermission): Promise<void>;
  /** Gone already is success. */
  removePermission(functionArn: string, sid: string): Promise<void>;
}

const MISSING = ['ResourceNotFoundException'];

/** Lambda in the Region of `access`. Its client is loaded when it is first asked, since few ever need it. */
export function createLambda(access: AwsAccess): Lambda {
  const send = createSend({ service: 'Lambda', region: access.region, clock: access.clock });
  let opened: Promise<{ sdk: typeof import('@aws-sdk/client-lambda'); client: LambdaClient }> | undefined;
  const open = () => {
    opened ??= import('@aws-sdk/client-lambda').then((sdk) => ({
      sdk,
      client: new sdk.LambdaClient(clientConfig(access)),
    }));
    return opened;
  };
  return {
    async findPermission(functionArn, sid) {
      const { sdk, client } = await open();
      const command = new sdk.GetPolicyCommand({ FunctionName: functionArn });
      const found = await send('GetPolicy', () => client.send(command), { missing: MISSING });
      return found?.Policy === undefined ? undefined : readStatement(found.Policy, sid);
    },
    async addPermission(functionArn, { sid, sourceArn }) {
      const { sdk, client } = await open();
      const command = new sdk.AddPermissionCommand({
        FunctionName: functionArn,
        StatementId: sid,
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: sourceArn,
      });
      await send('AddPermission', () => client.send(command), { made: ['ResourceConflictException'] });
    },
    async removePermission(functionArn, sid) {
      const { sdk, client } = await open();
      const command = new sdk.RemovePermissionCommand({ FunctionName: functionArn, StatementId: sid });
      await send('RemovePermission', () => client.send(command), { missing: MISSING });
    },
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
function readStatement(policy: string, sid: string): InvokePermission | undefined {
  const { Statement = [] } = JSON.parse(policy) as {
    Statement?: readonly { Sid?: string; Condition?: { ArnLike?: Readonly<Record<string, string>> } }[];
  };
  const statement = Statement.find((is) => is.Sid === sid);
  if (statement === undefined) return undefined;
  const conditions = Object.entries(statement.Condition?.ArnLike ?? {});
  const sourceArn = conditions.find(([key]) => key.toLowerCase() === 'aws:sourcearn')?.[1] ?? '';
  return { sid, sourceArn };
}
