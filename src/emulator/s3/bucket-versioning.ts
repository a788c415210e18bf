import { childText } from '../wire/rest-xml.js';
import { openBucket, saveBucket } from './access.js';
import { malformedXml, notEmulated, S3Error } from './error.js';
import { emptyAnswer, headerOf, type S3Operation, xmlAnswer } from './s3-operation.js';
import { xmlBody } from './xml-body.js';

const versioning = {
  fidelity: 'documented',
  source: 'S3 API Reference, GetBucketVersioning and PutBucketVersioning',
  scope: 'bucket',
  selectors: 'versioning',
} as const;

/** Reads whether old versions are kept; empty until it is first set. */
export const GetBucketVersioning: S3Operation = {
  ...versioning,
  name: 'GetBucketVersioning',
  mutating: false,
  method: 'GET',
  run(ask) {
    return xmlAnswer('VersioningConfiguration', { Status: openBucket(ask, 's3:GetBucketVersioning').versioning });
  },
};

/** Turns the keeping of old versions on, or off for new writes. */
export const PutBucketVersioning: S3Operation = {
  ...versioning,
  name: 'PutBucketVersioning',
  mutating: true,
  method: 'PUT',
  run(ask) {
    const bucket = openBucket(ask, 's3:PutBucketVersioning');
    const body = xmlBody(ask, 'VersioningConfiguration');
    const status = childText(body, 'Status');
    if (childText(body, 'MfaDelete') === 'Enabled' || headerOf(ask, 'x-amz-mfa') !== undefined) {
      throw notEmulated('PutBucketVersioning with MFA delete');
    }
    if (status === undefined) {
      throw new S3Error(400, 'IllegalVersioningConfigurationException', 'The Versioning element must be specified');
    }
    if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
    saveBucket(ask, { ...bucket, versioning: status });
    return emptyAnswer(200);
  },
};
