import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { CancelledError } from '../../src/errors.js';
import { exitCodeOfSignal, type StopSignal, watchInterrupts } from '../../src/terminal/interrupt.js';

function watch() {
  const source = new EventEmitter();
  const heard: string[] = [];
  const interrupt = watchInterrupts(
    source,
    (signal) => heard.push(`first ${signal}`),
    (exitCode) => heard.push(`leave ${exitCode}`),
  );
  const send = (signal: StopSignal) => source.emit(signal, signal);
  return { source, heard, interrupt, send };
}

test('watchInterrupts() aborts at the first signal and leaves at the second', () => {
  const { heard, interrupt, send } = watch();

  send('SIGINT');
  const abortedByFirst = interrupt.signal.aborted;
  send('SIGTERM');

  expect(abortedByFirst).toBe(true);
  expect(interrupt.caught()).toBe('SIGINT');
  expect(heard).toEqual(['first SIGINT', 'leave 143']);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('exitCodeOfSignal() gives %s the number %i', (signal, expected) => {
  const code = exitCodeOfSignal(signal);

  expect(code).toBe(expected);
});

test('Interrupt.race() gives the work when no signal comes', async () => {
  const { interrupt } = watch();

  const done = await interrupt.race(Promise.resolve('done'));

  expect(done).toBe('done');
});

test('Interrupt.race() cancels work that a signal overtakes', async () => {
  const { interrupt, send } = watch();

  const race = interrupt.race(new Promise(() => {}));
  send('SIGINT');

  await expect(race).rejects.toBeInstanceOf(CancelledError);
});

test('Interrupt.race() hears a signal that waited while the work let nobody else have a turn', async () => {
  const { interrupt, send } = watch();
  setImmediate(() => send('SIGINT'));

  const race = interrupt.race(Promise.resolve('done'));

  await expect(race).rejects.toBeInstanceOf(CancelledError);
});

test('Interrupt.wait() resolves even when the signal came before', async () => {
  const { interrupt, send } = watch();
  send('SIGHUP');

  await interrupt.wait();

  expect(interrupt.caught()).toBe('SIGHUP');
});

test('Interrupt.dispose() leaves no listener behind', () => {
  const { source, interrupt } = watch();

  interrupt.dispose();

  expect(source.eventNames()).toEqual([]);
});
