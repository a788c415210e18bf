import { MOUNT, ofMount, type Row } from './row.js';

const REGION = 'must be an AWS Region';

const LEFT = `version: 1\nname: holiday\n${MOUNT}`;

/** Names that no bucket of one's own can have, with a part of what is said of each. */
const BUCKETS: readonly (readonly [name: string, rule: string])[] = [
  ['ab', 'must have 3 to 63 characters'],
  ['a'.repeat(64), 'must have 3 to 63 characters'],
  ['My-Pics', 'must be made of a-z, 0-9, "." and "-" only'],
  ['my_pics', 'must be made of a-z, 0-9, "." and "-" only'],
  ['my pics', 'must be made of a-z, 0-9, "." and "-" only'],
  ['my/pics', 'must be made of a-z, 0-9, "." and "-" only'],
  ['fotos-é', 'must be made of a-z, 0-9, "." and "-" only'],
  ['📷📷📷', 'must be made of a-z, 0-9, "." and "-" only'],
  ['s3://pics', 'must be made of a-z, 0-9, "." and "-" only'],
  ['-pics', 'must begin and end with a letter or a digit'],
  ['pics-', 'must begin and end with a letter or a digit'],
  ['.pics', 'must begin and end with a letter or a digit'],
  ['pics.', 'must begin and end with a letter or a digit'],
  ['my..pics', 'must not hold two periods in a row'],
  ['192.168.5.4', 'must not look like an IP address'],
  ['xn--pics', 'must not begin with xn--, which S3 keeps for itself'],
  ['sthree-pics', 'must not begin with sthree-, which S3 keeps for itself'],
  ['sthree-configurator-a', 'must not begin with sthree-, which S3 keeps for itself'],
  ['amzn-s3-demo-pics', 'must not begin with amzn-s3-demo-, which S3 keeps for itself'],
  ['pics-s3alias', 'must not end with -s3alias, which S3 keeps for itself'],
  ['pics--ol-s3', 'must not end with --ol-s3, which S3 keeps for itself'],
  ['pics.mrap', 'must not end with .mrap, which S3 keeps for itself'],
  ['pics--x-s3', 'must not end with --x-s3, which S3 keeps for itself'],
  ['pics--table-s3', 'must not end with --table-s3, which S3 keeps for itself'],
  ['pics-an', 'must end with -{account}-{region}-an'],
  ['pics-1111-eu-west-1-an', 'must end with -{account}-{region}-an'],
  ['pics-111122223333-eu-an', 'must end with -{account}-{region}-an'],
  ['pics-111122223333-us-east-1-an', 'must be of eu-west-1, the region above'],
];

/** Regions that there are not. */
const REGIONS: readonly (readonly [name: string, says: string])[] = [
  ['', `${REGION} such as eu-west-1: got "".`],
  ['us-esat-1', `${REGION} (did you mean us-east-1?): got "us-esat-1".`],
  ['us-east1', `${REGION} (did you mean us-east-1?): got "us-east1".`],
  ['eu-west', `${REGION} (did you mean eu-west-1?): got "eu-west".`],
  ['EU-WEST-1', `${REGION} (did you mean eu-west-1?): got "EU-WEST-1".`],
  ['eu-west-1 ', `${REGION} (did you mean eu-west-1?): got "eu-west-1 ".`],
  ['eu-west-1a', `${REGION} (did you mean eu-west-1?): got "eu-west-1a".`],
  ['Ireland', `${REGION} such as eu-west-1: got "Ireland".`],
  ['evil.com/', `${REGION} such as eu-west-1: got "evil.com/".`],
  ['evil.com#', `${REGION} such as eu-west-1: got "evil.com#".`],
  ['eu-west-1.evil.com', `${REGION} such as eu-west-1: got "eu-west-1.evil.com".`],
  ['../../etc', `${REGION} such as eu-west-1: got "../../etc".`],
  ['aws-global', `${REGION} such as eu-west-1: got "aws-global".`],
];

/** What is no endpoint. */
const ENDPOINTS: readonly (readonly [url: string, says: string])[] = [
  ['', 'must be a URL such as http://127.0.0.1:4510: got "".'],
  ['ftp://x', 'must be a URL such as http://127.0.0.1:4510: got "ftp://x".'],
  ['localhost:4510', 'must be a URL such as http://127.0.0.1:4510: got "localhost:4510".'],
  ['//evil.example', 'must be a URL such as http://127.0.0.1:4510: got "//evil.example".'],
  ['file:///etc/passwd', 'must be a URL such as http://127.0.0.1:4510: got "file:///etc/passwd".'],
  ['javascript:alert(1)', 'must be a URL such as http://127.0.0.1:4510: got "javascript:alert(1)".'],
  ['http://', 'must be a URL such as http://127.0.0.1:4510: got "http://".'],
  ['http://x:99999', 'must be a URL such as http://127.0.0.1:4510: got "http://x:99999".'],
  ['http://a b', 'must be a URL such as http://127.0.0.1:4510: got "http://a b".'],
  ['http://u:hunter2@x', 'must hold no user name and no password: got "http://x".'],
  ['http://x/?a=b', 'must be a URL without "?" and "#": got "http://x/?a=b".'],
  ['http://x/#a', 'must be a URL without "?" and "#": got "http://x/#a".'],
];

/** Buckets, Regions and endpoints that there cannot be. */
export const places: readonly Row[] = [
  ...BUCKETS.map(([name, rule]) =>
    ofMount(`bucket: { name: ${JSON.stringify(name)} }`, `line 8, mounts[0].bucket.name ${rule}`),
  ),
  ...BUCKETS.map(([name, rule]): Row => {
    const argv = ['--source', 'images', '--access', 'public', '--region', 'eu-west-1', '--bucket', name, '--yes'];
    return ['init', argv, rule.replace('the region above', ''), { config: null }];
  }),
  ...REGIONS.map(([name, says]): Row => ['wire', ['--region', name], `--region ${says}`]),
  ...REGIONS.map(
    ([name, says]): Row => ['wire', [], `region ${says}`, { config: `region: ${JSON.stringify(name)}\n${LEFT}` }],
  ),
  ...ENDPOINTS.map(([url, says]): Row => ['wire', ['--endpoint-url', url], `--endpoint-url ${says}`]),
  [
    'list',
    [],
    'AWS_REGION must be an AWS Region (did you mean us-east-1?): got "us-esat-1".',
    { config: null, env: { AWS_REGION: 'us-esat-1' } },
  ],
  [
    'list',
    [],
    'AWS_DEFAULT_REGION must be an AWS Region such as eu-west-1: got "x".',
    { config: null, env: { AWS_DEFAULT_REGION: 'x' } },
  ],
  ['list', [], '--region must be given', { config: null }],
  ['teardown', ['--expired'], '--region must be given', { config: null }],
  ['wire', [], '--region must be given', { config: LEFT }],
];
