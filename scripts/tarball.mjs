// From the packed tarball, installed globally, in an empty folder, without a terminal: up, serve, fetch every image with
// five kinds of Accept, a missing one, teardown, list. Prints what it counted and fails on the first thing that is off.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = mkdtempSync(path.join(tmpdir(), 'pixgate-tarball-'));
const project = path.join(home, 'holiday');
const images = path.join(project, 'photos');
const PORT = '4577';
const ACCEPTS = [
  undefined,
  '*/*',
  'image/png',
  'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
  'text/html',
];
const env = {
  PATH: process.env.PATH,
  HOME: home,
  PIXGATE_LOCAL_PORT: PORT,
  npm_config_cache: process.env.npm_config_cache ?? path.join(process.env.HOME ?? home, '.npm'),
};
let server;

try {
  const { filename } = JSON.parse(
    must('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', home], root).stdout,
  )[0];
  must(
    'npm',
    ['install', '--global', '--prefix', path.join(home, 'global'), '--ignore-scripts', path.join(home, filename)],
    home,
  );
  const pixgate = path.join(home, 'global', 'bin', 'pixgate');

  mkdirSync(images, { recursive: true });
  const files = makeImages();
  const up = must(
    pixgate,
    ['up', '--target', 'local', '--source', './photos', '--access', 'public', '--yes', '--json'],
    project,
  );
  const { url, report } = JSON.parse(up.stdout);
  if (report.failed > 0) throw new Error(`${report.failed} checks failed`);

  server = spawn(pixgate, ['local', '--port', PORT], { cwd: project, env, stdio: ['ignore', 'ignore', 'pipe'] });
  await answers(`http://127.0.0.1:${PORT}/`);
  let compared = 0;
  for (const [name, digest] of files) {
    const address = `${url}/images/${name.split('/').map(encodeURIComponent).join('/')}`;
    for (const accept of ACCEPTS) {
      const { status, body } = await get(address, accept);
      if (status !== 200 || sha256(body) !== digest)
        throw new Error(`${name} with Accept ${accept ?? '(none)'}: ${status}, ${body.length} bytes differ`);
      compared += 1;
    }
  }
  const missing = await get(`${url}/images/missing.png`);
  const { error } = JSON.parse(missing.body.toString());
  if (missing.status !== 404 || error !== 'ImageNotFound')
    throw new Error(`missing image: ${missing.status} ${missing.body}`);
  server.kill('SIGINT');

  const down = JSON.parse(must(pixgate, ['teardown', '--target', 'local', '--yes', '--json'], project).stdout);
  const listed = JSON.parse(must(pixgate, ['list', '--target', 'local', '--json'], project).stdout);
  const environments = Array.isArray(listed) ? listed : (listed.environments ?? []);
  if (down.left.length > 0 || environments.length > 0)
    throw new Error(`left: ${JSON.stringify([down.left, environments])}`);
  process.stdout.write(
    `tarball: ${files.size} images, ${compared} answers identical to the byte, missing is 404, 0 left, list is empty\n`,
  );
} finally {
  server?.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function must(command, args, cwd) {
  const result = spawnSync(command, args, {
    cwd,
    env: command === 'npm' ? process.env : env,
    encoding: 'utf8',
    input: '',
    maxBuffer: 64 << 20,
  });
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${result.status}:\n${result.stdout}\n${result.stderr}`);
  return result;
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/** At least 60 pictures: the samples, and drawn ones of many sizes, some in folders. By name, with their SHA-256. */
function makeImages() {
  const files = new Map();
  const samples = path.join(root, 'samples');
  for (const name of readdirSync(samples, { recursive: true })) {
    if (!/\.\w+$/.test(name)) continue;
    mkdirSync(path.join(images, path.dirname(name)), { recursive: true });
    copyFileSync(path.join(samples, name), path.join(images, name));
    files.set(name.replaceAll(path.sep, '/'), sha256(readFileSync(path.join(images, name))));
  }
  for (let n = 0; n < 50; n += 1) {
    const name = n % 3 === 0 ? `album ${n % 5}/picture-${n}.png` : `picture-${n}.png`;
    const bytes = drawPng(40 + n * 17, 30 + n * 11, n);
    mkdirSync(path.dirname(path.join(images, name)), { recursive: true });
    writeFileSync(path.join(images, name), bytes);
    files.set(name, sha256(bytes));
  }
  return files;
}

/** A landscape of waves, as an RGB PNG. */
function drawPng(width, height, seed) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const wave = Math.sin(x / (9 + seed) + y / 23) * 40 + Math.sin(y / (5 + (seed % 7))) * 30;
      const at = y * (width * 3 + 1) + 1 + x * 3;
      rows[at] = (120 + wave + seed * 2) & 255;
      rows[at + 1] = (90 + wave / 2 + (255 * y) / height / 2) & 255;
      rows[at + 2] = (200 - wave + (x % 7)) & 255;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return frame;
}

async function answers(url) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (
      await get(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing answers at ${url}`);
}

function get(url, accept) {
  return new Promise((resolve, reject) => {
    request(url, { agent: false, headers: accept === undefined ? {} : { accept } }, (answer) => {
      const chunks = [];
      answer.on('data', (part) => chunks.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });
}
