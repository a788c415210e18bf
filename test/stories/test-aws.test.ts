import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

interface Document {
  readonly stories: { readonly story: string; readonly good: boolean; readonly seen: string }[];
  readonly observations: { readonly question: string; readonly asked: string; readonly seen: string }[];
  readonly left: string[];
}

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What stands in the folder for reports, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Project folders that the script made and did not take away. */
  readonly remains: string[];
}

/** Runs the script with a temporary folder of its own; `interruptAt` sends Ctrl-C once standard error holds it. */
async function run(args: readonly string[], interruptAt?: string): Promise<Run> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-test-aws-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const out = path.join(folder, 'out');
  const env = { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder };
  const child = spawn(process.execPath, ['scripts/test-aws.mjs', '--out', out, ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let interrupted = false;
  child.stdout.on('data', (part) => {
    stdout += String(part);
  });
  child.stderr.on('data', (part) => {
    stderr += String(part);
    if (interruptAt === undefined || interrupted || !stderr.includes(interruptAt)) return;
    interrupted = true;
    child.kill('SIGINT');
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const names = existsSync(out) ? readdirSync(out) : [];
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(path.join(out, name), 'utf8')]));
  return { code, stdout, stderr, files, remains: readdirSync(folder).filter((name) => name.startsWith('pixtest-')) };
}

function documentOf({ files }: Run): Document {
  return JSON.parse(files['pixgate-test-aws.json'] ?? '{}') as Document;
}

describe('npm run test:aws', () => {
  it.each([
    { what: 'without a cache', args: [], stories: ['up', 'test', 'wire again', 'a header change'], observed: 25 },
    {
      what: 'with a cache',
      args: ['--with-cache'],
      stories: ['up', 'test', 'wire again', 'a header change', 'flush'],
      observed: 33,
    },
  ])(
    '$what lives through the stories, reports what it saw, and leaves nothing',
    async ({ args, stories, observed }) => {
      const done = await run(['--target', 'local', '--yes', ...args]);

      expect([done.stdout, done.code]).toEqual([
        `${stories.length} of ${stories.length} stories good, ${observed} observations, 0 left\n`,
        0,
      ]);
      const document = documentOf(done);
      expect(document.stories.map(({ story, good }) => [story, good])).toEqual(stories.map((story) => [story, true]));
      expect(document.observations).toContainEqual({
        question: 'A range, whose answer is binary too',
        asked: 'GET /images/plain.png  Range: bytes=0-9',
        seen: '206, image/png, Content-Length 10, the first 10 bytes of the image',
      });
      expect([document.left, done.remains]).toEqual([[], []]);
    },
  );

  it('tells a cache hit from a miss, and that strangers do not evict', async () => {
    const { observations } = documentOf(await run(['--target', 'local', '--yes', '--with-cache']));

    const seen = (question: string) => observations.filter((row) => row.question === question).map((row) => row.seen);
    expect(seen('The access log of a cache hit')[0]).toMatch(/^integrationStatus -, integrationLatency -/);
    expect(seen('The same image for everybody after that')).toEqual(Array(3).fill('200, from the cache'));
  });

  it('writes no account, no name that was made and no address of the API into the report', async () => {
    const { files, stderr } = await run(['--target', 'local', '--yes']);

    const text = Object.values(files).join('\n');
    const name = /pixtest-[0-9a-f]{6}/.exec(stderr)?.[0] ?? 'missing';
    expect(Object.keys(files).sort()).toEqual(['pixgate-test-aws.json', 'pixgate-test-aws.md']);
    expect(stderr).toContain(`${name}-test`);
    expect(text).not.toMatch(new RegExp(`${name}|\\d{12}|execute-api|127\\.0\\.0\\.1`));
  });

  it.each(['… objects/images', '… stage', 'A key with a space'])(
    'takes everything away after Ctrl-C at "%s", and says that it was stopped',
    async (moment) => {
      const stopped = await run(['--target', 'local', '--yes'], moment);

      expect(stopped.stderr).toContain('Stopping; everything is taken away first.');
      expect(stopped.code).toBe(1);
      expect([documentOf(stopped).left, stopped.remains]).toEqual([[], []]);
    },
  );

  it('makes nothing when nobody can be asked', async () => {
    const { code, stderr, files, remains } = await run(['--target', 'local']);

    expect(code).toBe(2);
    expect(stderr).toContain('Cost: nothing');
    expect(stderr).toContain('Nobody is there to ask: add --yes.');
    expect([files, remains]).toEqual([{}, []]);
  });

  it('refuses a target that it does not know', async () => {
    const { code, stderr } = await run(['--target', 'moon']);

    expect([code, stderr]).toEqual([2, '--target must be aws or local: got moon.\n']);
  });
});
