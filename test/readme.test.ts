import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load.js';

const ROOT = path.resolve(import.meta.dirname, '..');
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const commandsOf = (text: string) =>
  [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.trim().split('\n'));
const COMMANDS = commandsOf(README);

/** The commands that end by themselves, by the section they are in. */
const SECTIONS = README.split(/^## /m)
  .map((text) => commandsOf(text).filter((command) => command.startsWith('pixgate ') && command !== 'pixgate local'))
  .filter((commands) => commands.length > 0);

describe('README', () => {
  it.each(SECTIONS)(
    'every pixgate command of the section with %s runs, in its order, on the local cloud',
    (...commands) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-readme-'));
      cpSync(path.join(ROOT, 'samples'), path.join(folder, 'images'), { recursive: true });
      const env = { ...process.env, PIXGATE_TARGET: 'local', NO_COLOR: '1' };

      const outcomes = commands.map((command) => {
        const [, ...args] = command.split(' ');
        const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'bin', 'run.cjs'), ...args], {
          cwd: folder,
          env,
          encoding: 'utf8',
          input: '',
        });
        return { command, status, said: status === 0 ? '' : `${stdout}${stderr}` };
      });

      expect(outcomes).toEqual(outcomes.map(({ command }) => ({ command, status: 0, said: '' })));
      rmSync(folder, { recursive: true, force: true });
    },
  );

  it('its alias has the command at hand in every folder', () => {
    const alias = COMMANDS.filter((command) => command.startsWith('alias '));
    // A shell knows an alias from the next line on, and only where it is told to.
    const script = ['shopt -s expand_aliases', ...alias, `cd ${tmpdir()}`, 'pixgate --version'].join('\n');

    const { stdout } = spawnSync('bash', ['-c', script], { cwd: ROOT, encoding: 'utf8' });

    expect(alias).toHaveLength(1);
    expect(stdout).toMatch(/^pixgate\/\d/);
  });

  it('its other commands are run by the continuous integration', () => {
    const ci = ['.ci/run', 'scripts/tarball.mjs'].map((file) => readFileSync(path.join(ROOT, file), 'utf8')).join('\n');

    const others = COMMANDS.filter((command) => !/^(pixgate|alias) /.test(command));

    expect(others).toEqual([
      'npm ci && npm run demo',
      'npm run demo -- --keep',
      'npm ci && npm test',
      'npm install --global "$(npm pack --silent)"',
    ]);
    for (const part of ['npm ci', 'npm run demo', 'npm test', "'install', '--global'", "'pack'"])
      expect(ci).toContain(part);
  });
});

it('the config file in README is one that pixgate reads', async () => {
  const [, yaml = ''] = /^```yaml\n(.*?)^```/ms.exec(README) ?? [];
  const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-readme-'));
  writeFileSync(path.join(folder, 'pixgate.yaml'), yaml);

  const config = await loadConfig({ cwd: folder, env: {}, flags: {} });

  expect(config.mounts.map(({ path: at, bucket }) => [at, bucket.create])).toEqual([
    ['/images', true],
    ['/brand', false],
  ]);
  rmSync(folder, { recursive: true, force: true });
});

it('the excerpt of a mount in README is one that pixgate reads', async () => {
  const [, excerpt = ''] = [...README.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => text);
  const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-readme-'));
  const mount = '  - path: /images\n    source: ./images\n    access: public\n';
  writeFileSync(path.join(folder, 'pixgate.yaml'), `version: 1\nregion: eu-west-1\nmounts:\n${mount}${excerpt}`);

  const config = await loadConfig({ cwd: folder, env: {}, flags: {} });

  expect(config.mounts[0]).toMatchObject({
    include: ['**/*.{png,jpg,svg}'],
    exclude: ['drafts/**'],
    svg: 'refuse',
    upload: [{ match: 'logo/**', headers: { 'Content-Language': 'en', 'x-amz-meta-by': 'ann' } }],
    bucket: { acceleration: true },
  });
  rmSync(folder, { recursive: true, force: true });
});
