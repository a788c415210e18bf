import type { EventEmitter } from 'node:events';

/** The one key that is a whole escape sequence by itself. */
const ESCAPE = '\u001b';

/** Asks with a signal that Esc aborts, which inquirer does not know as a key; `outer` aborts it too. */
export async function untilEscape<T>(
  input: EventEmitter,
  outer: AbortSignal | undefined,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const heard = (_text: unknown, key?: { readonly sequence?: string }) => {
    if (key?.sequence === ESCAPE) controller.abort();
  };
  // inquirer's readline emits these once it reads the input.
  input.on('keypress', heard);
  try {
    return await ask(outer === undefined ? controller.signal : AbortSignal.any([outer, controller.signal]));
  } finally {
    input.off('keypress', heard);
  }
}
