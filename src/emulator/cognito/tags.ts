import type { Call } from '../operation.js';
import type { JsonOperation } from '../wire/json-1-1.js';
import { invalidParameter, openPoolById } from './input.js';
import { poolArn, savePool, type UserPool } from './model.js';
import { checkTags } from './tag-rules.js';

/** Adds or replaces tags. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TagResource.html */
export const TagResource: JsonOperation = {
  name: 'TagResource',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, TagResource',
  run(input, call) {
    const pool = openByArn(call, input.getText('ResourceArn'), 'TagResource');
    const tags = { ...pool.tags, ...input.textMap('Tags') };
    checkTags(tags);
    savePool(call, { ...pool, tags });
    return {};
  },
};

/** Removes tags; a key that is not there does no harm. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UntagResource.html */
export const UntagResource: JsonOperation = {
  name: 'UntagResource',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, UntagResource',
  run(input, call) {
    const pool = openByArn(call, input.getText('ResourceArn'), 'UntagResource');
    const gone = new Set(input.texts('TagKeys'));
    const tags = Object.fromEntries(Object.entries(pool.tags).filter(([key]) => !gone.has(key)));
    savePool(call, { ...pool, tags });
    return {};
  },
};

/** Reads tags. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListTagsForResource.html */
export const ListTagsForResource: JsonOperation = {
  name: 'ListTagsForResource',
  mutating: false,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, ListTagsForResource',
  run(input, call) {
    return { Tags: openByArn(call, input.getText('ResourceArn'), 'ListTagsForResource').tags };
  },
};

function openByArn(call: Call, arn: string, action: string): UserPool {
  const id = arn.slice(poolArn(call, '').length);
  if (id === '' || arn !== poolArn(call, id))
    throw invalidParameter(`The specified resource ARN '${arn}' is not the ARN of a user pool.`);
  return openPoolById(call, id, action);
}
