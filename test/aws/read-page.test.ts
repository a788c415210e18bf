import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { AwsAccess } from '../../src/aws/access.js';
import { createS3 } from '../../src/aws/s3.js';

/** The keys that a bucket holds by an answer to its listing, or the code of the complaint. */
async function keysBy(xml: string): Promise<readonly string[] | string> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'x-amz-request-id': 'R' }).end(xml);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const access: AwsAccess = {
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example-secret' },
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clock: { now: Date.now, sleep: async () => {} },
  };
  const s3 = createS3(access, { account: '000000000000', partition: 'aws' });
  return s3.listObjects('some-bucket', '').then(
    (all) => all.map(({ key }) => key),
    ({ code }) => code,
  );
}

const listing = (contents: string, end = '</ListBucketResult>') =>
  `<?xml version="1.0"?><ListBucketResult><KeyCount>1</KeyCount><IsTruncated>false</IsTruncated>${contents}${end}`;

test('a page holds what S3 lists', async () => {
  expect(await keysBy(listing('<Contents><Key>a</Key></Contents>\n<Contents><Key>b</Key></Contents>'))).toEqual([
    'a',
    'b',
  ]);
  expect(await keysBy(listing(''))).toEqual([]);
});

test.each([
  ['tags with attributes', listing('<Contents owner="x"><Key>a</Key></Contents>')],
  ['tags with blanks', listing('<Contents ><Key>a</Key></Contents >')],
  ['a root that ends with a blank', listing('<Contents><Key>a</Key></Contents>', '</ListBucketResult >')],
  ['CDATA', listing('<Contents><Key><![CDATA[a]]></Key></Contents>')],
  ['nothing at all', ''],
  ['another document', '<?xml version="1.0"?><Welcome/>'],
])('a page with %s is refused rather than taken for another one', async (_, xml) => {
  expect(await keysBy(xml)).toBe('NOT_AWS');
});
