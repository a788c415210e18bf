import type { Evidence } from '../evidence.js';
import { LARGEST_CACHED } from '../largest-cached.js';
import type { Symptom } from '../symptom.js';
import {
  bodyText,
  carriesOwnTag,
  dueType,
  looksDecodedAsText,
  looksLikeBase64,
  missingHeaders,
  sent,
  succeeded,
  wants,
} from './clues.js';

const WIRE = 'pixgate wire';

/** Answers that claim success, or the right status, and are wrong. */
export const CONTENT_SYMPTOMS: readonly Symptom[] = [
  {
    name: 'listing',
    shows: (evidence) => /<(ListBucketResult|ListVersionsResult)/.test(bodyText(evidence)),
    cause:
      'An encoded question mark in the path reached S3 as a query, and the role may list: the mount is served without a prefix.',
    fix: 'give the mount a bucket.prefix, then pixgate upload and pixgate wire',
  },
  {
    name: 'type taken from the path',
    shows: (evidence) => /%3F/i.test(evidence.request.path) && succeeded(evidence),
    cause: 'An encoded question mark in the path reached S3 as a query and changed the answer.',
    fix: WIRE,
  },
  {
    name: 'error as success',
    shows: (evidence) => succeeded(evidence) && /<Error>/.test(bodyText(evidence)),
    cause: "S3's errors are selected by the default integration response, which answers 200.",
    fix: WIRE,
  },
  {
    name: 'S3 error passed on',
    shows: (evidence) => /<Error>/.test(bodyText(evidence)),
    cause: "The reply hands on S3's own XML error in place of our JSON: its template or CONVERT_TO_TEXT is missing.",
    fix: WIRE,
  },
  {
    name: 'secret given away',
    shows: (evidence) => evidence.expected.without?.some((word) => bodyText(evidence).includes(word)) === true,
    cause: 'The body gives away the bucket or the account.',
    fix: WIRE,
  },
  {
    name: 'one image for all paths',
    shows: (evidence) => succeeded(evidence) && evidence.twin !== undefined,
    cause: ({ twin }) =>
      `The answer is another image, ${twin}: the stage cache has no key for the path, or this was that image once and the cache has it still.`,
    fix: 'pixgate flush  tells which: where it helps, the cache was old; else pixgate wire',
  },
  {
    name: 'decoded as text',
    shows: (evidence) => succeeded(evidence) && looksDecodedAsText(evidence),
    cause: 'API Gateway took the image for text: the binary media types are not set or not deployed.',
    fix: WIRE,
  },
  {
    name: 'base64',
    shows: (evidence) => succeeded(evidence) && looksLikeBase64(evidence),
    cause: 'The image arrives as base64 text: the integration response lacks CONVERT_TO_BINARY.',
    fix: WIRE,
  },
  {
    name: 'part replayed as whole',
    shows: (evidence) => evidence.answer.status === 206 && !sent(evidence, 'Range'),
    cause: 'The stage cache replays the part that somebody asked for: Range is not in the cache key.',
    fix: WIRE,
  },
  {
    name: 'not-modified replayed',
    shows: (evidence) => evidence.answer.status === 304 && !wants(evidence, 304),
    cause: "The stage cache replays somebody's 304: the conditional headers are not in the cache key.",
    fix: WIRE,
  },
  {
    name: 'range ignored',
    shows: (evidence) => evidence.answer.status === 200 && sent(evidence, 'Range') && !wants(evidence, 200),
    cause: (evidence) =>
      `Range is not handed to S3, or its 206 and 416 have no reply of their own${orNotKeyed(evidence)}.`,
    fix: WIRE,
  },
  {
    name: 'condition ignored',
    shows: (evidence) => evidence.answer.status === 200 && (wants(evidence, 304) || wants(evidence, 412)),
    cause: (evidence) =>
      `${Object.keys(evidence.request.headers ?? {}).find((name) => name.startsWith('If-')) ?? 'The condition'} is not handed to S3, or its answer has no reply of its own${orNotKeyed(evidence)}.`,
    fix: WIRE,
  },
  {
    name: 'type not mapped',
    shows: (evidence) =>
      succeeded(evidence) &&
      evidence.object === 'existing' &&
      evidence.answer.headers['content-type'] === 'application/json' &&
      dueType(evidence) !== undefined,
    cause: "Content-Type is not mapped from S3, so that API Gateway's default, application/json, comes back.",
    fix: WIRE,
  },
  {
    name: 'changed in the bucket',
    shows: (evidence) =>
      succeeded(evidence) &&
      evidence.stored !== undefined &&
      evidence.image !== undefined &&
      evidence.stored !== evidence.image.sha256,
    cause: ({ stored }) =>
      stored === 'gone'
        ? 'The object is no longer in the bucket.'
        : 'The object in S3 is not the one that was uploaded.',
    fix: 'pixgate upload',
  },
  {
    name: 'old image in the cache',
    shows: (evidence) =>
      evidence.answer.status === 200 &&
      evidence.cacheTtlSeconds !== undefined &&
      evidence.request.method === 'GET' &&
      evidence.image !== undefined &&
      // A large image is never kept; a small one may have been in its place, and is whole then.
      (evidence.image.sizeBytes <= LARGEST_CACHED || carriesOwnTag(evidence)) &&
      evidence.stored === evidence.image.sha256 &&
      evidence.answer.headers['content-type'] === evidence.image.contentType &&
      evidence.expected.body?.kind === 'digest',
    cause: 'The stage cache still has an earlier version of the image.',
    fix: 'pixgate flush',
  },
  {
    name: 'type changed in the bucket',
    shows: (evidence) =>
      succeeded(evidence) &&
      dueType(evidence) !== undefined &&
      evidence.answer.headers['content-type'] !== dueType(evidence),
    cause: 'The object is stored with another Content-Type than it was uploaded with.',
    fix: 'pixgate upload',
  },
  {
    name: 'header not mapped',
    shows: (evidence) => missingHeaders(evidence).length > 0 && wants(evidence, evidence.answer.status),
    cause: (evidence) =>
      `The reply does not carry ${missingHeaders(evidence).join(', ')}: the header is not mapped, or not deployed.`,
    fix: WIRE,
  },
];

/** The last resort: nothing more telling shows. */
export const DRIFTED: Symptom = {
  name: 'drifted',
  shows: () => true,
  cause: 'The deployed API is not the one that is drawn: somebody changed it, or the last changes are not deployed.',
  fix: WIRE,
};

/** With a cache, an answer to others may stand where the own one is due. */
function orNotKeyed({ cacheTtlSeconds }: Evidence): string {
  return cacheTtlSeconds === undefined ? '' : ', or it is not in the cache key';
}
