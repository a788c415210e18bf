import { enterBucket } from './access.js';
import type { Bucket, ObjectVersion } from './model.js';
import { findRead } from './object-read.js';
import { replaceTags } from './object-rows.js';
import { versionHeader } from './object-write.js';
import { type Ask, emptyAnswer, type S3Operation, xmlAnswer } from './s3-operation.js';
import { fromTagging } from './tag-set.js';
import { xmlBody } from './xml-body.js';

const tagging = {
  fidelity: 'documented',
  source: 'S3 API Reference, GetObjectTagging, PutObjectTagging and DeleteObjectTagging',
  scope: 'object',
  selectors: 'tagging',
} as const;

/** Reads an object's tags. */
export const GetObjectTagging: S3Operation = {
  ...tagging,
  name: 'GetObjectTagging',
  mutating: false,
  method: 'GET',
  run(ask) {
    const { bucket, version } = open(ask, 's3:GetObjectTagging');
    return xmlAnswer(
      'Tagging',
      { TagSet: { Tag: version.tags.map((tag) => ({ ...tag })) } },
      versionHeader(bucket, version),
    );
  },
};

/** Replaces all of an object's tags, without making a new version. */
export const PutObjectTagging: S3Operation = {
  ...tagging,
  name: 'PutObjectTagging',
  mutating: true,
  method: 'PUT',
  run(ask) {
    const { bucket, version } = open(ask, 's3:PutObjectTagging');
    replaceTags(ask.call.store, bucket, version, fromTagging(xmlBody(ask, 'Tagging'), 'object'));
    return emptyAnswer(200, versionHeader(bucket, version));
  },
};

/** Removes all of an object's tags. */
export const DeleteObjectTagging: S3Operation = {
  ...tagging,
  name: 'DeleteObjectTagging',
  mutating: true,
  method: 'DELETE',
  run(ask) {
    const { bucket, version } = open(ask, 's3:DeleteObjectTagging');
    replaceTags(ask.call.store, bucket, version, []);
    return emptyAnswer(204, versionHeader(bucket, version));
  },
};

function open(ask: Ask, action: string): { readonly bucket: Bucket; readonly version: ObjectVersion } {
  const bucket = enterBucket(ask);
  return { bucket, version: findRead(ask, bucket, action) };
}
