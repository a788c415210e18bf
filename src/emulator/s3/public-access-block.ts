import { childText } from '../wire/rest-xml.js';
import { openBucket, saveBucket } from './access.js';
import { malformedXml, S3Error } from './error.js';
import { emptyAnswer, type S3Operation, xmlAnswer } from './s3-operation.js';
import { xmlBody } from './xml-body.js';

const block = {
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of S3: the public access block of a new bucket, and after its deletion',
  scope: 'bucket',
  selectors: 'publicAccessBlock',
} as const;

/** Reads the four switches against public access. */
export const GetPublicAccessBlock: S3Operation = {
  ...block,
  name: 'GetPublicAccessBlock',
  mutating: false,
  method: 'GET',
  run(ask) {
    const { name, publicAccess } = openBucket(ask, 's3:GetBucketPublicAccessBlock');
    if (publicAccess === undefined) {
      throw new S3Error(
        404,
        'NoSuchPublicAccessBlockConfiguration',
        'The public access block configuration was not found',
        { BucketName: name },
      );
    }
    return xmlAnswer('PublicAccessBlockConfiguration', { ...publicAccess });
  },
};

/** Sets the four switches against public access; one that is not named is off. */
export const PutPublicAccessBlock: S3Operation = {
  ...block,
  name: 'PutPublicAccessBlock',
  mutating: true,
  method: 'PUT',
  run(ask) {
    const bucket = openBucket(ask, 's3:PutBucketPublicAccessBlock');
    const body = xmlBody(ask, 'PublicAccessBlockConfiguration');
    const isOn = (name: string): boolean => {
      const text = childText(body, name) ?? 'false';
      if (!/^(true|false)$/i.test(text)) throw malformedXml();
      return text.toLowerCase() === 'true';
    };
    saveBucket(ask, {
      ...bucket,
      publicAccess: {
        BlockPublicAcls: isOn('BlockPublicAcls'),
        IgnorePublicAcls: isOn('IgnorePublicAcls'),
        BlockPublicPolicy: isOn('BlockPublicPolicy'),
        RestrictPublicBuckets: isOn('RestrictPublicBuckets'),
      },
    });
    return emptyAnswer(200);
  },
};

/** Takes the switches away, which turns all four off. */
export const DeletePublicAccessBlock: S3Operation = {
  ...block,
  name: 'DeletePublicAccessBlock',
  mutating: true,
  method: 'DELETE',
  run(ask) {
    const { publicAccess: _, ...rest } = openBucket(ask, 's3:PutBucketPublicAccessBlock');
    saveBucket(ask, rest);
    return emptyAnswer(204);
  },
};
