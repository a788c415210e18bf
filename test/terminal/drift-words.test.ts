import { expect, test } from 'vitest';
import type { Change } from '../../src/model/plan.js';
import { describeDrift } from '../../src/terminal/drift-words.js';

const drawn = '{"Version":"2012-10-17","Statement":[]}';

test.each<[string, Change, string]>([
  ['bucket', { path: 'settings.publicAccessBlocked', from: false, to: true }, 'Block Public Access: off → on'],
  ['bucket', { path: 'settings.versioning', from: 'Enabled', to: 'Off' }, 'versioning: Enabled → Off'],
  [
    'bucket',
    { path: 'settings.objectOwnership', from: '', to: 'BucketOwnerEnforced' },
    'object ownership: none → BucketOwnerEnforced',
  ],
  [
    'bucket',
    {
      path: 'settings.encryption',
      from: { algorithm: 'aws:kms', bucketKey: false },
      to: { algorithm: 'AES256', bucketKey: false },
    },
    'encryption: aws:kms → AES256',
  ],
  ['bucket', { path: 'settings.policy', from: `${drawn} `, to: drawn }, 'bucket policy: not as configured'],
  ['bucket', { path: 'settings.policy', from: '', to: drawn }, 'bucket policy: none → as configured'],
  ['bucket', { path: 'tags.team', from: undefined, to: 'web' }, 'tag team: none → web'],
  ['role', { path: 'trust', from: '{"a":1}', to: '{"b":1}' }, 'who may take the role on: not as configured'],
  [
    'role',
    { path: 'policy.s3:ListBucket', from: undefined, to: '{"a":1}' },
    'right to s3:ListBucket: none → as configured',
  ],
  ['role', { path: 'policies.theirs', from: 'theirs', to: undefined }, 'policy theirs: there → should not be there'],
  ['objects', { path: 'put a b.png', from: undefined, to: 'etag' }, 'a b.png: not online → to be sent'],
  ['objects', { path: 'put a.png', from: 'one', to: 'other' }, 'a.png: other bytes online → those of the file'],
  ['objects', { path: 'headers a.png', from: {}, to: {} }, 'a.png: other headers online → those of the config'],
  [
    'objects',
    { path: 'former b/a.png', from: 'x', to: undefined },
    'b/a.png: below a former prefix → should not be there',
  ],
  ['objects', { path: 'manifest', from: 'unfinished', to: 'complete' }, 'list of what was sent: unfinished → complete'],
  ['api', { path: 'binaryMediaTypes', from: [], to: ['*/*'] }, 'binary media types: [] → ["*/*"]'],
  [
    'api',
    { path: 'routes.GET /a.b/{key+}', from: undefined, to: { replies: {} } },
    'GET /a.b/{key+}: none → as configured',
  ],
  [
    'api',
    { path: 'routes.GET /a.b/{key+}.replies.404.when', from: '4..', to: '404' },
    'GET /a.b/{key+}, replies 404 when: 4.. → 404',
  ],
  ['api', { path: 'errors.THROTTLED.status', from: 503, to: 429 }, 'own answer THROTTLED status: 503 → 429'],
  [
    'api',
    { path: 'foreign.minimumCompressionSize', from: '0', to: undefined },
    'minimumCompressionSize: 0 → should not be there',
  ],
  ['pool', { path: 'mfa', from: 'OFF', to: 'ON' }, 'MFA: OFF → ON'],
  ['pool', { path: 'settings.selfSignUp', from: true, to: false }, 'accounts for whoever signs up: on → off'],
  ['pool', { path: 'client.idTokenMinutes', from: 1440, to: 60 }, 'minutes an ID token holds: 1440 → 60'],
  [
    'pool',
    { path: 'twin eu-west-1_a', from: 'a second user pool', to: undefined },
    'second user pool eu-west-1_a: a second user pool → should not be there',
  ],
  ['logs', { path: 'access.tags.team', from: 'a', to: 'web' }, 'access log, tag team: a → web'],
  ['logs', { path: 'execution.retentionDays', from: undefined, to: 30 }, 'days the execution log is kept: none → 30'],
  ['stage', { path: 'allMethods.cacheTtlInSeconds', from: 5, to: 300 }, 'seconds an answer is cached: 5 → 300'],
  [
    'stage',
    { path: 'methods.images~1{key+}/GET.throttlingRateLimit', from: 1, to: 7 },
    'GET /images/{key+}, requests a second: 1 → 7',
  ],
  [
    'stage',
    { path: 'methods.images~1{key+}/GET', from: { loggingLevel: 'OFF' }, to: undefined },
    'settings of GET /images/{key+} alone: there → should not be there',
  ],
  [
    'stage',
    { path: 'deployment', from: 'by hand', to: 'pixgate 0123456789abcdef' },
    'deployment: by hand → the API as configured',
  ],
  ['stage', { path: 'cache.enabled', from: true, to: false }, 'cache cluster: on → off'],
  ['keys', { path: 'plan', from: undefined, to: 'holiday-dev' }, 'usage plan: none → holiday-dev'],
  ['keys', { path: 'plan.rate', from: 5, to: 100 }, 'requests a second, for each key: 5 → 100'],
  [
    'keys',
    { path: 'plan.quota', from: '5 a day', to: undefined },
    'requests of each key: 5 a day → should not be there',
  ],
  ['keys', { path: 'plan.tags.team', from: undefined, to: 'web' }, 'usage plan, tag team: none → web'],
  ['keys', { path: 'key.enabled', from: false, to: true }, 'API key: off → on'],
  ['keys', { path: 'key.inPlan', from: false, to: true }, 'API key in the usage plan: off → on'],
  ['keys', { path: 'key.tags.team', from: 'a', to: 'web' }, 'API key, tag team: a → web'],
  [
    'keys',
    { path: 'twin key k1', from: 'in no plan', to: undefined },
    'a second key k1: in no plan → should not be there',
  ],
  ['api', { path: 'name', from: 'a\u001b[31m', to: 'b' }, 'name: a\\x1b[31m → b'],
])('describeDrift() says of %s %j in words: %s', (kind, change, words) => {
  expect(describeDrift(kind, change)).toBe(words);
});
