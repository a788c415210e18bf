// Builds dist/, the manifest, the root help, the schema and the reference. --if-stale: only when a source is newer than the last build.
// --if-possible: without the compiler or the bundler, as after `npm ci --omit=dev`, says so and ends well.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'dist', '.built');
const sources = ['commands', 'src', 'scripts', 'package.json', 'tsconfig.json'];

function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

function findCompiler() {
  try {
    const { resolve } = createRequire(import.meta.url);
    resolve('rolldown/package.json');
    return join(resolve('typescript/package.json'), '..', 'bin', 'tsc');
  } catch {
    return undefined;
  }
}

const compiler = findCompiler();
const fresh = existsSync(stamp) && sources.every((path) => newest(join(root, path)) <= statSync(stamp).mtimeMs);
if (process.argv.includes('--if-stale') && fresh) process.exit(0);
if (compiler === undefined) {
  console.error('pixgate: not built, because TypeScript or rolldown is not installed (npm ci installs them).');
  process.exit(process.argv.includes('--if-possible') ? 0 : 1);
}

const started = Date.now();
// tsc never deletes: a command that is gone would live on.
rmSync(join(root, 'dist'), { recursive: true, force: true });
run(compiler, '-p', 'tsconfig.json');
for (const script of ['bundle.mjs', 'manifest.mjs', 'root-help.mjs', 'schema.mjs', 'reference.mjs'])
  run(join(root, 'scripts', script));
writeFileSync(stamp, '');
// A source that was saved while we built is newer than what we built from.
utimesSync(stamp, started / 1000, started / 1000);
