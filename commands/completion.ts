import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as Args from '@oclif/core/args';
import { UsageError } from '../src/errors.js';
import type { CompletionDocument } from '../src/index.js';
import { accessWords } from '../src/terminal/access-words.js';
import { BaseCommand } from '../src/terminal/base-command.js';
import { type CompletedCommand, renderCompletion } from '../src/terminal/completion.js';

/** Prints what a shell needs to complete what is typed. */
export default class Completion extends BaseCommand {
  static override summary = 'Print a script that completes commands, flags and values in your shell.';
  static override description =
    'For bash, and for zsh through its bashcompinit. The script is fixed text: a shell that has read it starts no pixgate to complete a word.';
  static override examples = [
    'source <(<%= config.bin %> <%= command.id %> bash)',
    '<%= config.bin %> <%= command.id %> bash > ~/.local/share/bash-completion/completions/pixgate',
  ];
  static override args = { shell: Args.string({ description: 'bash' }) };

  async run(): Promise<CompletionDocument> {
    const { args } = await this.parse(Completion);
    if (args.shell !== 'bash') {
      const got = args.shell === undefined ? 'it is missing' : `got ${JSON.stringify(args.shell)}`;
      throw new UsageError(`SHELL must be bash: ${got}.`, {
        suggestions: ['source <(pixgate completion bash)', 'in zsh first: autoload -U +X bashcompinit && bashcompinit'],
      });
    }
    const script = renderCompletion(readCommands(this.config.root));
    this.voice.out.line(script.trimEnd());
    return { script };
  }
}

/** What the manifest of the package says of the commands. */
function readCommands(root: string): CompletedCommand[] {
  const manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as {
    readonly commands: Readonly<Record<string, { readonly flags: Record<string, CompletedCommand['flags'][number]> }>>;
  };
  return Object.entries(manifest.commands).map(([name, { flags }]) => ({
    name,
    flags: Object.values(flags),
    words: { access: accessWords, completion: { completion: ['bash'] } }[name],
  }));
}
