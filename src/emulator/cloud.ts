import { verifyUserPoolToken } from './cognito/index.js';
import { flushAuthorizersCache, flushStageCache, testInvoke } from './execute-api/index.js';
import { assumeRoleAsService, authorize } from './iam/authorize.js';
import { invokeFunction } from './lambda/invoke-function.js';
import { appendServiceLog } from './logs/append-events.js';
import type { Call, Caller, Cloud } from './operation.js';
import { s3Service } from './s3/index.js';

/** The account's owner: whoever asks a served API, its log is the account's. */
function owner({ settings: { accountId, partition } }: Call): Caller {
  return { kind: 'root', accountId, arn: `arn:${partition}:iam::${accountId}:root`, userId: accountId };
}

/** What the services of the local cloud do for one another. */
export const cloud: Cloud = {
  s3: (request, call, caller) => s3Service.handle(request, { ...call, caller }).response,
  assumeRoleAsService,
  authorize,
  putLogEvents: (call, ask) => appendServiceLog({ ...call, caller: owner(call) }, ask),
  testInvoke,
  flushStageCache,
  flushAuthorizersCache,
  invokeFunction,
  verifyUserPoolToken,
};
