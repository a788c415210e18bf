// For whoever has an account: makes one small environment there with the built library, asks the deployed API raw what AWS
// has written down nowhere, writes what it saw to a report without ids, and takes everything away again.
//   npm run test:aws -- [--region eu-west-1] [--profile NAME] [--with-cache] [--yes] [--out FOLDER] [--target local]
// It asks before it makes anything. Teardown runs after a failure and after Ctrl-C too. Ends with 0 when all went well and
// nothing is left, 2 when it was not allowed to begin, else 1.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeImages } from './test-aws/images.mjs';
import { observe } from './test-aws/questions.mjs';
import { mask, toMarkdown } from './test-aws/report.mjs';

// The same hint as of any program on this Node, and no concern of whoever reads the report.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const built = new URL('../dist/src/index.js', import.meta.url);
const say = (text) => process.stderr.write(`${text}\n`);

const { values: flags } = parseArgs({
  options: {
    region: { type: 'string', default: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'eu-west-1' },
    profile: { type: 'string' },
    target: { type: 'string', default: 'aws' },
    out: { type: 'string', default: process.cwd() },
    'with-cache': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
  },
});
if (!['aws', 'local'].includes(flags.target)) stop(`--target must be aws or local: got ${flags.target}.`);
if (!existsSync(fileURLToPath(built))) stop('Nothing is built yet: npm run build');
const { loadConfig, openProject, serveLocal } = await import(built.href);

const name = `pixtest-${randomBytes(3).toString('hex')}`;
const folder = mkdtempSync(path.join(tmpdir(), `${name}-`));
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    const again = interrupt.signal.aborted;
    say(again ? 'Still taking everything away; please wait.' : '\nStopping; everything is taken away first.');
    interrupt.abort();
  });
}

process.exitCode = await main();

function stop(reason) {
  say(reason);
  process.exit(2);
}

/** What is made, in words that cost nothing to read. */
function announce(plan, account) {
  const cost = flags['with-cache']
    ? `a cache cluster at about $${plan.usdPerHour} an hour for some 20 minutes, and some cents for requests, storage and logs`
    : 'some hundred requests, five small objects and a few log lines: well below one US cent';
  say(`On ${flags.target}, account ${account}, ${flags.region}, this makes and afterwards takes away:`);
  for (const { address, label } of plan.steps) say(`  ${address.padEnd(18)} ${label}`);
  for (const notice of plan.notices) say(`  ! ${notice}`);
  say(`Cost: ${flags.target === 'local' ? 'nothing, the local cloud is in this process' : cost}.`);
}

async function isWanted() {
  if (flags.yes) return true;
  if (!process.stdin.isTTY) {
    say('Nobody is there to ask: add --yes.');
    return false;
  }
  const line = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal that is asked hands Ctrl-C to the question and not to the process.
  const gone = new AbortController();
  line.on('SIGINT', () => gone.abort()).on('close', () => gone.abort());
  try {
    return /^y(es)?$/i.test(await line.question('Go on? (y/N) ', { signal: gone.signal }));
  } catch (error) {
    if (error.name === 'AbortError') return false;
    throw error;
  } finally {
    line.close();
  }
}

async function configOf(header) {
  const lines = [
    'version: 1',
    `name: ${name}`,
    'stage: test',
    `region: ${flags.region}`,
    ...(flags['with-cache'] ? ['cache:', '  sizeGb: 0.5', '  ttlSeconds: 300'] : []),
    'mounts:',
    '  - path: /images',
    '    source: ./images',
    '    access: public',
    '    headers:',
    `      X-Pixgate-Test: ${header}`,
  ];
  writeFileSync(path.join(folder, 'pixgate.yaml'), `${lines.join('\n')}\n`);
  return loadConfig({ cwd: folder, env: {}, flags: {} });
}

async function main() {
  const images = makeImages();
  mkdirSync(path.join(folder, 'images', 'deep', 'er'), { recursive: true });
  for (const [key, bytes] of images) writeFileSync(path.join(folder, 'images', key), bytes);
  const server = flags.target === 'local' ? await serveLocal({ directory: folder, port: 0 }) : undefined;
  const run = { stories: [], observations: [], secrets: [name], account: '', left: undefined };
  let begun = false;
  let kept = false;
  const open = async (header) => {
    const config = await configOf(header);
    const options = server === undefined ? {} : { localPort: server.port };
    const profile = flags.profile === undefined ? {} : { profile: flags.profile };
    return openProject({ config, target: flags.target, createdBy: 'test:aws', ...options, ...profile });
  };
  try {
    const project = await open('one');
    run.account = project.account;
    const plan = await project.plan('up');
    announce(plan, project.account);
    if (!(await isWanted())) {
      await project.close();
      return 2;
    }
    begun = true;
    await liveThrough(run, project, plan, open, { images, server });
  } catch (error) {
    run.stories.push({ story: 'everything in between', good: false, seen: error.message });
    say(`Failed: ${error.message}`);
  } finally {
    if (begun) kept = !(await takeAway(run, open));
    await server?.close();
    if (!kept) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  return begun ? conclude(run) : 1;
}

/** up, test, wire again, a header change, the questions, flush. */
async function liveThrough(run, project, plan, open, { images, server }) {
  const { signal } = interrupt;
  const note = (story, good, seen) => {
    run.stories.push({ story, good, seen });
    say(`${good ? '✔' : '✖'} ${story}: ${seen}`);
  };
  const hear = (event) => event.type === 'begin' && say(`  … ${event.step.address}`);
  const { url = '', changed } = await project.apply(plan, hear, signal);
  run.secrets.push(new URL(url).hostname.split('.')[0], url.split('/').at(-2));
  note('up', changed > 0, `${changed} steps`);

  const report = await project.verify({}, () => {}, signal);
  const failures = report.results
    .filter(({ status }) => status === 'failed')
    .map(({ id, got = '' }) => `${id}: ${got}`);
  const counts = `${report.passed} passed, ${report.failed} failed, ${report.inconclusive} inconclusive`;
  note('test', report.failed === 0, [counts, ...failures].join('; '));

  const again = await project.plan('wire');
  const restless = again.steps
    .filter(({ action }) => action !== 'keep')
    .flatMap(({ address, changes }) => changes.map((change) => `${address} ${change.path}`));
  note('wire again', restless.length === 0, restless.length === 0 ? 'nothing to change' : restless.join(', '));
  await project.close();

  const changedProject = await open('two');
  try {
    const wiring = await changedProject.plan('wire');
    const acted = wiring.steps.filter(({ action }) => action !== 'keep').map(({ address }) => address);
    await changedProject.apply(wiring, hear, signal);
    note('a header change', acted.join() === 'api,stage', `${acted.join(' and ')} changed`);
    const bench = {
      url,
      images,
      server,
      region: flags.region,
      profile: flags.profile,
      cached: flags['with-cache'],
      signal,
    };
    run.observations.push(
      ...(await observe({ ...bench, bucket: bucketOf(plan), logGroup: `/pixgate/${name}/test/access` }, say)),
    );
    if (!flags['with-cache']) return;
    const flushed = await changedProject.flush({}, () => {}, signal);
    note('flush', flushed.outcome === 'emptied', flushed.outcome);
  } finally {
    await changedProject.close();
  }
}

/** A step's label begins with the bucket's name. */
function bucketOf(plan) {
  return plan.steps.find(({ address }) => address.startsWith('bucket/'))?.label.split(',')[0] ?? '';
}

/** Answers whether nothing is left. What can never be asked again is said in full. */
async function takeAway(run, open) {
  say('Taking everything away…');
  try {
    const project = await open('two');
    try {
      const { left = [] } = await project.apply(await project.plan('teardown', { includingForeign: true }));
      run.left = left;
    } finally {
      await project.close();
    }
  } catch (error) {
    run.left = [`unknown: ${error.message}`];
  }
  if (run.left.length === 0) return true;
  say(`Left: ${run.left.join(', ')}\nTo try again: cd ${folder} && pixgate teardown`);
  return false;
}

function conclude(run) {
  const { stories, observations, left } = run;
  const document = mask(
    {
      target: flags.target,
      region: flags.region,
      cache: flags['with-cache'],
      at: new Date().toISOString(),
      stories,
      observations,
      left,
    },
    [run.account, ...run.secrets],
  );
  mkdirSync(flags.out, { recursive: true });
  const file = path.join(flags.out, 'pixgate-test-aws');
  writeFileSync(`${file}.json`, `${JSON.stringify(document, null, 2)}\n`);
  writeFileSync(`${file}.md`, toMarkdown(document));
  say(`Report to share: ${file}.md and .json`);
  const good = stories.every((story) => story.good) && left.length === 0 && !interrupt.signal.aborted;
  process.stdout.write(
    `${stories.filter((story) => story.good).length} of ${stories.length} stories good, ${observations.length} observations, ${left.length} left\n`,
  );
  return good ? 0 : 1;
}
