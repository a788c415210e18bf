// The one gate: build, types, lint, tests. Everything behind `npm test` is here.
// `npm test -- PATH…` runs only the tests below those paths. The last line counts, for whoever reads it by machine.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const paths = process.argv.slice(2);
const rings = process.env.PIXGATE_TEST_RINGS === 'pure';
const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-test-'));
const secrets = path.join(folder, 'secrets.txt');
const env = {
  ...process.env,
  // What tests leave lying goes with the folder.
  TMPDIR: path.join(folder, 'tmp'),
  PIXGATE_TEST_SECRETS: secrets,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  NODE_NO_WARNINGS: '1',
};

// Tests that drop their rights have to get there too.
for (const each of [folder, env.TMPDIR]) {
  mkdirSync(each, { recursive: true });
  chmodSync(each, 0o755);
}
chmodSync(env.TMPDIR, 0o1777);

/** Runs one program of node_modules with this very Node. */
function run(title, script, args) {
  const started = Date.now();
  process.stdout.write(`> ${title}\n`);
  const { status, signal } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit', env });
  process.stdout.write(
    `  ${status === 0 ? 'ok' : `failed (${signal ?? status})`} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`,
  );
  return status === 0;
}

/** Adds up what each file of tests says of the secrets that went over its wires. */
function printSecrets() {
  const lines = existsSync(secrets) ? readFileSync(secrets, 'utf8').trim().split('\n') : [];
  const [made, found] = [0, 1].map((at) => lines.reduce((sum, line) => sum + Number(line.split(' ')[at]), 0));
  process.stdout.write(`secrets of the whole suite: ${found} of ${made} found in what it printed, threw or kept\n`);
}

const report = path.join(folder, 'report.json');
let good = run('build', 'scripts/build.mjs', ['--if-stale']);
if (good && !rings) {
  good = run('types of the tests', 'node_modules/typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.test.json']);
  good = run('lint', 'node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']) && good;
}
let counts = { passed: 0, failed: good ? 0 : 1 };
if (good) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  good = run('tests', 'node_modules/vitest/vitest.mjs', ['run', ...reporters, ...paths]);
  printSecrets();
  const { numPassedTests = 0, numFailedTests = 0 } = JSON.parse(readFileSync(report, 'utf8'));
  counts = { passed: numPassedTests, failed: numFailedTests + (good || numFailedTests > 0 ? 0 : 1) };
}
try {
  rmSync(folder, { recursive: true, force: true });
} catch {
  // A disk that a test has mounted below it, and that is still in use.
}
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = good && counts.passed > 0 ? 0 : 1;
