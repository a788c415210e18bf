import { flush } from '@oclif/core/flush';
import { run } from '@oclif/core/run';
import { settings } from '@oclif/core/settings';

export { handle } from '@oclif/core/handle';

/** Has oclif do what was typed: helps, and what is no command of ours. `from` is the path of a file of the package. */
export async function start(argv: string[], from: string): Promise<void> {
  // Else it reads tsconfig.json, to find sources that only bin/dev.js compiles.
  settings.enableAutoTranspile = false;
  await run(argv, from);
  void flush();
}
