import { childText } from '../wire/rest-xml.js';
import { demandAccelerateRegion } from './accelerate-endpoint.js';
import { openBucket, saveBucket } from './access.js';
import { invalidRequest, malformedXml } from './error.js';
import { emptyAnswer, type S3Operation, xmlAnswer } from './s3-operation.js';
import { xmlBody } from './xml-body.js';

const accelerate = {
  fidelity: 'recorded',
  source:
    'LocalStack, recorded tests of S3: transfer acceleration: default, bad status, and a bucket with periods in its name',
  scope: 'bucket',
  selectors: 'accelerate',
} as const;

/** Reads whether transfer acceleration is on; empty until it is first set. */
export const GetBucketAccelerateConfiguration: S3Operation = {
  ...accelerate,
  name: 'GetBucketAccelerateConfiguration',
  mutating: false,
  method: 'GET',
  run(ask) {
    const { accelerate: Status } = openBucket(ask, 's3:GetAccelerateConfiguration');
    demandAccelerateRegion(ask.call.region);
    return xmlAnswer('AccelerateConfiguration', { Status });
  },
};

/** Turns transfer acceleration on or off, at once; AWS takes up to 30 minutes. */
export const PutBucketAccelerateConfiguration: S3Operation = {
  ...accelerate,
  name: 'PutBucketAccelerateConfiguration',
  mutating: true,
  method: 'PUT',
  run(ask) {
    const bucket = openBucket(ask, 's3:PutAccelerateConfiguration');
    demandAccelerateRegion(ask.call.region);
    const status = childText(xmlBody(ask, 'AccelerateConfiguration'), 'Status');
    if (bucket.name.includes('.')) {
      throw invalidRequest('S3 Transfer Acceleration is not supported for buckets with periods (.) in their names');
    }
    if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
    saveBucket(ask, { ...bucket, accelerate: status });
    return emptyAnswer(200);
  },
};
