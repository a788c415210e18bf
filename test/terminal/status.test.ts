import { expect, test } from 'vitest';
import type { Status, StatusThing } from '../../src/model/status.js';
import { createPage, widthOf } from '../../src/terminal/page.js';
import { complainOfDrift, isInOrder, renderStatus, repairOf, summarizeStatus } from '../../src/terminal/status.js';
import { blankPage } from './blank-page.js';

const bucket: StatusThing = {
  address: 'bucket/images',
  label: 'pixgate-holiday-dev-images-1a2b3c-123456789012-eu-west-1-an',
  state: 'present',
  createdAt: '2026-11-23T06:50:00.000Z',
  detail: 'eu-west-1',
  drift: [],
};
const objects: StatusThing = {
  address: 'objects/images',
  label: 's3://pixgate-holiday-dev-images-1a2b3c-123456789012-eu-west-1-an/images/',
  state: 'present',
  images: 14,
  bytes: 2_300_000,
  drift: [],
};
const logging: StatusThing = {
  address: 'logging',
  label: 'logging role of account 123456789012 in eu-west-1',
  state: 'adopted',
  detail: "the account's own role, used as it is",
  drift: [],
};
const stage: StatusThing = { address: 'stage', label: 'dev', state: 'present', detail: 'cache of 0.5 GB', drift: [] };

function statusOf(change: Partial<Status> = {}): Status {
  return {
    target: 'aws',
    account: '123456789012',
    region: 'eu-west-1',
    name: 'holiday',
    stage: 'dev',
    exists: true,
    createdAt: '2026-11-23T06:50:00.000Z',
    createdBy: 'ann@laptop',
    usdPerHour: 0.02,
    url: 'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/dev',
    deployment: 'current',
    things: [bucket, objects, logging, stage],
    drifted: 0,
    notices: [],
    ...change,
  };
}

const role: StatusThing = {
  address: 'role/images',
  label: 'pixgate-holiday-dev-images-1a2b3c',
  state: 'missing',
  drift: [],
  fix: 'pixgate wire',
};
const taken: StatusThing = {
  address: 'logs',
  label: '/pixgate/holiday/dev/access',
  state: 'refused',
  detail: 'Cannot use log group "/pixgate/holiday/dev/access": it exists without the tags of this project.',
  drift: [],
};
const drifting: StatusThing = {
  ...bucket,
  drift: [
    { path: 'settings.publicAccessBlocked', from: false, to: true },
    { path: 'tags.team', from: 'other', to: 'web' },
  ],
  fix: 'pixgate init',
};

test('renderStatus() sets out an environment in order', () => {
  expect(renderStatus(statusOf(), blankPage(80)).join('\n')).toMatchInlineSnapshot(`
    "  environment  holiday, stage dev
      where        AWS, eu-west-1, account 123456789012
      since        2026-11-23 06:50 UTC, by ann@laptop
      costs        $0.02 an hour, $14.60 a month: the cache cluster
      expires      never
      serves       https://a1b2c3.execute-api.eu-west-1.amazonaws.com/dev

      ✓  bucket/images   pixgate-holiday-dev-images-1a2b3c-123456789012-eu-west-1-an
      ✓  objects/images  14 images, 2.3 MB
      ✓  logging         the account's own role, used as it is
      ✓  stage           dev, cache of 0.5 GB

      Everything is as configured, and every edit is deployed."
  `);
});

test('renderStatus() names what is missing, what differs, and what stands in the way', () => {
  const things = [drifting, objects, role, logging, taken, stage];
  const status = statusOf({ things, drifted: 3, deployment: 'edited', expiresAt: '2026-11-24T10:00:00.000Z' });

  expect(renderStatus(status, blankPage(80)).join('\n')).toMatchInlineSnapshot(`
    "  environment  holiday, stage dev
      where        AWS, eu-west-1, account 123456789012
      since        2026-11-23 06:50 UTC, by ann@laptop
      costs        $0.02 an hour, $14.60 a month: the cache cluster
      expires      2026-11-24 10:00 UTC
      serves       https://a1b2c3.execute-api.eu-west-1.amazonaws.com/dev

      ~  bucket/images   pixgate-holiday-dev-images-1a2b3c-123456789012-eu-west-1-an
           Block Public Access: off → on
           tag team: other → web
      ✓  objects/images  14 images, 2.3 MB
      +  role/images     missing: pixgate-holiday-dev-images-1a2b3c
      ✓  logging         the account's own role, used as it is
      ✗  logs            Cannot use log group "/pixgate/holiday/dev/access": it
                         exists without the tags of this project.
      ✓  stage           dev, cache of 0.5 GB

      1 thing missing, 1 thing not as configured, 1 thing in the way. The API has
      edits that are not deployed: the stage still serves what was before."
  `);
});

test('renderStatus() of nothing says so in one sentence', () => {
  const {
    createdAt: _at,
    createdBy: _by,
    url: _url,
    ...rest
  } = statusOf({ exists: false, things: [role], drifted: 1 });

  expect(renderStatus(rest, blankPage(80)).at(-1)).toBe('  Nothing of holiday, stage dev, exists yet.');
});

test('renderStatus() keeps to the width of the page but for words that cannot be broken, with colour or without', () => {
  const status = statusOf({ things: [drifting, objects, role, logging, taken, stage], drifted: 3 });
  const page = createPage({ write: () => {}, columns: 60, color: true });

  const wide = renderStatus(status, page).filter((line) => widthOf(line) > 60);

  expect(wide.every((line) => /pixgate-holiday|execute-api/.test(line))).toBe(true);
});

test('renderStatus() shows eight fields of a thing, and all of them when told so', () => {
  const drift = Array.from({ length: 12 }, (_, n) => ({ path: `tags.t${n}`, from: 'a', to: 'b' }));
  const status = statusOf({ things: [{ ...bucket, drift, fix: 'pixgate init' }], drifted: 1 });

  const brief = renderStatus(status, blankPage()).filter((line) => line.includes('tag t'));
  const whole = renderStatus(status, blankPage(), { verbose: true }).filter((line) => line.includes('tag t'));

  expect([brief.length, whole.length]).toEqual([8, 12]);
  expect(renderStatus(status, blankPage())).toContain('       and 4 more (--verbose shows them)');
});

test.each<[Partial<Status>, string, string | undefined, boolean]>([
  [{}, 'Everything is as configured, and every edit is deployed.', undefined, true],
  [
    { unread: 1 },
    'All but the images, which are not compared, is as configured, and every edit is deployed.',
    undefined,
    true,
  ],
  [
    { deployment: 'edited' },
    'The API has edits that are not deployed: the stage still serves what was before.',
    'wire',
    false,
  ],
  [
    { things: [drifting, role, taken], drifted: 3 },
    '1 thing missing, 1 thing not as configured, 1 thing in the way.',
    'up',
    false,
  ],
  [
    { refused: [{ file: 'a\x1b.txt', reason: 'is empty' }] },
    '1 file of the folder cannot be sent: a\\x1b.txt is empty.',
    undefined,
    false,
  ],
  [
    { refused: ['a', 'b', 'c', 'd'].map((file) => ({ file, reason: 'is empty' })), things: [role], drifted: 1 },
    '1 thing missing. 4 files of the folder cannot be sent: a is empty; b is empty; c is empty; and 1 more.',
    'wire',
    false,
  ],
  [{ exists: false, things: [role], drifted: 1 }, 'Nothing of holiday, stage dev, exists yet.', 'up', false],
])('summarizeStatus(), repairOf() and isInOrder() agree about %j', (change, sentence, repair, inOrder) => {
  const status = statusOf(change);

  expect(summarizeStatus(status)).toBe(sentence);
  expect(repairOf(status)).toBe(repair);
  expect(isInOrder(status)).toBe(inOrder);
});

test.each<[Partial<Status>, string]>([
  [{ things: [role], drifted: 1 }, 'DRIFT'],
  [{ deployment: 'edited' }, 'NOT_DEPLOYED'],
])('complainOfDrift() of %j has the code %s', (change, code) => {
  const error = complainOfDrift(statusOf(change), ['pixgate wire']);

  expect(error).toMatchObject({ code, suggestions: ['pixgate wire'] });
  expect(error.message).toMatch(/^Cannot vouch for "holiday": /);
});

test.each<[Partial<Status>, string, number]>([
  [{}, 'FILES_REFUSED', 1],
  [{ deployment: 'edited' }, 'NOT_DEPLOYED', 1],
  [{ things: [role], drifted: 1 }, 'DRIFT', 2],
])('complainOfDrift() of refused files and %j says what to do with them, with the code %s', (change, code, failed) => {
  const status = statusOf({ ...change, refused: [{ file: 'a.txt', reason: 'is empty' }] });

  const error = complainOfDrift(status, []);

  expect(error).toMatchObject({
    code,
    failed,
    total: status.things.length + 1,
    suggestions: ['mend or remove them', expect.stringContaining('leave them out')],
  });
  expect(error.message).toContain('1 file of the folder cannot be sent: a.txt is empty.');
});
