import {
  CreateApiKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  UpdateApiKeyCommand,
} from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { METER_TABLES } from '../../../src/emulator/apigateway/usage-plan-meter.js';
import { badRequest, type ControlPlane, conflict, createControlPlane, notFound, patch } from './control-plane.js';

const VALUE = 'a-key-of-twenty-or-more-characters';
const NOW = new Date('2026-01-02T03:04:05Z');

/** Ids of the keys on one page, and where the next begins. */
async function readPage(plane: ControlPlane, input: GetApiKeysCommand['input'] = {}) {
  const { items = [], position } = await plane.client.send(new GetApiKeysCommand(input));
  return { names: items.map(({ name }) => name), position };
}

const makeKeys = (plane: ControlPlane, ...keys: readonly object[]) =>
  keys.map((key) => String(plane.make('POST', '/apikeys', key)['id']));

describe('CreateApiKey', () => {
  it('makes a disabled key with a value of its own, which only this answer tells unasked', async () => {
    const plane = createControlPlane();

    const { $metadata: made, ...key } = await plane.client.send(new CreateApiKeyCommand({ name: 'partner' }));
    const get = (includeValue?: boolean) =>
      plane.client.send(new GetApiKeyCommand({ apiKey: key.id, ...(includeValue !== undefined && { includeValue }) }));
    const { $metadata: _1, ...unasked } = await get();
    const { $metadata: _2, ...refused } = await get(false);
    const { $metadata: _3, ...asked } = await get(true);

    const { value, ...rest } = key;
    expect(made.httpStatusCode).toBe(201);
    expect(rest).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{10}$/),
      name: 'partner',
      enabled: false,
      createdDate: NOW,
      lastUpdatedDate: NOW,
      stageKeys: [],
    });
    expect(value).toMatch(/^[A-Za-z0-9]{40}$/);
    expect([unasked, refused, asked]).toEqual([rest, rest, key]);
  });

  it('keeps what it is given', async () => {
    const plane = createControlPlane();
    const input = {
      name: 'partner',
      description: 'of ours',
      customerId: 'c-1',
      enabled: true,
      value: VALUE,
      tags: { team: 'web' },
    };

    const { id } = await plane.client.send(new CreateApiKeyCommand({ ...input, generateDistinctId: true }));

    const kept = await plane.client.send(new GetApiKeyCommand({ apiKey: id, includeValue: true }));
    expect(kept).toMatchObject(input);
    expect(id).not.toBe(VALUE);
  });

  it.each([
    [{ value: 'a'.repeat(19) }, badRequest('API Key value should be at least 20 characters')],
    [{ value: '' }, badRequest('API Key value should be at least 20 characters')],
    [{ value: 'a'.repeat(129) }, badRequest('API Key value exceeds maximum size of 128 characters')],
    [{ name: 'a'.repeat(1025) }, badRequest('Invalid API Key name, can be at most 1024 characters.')],
    [{ description: 'a'.repeat(125_001) }, badRequest('Invalid API Key description specified.')],
  ])('refuses a key that is out of bounds, and makes none', (body, refusal) => {
    const plane = createControlPlane();

    expect(plane.ask('POST', '/apikeys', body)).toEqual(refusal);
    expect(plane.make('GET', '/apikeys')).toEqual({ item: [] });
  });

  it.each([{ value: 'a'.repeat(20) }, { value: 'a'.repeat(128) }, { name: 'a'.repeat(1024) }])(
    'takes one that is just within them',
    (body) => {
      expect(createControlPlane().make('POST', '/apikeys', body)).toMatchObject(body);
    },
  );

  it('refuses a value that is taken in the Region without telling it, until that key is gone', () => {
    const plane = createControlPlane();
    const [id] = makeKeys(plane, { value: VALUE });

    const taken = plane.ask('POST', '/apikeys', { value: VALUE });
    const elsewhere = plane.ask('POST', '/apikeys', { value: VALUE }, 'us-east-1');
    plane.make('DELETE', `/apikeys/${id}`);
    const again = plane.ask('POST', '/apikeys', { value: VALUE });

    expect(taken).toEqual(conflict('API Key already exists'));
    expect([elsewhere.status, again.status]).toEqual([201, 201]);
  });
});

describe('GetApiKeys', () => {
  it('lists the newest first, page after page, also when keys are made and removed in between', async () => {
    const plane = createControlPlane();
    const ids = makeKeys(plane, ...Array.from({ length: 7 }, (_, n) => ({ name: `${n}` })));

    const first = await readPage(plane, { limit: 3 });
    makeKeys(plane, { name: 'new' });
    plane.make('DELETE', `/apikeys/${ids[4]}`);
    const second = await readPage(plane, { limit: 3, position: first.position });
    const third = await readPage(plane, { position: second.position });

    expect([first.names, second.names, third.names]).toEqual([['6', '5', '4'], ['3', '2', '1'], ['0']]);
    expect(third.position).toBeUndefined();
    expect((await readPage(plane)).names).toEqual(['new', '6', '5', '3', '2']);
  });

  it.each([
    [{ nameQuery: 'web' }, ['web-2', 'web-1']],
    [{ nameQuery: 'Web' }, ['Web-3']],
    [{ nameQuery: '-1' }, []],
    [{ customerId: 'c1' }, ['web-2', 'Web-3']],
    [{ nameQuery: 'web', customerId: 'c1' }, ['web-2']],
  ])('finds by the beginning of the name, in its case, and by customer: %j', async (input, names) => {
    const plane = createControlPlane();
    makeKeys(plane, { name: 'Web-3', customerId: 'c1' }, {}, { name: 'web-1' }, { name: 'web-2', customerId: 'c1' });

    expect((await readPage(plane, input)).names).toEqual(names);
  });

  it('tells values only where they are asked for, and nothing of another Region', async () => {
    const plane = createControlPlane();
    makeKeys(plane, { value: VALUE });
    const values = async (input: GetApiKeysCommand['input']) =>
      (await plane.client.send(new GetApiKeysCommand(input))).items?.map(({ value }) => value);

    expect([await values({}), await values({ includeValues: false }), await values({ includeValues: true })]).toEqual([
      [undefined],
      [undefined],
      [VALUE],
    ]);
    expect(plane.ask('GET', '/apikeys?includeValues=true', undefined, 'us-east-1').body).toEqual({ item: [] });
  });
});

describe('UpdateApiKey', () => {
  it('changes what is named and when, and tells no value', async () => {
    const plane = createControlPlane();
    const [apiKey = ''] = makeKeys(plane, { name: 'a', description: 'b', customerId: 'c', value: VALUE });
    plane.advance(60_000);

    const { $metadata: _, ...key } = await plane.client.send(
      new UpdateApiKeyCommand({
        apiKey,
        patchOperations: [
          { op: 'replace', path: '/name', value: 'd' },
          { op: 'replace', path: '/description', value: 'e' },
          { op: 'replace', path: '/customerId', value: '' },
          { op: 'replace', path: '/enabled', value: 'true' },
        ],
      }),
    );

    expect(key).toEqual({
      id: apiKey,
      name: 'd',
      description: 'e',
      enabled: true,
      createdDate: NOW,
      lastUpdatedDate: new Date(NOW.getTime() + 60_000),
      stageKeys: [],
    });
    expect(plane.make('GET', `/apikeys/${apiKey}?includeValue=true`)).toMatchObject({ name: 'd', value: VALUE });
  });

  it.each([
    ['true', true],
    ['TRUE', true],
    ['false', false],
    ['yes', false],
    [undefined, false],
  ])('takes %j of /enabled for %s', (value, enabled) => {
    const plane = createControlPlane();
    const [id] = makeKeys(plane, { enabled: !enabled });

    expect(plane.make('PATCH', `/apikeys/${id}`, patch(['replace', '/enabled', value]))).toMatchObject({ enabled });
  });

  it.each([
    [
      ['replace', '/id', 'x'],
      "Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/description, /enabled, /name, /customerId]",
    ],
    [
      ['replace', '/value', VALUE],
      "Invalid patch path  '/value' specified for op 'replace'. Must be one of: [/description, /enabled, /name, /customerId]",
    ],
    [['add', '/name', 'x'], "Invalid patch path  '/name' specified for op 'add'. Please choose supported operations"],
    [['replace', '/name', 'a'.repeat(1025)], 'Invalid API Key name, can be at most 1024 characters.'],
    [['replace', '/description', 'a'.repeat(125_001)], 'Invalid API Key description specified.'],
  ] as const)('refuses a change that is not allowed, and those before it: %#', (change, message) => {
    const plane = createControlPlane();
    const [id] = makeKeys(plane, { name: 'a' });
    const before = plane.make('GET', `/apikeys/${id}`);

    const reply = plane.ask('PATCH', `/apikeys/${id}`, patch(['replace', '/enabled', 'true'], change));

    expect(reply).toEqual(badRequest(message));
    expect(plane.make('GET', `/apikeys/${id}`)).toEqual(before);
  });
});

describe('DeleteApiKey', () => {
  it('takes the key out of its plans, and forgets its value and what it used', async () => {
    const plane = createControlPlane();
    const [goes = '', stays = ''] = makeKeys(plane, { name: 'goes', value: VALUE }, { name: 'stays' });
    const plans = ['a', 'b'].map((name) => plane.make('POST', '/usageplans', { name })['id']);
    for (const plan of plans)
      for (const keyId of [goes, stays]) plane.make('POST', `/usageplans/${plan}/keys`, { keyId, keyType: 'API_KEY' });
    const usage = (keyId: string) => `eu-central-1/${plans[0]}/${keyId}/2026-01-02`;
    for (const keyId of [goes, stays]) plane.store.put(METER_TABLES.usage, usage(keyId), 1);

    const { $metadata } = await plane.client.send(new DeleteApiKeyCommand({ apiKey: goes }));

    expect($metadata.httpStatusCode).toBe(202);
    for (const plan of plans)
      expect(plane.make('GET', `/usageplans/${plan}/keys`)).toMatchObject({ item: [{ id: stays }] });
    expect(plane.store.list(METER_TABLES.usage).map(({ key }) => key)).toEqual([usage(stays)]);
    const rows = plane.store.tables().flatMap((table) => plane.store.list(table));
    expect(JSON.stringify(rows)).not.toContain(VALUE);
    expect((await readPage(plane)).names).toEqual(['stays']);
  });

  it.each(['GET', 'PATCH', 'DELETE'])('does not find, nor %s, a key that is not there or in another Region', (verb) => {
    const plane = createControlPlane();
    const [id] = makeKeys(plane, {});
    const missing = notFound('Invalid API Key identifier specified');

    expect(plane.ask(verb, '/apikeys/nothere', {})).toEqual(missing);
    expect(plane.ask(verb, `/apikeys/${id}`, {}, 'us-east-1')).toEqual(missing);
  });
});
