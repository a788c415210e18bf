import { bucketArn, demandOfCaller, listBucketsOf } from './access.js';
import { invalidArgument } from './error.js';
import { ownerOf } from './owner.js';
import { fromToken, toToken } from './page.js';
import { type Ask, isoTime, type S3Operation, xmlAnswer } from './s3-operation.js';

/** Most buckets a page, and the page of a request that names no size. */
const MAX_BUCKETS = 10_000;

/**
 * Lists the caller's buckets, in one page unless `max-buckets` asks for less, as AWS does.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
 */
export const ListBuckets: S3Operation = {
  name: 'ListBuckets',
  fidelity: 'documented',
  source: 'S3 API Reference, ListBuckets',
  mutating: false,
  method: 'GET',
  scope: 'service',
  run(ask) {
    const { call, query } = ask;
    demandOfCaller(ask, 's3:ListAllMyBuckets', bucketArn(ask, '*'));
    const prefix = query.get('prefix') ?? '';
    const region = query.get('bucket-region');
    const token = query.get('continuation-token');
    const after = token === undefined ? '' : fromToken(token);
    const matching = listBucketsOf(ask, call.caller.accountId).filter(
      (bucket) => bucket.name > after && bucket.name.startsWith(prefix) && (region ?? bucket.region) === bucket.region,
    );
    // AWS: told only to requests with at least one valid parameter. (S3 API Reference, Bucket, BucketRegion)
    const tellsRegion = ['max-buckets', 'bucket-region', 'prefix', 'continuation-token'].some((name) =>
      query.has(name),
    );
    const page = matching.slice(0, pageSize(ask));
    return xmlAnswer('ListAllMyBucketsResult', {
      Owner: ownerOf(call.caller.accountId),
      Buckets: {
        Bucket: page.map((bucket) => ({
          Name: bucket.name,
          CreationDate: isoTime(bucket.createdMs),
          BucketRegion: tellsRegion ? bucket.region : undefined,
          BucketArn: bucketArn(ask, bucket.name),
        })),
      },
      ContinuationToken: page.length < matching.length ? toToken(page.at(-1)?.name ?? '') : undefined,
      Prefix: query.get('prefix'),
    });
  },
};

function pageSize(ask: Ask): number {
  const asked = ask.query.get('max-buckets');
  if (asked === undefined) return MAX_BUCKETS;
  const size = Number(asked);
  if (/^\d+$/.test(asked) && size >= 1 && size <= MAX_BUCKETS) return size;
  throw invalidArgument('Argument max-buckets must be an integer between 1 and 10000', 'max-buckets', asked);
}
