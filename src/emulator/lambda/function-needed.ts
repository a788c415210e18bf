import type { FunctionAsk } from '../operation.js';

/** What the front needs to know to call a function. */
export interface NeededFunction extends Pick<FunctionAsk, 'functionArn' | 'event'> {
  /** Absolute path of the module. */
  readonly file: string;
}

/** Ends a call that cannot go on without a function's answer: nothing of it is kept, and it runs again once the answer is there. */
export class FunctionNeeded extends Error {
  override readonly name = 'FunctionNeeded';
  /** Which function, and what it is asked. */
  readonly needed: NeededFunction;

  constructor(needed: NeededFunction) {
    super(`The answer of ${needed.functionArn} is needed.`);
    this.needed = needed;
  }
}

/** Under which key a call finds a function's answer to an event. */
export function toFunctionKey({ functionArn, event }: Pick<FunctionAsk, 'functionArn' | 'event'>): string {
  return JSON.stringify([functionArn, event]);
}
