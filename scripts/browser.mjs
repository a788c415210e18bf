// What scripts/browser.sh runs once it has found a Chromium: up, serve, load the page, compare.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-browser-'));
const pixgate = [path.join(root, 'bin', 'run.cjs')];
const port = '4567';
const env = { ...process.env, PIXGATE_TARGET: 'local', PIXGATE_LOCAL_PORT: port, PIXGATE_YES: '1' };
let server;
let page;

try {
  cpSync(path.join(root, 'samples'), path.join(folder, 'images'), { recursive: true });
  const up = spawnSync(process.execPath, [...pixgate, 'up', '--source', './images', '--access', 'public', '--json'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  if (up.status !== 0) throw new Error(`up failed: ${up.stdout}${up.stderr}`);
  const { urls } = JSON.parse(up.stdout);
  server = spawn(process.execPath, [...pixgate, 'local', '--port', port], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await waitFor(`http://127.0.0.1:${port}/`);

  const tags = urls.map(({ url }) => `<img src="${url}" data-url="${url}">`).join('\n');
  const script = `addEventListener('load', () => { document.title = 'done'; document.body.append(Object.assign(document.createElement('pre'), { id: 'widths', textContent: JSON.stringify([...document.images].map((image) => [image.dataset.url, image.naturalWidth])) })); });`;
  page = createServer((_request, response) =>
    response
      .setHeader('content-type', 'text/html')
      .end(`<!doctype html><meta charset="utf-8"><body>${tags}<script>${script}</script>`),
  );
  await new Promise((resolve) => page.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${page.address().port}/`;
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  const dump = await output(process.env.CHROMIUM, [
    ...flags,
    `--user-data-dir=${path.join(folder, 'profile')}`,
    '--timeout=20000',
    '--dump-dom',
    address,
  ]);
  const widths = JSON.parse(/<pre id="widths">(.*?)<\/pre>/s.exec(dump)?.[1]?.replaceAll('&amp;', '&') ?? '[]');
  const broken = widths.filter(([, width]) => width === 0).map(([url]) => url);
  const good = widths.length - broken.length;
  for (const url of broken) process.stdout.write(`  no picture: ${url}\n`);
  process.stdout.write(`browser: ${good} of ${urls.length} images have their natural width in Chromium\n`);
  if (good !== urls.length || urls.length === 0) process.exitCode = 1;
} finally {
  server?.kill('SIGINT');
  page?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

async function waitFor(url) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`nothing answers at ${url}`);
}

/** The page server must answer meanwhile, so this cannot be spawnSync. */
function output(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
}
