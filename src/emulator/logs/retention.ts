import type { JsonOperation } from '../wire/json-1-1.js';
import { demandGroup, GROUP_RULE, getGroup, invalidParameter } from './input.js';
import { saveGroup } from './model.js';

/** The only retention times there are, in days. */
const DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** Sets how long events are kept. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const PutRetentionPolicy: JsonOperation = {
  name: 'PutRetentionPolicy',
  mutating: true,
  fidelity: 'documented',
  source: 'CloudWatch Logs API Reference, PutRetentionPolicy',
  run(input, call) {
    const name = input.getText('logGroupName', GROUP_RULE);
    const days = input.findInteger('retentionInDays', -Infinity, Infinity);
    demandGroup(call, 'PutRetentionPolicy', name);
    if (days === undefined || !DAYS.includes(days))
      throw invalidParameter(
        `1 validation error detected: Value '${days ?? 'null'}' at 'retentionInDays' failed to satisfy constraint: ` +
          `Member must satisfy enum value set: [${DAYS.join(', ')}]`,
      );
    const group = getGroup(call, name);
    saveGroup(call, { ...group, retentionDays: days });
    return undefined;
  },
};

/** Keeps events for ever. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteRetentionPolicy.html */
export const DeleteRetentionPolicy: JsonOperation = {
  name: 'DeleteRetentionPolicy',
  mutating: true,
  fidelity: 'documented',
  source: 'CloudWatch Logs API Reference, DeleteRetentionPolicy',
  run(input, call) {
    const name = input.getText('logGroupName', GROUP_RULE);
    demandGroup(call, 'DeleteRetentionPolicy', name);
    const { retentionDays: _, ...group } = getGroup(call, name);
    saveGroup(call, group);
    return undefined;
  },
};
