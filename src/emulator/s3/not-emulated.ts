/**
 * Operations of S3 that the local cloud does not do, by `VERB scope selectors`.
 *
 * Knowing their names lets it refuse them by name instead of mistaking them for a plain read or write.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
export const NOT_EMULATED: ReadonlyMap<string, string> = new Map([
  ...family('abac', 'BucketAbac', ['GET', 'PUT']),
  ...family('acl', 'BucketAcl', ['GET', 'PUT']),
  ...family('analytics', 'BucketAnalyticsConfiguration'),
  ...family('cors', 'BucketCors'),
  ...family('intelligent-tiering', 'BucketIntelligentTieringConfiguration'),
  ...family('inventory', 'BucketInventoryConfiguration'),
  ...family('logging', 'BucketLogging', ['GET', 'PUT']),
  ...family('metadataConfiguration', 'BucketMetadataConfiguration', ['GET', 'DELETE']),
  ...family('metadataTable', 'BucketMetadataTableConfiguration', ['GET', 'DELETE']),
  ...family('metrics', 'BucketMetricsConfiguration'),
  ...family('notification', 'BucketNotificationConfiguration', ['GET', 'PUT']),
  ...family('object-lock', 'ObjectLockConfiguration', ['GET', 'PUT']),
  ...family('policyStatus', 'BucketPolicyStatus', ['GET']),
  ...family('replication', 'BucketReplication'),
  ...family('requestPayment', 'BucketRequestPayment', ['GET', 'PUT']),
  ...family('website', 'BucketWebsite'),
  ['GET bucket session', 'CreateSession'],
  ['POST bucket metadataConfiguration', 'CreateBucketMetadataConfiguration'],
  ['POST bucket metadataTable', 'CreateBucketMetadataTableConfiguration'],
  ['PUT bucket metadataAnnotationTable', 'UpdateBucketMetadataAnnotationTableConfiguration'],
  ['PUT bucket metadataInventoryTable', 'UpdateBucketMetadataInventoryTableConfiguration'],
  ['PUT bucket metadataJournalTable', 'UpdateBucketMetadataJournalTableConfiguration'],
  ['POST bucket', 'PostObject'],
  ['OPTIONS bucket', 'PreflightRequest'],
  ['OPTIONS object', 'PreflightRequest'],
  ['GET object acl', 'GetObjectAcl'],
  ['PUT object acl', 'PutObjectAcl'],
  ['GET object annotation', 'GetObjectAnnotation'],
  ['PUT object annotation', 'PutObjectAnnotation'],
  ['DELETE object annotation', 'DeleteObjectAnnotation'],
  ['GET object attributes', 'GetObjectAttributes'],
  ['GET object legal-hold', 'GetObjectLegalHold'],
  ['PUT object legal-hold', 'PutObjectLegalHold'],
  ['GET object retention', 'GetObjectRetention'],
  ['PUT object retention', 'PutObjectRetention'],
  ['GET object torrent', 'GetObjectTorrent'],
  ['GET object partNumber', 'GetObject with partNumber'],
  ['HEAD object partNumber', 'HeadObject with partNumber'],
  ['PUT object renameObject', 'RenameObject'],
  ['PUT object encryption', 'UpdateObjectEncryption'],
  ['POST object restore', 'RestoreObject'],
  ['POST object select,select-type', 'SelectObjectContent'],
  ['PUT object partNumber,uploadId,x-amz-copy-source', 'UploadPartCopy'],
]);

function family(selector: string, noun: string, verbs: readonly string[] = ['GET', 'PUT', 'DELETE']) {
  return verbs.map((verb): [string, string] => [
    `${verb} bucket ${selector}`,
    verb[0] + verb.slice(1).toLowerCase() + noun,
  ]);
}
