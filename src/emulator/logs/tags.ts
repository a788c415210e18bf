import type { Call } from '../operation.js';
import type { JsonOperation } from '../wire/json-1-1.js';
import { demandGroupTags, getGroup, invalidParameter } from './input.js';
import { groupArn, type LogGroup, saveGroup } from './model.js';

/** Most tags on one log group. */
const TAGS_PER_GROUP = 50;

/** Refuses tags outside CloudWatch Logs' rules. @throws {Refusal} InvalidParameterException. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    const fits = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value);
    if (!fits) throw invalidParameter(`The tag '${key}' breaks the rules for tag keys and values.`);
    if (/^aws:/i.test(key)) throw invalidParameter(`The tag key '${key}' begins with aws:, which is reserved.`);
  }
  if (Object.keys(tags).length > TAGS_PER_GROUP)
    throw invalidParameter(`A log group takes at most ${TAGS_PER_GROUP} tags.`);
}

/** Adds or replaces tags. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html */
export const TagResource: JsonOperation = {
  name: 'TagResource',
  mutating: true,
  fidelity: 'documented',
  source: 'CloudWatch Logs API Reference, TagResource',
  run(input, call) {
    const group = getGroupByArn(call, input.getText('resourceArn'), 'TagResource');
    const tags = { ...group.tags, ...input.textMap('tags') };
    checkTags(tags);
    saveGroup(call, { ...group, tags });
    return undefined;
  },
};

/** Removes tags; a key that is not there does no harm. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_UntagResource.html */
export const UntagResource: JsonOperation = {
  name: 'UntagResource',
  mutating: true,
  fidelity: 'documented',
  source: 'CloudWatch Logs API Reference, UntagResource',
  run(input, call) {
    const group = getGroupByArn(call, input.getText('resourceArn'), 'UntagResource');
    const gone = new Set(input.texts('tagKeys'));
    const tags = Object.fromEntries(Object.entries(group.tags).filter(([key]) => !gone.has(key)));
    saveGroup(call, { ...group, tags });
    return undefined;
  },
};

/** Reads tags. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListTagsForResource.html */
export const ListTagsForResource: JsonOperation = {
  name: 'ListTagsForResource',
  mutating: false,
  fidelity: 'documented',
  source: 'CloudWatch Logs API Reference, ListTagsForResource',
  run(input, call) {
    return { tags: getGroupByArn(call, input.getText('resourceArn'), 'ListTagsForResource').tags };
  },
};

/** AWS: the tag operations take a group's ARN without the `:*` that DescribeLogGroups shows. (API Reference, TagResource) */
function getGroupByArn(call: Call, arn: string, action: string): LogGroup {
  const name = arn.slice(groupArn(call, '').length);
  if (name === '' || arn !== groupArn(call, name) || name.includes(':'))
    throw invalidParameter(
      `The specified resource ARN '${arn}' is not the ARN of a log group without a trailing ":*".`,
    );
  demandGroupTags(call, action, name);
  return getGroup(call, name);
}
