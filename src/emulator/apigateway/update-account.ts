import type { Call } from '../operation.js';
import { type Account, accountAnswer, readAccount } from './account.js';
import { authorisePassRole } from './authorise.js';
import { badRequest } from './errors.js';
import { TABLES } from './model.js';
import { operation } from './operation.js';
import { applyPatch, PATCH_BODY } from './patch.js';

const WELCOME = '/aws/apigateway/welcome';

/** What the managed policy AmazonAPIGatewayPushToCloudWatchLogs allows. */
const LOG_ACTIONS = [
  'CreateLogGroup',
  'CreateLogStream',
  'DescribeLogGroups',
  'DescribeLogStreams',
  'PutLogEvents',
  'GetLogEvents',
  'FilterLogEvents',
];

/**
 * Sets the role with which API Gateway writes the logs of every API in this Region; an empty value clears it.
 *
 * API Gateway tries the role out at once: it makes the log group `/aws/apigateway/welcome` and writes to it, so a role that
 * may only write to some groups is refused.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export const UpdateAccount = operation({
  name: 'UpdateAccount',
  route: 'PATCH /account',
  success: 200,
  fidelity: 'guessed',
  source:
    'Developer guide, CloudWatch logging, for the role and its permissions; refusals from Terraform and CDK reports; the welcome group from experience of operators',
  body: PATCH_BODY,
  run(call, { body }) {
    const account = readAccount(call);
    applyPatch(account, body.patchOperations, {
      '/cloudwatchRoleArn': { replace: (account, value) => setRole(call, account, value) },
    });
    call.store.put(TABLES.account, call.region, account);
    return accountAnswer(account);
  },
});

function setRole(call: Call, account: Account, roleArn: string | undefined): void {
  if (!roleArn) {
    delete account.cloudwatchRoleArn;
    return;
  }
  if (!/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(roleArn)) throw badRequest('The role ARN is not well formed');
  authorisePassRole(call, roleArn);
  if (!mayLog(call, roleArn)) throw badRequest('The role ARN does not have required permissions set to API Gateway');
  call.cloud.putLogEvents(call, {
    group: WELCOME,
    stream: call.newUuid().replaceAll('-', ''),
    messages: ['Cloudwatch logs enabled for API Gateway'],
    createGroup: true,
  });
  account.cloudwatchRoleArn = roleArn;
}

function mayLog(call: Call, roleArn: string): boolean {
  const session = call.cloud.assumeRoleAsService(call, roleArn, 'apigateway.amazonaws.com');
  if (session === undefined) return false;
  const { partition, accountId } = call.settings;
  const resource = `arn:${partition}:logs:${call.region}:${accountId}:log-group:${WELCOME}:log-stream:`;
  return LOG_ACTIONS.every((action) => {
    const ask = { caller: session, action: `logs:${action}`, resource };
    return call.cloud.authorize(call, ask) === 'allowed';
  });
}
