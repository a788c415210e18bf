import { expect, test } from 'vitest';
import type { Change, Plan, Step } from '../../src/model/plan.js';
import { describeChange } from '../../src/terminal/describe-change.js';
import { countSteps, renderOutline, renderPlan, summarizePlan } from '../../src/terminal/plan.js';
import { blankPage } from './blank-page.js';

const steps: readonly Step[] = [
  {
    address: 'bucket/images',
    action: 'create',
    label: 'pixgate-holiday-prod-images-1a2b3c',
    changes: [{ path: 'settings.versioning', from: undefined, to: false }],
  },
  { address: 'role/images', action: 'keep', label: 'pixgate-holiday-prod-images', changes: [] },
  {
    address: 'api',
    action: 'update',
    label: 'holiday-prod',
    changes: [{ path: 'routes.GET /{key+}', from: undefined, to: { replies: [200, 404] } }],
  },
  {
    address: 'stage',
    action: 'update',
    label: 'prod',
    changes: [
      { path: 'deployment', from: 'stale', to: undefined },
      { path: 'cache.sizeGb', from: 0.5, to: 1.6 },
    ],
  },
];

function planOf(change: Partial<Plan>): Plan {
  return {
    phase: 'wire',
    target: 'aws',
    account: '123456789012',
    region: 'eu-west-1',
    name: 'holiday',
    stage: 'prod',
    steps,
    usdPerHour: 0.02,
    notices: ['/images is public: anyone with an address can fetch the images.'],
    digest: 'd',
    ...change,
  };
}

test('renderPlan() says where, what, why, what it costs and how much', () => {
  const lines = renderPlan(planOf({}), blankPage(100));

  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "  wire → aws eu-west-1, account 123456789012: holiday, stage prod
      +  bucket/images  pixgate-holiday-prod-images-1a2b3c
      ~  api            holiday-prod
           + routes.GET /{key+}
      ~  stage          prod
           - deployment stale
           cache.sizeGb 0.5 → 1.6
      =  1 unchanged
      Costs $0.02 an hour, $14.60 a month, used or not: the cache cluster.
      ! /images is public: anyone with an address can fetch the images.
      1 to create, 2 to change."
  `);
});

test('renderOutline() says where, what it costs and how much, and no more', () => {
  expect(renderOutline(planOf({ target: 'local' }), blankPage())).toEqual([
    '  wire → local eu-west-1, account 123456789012: holiday, stage prod',
    '  On AWS this would cost $0.02 an hour, $14.60 a month, used or not: the cache cluster.',
    '  1 to create, 2 to change.',
  ]);
});

test('renderPlan() shows with verbose what stays and every field of what is new', () => {
  const lines = renderPlan(planOf({}), blankPage(100), true);

  expect(lines).toContain('  =  role/images    pixgate-holiday-prod-images');
  expect(lines).toContain('       + settings.versioning false');
});

test('renderPlan() says first what changes for callers, and of the API only how much, but for verbose', () => {
  const said = '/images is public and becomes iam: only signed requests get its images.';
  const changes = [
    { path: 'policy', from: '{"Statement":[1]}', to: '{"Statement":[2]}' },
    { path: 'routes.GET /images/{key+}.access.kind', from: 'public', to: 'iam' },
  ];
  const api: Step = { address: 'api', action: 'update', label: 'holiday-prod', changes };
  const plan = planOf({ steps: [api], notices: ['harm', said], callers: [said], usdPerHour: 0 });

  expect(renderPlan(plan, blankPage()).slice(1)).toEqual([
    `  ! ${said}`,
    '  ~  api  holiday-prod',
    '       2 changes (--verbose shows them)',
    '  Costs nothing by the hour; AWS bills requests, storage and logs.',
    '  ! harm',
    '  1 to change.',
  ]);
  expect(renderPlan(plan, blankPage(), true)).toContain('       policy {"Statement":[1]} → {"Statement":[2]}');
});

test('renderPlan() counts the changes of one step beyond the eighth', () => {
  const changes = Array.from({ length: 11 }, (_, index) => ({ path: `routes.${index}`, from: 1, to: 2 }));

  const lines = renderPlan(planOf({ steps: [{ address: 'api', action: 'update', label: 'a', changes }] }), blankPage());

  expect(lines.filter((line) => line.includes('routes.'))).toHaveLength(8);
  expect(lines).toContain('       and 3 more (--verbose shows them)');
});

test('renderPlan() does not let a name obey the terminal', () => {
  const label = 'evil\u001b[2J\nbucket';

  const lines = renderPlan(planOf({ steps: [{ address: 'api', action: 'create', label, changes: [] }] }), blankPage());

  expect(lines).toContain('  +  api  evil\\x1b[2J\\nbucket');
});

test('renderPlan() stays readable at 20 columns', () => {
  const lines = renderPlan(planOf({}), blankPage(20));

  expect(lines.filter((line) => line.length > 20 && line.trim().includes(' '))).toEqual([]);
  expect(lines.join(' ')).toContain('pixgate-holiday-prod-images-1a2b3c');
});

const puts = Array.from({ length: 4 }, (_, index) => ({ path: `put n${index}.png`, from: undefined, to: 'md5-to' }));

const images: Step = {
  address: 'objects/images',
  action: 'update',
  label: 's3://b/images/',
  changes: [
    ...puts,
    { path: 'put old.png', from: 'md5-from', to: 'md5-to' },
    { path: 'headers h.png', from: { 'Content-Type': 'image/png' }, to: { 'Content-Type': 'image/webp' } },
    { path: 'remove gone\u001b[2J.png', from: 'md5-from', to: undefined },
  ],
};

test('renderPlan() says how many images are sent, get new headers and go, and names five', () => {
  const plan = planOf({ phase: 'upload', steps: [images], notices: [], bytesToSend: { 'objects/images': 1_800_000 } });

  const lines = renderPlan(plan, blankPage());

  expect(lines.slice(1, -1)).toEqual([
    '  ~  objects/images  s3://b/images/',
    '       5 images, 1.8 MB to send; 1 with new headers; 1 to remove',
    ...puts.map((_, index) => `       + n${index}.png`),
    '       ~ old.png',
    '       and 2 more (--verbose shows them)',
  ]);
});

test('renderPlan() names with verbose every image, without digests and harmless to print', () => {
  const lines = renderPlan(planOf({ steps: [images] }), blankPage(), true);

  expect(lines).toContain('       - gone\\x1b[2J.png');
  expect(lines.join('\n')).toContain('image/webp');
  expect(lines.join('\n')).not.toContain('md5');
});

test.each([
  [false, 5, ['  ! and 2 more files not sent (--verbose shows them, upload --plan --json lists them)']],
  [true, 7, []],
])('renderPlan() names the files that are not sent; all with verbose: %s', (verbose, named, more) => {
  const refused = Array.from({ length: 7 }, (_, index) => ({ file: `${index}.txt`, reason: 'is empty' }));

  const lines = renderPlan(planOf({ phase: 'upload', refused, notices: ['harm'] }), blankPage(), verbose);

  const said = lines.slice(lines.indexOf('  ! harm') + 1, -1);
  expect(said).toEqual([...refused.slice(0, named).map(({ file }) => `  ! ${file} is not sent: it is empty`), ...more]);
});

test.each([
  [planOf({ target: 'local' }), 'On AWS this would cost'],
  [planOf({ target: 'aws' }), 'Costs'],
  [planOf({ usdPerHour: 0 }), undefined],
  [planOf({ phase: 'teardown' }), undefined],
])('renderPlan() names the price where there is one (%#)', (plan, expected) => {
  const price = renderPlan(plan, blankPage()).find((line) => line.includes('an hour'));

  expect(price?.trim().startsWith(expected ?? '')).toBe(expected === undefined ? undefined : true);
});

test.each([
  [planOf({ steps: steps.filter((step) => step.action === 'update') }), '2 to change.', 2],
  [planOf({ steps: steps.filter((step) => step.action === 'keep') }), 'Nothing to change.', 0],
  [planOf({ steps: [] }), 'Nothing to change.', 0],
  [
    planOf({
      steps: [
        { address: 'a', action: 'remove', label: 'a', changes: [] },
        { address: 'b', action: 'restore', label: 'b', changes: [] },
      ],
    }),
    '1 to remove, 1 to give back.',
    2,
  ],
])('summarizePlan() counts what would change (%#)', (plan, expected, count) => {
  const sentence = summarizePlan(plan);

  expect([sentence, countSteps(plan)]).toEqual([expected, count]);
});

test.each([
  [{ path: 'cors.origin', from: undefined, to: '*' }, '+ cors.origin *'],
  [{ path: 'throttle', from: { rate: 1 }, to: undefined }, '- throttle {"rate":1}'],
  [{ path: 'description', from: '', to: 'x' }, 'description "" → x'],
  [{ path: 'tracing', from: true, to: false }, 'tracing true → false'],
  [{ path: 'policy', from: undefined, to: 'x'.repeat(99) }, `+ policy ${'x'.repeat(59)}…`],
])('describeChange() says %j in one line', (change, expected) => {
  const line = describeChange(change, 80);

  expect(line).toBe(expected);
});

test.each<[Change, string]>([
  [{ path: 'policy', from: '{"a":1}', to: '{"a":2}' }, 'policy changes'],
  [{ path: 'deployment', from: `pixgate ${'1a'.repeat(8)}`, to: `pixgate ${'2b'.repeat(8)}` }, 'deployment changes'],
  [{ path: 'errors.THROTTLED', from: undefined, to: { status: 429 } }, '+ errors.THROTTLED'],
  [{ path: 'errors.THROTTLED', from: { status: 429 }, to: undefined }, '- errors.THROTTLED'],
  [{ path: 'binaryMediaTypes', from: ['*/*'], to: [] }, 'binaryMediaTypes ["*/*"] → []'],
])('describeChange() shows nobody but who asks what only a machine reads: %j', (change, expected) => {
  expect(describeChange(change, 80, false)).toBe(expected);
});
