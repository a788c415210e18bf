// A plain loop on Node's own HTTP, to a near store: no tool, and no proof that nothing is faster: node node-http.mjs VERB FOLDER BUCKET ENDPOINT
// `upload` reads each file, takes its CRC32, signs and puts it; `again` lists the bucket and compares sizes. It checks no image,
// retries nothing, keeps no list, shows no plan, and overwrites whatever is there.
import { createHash, createHmac } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { crc32 } from 'node:zlib';

const AT_ONCE = 64;
const REGION = process.env.AWS_REGION;
const [verb, folder, bucket, endpoint] = process.argv.slice(2);
const { hostname, port, host } = new URL(endpoint);
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, noDelay: true });
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => path.extname(name) !== '');
const signingKey = [day(), REGION, 's3', 'aws4_request'].reduce(hmac, `AWS4${process.env.AWS_SECRET_ACCESS_KEY}`);

if (verb === 'upload') {
  let next = 0;
  const work = async () => {
    while (next < names.length) await put(names[next++]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
} else {
  const sizes = await list();
  const differing = names.filter((name) => sizes.get(`images/${name}`) !== lstatSync(path.join(folder, name)).size);
  if (differing.length > 0) throw new Error(`${differing.length} files differ`);
}
agent.destroy();

async function put(name) {
  const body = readFileSync(path.join(folder, name));
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  const headers = { 'content-type': 'image/png', 'x-amz-checksum-crc32': sum.toString('base64') };
  const { status } = await send('PUT', `/${bucket}/images/${name}`, '', headers, body);
  if (status !== 200) throw new Error(`${name}: ${status}`);
}

async function list() {
  const sizes = new Map();
  for (let after = ''; ; ) {
    const query = `list-type=2&prefix=images%2F&start-after=${encodeURIComponent(after)}`;
    const { text } = await send('GET', `/${bucket}/`, query, {});
    for (const [, key, size] of text.matchAll(/<Key>([^<]*)<\/Key>.*?<Size>(\d+)<\/Size>/g)) {
      sizes.set(key, Number(size));
      after = key;
    }
    if (!text.includes('<IsTruncated>true<')) return sizes;
  }
}

function send(method, resource, query, extra, body) {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amz-date': time, ...extra };
  const signed = Object.keys(headers).sort();
  const lines = signed.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = `${method}\n${resource}\n${query}\n${lines}\n${signed.join(';')}\nUNSIGNED-PAYLOAD`;
  const scope = `${day()}/${REGION}/s3/aws4_request`;
  const digest = createHash('sha256').update(canonical).digest('hex');
  const signature = hmac(signingKey, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${digest}`).toString('hex');
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${process.env.AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${signed.join(';')}, Signature=${signature}`;
  if (body !== undefined) headers['content-length'] = body.length;
  const asked = query === '' ? resource : `${resource}?${query}`;
  return new Promise((resolve, reject) => {
    const call = request({ agent, hostname, port, method, path: asked, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    call.on('error', reject).end(body);
  });
}

function day() {
  return new Date().toISOString().slice(0, 10).replaceAll('-', '');
}

function hmac(key, text) {
  return createHmac('sha256', key).update(text).digest();
}
