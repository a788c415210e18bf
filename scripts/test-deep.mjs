// The stories that go through every call, every fault on every call and 300 schedules: `npm run test:deep`, about half an hour
// on two cores. Prints their counts; the README quotes them. Fails when one of them does.
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const PARTS = 8;
const jobs = [
  { name: 'ladder', file: 'test/stories/ladder.test.ts', part: '1/1' },
  { name: 'ladder kills', file: 'test/stories/ladder-kills.test.ts', part: '1/1' },
  { name: 'pace', file: 'test/stories/pace.test.ts', part: '1/1' },
  ...Array.from({ length: PARTS }, (_, index) => {
    const part = `${index + 1}/${PARTS}`;
    return { name: `faults ${part}`, file: 'test/stories/faults.test.ts', part };
  }),
];

/** Runs one story in a process of its own, and passes on the lines that count. Answers whether it held. */
function run({ name, file, part }) {
  const started = Date.now();
  const env = {
    ...process.env,
    PIXGATE_DEEP: '1',
    PIXGATE_PART: part,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    NODE_NO_WARNINGS: '1',
  };
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', file], { env });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      for (const line of said.split('\n').filter((is) => /^(ladder|faults|pace):/.test(is))) console.log(line);
      if (code !== 0) console.log(said);
      const minutes = ((Date.now() - started) / 60_000).toFixed(1);
      console.log(`${name}: ${code === 0 ? 'ok' : 'failed'} in ${minutes} min`);
      resolve(code === 0);
    });
  });
}

const built = spawnSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);
const waiting = [...jobs];
const held = [];
const worker = async () => {
  for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) held.push(await run(job));
};
await Promise.all(Array.from({ length: availableParallelism() }, worker));
console.log(`${held.filter(Boolean).length} of ${jobs.length} deep runs held`);
process.exitCode = held.every(Boolean) ? 0 : 1;
