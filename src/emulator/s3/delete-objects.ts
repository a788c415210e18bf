import { childrenOf, childText, type XmlSource } from '../wire/rest-xml.js';
import { enterBucket } from './access.js';
import { verifyBody } from './checksum.js';
import { type Deletion, deleteOne } from './delete-object.js';
import { invalidRequest, malformedXml, S3Error } from './error.js';
import type { Bucket } from './model.js';
import { type Ask, headerOf, type S3Operation, xmlAnswer } from './s3-operation.js';
import { xmlBody } from './xml-body.js';

const MAX_KEYS = 1000;

/**
 * Deletes up to 1,000 objects. What goes wrong with one key is told inside a 200, and the others are deleted.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export const DeleteObjects: S3Operation = {
  name: 'DeleteObjects',
  fidelity: 'documented',
  source: 'S3 API Reference, DeleteObjects',
  mutating: true,
  method: 'POST',
  scope: 'bucket',
  selectors: 'delete',
  run(ask) {
    const bucket = enterBucket(ask);
    if (verifyBody(ask) === undefined && headerOf(ask, 'content-md5') === undefined) {
      throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
    }
    const body = xmlBody(ask, 'Delete');
    const deletions = childrenOf(body, 'Object').map((object): Deletion => {
      const key = childText(object, 'Key');
      if (key === undefined || key === '') throw malformedXml();
      return { key, versionId: childText(object, 'VersionId'), ifMatch: childText(object, 'ETag') };
    });
    if (deletions.length === 0 || deletions.length > MAX_KEYS) throw malformedXml();
    const isQuiet = childText(body, 'Quiet') === 'true';
    const results = deletions.map((deletion) => deleteAndTell(ask, bucket, deletion));
    return xmlAnswer('DeleteResult', {
      Deleted: isQuiet ? undefined : results.flatMap(({ deleted }) => (deleted === undefined ? [] : [deleted])),
      Error: results.flatMap(({ error }) => (error === undefined ? [] : [error])),
    });
  },
};

function deleteAndTell(ask: Ask, bucket: Bucket, deletion: Deletion): { deleted?: XmlSource; error?: XmlSource } {
  const names = { Key: deletion.key, VersionId: deletion.versionId };
  try {
    const { marker, removed } = deleteOne(ask, bucket, deletion);
    const markerId = marker?.versionId ?? (removed?.deleteMarker === true ? removed.versionId : undefined);
    return {
      deleted: {
        ...names,
        DeleteMarker: markerId === undefined ? undefined : true,
        DeleteMarkerVersionId: markerId,
      },
    };
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return { error: { ...names, Code: error.code, Message: error.message } };
  }
}
