import type { AccessLog } from './access-log.js';
import { type Check, type Finding, foregone } from './check.js';
import { describeAnswer } from './expectation.js';
import { describeRequest, type Inspection, missingPath } from './inspection.js';

const TITLE = 'A request that was just sent shows up in the access log.';

/** Whether what the gateway does can be read afterwards. */
export function logChecks(inspection: Inspection, log: AccessLog): readonly Check[] {
  const { accessLog, mounts } = inspection.ask;
  const id = 'logs/access';
  if (!accessLog)
    return [foregone(id, 'logs', TITLE, { status: 'skipped', got: 'the access log is off in the config' })];
  return [{ id, group: 'logs', title: TITLE, run: () => shows(inspection, log, mounts[0]?.path ?? '') }];
}

async function shows(inspection: Inspection, log: AccessLog, path: string): Promise<Finding> {
  const request = { method: 'GET', path: missingPath(inspection, path) };
  const answer = await inspection.fetch(request);
  const asked = describeRequest(inspection.ask.stage, request);
  const expected = `a line with the request's id and status ${answer.status}`;
  const said = { asked, expected };
  if (answer.headers['x-amz-apigw-id'] === undefined) {
    const cause = 'The answer carries no x-amz-apigw-id, so it does not come from API Gateway.';
    return { ...said, status: 'failed', got: describeAnswer(answer), cause, fix: 'check the URL of the gateway' };
  }
  const lines = await log.find([answer]);
  if (lines === undefined) {
    const excuse = await inspection.probe.whyNoLogs();
    if (excuse !== undefined)
      return { ...said, status: 'inconclusive', got: excuse, fix: 'pixgate wire tries again and says who can help' };
    const cause = 'The stage writes no access log.';
    return { ...said, status: 'failed', got: 'no access log', cause, fix: 'pixgate wire' };
  }
  const [line] = lines;
  if (line === undefined) {
    const got = 'no such line within five minutes';
    return { ...said, status: 'inconclusive', got, fix: 'pixgate test, later: CloudWatch Logs is sometimes slow' };
  }
  const got = `${line['httpMethod']} ${line['resourcePath']} ${line['status']}`;
  if (line['status'] === String(answer.status)) return { ...said, status: 'passed', got };
  const cause = 'The format of the access log is not the drawn one.';
  return { ...said, status: 'failed', got, cause, fix: 'pixgate wire' };
}
