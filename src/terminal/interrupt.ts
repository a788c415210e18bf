import { constants } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { CancelledError } from '../errors.js';

/** What asks a command to stop: a key, a kill, a closed terminal. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The part of a process that is watched. */
export interface SignalSource {
  /** Starts to hear a signal. */
  on(signal: StopSignal, heard: (signal: StopSignal) => void): unknown;
  /** Hears it no longer. */
  off(signal: StopSignal, heard: (signal: StopSignal) => void): unknown;
}

/** A watch over the signals that stop a command. */
export interface Interrupt {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal;
  /** The first signal that came; undefined while none has. */
  caught(): StopSignal | undefined;
  /** Waits for the work or the first signal, whichever comes first; a signal that came while the work let nobody else have a turn counts as first. @throws {CancelledError} when the signal does */
  race<T>(work: Promise<T>): Promise<T>;
  /** Resolves at the first signal. */
  wait(): Promise<void>;
  /** Watches no longer. */
  dispose(): void;
}

/** The shell's number for a command that a signal ended: 130, 143 or 129. */
export function exitCodeOfSignal(signal: StopSignal): number {
  return 128 + constants.signals[signal];
}

/** Watches a process: the first signal aborts and calls `onFirst`, the second calls `leave` with its exit code. */
export function watchInterrupts(
  source: SignalSource,
  onFirst: (signal: StopSignal) => void,
  leave: (exitCode: number) => void,
): Interrupt {
  const controller = new AbortController();
  const { signal } = controller;
  let first: StopSignal | undefined;
  const heard = (name: StopSignal) => {
    if (first !== undefined) return leave(exitCodeOfSignal(name));
    first = name;
    onFirst(name);
    controller.abort(new CancelledError(`Stopped by ${name} while nothing was being changed.`));
  };
  for (const name of signals) source.on(name, heard);

  const wait = () =>
    new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  return {
    signal,
    caught: () => first,
    wait,
    race: (work) =>
      Promise.race([
        work.then(async (done) => {
          // The loop looks for signals between these two, at the latest.
          await setImmediate();
          await setImmediate();
          return done;
        }),
        wait().then((): never => {
          throw signal.reason;
        }),
      ]),
    dispose: () => {
      for (const name of signals) source.off(name, heard);
    },
  };
}
