// Runs the s3-sync-client of a folder of peers, as its README shows: node s3-sync-client.mjs PEERS FOLDER BUCKET ENDPOINT
import { createRequire } from 'node:module';
import path from 'node:path';

const [peers, folder, bucket, endpoint] = process.argv.slice(2);
const require = createRequire(path.join(peers, 'package.json'));
const { S3Client } = require('@aws-sdk/client-s3');
const { S3SyncClient } = require('s3-sync-client');
const client = new S3Client({ endpoint, forcePathStyle: true });
await new S3SyncClient({ client }).sync(folder, `s3://${bucket}/images`);
