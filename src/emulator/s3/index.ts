import { createHash } from 'node:crypto';
import type { Call, Handled, Service, WireRequest, WireResponse } from '../operation.js';
import { encodeXml } from '../wire/rest-xml.js';
import { AbortMultipartUpload } from './abort-multipart-upload.js';
import { enterAccelerated } from './accelerate-endpoint.js';
import { GetBucketAccelerateConfiguration, PutBucketAccelerateConfiguration } from './bucket-accelerate.js';
import { DeleteBucketEncryption, GetBucketEncryption, PutBucketEncryption } from './bucket-encryption.js';
import {
  DeleteBucketLifecycle,
  GetBucketLifecycleConfiguration,
  PutBucketLifecycleConfiguration,
} from './bucket-lifecycle.js';
import { DeleteBucketPolicy, GetBucketPolicy, PutBucketPolicy } from './bucket-policy.js';
import { DeleteBucketTagging, GetBucketTagging, PutBucketTagging } from './bucket-tagging.js';
import { GetBucketVersioning, PutBucketVersioning } from './bucket-versioning.js';
import { CompleteMultipartUpload } from './complete-multipart-upload.js';
import { CopyObject } from './copy-object.js';
import { CreateBucket } from './create-bucket.js';
import { CreateMultipartUpload } from './create-multipart-upload.js';
import { DeleteBucket } from './delete-bucket.js';
import { DeleteObject } from './delete-object.js';
import { DeleteObjects } from './delete-objects.js';
import { S3Error } from './error.js';
import { GetBucketLocation } from './get-bucket-location.js';
import { GetObject } from './get-object.js';
import { HeadBucket } from './head-bucket.js';
import { HeadObject } from './head-object.js';
import { ListBuckets } from './list-buckets.js';
import { ListMultipartUploads } from './list-multipart-uploads.js';
import { ListObjectVersions } from './list-object-versions.js';
import { ListObjects } from './list-objects.js';
import { ListObjectsV2 } from './list-objects-v2.js';
import { ListParts } from './list-parts.js';
import { DeleteObjectTagging, GetObjectTagging, PutObjectTagging } from './object-tagging.js';
import {
  DeleteBucketOwnershipControls,
  GetBucketOwnershipControls,
  PutBucketOwnershipControls,
} from './ownership-controls.js';
import { DeletePublicAccessBlock, GetPublicAccessBlock, PutPublicAccessBlock } from './public-access-block.js';
import { PutObject } from './put-object.js';
import { createRouter, toAsk } from './route.js';
import type { S3Operation } from './s3-operation.js';
import { UploadPart } from './upload-part.js';

const operations: readonly S3Operation[] = [
  ListBuckets,
  CreateBucket,
  HeadBucket,
  DeleteBucket,
  GetBucketLocation,
  GetBucketTagging,
  PutBucketTagging,
  DeleteBucketTagging,
  GetBucketPolicy,
  PutBucketPolicy,
  DeleteBucketPolicy,
  GetPublicAccessBlock,
  PutPublicAccessBlock,
  DeletePublicAccessBlock,
  GetBucketOwnershipControls,
  PutBucketOwnershipControls,
  DeleteBucketOwnershipControls,
  GetBucketEncryption,
  PutBucketEncryption,
  DeleteBucketEncryption,
  GetBucketLifecycleConfiguration,
  PutBucketLifecycleConfiguration,
  DeleteBucketLifecycle,
  GetBucketVersioning,
  PutBucketVersioning,
  GetBucketAccelerateConfiguration,
  PutBucketAccelerateConfiguration,
  ListObjects,
  ListObjectsV2,
  ListObjectVersions,
  PutObject,
  GetObject,
  HeadObject,
  CopyObject,
  DeleteObject,
  DeleteObjects,
  GetObjectTagging,
  PutObjectTagging,
  DeleteObjectTagging,
  CreateMultipartUpload,
  UploadPart,
  CompleteMultipartUpload,
  AbortMultipartUpload,
  ListParts,
  ListMultipartUploads,
];

const route = createRouter(operations);

/** Amazon S3 over REST and XML, path-style: general purpose buckets, objects with versions, multipart uploads. */
export const s3Service: Service = {
  signingName: 's3',
  operations,
  handle(request, call): Handled {
    let operation: string | undefined;
    try {
      const ask = toAsk(request, call);
      const chosen = route(ask);
      operation = chosen.name;
      return { operation, response: signed(request, call, chosen.run(enterAccelerated(ask, chosen))) };
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      return { operation, response: signed(request, call, toErrorAnswer(error, call)) };
    }
  },
};

function toErrorAnswer({ status, code, message, details, headers }: S3Error, call: Call): WireResponse {
  const ids = { RequestId: call.requestId, HostId: hostId(call) };
  return {
    status,
    // AWS: an error has no Content-Length. (LocalStack, recorded tests of S3: errors of GetObject)
    headers: { ...headers, 'Content-Type': 'application/xml', 'Transfer-Encoding': 'chunked' },
    body: encodeXml('Error', { Code: code, Message: message, ...details, ...ids }),
  };
}

/** Adds what S3 says in every answer, and takes the body away that a HEAD never has. */
function signed({ method }: WireRequest, call: Call, { status, headers, body }: WireResponse): WireResponse {
  const usual = {
    'x-amz-id-2': hostId(call),
    'x-amz-request-id': call.requestId,
    Date: new Date(call.now()).toUTCString(),
    Server: 'AmazonS3',
  };
  return { status, headers: { ...usual, ...headers }, body: method === 'HEAD' ? new Uint8Array() : body };
}

/** Which of S3's hosts answered: as long as the real one, and made of the request's id so that runs can be repeated. */
function hostId(call: Call): string {
  return createHash('sha512').update(call.requestId).digest().subarray(0, 56).toString('base64');
}
