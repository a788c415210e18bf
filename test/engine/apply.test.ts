import { expect, test } from 'vitest';
import { applyRemoval, applySteps } from '../../src/engine/apply.js';
import { planRemoval, planSteps } from '../../src/engine/plan.js';
import { AwsError, CancelledError, RefusedError } from '../../src/errors.js';
import type { Event } from '../../src/model/event.js';
import type { AnyResource } from '../../src/resources/resource.js';
import { type BedOptions, bed, freshFolder, type Garden, openGardenLedger, startGardener } from './garden.js';

const NAMES = ['oak', 'ivy', 'nest'];
const DONE: Garden = new Map(NAMES.map((name) => [name, { colour: 'green' }]));

/** An oak, ivy on it and a nest in that. */
function beds(garden: Garden, special: Readonly<Record<string, BedOptions>> = {}): AnyResource[] {
  return NAMES.map((name, nth) => bed(garden, name, { needs: NAMES.slice(0, nth), ...special[name] }));
}

/** Plans everything and does it, as one run of a command. */
async function run(resources: readonly AnyResource[], folder: string): Promise<number> {
  const { job, listen } = await startGardener(resources, folder);
  const { steps } = await planSteps(job, new Set(NAMES));
  return (await applySteps(job, steps, listen)).changed;
}

/** One line for each event. */
function lines(heard: readonly Event[]): string[] {
  return heard.map((event) => ('step' in event ? `${event.type} ${event.step.address}` : event.type));
}

test('applySteps() does what differs, in order, and tells of every step', async () => {
  const garden: Garden = new Map([
    ['oak', { colour: 'brown' }],
    ['ivy', { colour: 'green' }],
  ]);
  const { job, heard, listen } = await startGardener(beds(garden), await freshFolder());
  const { steps } = await planSteps(job, new Set(NAMES));

  const { changed, known, wants } = await applySteps(job, steps, listen);

  expect(garden).toEqual(DONE);
  expect(changed).toBe(2);
  expect([...known.values()]).toEqual(NAMES.map((name) => ({ name, colour: 'green' })));
  expect([...wants.keys()]).toEqual(NAMES);
  expect(lines(heard)).toEqual(['begin oak', 'done oak', 'begin nest', 'done nest']);
  expect(heard[1]).toEqual({ type: 'done', step: steps[0], tookMs: 1_000 });
});

test('applySteps(), run a second time, finds nothing to do', async () => {
  const garden: Garden = new Map();
  const folder = await freshFolder();
  await run(beds(garden), folder);

  expect(await run(beds(garden), folder)).toBe(0);
  expect(garden).toEqual(DONE);
});

test('applySteps() has a child know what its parent turned out to be', async () => {
  const garden: Garden = new Map();
  const onOak = (known: { get(address: string): unknown }) =>
    `ivy on ${(known.get('oak') as { colour: string } | undefined)?.colour}`;
  const { job, listen } = await startGardener(
    beds(garden, { ivy: { needs: ['oak'], name: onOak } }),
    await freshFolder(),
  );
  const { steps } = await planSteps(job, new Set(['oak', 'ivy']));

  await applySteps(job, steps, listen);

  expect([...garden.keys()]).toEqual(['oak', 'ivy on green']);
});

test('applySteps() notes the intent before the first call and the result after the last', async () => {
  const folder = await freshFolder();
  const notes: unknown[] = [];
  const look = async () => {
    notes.push((await openGardenLedger(folder)).memo('oak'));
  };
  const garden: Garden = new Map([['oak', { colour: 'brown' }]]);

  await run(beds(garden, { oak: { digging: look, watering: look } }), folder);
  await look();

  const before = { name: 'oak', colour: 'brown' };
  expect(notes).toEqual([
    { status: 'in-flight', before },
    { status: 'in-flight', before },
    { status: 'settled', before, settled: { name: 'oak', colour: 'green' } },
  ]);
});

test('applySteps() notes no earlier state of what it makes', async () => {
  const folder = await freshFolder();

  await run(beds(new Map()), folder);

  expect((await openGardenLedger(folder)).memo('oak')).toEqual({
    status: 'settled',
    settled: { name: 'oak', colour: 'green' },
  });
});

test.each<[string, (garden: Garden) => void]>([
  ['changed', (garden) => garden.set('ivy', { colour: 'red' })],
  ['was put right', (garden) => garden.set('ivy', { colour: 'green' })],
  ['disappeared', (garden) => garden.delete('ivy')],
])('applySteps() refuses to go on with something that %s since the plan was made', async (_what, meddle) => {
  const garden: Garden = new Map([
    ['oak', { colour: 'brown' }],
    ['ivy', { colour: 'brown' }],
    ['nest', { colour: 'brown' }],
  ]);
  const { job, listen, heard } = await startGardener(beds(garden), await freshFolder());
  const { steps } = await planSteps(job, new Set(NAMES));
  meddle(garden);
  const meddledIvy = garden.get('ivy');

  const refusal = await applySteps(job, steps, listen).catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(RefusedError);
  expect(refusal).toMatchObject({
    message: 'Cannot go on with ivy: it changed since the plan was made.',
    code: 'PLAN_STALE',
  });
  expect(lines(heard)).toEqual(['begin oak', 'done oak']);
  expect(garden.get('ivy')).toEqual(meddledIvy);
  expect(garden.get('nest')).toEqual({ colour: 'brown' });
});

test('applySteps() looks again at what is not guarded, whatever the plan saw, and not at what is', async () => {
  const garden: Garden = new Map([['nest', { colour: 'brown' }]]);
  const looked: string[] = [];
  const watched = beds(garden).map(
    (is): AnyResource => ({
      ...is,
      guarded: is.address === 'nest',
      observe: (...asked) => {
        looked.push(is.address);
        return is.observe(...asked);
      },
    }),
  );
  const { job, listen } = await startGardener(watched, await freshFolder());
  const all = await planSteps(job, new Set(NAMES));
  looked.length = 0;
  await applySteps(job, all.steps, listen, all);
  const whole = [...looked];
  garden.set('nest', { colour: 'brown' });
  const one = await planSteps(job, new Set(['nest']));
  looked.length = 0;

  const { known } = await applySteps(job, one.steps, listen, one);

  expect(whole).not.toContain('nest');
  expect(whole).toContain('oak');
  expect(looked).toEqual([]);
  expect(garden.get('nest')).toEqual({ colour: 'green' });
  expect([...known.keys()].sort()).toEqual([...one.known.keys()].sort());
});

test('applySteps() refuses to go on with something that was to be kept and is no longer right', async () => {
  const garden: Garden = new Map(DONE);
  const { job, listen } = await startGardener(beds(garden), await freshFolder());
  const { steps } = await planSteps(job, new Set(NAMES));
  garden.set('nest', { colour: 'red' });

  await expect(applySteps(job, steps, listen)).rejects.toThrow('Cannot go on with nest');
});

test('applySteps() refuses to make something that somebody else made meanwhile', async () => {
  const garden: Garden = new Map();
  const { job, listen } = await startGardener([bed(garden, 'oak')], await freshFolder());
  const { steps } = await planSteps(job, new Set(['oak']));
  garden.set('oak', { colour: 'red' });

  await expect(applySteps(job, steps, listen)).rejects.toThrow(RefusedError);
  expect(garden.get('oak')).toEqual({ colour: 'red' });
});

test.each([
  ['before the first step', 0, 'Stopped as asked: 0 steps done, nothing is half made.'],
  ['during the first step', 1, 'Stopped as asked: 1 step done, nothing is half made.'],
  ['during the second step', 2, 'Stopped as asked: 2 steps done, nothing is half made.'],
])('applySteps(), asked to stop %s, ends the step at hand and says what stands', async (_when, during, message) => {
  const garden: Garden = new Map();
  const folder = await freshFolder();
  const stopping = { digging: () => gardener.stop() };
  const special = during === 0 ? {} : { [NAMES[during - 1] ?? '']: stopping };
  const gardener = await startGardener(beds(garden, special), folder);
  const { steps } = await planSteps(gardener.job, new Set(NAMES));
  if (during === 0) gardener.stop();

  const stopped = await applySteps(gardener.job, steps, gardener.listen).catch((error: unknown) => error);

  expect(stopped).toBeInstanceOf(CancelledError);
  expect(stopped).toMatchObject({ message });
  expect(garden.size).toBe(during);
  const left = await openGardenLedger(folder);
  expect(NAMES.map((name) => left.memo(name)?.status)).toEqual(
    NAMES.map((_, nth) => (nth < during ? 'settled' : undefined)),
  );
  expect(await run(beds(garden), folder)).toBe(NAMES.length - during);
  expect(garden).toEqual(DONE);
});

test('applySteps(), asked to stop during the last step, is done', async () => {
  const garden: Garden = new Map();
  const gardener = await startGardener(beds(garden, { nest: { digging: () => gardener.stop() } }), await freshFolder());
  const { steps } = await planSteps(gardener.job, new Set(NAMES));

  expect((await applySteps(gardener.job, steps, gardener.listen)).changed).toBe(3);
});

test('applySteps() tells of a failure, throws it on and leaves the rest alone', async () => {
  const drought = new AwsError(
    'No water.',
    { service: 'S3', operation: 'Rain', awsCode: 'Drought' },
    { suggestions: ['wait'] },
  );
  const garden: Garden = new Map();
  const special = { ivy: { digging: () => Promise.reject(drought) } };
  const { job, heard, listen } = await startGardener(beds(garden, special), await freshFolder());
  const { steps } = await planSteps(job, new Set(NAMES));

  const failure = await applySteps(job, steps, listen).catch((error: unknown) => error);

  expect(failure).toBe(drought);
  expect(lines(heard)).toEqual(['begin oak', 'done oak', 'begin ivy', 'fail ivy']);
  expect(heard[3]).toEqual({ type: 'fail', step: steps[1], error: drought });
  expect(drought.suggestions).toEqual([
    'wait',
    'what is done stays done (1 step): run the same command again to go on',
  ]);
  expect([...garden.keys()]).toEqual(['oak']);
});

test('applySteps() promises nothing to stay when the first step fails', async () => {
  const drought = new RefusedError('No water.');
  const special = { oak: { digging: () => Promise.reject(drought) } };
  const { job, listen } = await startGardener(beds(new Map(), special), await freshFolder());
  const { steps } = await planSteps(job, new Set(NAMES));

  await expect(applySteps(job, steps, listen)).rejects.toBe(drought);
  expect(drought.suggestions).toEqual([]);
});

test('applySteps() makes an error of whatever else is thrown', async () => {
  const special = { oak: { digging: () => Promise.reject('a mole') } };
  const { job, heard, listen } = await startGardener(beds(new Map(), special), await freshFolder());
  const { steps } = await planSteps(job, new Set(NAMES));

  await expect(applySteps(job, steps, listen)).rejects.toEqual(new Error('a mole'));
  expect(heard.at(-1)).toMatchObject({ type: 'fail', error: new Error('a mole') });
});

test.each(NAMES.flatMap((name) => (['digging', 'watering'] as const).map((moment) => [moment, name] as const)))(
  'applySteps(), killed while %s the %s, converges when it is run again',
  async (moment, name) => {
    const garden: Garden = new Map([['oak', { colour: 'brown' }]]);
    const folder = await freshFolder();
    const killed = new Error('killed');
    const deadly = beds(garden, { [name]: { [moment]: () => Promise.reject(killed) } });
    await expect(run(deadly, folder)).rejects.toBe(killed);
    const left = (await openGardenLedger(folder)).memo(name);

    await run(beds(garden), folder);

    expect(left?.status).toBe('in-flight');
    expect(garden).toEqual(DONE);
    expect(await run(beds(garden), folder)).toBe(0);
  },
);

test('applySteps(), killed in the middle of a change, remembers what was there before the first try', async () => {
  const garden: Garden = new Map([['oak', { colour: 'brown' }]]);
  const folder = await freshFolder();
  const dieHalfway = () => {
    garden.set('oak', { colour: 'grey' });
    throw new Error('killed');
  };
  await expect(run(beds(garden, { oak: { digging: dieHalfway } }), folder)).rejects.toThrow('killed');

  await run(beds(garden), folder);

  expect((await openGardenLedger(folder)).memo('oak')).toEqual({
    status: 'settled',
    before: { name: 'oak', colour: 'brown' },
    settled: { name: 'oak', colour: 'green' },
  });
});

test('applyRemoval() takes away in the order of the steps, and tells of each', async () => {
  const garden: Garden = new Map(DONE);
  const { job, heard, listen } = await startGardener(beds(garden), await freshFolder());
  const { steps } = await planRemoval(job, ['nest', 'ivy', 'oak']);

  const { changed } = await applyRemoval(job, steps, listen);

  expect(changed).toBe(3);
  expect([...garden]).toEqual([]);
  expect(lines(heard)).toEqual(['begin nest', 'done nest', 'begin ivy', 'done ivy', 'begin oak', 'done oak']);
});

test('applyRemoval() passes by what is gone already, what is kept and what nobody asked for', async () => {
  const garden: Garden = new Map(DONE);
  const { job, listen } = await startGardener(beds(garden, { oak: { ending: 'keep' } }), await freshFolder());
  const { steps } = await planRemoval(job, ['ivy', 'oak']);
  garden.delete('ivy');

  const { changed } = await applyRemoval(job, steps, listen);

  expect(changed).toBe(0);
  expect([...garden.keys()]).toEqual(['oak', 'nest']);
});

test('applyRemoval() finds a child although its parent goes first', async () => {
  const garden: Garden = new Map([
    ['oak', { colour: 'green' }],
    ['ivy on oak', { colour: 'green' }],
  ]);
  const onOak = (known: { has(address: string): boolean }) => (known.has('oak') ? 'ivy on oak' : undefined);
  const resources = [bed(garden, 'oak'), bed(garden, 'ivy', { needs: ['oak'], name: onOak })];
  const { job, listen } = await startGardener(resources, await freshFolder());
  const { steps } = await planRemoval(job, ['oak', 'ivy']);

  await applyRemoval(job, steps, listen);

  expect([...garden]).toEqual([]);
});

test('applyRemoval(), killed between parent and child, finds the child when it is run again', async () => {
  const garden: Garden = new Map([
    ['oak', { colour: 'green' }],
    ['ivy on oak', { colour: 'green' }],
  ]);
  const onOak = (known: { has(address: string): boolean }) => (known.has('oak') ? 'ivy on oak' : undefined);
  const folder = await freshFolder();
  const both = (ivy: BedOptions) => [bed(garden, 'oak'), bed(garden, 'ivy', { needs: ['oak'], name: onOak, ...ivy })];
  const first = await startGardener(both({ pulling: () => Promise.reject(new Error('killed')) }), folder);
  const { steps } = await planRemoval(first.job, ['oak', 'ivy']);
  await expect(applyRemoval(first.job, steps, first.listen)).rejects.toThrow('killed');
  const left = [...garden.keys()];

  const second = await startGardener(both({}), folder);
  await applyRemoval(second.job, (await planRemoval(second.job, ['oak', 'ivy'])).steps, second.listen);

  expect(left).toEqual(['ivy on oak']);
  expect([...garden]).toEqual([]);
});

test('applyRemoval(), asked to stop, ends the step at hand and says what stands', async () => {
  const garden: Garden = new Map(DONE);
  const gardener = await startGardener(beds(garden, { nest: { pulling: () => gardener.stop() } }), await freshFolder());
  const { steps } = await planRemoval(gardener.job, ['nest', 'ivy', 'oak']);

  const stopped = await applyRemoval(gardener.job, steps, gardener.listen).catch((error: unknown) => error);

  expect(stopped).toBeInstanceOf(CancelledError);
  expect(stopped).toMatchObject({ message: 'Stopped as asked: 1 step done, nothing is half made.' });
  expect([...garden.keys()]).toEqual(['oak', 'ivy']);
});

test('applyRemoval() goes on past what it may not take away, and tells of it', async () => {
  const stuck = new RefusedError('Roots.');
  const garden: Garden = new Map(DONE);
  const special = { ivy: { pulling: () => Promise.reject(stuck) } };
  const { job, heard, listen } = await startGardener(beds(garden, special), await freshFolder());
  const { steps } = await planRemoval(job, ['nest', 'ivy', 'oak']);

  const removed = await applyRemoval(job, steps, listen);

  expect(removed).toEqual({ changed: 2, obstacles: [{ address: 'ivy', error: stuck }] });
  expect(lines(heard)).toEqual(['begin nest', 'done nest', 'begin ivy', 'fail ivy', 'begin oak', 'done oak']);
  expect([...garden.keys()]).toEqual(['ivy']);
});

test('applyRemoval() stops at a failure that no other call would escape, and says what stays done', async () => {
  const lost = new AwsError('Expired.', { service: 'IAM', operation: 'DeleteRole', awsCode: 'ExpiredToken' });
  const garden: Garden = new Map(DONE);
  const special = { ivy: { pulling: () => Promise.reject(lost) } };
  const { job, listen } = await startGardener(beds(garden, special), await freshFolder());
  const { steps } = await planRemoval(job, ['nest', 'ivy', 'oak']);

  await expect(applyRemoval(job, steps, listen)).rejects.toBe(lost);
  expect(lost.suggestions).toEqual(['what is done stays done (1 step): run the same command again to go on']);
  expect([...garden.keys()]).toEqual(['oak', 'ivy']);
});
