import type { Call } from '../operation.js';
import { childOf, childrenOf, childText, type XmlNode, type XmlValue } from '../wire/rest-xml.js';
import { openBucket, saveBucket } from './access.js';
import { invalidArgument, invalidRequest, malformedXml, S3Error } from './error.js';
import { emptyAnswer, headerOf, type S3Operation, xmlAnswer } from './s3-operation.js';
import { xmlBody } from './xml-body.js';

const TRANSITION_HEADER = 'x-amz-transition-default-minimum-object-size';

const DEFAULT_TRANSITION = 'all_storage_classes_128K';

const ACTIONS = [
  'AbortIncompleteMultipartUpload',
  'Expiration',
  'NoncurrentVersionExpiration',
  'NoncurrentVersionTransition',
  'Transition',
];

const MAX_RULES = 1000;

const lifecycle = {
  fidelity: 'documented',
  source: 'S3 API Reference, GetBucketLifecycleConfiguration, PutBucketLifecycleConfiguration, DeleteBucketLifecycle',
  scope: 'bucket',
  selectors: 'lifecycle',
} as const;

/** Reads a bucket's lifecycle rules. */
export const GetBucketLifecycleConfiguration: S3Operation = {
  ...lifecycle,
  name: 'GetBucketLifecycleConfiguration',
  mutating: false,
  method: 'GET',
  run(ask) {
    const bucket = openBucket(ask, 's3:GetLifecycleConfiguration');
    if (bucket.lifecycle === undefined) {
      throw new S3Error(404, 'NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', {
        BucketName: bucket.name,
      });
    }
    return xmlAnswer(
      'LifecycleConfiguration',
      { Rule: bucket.lifecycle },
      { [TRANSITION_HEADER]: bucket.transitionMinimumSize ?? DEFAULT_TRANSITION },
    );
  },
};

/** Replaces a bucket's lifecycle rules. The local cloud keeps them and does not act on them: nothing expires. */
export const PutBucketLifecycleConfiguration: S3Operation = {
  ...lifecycle,
  name: 'PutBucketLifecycleConfiguration',
  mutating: true,
  method: 'PUT',
  run(ask) {
    const bucket = openBucket(ask, 's3:PutLifecycleConfiguration');
    const rules = childrenOf(xmlBody(ask, 'LifecycleConfiguration'), 'Rule');
    if (rules.length === 0 || rules.length > MAX_RULES) throw malformedXml();
    const checked = rules.map((rule) => toRule(ask.call, rule));
    const ids = new Set(checked.map((rule) => rule['ID']));
    if (ids.size < checked.length) {
      throw invalidArgument('Rule ID must be unique. Found same ID for more than one rule', 'ID', '');
    }
    const size = headerOf(ask, TRANSITION_HEADER) ?? DEFAULT_TRANSITION;
    saveBucket(ask, { ...bucket, lifecycle: checked, transitionMinimumSize: size });
    return emptyAnswer(200, { [TRANSITION_HEADER]: size });
  },
};

/** Removes a bucket's lifecycle rules. */
export const DeleteBucketLifecycle: S3Operation = {
  ...lifecycle,
  name: 'DeleteBucketLifecycle',
  mutating: true,
  method: 'DELETE',
  run(ask) {
    const { lifecycle: _, ...rest } = openBucket(ask, 's3:PutLifecycleConfiguration');
    saveBucket(ask, rest);
    return emptyAnswer(204);
  },
};

function toRule(call: Call, rule: XmlValue): XmlNode {
  if (typeof rule === 'string' || Array.isArray(rule)) throw malformedXml();
  const status = childText(rule, 'Status');
  if (status !== 'Enabled' && status !== 'Disabled') throw malformedXml();
  if (childOf(rule, 'Filter') === undefined && childOf(rule, 'Prefix') === undefined) throw malformedXml();
  if (!ACTIONS.some((action) => childOf(rule, action) !== undefined)) {
    throw invalidRequest('At least one action needs to be specified in a rule');
  }
  const abort = childOf(rule, 'AbortIncompleteMultipartUpload');
  if (abort !== undefined) checkDays(childText(abort, 'DaysAfterInitiation'));
  const id = childText(rule, 'ID');
  return { ...rule, ID: id === undefined || id === '' ? newRuleId(call) : id };
}

function checkDays(days: string | undefined): void {
  if (days === undefined || !/^-?\d+$/.test(days)) throw malformedXml();
  if (Number(days) >= 1) return;
  throw invalidArgument(
    "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer",
    'DaysAfterInitiation',
    days,
  );
}

/** AWS: a rule without an ID is given one, the base64 of a UUID. (published LocalStack recordings of lifecycle rules) */
function newRuleId(call: Call): string {
  return Buffer.from(call.newUuid()).toString('base64');
}
