import { childrenOf, childText } from '../wire/rest-xml.js';
import { openBucket, saveBucket } from './access.js';
import { malformedXml, S3Error } from './error.js';
import { emptyAnswer, type S3Operation, xmlAnswer } from './s3-operation.js';
import { xmlBody } from './xml-body.js';

/** Who owns objects that others put into a bucket. BucketOwnerEnforced turns ACLs off. */
export const OWNERSHIPS: readonly string[] = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'];

const controls = {
  fidelity: 'documented',
  source: 'S3 API Reference, GetBucketOwnershipControls, PutBucketOwnershipControls and DeleteBucketOwnershipControls',
  scope: 'bucket',
  selectors: 'ownershipControls',
} as const;

/** Reads who owns objects in a bucket. */
export const GetBucketOwnershipControls: S3Operation = {
  ...controls,
  name: 'GetBucketOwnershipControls',
  mutating: false,
  method: 'GET',
  run(ask) {
    const { name, ownership } = openBucket(ask, 's3:GetBucketOwnershipControls');
    if (ownership === undefined) {
      throw new S3Error(404, 'OwnershipControlsNotFoundError', 'The bucket ownership controls were not found', {
        BucketName: name,
      });
    }
    return xmlAnswer('OwnershipControls', { Rule: { ObjectOwnership: ownership } });
  },
};

/** Sets who owns objects in a bucket. */
export const PutBucketOwnershipControls: S3Operation = {
  ...controls,
  name: 'PutBucketOwnershipControls',
  mutating: true,
  method: 'PUT',
  run(ask) {
    const bucket = openBucket(ask, 's3:PutBucketOwnershipControls');
    const rules = childrenOf(xmlBody(ask, 'OwnershipControls'), 'Rule');
    const ownership = childText(rules[0], 'ObjectOwnership') ?? '';
    if (rules.length !== 1 || !OWNERSHIPS.includes(ownership)) throw malformedXml();
    saveBucket(ask, { ...bucket, ownership });
    return emptyAnswer(200);
  },
};

/** Forgets who owns objects in a bucket. */
export const DeleteBucketOwnershipControls: S3Operation = {
  ...controls,
  name: 'DeleteBucketOwnershipControls',
  mutating: true,
  method: 'DELETE',
  run(ask) {
    const { ownership: _, ...rest } = openBucket(ask, 's3:PutBucketOwnershipControls');
    saveBucket(ask, rest);
    return emptyAnswer(204);
  },
};
