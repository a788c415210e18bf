import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { type Pictures, renderHome } from '../../src/project/home-page.js';
import { openProject } from '../../src/project/open-project.js';
import { serveLocal } from '../../src/project/serve-local.js';

const SAMPLES = path.resolve(import.meta.dirname, '../../samples');

const pictures = (change: Partial<Pictures> = {}): Pictures => ({
  name: 'holiday',
  stage: 'dev',
  closed: [],
  urls: [],
  served: 0,
  nowMs: 7,
  ...change,
});

it('the page has each image with its link, says how many more there are, and nothing of a key is markup', () => {
  const key = '<script>alert(1)</script>"\'&.png';
  const url = `http://127.0.0.1:4510/dev/images/${encodeURIComponent(key)}`;

  const html = renderHome(pictures({ urls: [{ mount: '/images', key, url }], served: 3 }));

  expect(html).toContain('src="/dev/images/%3Cscript%3Ealert(1)%3C%2Fscript%3E%22&#39;%26.png?at=7"');
  expect(html).toContain('<br>&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).not.toContain('<script');
  expect(html).toContain('<p>and 2 more</p>');
});

it('the page shows no image of a mount that is not public, and says how it is called', () => {
  const urls = [{ mount: '/private', key: 'a.png', url: 'http://127.0.0.1:4510/dev/private/a.png' }];

  const html = renderHome(pictures({ closed: ['/private'], urls, served: 1 }));

  expect(html).not.toContain('<img');
  expect(html).toContain('<code>pixgate access --target local</code>');
});

it('a browser gets the page at / as things are at that moment, and everybody else the local cloud', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'pixgate-home-'));
  cpSync(path.join(SAMPLES, 'kite.svg'), path.join(directory, 'images', 'kite.svg'));
  const flags = { source: './images', access: 'public', region: 'eu-west-1', target: 'local' };
  const config = await loadConfig({ cwd: directory, env: {}, flags });
  const server = await serveLocal({ directory, port: 0, config: async () => config });
  onTestFinished(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });
  const home = async (accept: string) => {
    const answer = await fetch(`${server.url}/`, { headers: { Accept: accept } });
    return { type: answer.headers.get('content-type'), text: await answer.text() };
  };

  const before = await home('text/html,*/*;q=0.8');
  const project = await openProject({ config, target: 'local', localPort: server.port });
  await project.apply(await project.plan('up'));
  await project.close();
  const after = await home('text/html,*/*;q=0.8');
  const [, src = ''] = /<img src="([^"]+)"/.exec(after.text) ?? [];
  const image = await fetch(new URL(src, server.url));
  const other = await home('*/*');

  expect(before.text).toContain('Nothing is served yet');
  expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  expect(other.text).toContain('<Code>AccessDenied</Code>');
  expect([after.type, other.type]).toEqual(['text/html; charset=utf-8', 'application/xml']);
});

it('a browser that looked keeps nothing from going with the last of the account', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'pixgate-home-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  cpSync(path.join(SAMPLES, 'kite.svg'), path.join(directory, 'images', 'kite.svg'));
  const flags = { source: './images', access: 'public', region: 'eu-west-1', target: 'local' };
  const config = await loadConfig({ cwd: directory, env: {}, flags });
  const server = await serveLocal({ directory, port: 0, config: async () => config });
  const look = async () => (await fetch(`${server.url}/`, { headers: { Accept: 'text/html' } })).text();

  await look();
  const project = await openProject({ config, target: 'local', localPort: server.port });
  await project.apply(await project.plan('up'));
  const html = await look();
  await project.apply(await project.plan('teardown'));
  await project.close();
  await look();
  await server.close();

  expect(html).toContain('kite.svg');
  expect(readdirSync(directory)).toEqual(['images']);
});
