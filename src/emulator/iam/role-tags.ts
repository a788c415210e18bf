import type { QueryOperation } from '../wire/query-xml.js';
import { Refusal } from '../wire/refusal.js';
import { cutPage } from './paging.js';
import { getRoleFor, readTags, saveRole, tagContext } from './role-document.js';

/** Most tags on one role. */
const TAGS_PER_ROLE = 50;

/** Adds or replaces tags. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html */
export const TagRole: QueryOperation = {
  name: 'TagRole',
  mutating: true,
  fidelity: 'documented',
  source: 'IAM API Reference, TagRole',
  run(input, call) {
    const tags = readTags(input);
    const role = getRoleFor(call, input, 'TagRole', tagContext(tags));
    // AWS: tag keys differ in case only for the eye; the key last sent is the one kept. (IAM User Guide, tags)
    const sent = new Set(Object.keys(tags).map((key) => key.toLowerCase()));
    const kept = Object.entries(role.tags).filter(([key]) => !sent.has(key.toLowerCase()));
    role.tags = { ...Object.fromEntries(kept), ...tags };
    if (Object.keys(role.tags).length > TAGS_PER_ROLE)
      throw new Refusal('LimitExceeded', 409, `Cannot exceed quota for TagsPerRole: ${TAGS_PER_ROLE}`);
    saveRole(call, role);
    return undefined;
  },
};

/** Removes tags; a key that is not there does no harm. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html */
export const UntagRole: QueryOperation = {
  name: 'UntagRole',
  mutating: true,
  fidelity: 'documented',
  source: 'IAM API Reference, UntagRole',
  run(input, call) {
    const keys = input.list('TagKeys');
    const role = getRoleFor(call, input, 'UntagRole', { 'aws:TagKeys': keys });
    const gone = new Set(keys.map((key) => key.toLowerCase()));
    role.tags = Object.fromEntries(Object.entries(role.tags).filter(([key]) => !gone.has(key.toLowerCase())));
    saveRole(call, role);
    return undefined;
  },
};

/** Lists tags by key. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html */
export const ListRoleTags: QueryOperation = {
  name: 'ListRoleTags',
  mutating: false,
  fidelity: 'documented',
  source: 'IAM API Reference, ListRoleTags',
  run(input, call) {
    const role = getRoleFor(call, input, 'ListRoleTags');
    const all = Object.entries(role.tags).sort(([one], [other]) => (one < other ? -1 : 1));
    const { items, rest } = cutPage(call, input, all, ([key]) => key);
    return { Tags: items.map(([Key, Value]) => ({ Key, Value })), ...rest };
  },
};
