// What AWS has written down nowhere and the wiring leans on, asked of a deployed API. Every row is a fact that was seen.
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ask, ask2 } from './ask.mjs';
import { makeStranger } from './images.mjs';

/** How long lines of the access log may take, in milliseconds. */
const LOG_BUDGET_MS = { aws: 240_000, local: 5_000 };

const PLAIN = '/images/plain.png';

/** Questions that one request answers each: what is asked, and how. */
const SINGLE = [
  ['An image without an Accept header', PLAIN, 'plain.png'],
  ['An image with Accept: text/html', PLAIN, 'plain.png', { headers: { Accept: 'text/html' } }],
  ['An image with Accept: application/json', PLAIN, 'plain.png', { headers: { Accept: 'application/json' } }],
  ['A range, whose answer is binary too', PLAIN, 'plain.png', { headers: { Range: 'bytes=0-9' } }],
  ['A range that cannot be satisfied', PLAIN, undefined, { headers: { Range: 'bytes=999999-' } }],
  ['The Content-Length of a HEAD', PLAIN, undefined, { method: 'HEAD' }],
  ['A key with a space', '/images/a%20b.png', 'a b.png'],
  ['A key beyond ASCII', '/images/%C3%A9.png', 'é.png'],
  ['A key with marks that S3 signs escaped', '/images/marks%20(1)~.png', 'marks (1)~.png'],
  ['A key in folders', '/images/deep/er/nested.png', 'deep/er/nested.png'],
  ['An encoded slash', '/images/deep%2Fer%2Fnested.png', 'deep/er/nested.png'],
  ['A doubled slash', '/images/deep//er/nested.png', 'deep/er/nested.png'],
  ['A + in a path', '/images/a+b.png', 'a b.png'],
  ['An encoded question mark', '/images/plain.png%3Fresponse-content-type=text/html', 'plain.png'],
  [
    'A doubly encoded question mark: 403 if the policy sees the path decoded, 404 if as sent',
    '/images/plain.png%253Fx',
    undefined,
  ],
  ['A listing asked for by an encoded query', '/images/%3Flist-type=2', undefined],
  ['Two dots that leave the prefix', '/images/../images/plain.png', 'plain.png'],
  ['Two encoded dots', '/images/%2e%2e/images/plain.png', 'plain.png'],
  ['Two dots inside the prefix', '/images/deep/../plain.png', 'plain.png'],
  ['Selection pattern 404: a missing image', '/images/missing.png', undefined],
  ['Selection pattern 412: a condition that fails', PLAIN, undefined, { headers: { 'If-Match': '"no"' } }],
  ['A name of a header in lower case, over HTTP/1.1', PLAIN, 'plain.png', { headers: { range: 'bytes=0-9' } }],
  ['A name of a header in capitals, over HTTP/1.1', PLAIN, 'plain.png', { headers: { RANGE: 'bytes=0-9' } }],
  ['A method that is not there, by override', PLAIN, undefined, { headers: { 'X-HTTP-Method-Override': 'DELETE' } }],
];

/** Asks everything; rows of { question, asked, seen }. */
export async function observe(bench, say) {
  const rows = [];
  const note = (question, asked, seen) => {
    rows.push({ question, asked, seen });
    say(`  ${question}: ${seen}`);
  };
  for (const [question, raw, key, how = {}] of SINGLE) {
    if (bench.signal.aborted) return rows;
    const answer = await ask(bench.url, raw, how);
    note(question, wordsOf(raw, how), describe(answer, bench.images.get(key)));
  }
  const { headers } = await ask(bench.url, PLAIN);
  const conditional = { headers: { 'If-None-Match': headers.etag ?? '' } };
  note(
    'Selection pattern 304: an image that did not change',
    wordsOf(PLAIN, conditional),
    describe(await ask(bench.url, PLAIN, conditional)),
  );
  if (bench.url.startsWith('https:')) {
    const range = { headers: { range: 'bytes=0-9' } };
    const answer = await ask2(bench.url, PLAIN, range);
    note(
      'A name of a header in lower case, over HTTP/2',
      wordsOf(PLAIN, range),
      describe(answer, bench.images.get('plain.png')),
    );
  }
  if (bench.cached) await observeCache(bench, note);
  return rows;
}

/** Replaces an image behind the cache, so that every answer tells where it came from. */
async function observeCache(bench, note) {
  const old = bench.images.get('plain.png');
  const from = (answer) => `${answer.status}, ${answer.body.equals(old) ? 'from the cache' : 'from S3'}`;
  await ask(bench.url, PLAIN);
  const warm = await ask(bench.url, PLAIN);
  const s3 = new S3Client({ ...clientConfig(bench), forcePathStyle: bench.server !== undefined });
  const Body = makeStranger();
  await s3.send(
    new PutObjectCommand({ Bucket: bench.bucket, Key: 'images/plain.png', Body, ContentType: 'image/png' }),
  );
  note('An image that changed behind the cache', `GET ${PLAIN}`, from(await ask(bench.url, PLAIN)));
  for (const value of ['max-age=0', 'no-cache', 'no-store']) {
    const stranger = await ask(bench.url, PLAIN, { headers: { 'Cache-Control': value } });
    const warning = stranger.headers.warning === undefined ? 'no Warning' : `Warning: ${stranger.headers.warning}`;
    const asked = `GET ${PLAIN}  Cache-Control: ${value}`;
    note('Eviction by a stranger, on a method without authorisation', asked, `${from(stranger)}, ${warning}`);
    note('The same image for everybody after that', `GET ${PLAIN}`, from(await ask(bench.url, PLAIN)));
  }
  const line = await findLine(bench, warm.headers['x-amz-apigw-id']);
  const { integrationStatus, integrationLatency, responseLatency } = line ?? {};
  const seen =
    line === undefined
      ? 'its line did not come in time'
      : `integrationStatus ${integrationStatus}, integrationLatency ${integrationLatency}, responseLatency ${responseLatency}`;
  note('The access log of a cache hit', `GET ${PLAIN}`, seen);
}

/** The line of one request in the access log, which comes late. */
async function findLine(bench, id) {
  const logs = new CloudWatchLogsClient(clientConfig(bench));
  const until = Date.now() + LOG_BUDGET_MS[bench.server === undefined ? 'aws' : 'local'];
  for (;;) {
    let nextToken;
    do {
      const input = { logGroupName: bench.logGroup, ...(nextToken === undefined ? {} : { nextToken }) };
      const page = await logs.send(new FilterLogEventsCommand(input));
      const found = (page.events ?? [])
        .map(({ message }) => JSON.parse(message))
        .find((is) => is.extendedRequestId === id);
      if (found !== undefined) return found;
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    if (Date.now() > until || bench.signal.aborted) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 5_000));
  }
}

function clientConfig({ region, profile, server }) {
  const local = server === undefined ? {} : { endpoint: server.url, credentials: server.credentials };
  return { region, ...(profile === undefined ? {} : { profile }), ...local };
}

function wordsOf(raw, { method = 'GET', headers = {} }) {
  return [`${method} ${raw}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('  ');
}

/** Status, type, length and kind of an answer; never its whole text. */
function describe({ status, headers, body }, image) {
  const parts = [
    status,
    headers['content-type'] ?? 'no Content-Type',
    `Content-Length ${headers['content-length'] ?? 'absent'}`,
  ];
  if (headers['x-object-size'] !== undefined) parts.push(`X-Object-Size ${headers['x-object-size']}`);
  if (headers['x-amzn-errortype'] !== undefined) parts.push(headers['x-amzn-errortype']);
  parts.push(bodyOf(body, headers['content-type'] ?? '', image));
  return parts.join(', ');
}

function bodyOf(body, type, image) {
  if (body.length === 0) return 'no body';
  if (image?.equals(body)) return 'the image to the byte';
  if (image?.subarray(0, body.length).equals(body)) return `the first ${body.length} bytes of the image`;
  if (!type.includes('json')) return `${body.length} other bytes`;
  try {
    return `JSON error ${JSON.parse(body.toString()).error ?? 'of another shape'}`;
  } catch {
    return 'broken JSON';
  }
}
