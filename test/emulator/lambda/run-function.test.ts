import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runFunction } from '../../../src/emulator/lambda/run-function.js';

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:door';

/** A module in a folder of its own. */
function moduleOf(text: string, name = 'door.mjs'): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'function-')), name);
  writeFileSync(file, text);
  return file;
}

const run = (file: string, timeoutMs?: number) =>
  runFunction({ functionArn: ARN, file, event: { n: 1 } }, { requestId: 'r-1', timeoutMs });

describe('runFunction()', () => {
  it.each([
    ['a default export', 'export default async (event) => ({ got: event.n });', { got: 1 }],
    ['an export called handler', 'export const handler = (event) => ({ got: event.n });', { got: 1 }],
    ['a default export before a handler', 'export default () => 1; export const handler = () => 2;', 1],
    ['one that calls back', 'export const handler = (event, context, done) => { done(null, event.n); };', 1],
    ['one that calls back late', 'export const handler = (e, c, done) => { setTimeout(() => done(null, 7), 1); };', 7],
    ['one that could call back and returns', 'export const handler = async (e, c, done) => 3;', 3],
    ['one that answers nothing', 'export default () => undefined;', null],
    [
      'one that answers what JSON leaves out',
      'export default () => ({ a: undefined, b: new Date(0) });',
      { b: '1970-01-01T00:00:00.000Z' },
    ],
    [
      'one that asks for its context',
      'export default (e, c) => [c.functionName, c.invokedFunctionArn, c.awsRequestId, c.getRemainingTimeInMillis() > 0];',
      ['door', ARN, 'r-1', true],
    ],
  ])('answers what the function does: %s', async (_what, text, value) => {
    expect(await run(moduleOf(text))).toEqual({ kind: 'answer', value });
  });

  it.each([
    ['throws', 'export default () => { throw new Error("Unauthorized"); };', 'Unauthorized'],
    ['rejects', 'export default async () => { throw new Error("no"); };', 'no'],
    ['throws a text', 'export default () => { throw "Unauthorized"; };', 'Unauthorized'],
    ['calls back with an error', 'export const handler = (e, c, done) => done("Unauthorized");', 'Unauthorized'],
    ['exports no function', 'export default 1;', 'The module exports no function.'],
  ])('tells the message of one that %s', async (_what, text, message) => {
    expect(await run(moduleOf(text))).toEqual({ kind: 'error', message });
  });

  it.each([
    ['is not there', '/nowhere/door.mjs'],
    ['does not load', moduleOf('export default (')],
    ['answers what is no JSON', moduleOf('export default () => { const a = {}; a.a = a; return a; };')],
  ])('ends with an error for a module that %s', async (_what, file) => {
    expect(await run(file)).toMatchObject({ kind: 'error' });
  });

  it('waits no longer than it is told', async () => {
    const file = moduleOf('export default () => new Promise(() => {});');

    expect(await run(file, 20)).toEqual({ kind: 'timeout' });
  });

  it('hands the function a copy of the event', async () => {
    const event = { list: [1] };

    await runFunction(
      { functionArn: ARN, file: moduleOf('export default (e) => e.list.push(2);'), event },
      { requestId: '' },
    );

    expect(event).toEqual({ list: [1] });
  });

  it('loads the module anew once the file has changed', async () => {
    const file = moduleOf('export default () => 1;');
    const before = await run(file);

    writeFileSync(file, 'export default () => 2;');
    utimesSync(file, 1, 1);

    expect([before, await run(file)]).toEqual([
      { kind: 'answer', value: 1 },
      { kind: 'answer', value: 2 },
    ]);
  });
});
