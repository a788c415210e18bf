import { expect, test } from 'vitest';
import { digestSteps, planRemoval, planSteps, surveyForRemoval } from '../../src/engine/plan.js';
import { RefusedError } from '../../src/errors.js';
import type { Step } from '../../src/model/plan.js';
import { tempFolder } from '../files/temp-folder.js';
import { bed, filesIn, freshFolder, type Garden, openGardenLedger, startGardener } from './garden.js';

const STEP: Step = { address: 'rose', action: 'create', label: 'rose', changes: [{ path: 'a', from: 1, to: 2 }] };

test('planSteps() creates what is absent, updates what differs and keeps the rest, in the order of the resources', async () => {
  const garden: Garden = new Map([
    ['lily', { colour: 'brown' }],
    ['rose', { colour: 'green' }],
  ]);
  const beds = [bed(garden, 'oak'), bed(garden, 'lily'), bed(garden, 'rose')];
  const { job } = await startGardener(beds, await tempFolder());

  const { steps } = await planSteps(job, new Set(['rose', 'lily', 'oak']));

  expect(steps).toEqual([
    { address: 'oak', action: 'create', label: 'oak', changes: [{ path: 'colour', from: undefined, to: 'green' }] },
    { address: 'lily', action: 'update', label: 'lily', changes: [{ path: 'colour', from: 'brown', to: 'green' }] },
    { address: 'rose', action: 'keep', label: 'rose', changes: [] },
  ]);
});

test('planSteps() changes nothing, neither in the garden nor on disk', async () => {
  const folder = await tempFolder();
  const garden: Garden = new Map([['lily', { colour: 'brown' }]]);
  const { job } = await startGardener([bed(garden, 'oak'), bed(garden, 'lily')], folder);

  await planSteps(job, new Set(['oak', 'lily']));
  await planRemoval(job, ['lily', 'oak']);

  expect([...garden]).toEqual([['lily', { colour: 'brown' }]]);
  expect(await filesIn(folder)).toEqual([]);
});

test('planSteps() answers with what is wanted of each resource that it acts on', async () => {
  const { job } = await startGardener([bed(new Map(), 'oak'), bed(new Map(), 'elm')], await tempFolder());

  const { wants } = await planSteps(job, new Set(['oak']));

  expect([...wants]).toEqual([['oak', { name: 'oak', colour: 'green' }]]);
});

test('planSteps() has no step for what is neither wanted nor there', async () => {
  const { job } = await startGardener([bed(new Map(), 'oak', { colour: undefined })], await tempFolder());

  expect((await planSteps(job, new Set(['oak']))).steps).toEqual([]);
});

test('planSteps() updates what is there and no longer wanted', async () => {
  const garden: Garden = new Map([['oak', { colour: 'green' }]]);
  const { job } = await startGardener([bed(garden, 'oak', { colour: undefined })], await tempFolder());

  const { steps } = await planSteps(job, new Set(['oak']));

  expect(steps).toEqual([
    { address: 'oak', action: 'update', label: 'oak', changes: [{ path: 'colour', from: 'green', to: undefined }] },
  ]);
});

test('planSteps() creates the child of something absent without looking for it', async () => {
  const garden: Garden = new Map([['ivy', { colour: 'green' }]]);
  const beds = [bed(garden, 'oak'), bed(garden, 'ivy', { needs: ['oak'] })];
  const { job } = await startGardener(beds, await tempFolder());

  const { steps } = await planSteps(job, new Set(['oak', 'ivy']));

  expect(steps.map(({ address, action }) => [address, action])).toEqual([
    ['oak', 'create'],
    ['ivy', 'create'],
  ]);
});

test('planSteps() looks at what the phase needs, and has no step for it', async () => {
  const garden: Garden = new Map([
    ['oak', { colour: 'brown' }],
    ['moss on green oak', { colour: 'green' }],
    ['moss on brown oak', { colour: 'white' }],
  ]);
  const nameOf = (known: { get(address: string): unknown }) =>
    `moss on ${(known.get('oak') as { colour: string } | undefined)?.colour} oak`;
  const beds = [bed(garden, 'elm'), bed(garden, 'oak'), bed(garden, 'moss', { needs: ['oak'], name: nameOf })];
  const { job } = await startGardener(beds, await tempFolder());

  const { steps } = await planSteps(job, new Set(['moss']));

  expect(steps.map(({ address, label, action }) => [address, label, action])).toEqual([
    ['moss', 'moss on brown oak', 'update'],
  ]);
});

test('planSteps() looks at what the needed things themselves need', async () => {
  const garden: Garden = new Map([
    ['oak', { colour: 'green' }],
    ['branch of oak', { colour: 'green' }],
  ]);
  const branch = (known: { has(address: string): boolean }) => (known.has('oak') ? 'branch of oak' : undefined);
  const beds = [
    bed(garden, 'oak'),
    bed(garden, 'branch', { needs: ['oak'], name: branch }),
    bed(garden, 'nest', { needs: ['branch'] }),
  ];
  const { job } = await startGardener(beds, await tempFolder());

  const { steps } = await planSteps(job, new Set(['nest']));

  expect(steps.map(({ address, action }) => [address, action])).toEqual([['nest', 'create']]);
});

test('planSteps() refuses to build on something that neither exists nor is part of the phase', async () => {
  const beds = [bed(new Map(), 'oak'), bed(new Map(), 'ivy', { needs: ['oak'] })];
  const { job } = await startGardener(beds, await tempFolder());

  const refusal = await planSteps(job, new Set(['ivy'])).catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(RefusedError);
  expect(refusal).toMatchObject({
    message: 'Cannot plan ivy: oak does not exist yet.',
    code: 'NEEDED_THING_MISSING',
    suggestions: ['pixgate init', 'pixgate up'],
  });
});

test('planRemoval() takes away what there is, in the given order, and says why for none', async () => {
  const garden: Garden = new Map([
    ['oak', { colour: 'brown' }],
    ['ivy', { colour: 'green' }],
  ]);
  const beds = [bed(garden, 'oak'), bed(garden, 'elm'), bed(garden, 'ivy', { needs: ['oak'] })];
  const { job } = await startGardener(beds, await tempFolder());

  const { steps } = await planRemoval(job, ['ivy', 'elm', 'oak']);

  expect(steps).toEqual([
    { address: 'ivy', action: 'remove', label: 'ivy', changes: [] },
    { address: 'oak', action: 'remove', label: 'oak', changes: [] },
  ]);
});

test.each(['keep', 'restore'] as const)('planRemoval() has a resource say that its end is to %s', async (ending) => {
  const garden: Garden = new Map([['oak', { colour: 'green' }]]);
  const { job } = await startGardener([bed(garden, 'oak', { ending })], await tempFolder());

  const { steps } = await planRemoval(job, ['oak']);

  expect(steps.map(({ action }) => action)).toEqual([ending]);
});

test('planRemoval() leaves alone what is not asked for', async () => {
  const garden: Garden = new Map([
    ['oak', { colour: 'green' }],
    ['elm', { colour: 'green' }],
  ]);
  const { job } = await startGardener([bed(garden, 'oak'), bed(garden, 'elm')], await tempFolder());

  expect((await planRemoval(job, ['elm'])).steps.map(({ address }) => address)).toEqual(['elm']);
});

test('surveyForRemoval() finds a child whose parent is gone', async () => {
  const garden: Garden = new Map([['ivy', { colour: 'green' }]]);
  const beds = [bed(garden, 'oak'), bed(garden, 'ivy', { needs: ['oak'] })];
  const { job } = await startGardener(beds, await tempFolder());

  expect([...(await surveyForRemoval(job)).sights.keys()]).toEqual(['ivy']);
});

test('surveyForRemoval() finds a child that only the ledger can name, once its parent is gone', async () => {
  const folder = await freshFolder();
  await (await openGardenLedger(folder)).settle('ivy', { name: 'ivy on oak', colour: 'green' });
  const garden: Garden = new Map([['ivy on oak', { colour: 'green' }]]);
  const onOak = (known: { has(address: string): boolean }) => (known.has('oak') ? 'ivy on oak' : undefined);
  const beds = [bed(garden, 'oak'), bed(garden, 'ivy', { needs: ['oak'], name: onOak })];
  const { job } = await startGardener(beds, folder);

  const { sights } = await surveyForRemoval(job);

  expect(sights.get('ivy')?.have).toEqual({ name: 'ivy on oak', colour: 'green' });
});

test('digestSteps() is the same for the same steps', () => {
  expect(digestSteps([STEP, { ...STEP, address: 'lily' }])).toBe(
    digestSteps(structuredClone([STEP, { ...STEP, address: 'lily' }])),
  );
  expect(digestSteps([])).toMatch(/^[0-9a-f]{64}$/);
});

test.each<[string, Step[]]>([
  ['a step more', [STEP, STEP]],
  ['a step less', []],
  ['another address', [{ ...STEP, address: 'lily' }]],
  ['another action', [{ ...STEP, action: 'keep' }]],
  ['another label', [{ ...STEP, label: 'lily' }]],
  ['another field', [{ ...STEP, changes: [{ path: 'b', from: 1, to: 2 }] }]],
  ['another value', [{ ...STEP, changes: [{ path: 'a', from: 1, to: 3 }] }]],
  ['nothing instead of a value', [{ ...STEP, changes: [{ path: 'a', from: 1, to: undefined }] }]],
  ['no reason', [{ ...STEP, changes: [] }]],
])('digestSteps() differs with %s', (_what, steps) => {
  expect(digestSteps(steps)).not.toBe(digestSteps([STEP]));
});

test('digestSteps() differs with another order', () => {
  const other = { ...STEP, address: 'lily' };

  expect(digestSteps([STEP, other])).not.toBe(digestSteps([other, STEP]));
});
