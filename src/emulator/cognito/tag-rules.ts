import { invalidParameter } from './input.js';

/** Most tags on one pool. */
const TAGS_PER_POOL = 50;

/** Refuses tags that a user pool cannot have. @throws {Refusal} InvalidParameterException. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key.length < 1 || key.length > 128 || value.length > 256)
      throw invalidParameter(`The tag '${key}' breaks the rules for tag keys and values.`);
    if (/^aws:/i.test(key)) throw invalidParameter(`The tag key '${key}' begins with aws:, which is reserved.`);
  }
  if (Object.keys(tags).length > TAGS_PER_POOL)
    throw invalidParameter(`A user pool takes at most ${TAGS_PER_POOL} tags.`);
}
