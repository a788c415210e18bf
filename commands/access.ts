import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { AccessDocument } from '../src/index.js';
import { aimSecrets, renderAccess } from '../src/terminal/access.js';
import { type AccessTools, runAccess } from '../src/terminal/access-actions.js';
import { ProjectCommand } from '../src/terminal/command.js';
import { nameFlag } from '../src/terminal/flags.js';

/** Tells how to call each mount, and manages keys and users. */
export default class Access extends ProjectCommand {
  static override summary = 'Show for each mount who gets in and how to call it; manage API keys and users.';
  static override description =
    'Alone it prints a call for curl, for a page and for JavaScript, ready to paste, and for signed requests the policy that lets a caller in. ACTION manages API keys (rotate makes a second key of the same name, and the first works until it is deleted) and users of the pool that pixgate made; login NAME signs one in, asks for what the pool asks, and gives an ID token. Secrets are shown only with --reveal, or written to a file of yours with --out; off a terminal a login takes PIXGATE_PASSWORD, PIXGATE_NEW_PASSWORD and PIXGATE_CODE.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> key add ci --out key.txt',
    '<%= config.bin %> <%= command.id %> key rotate default --reveal',
    '<%= config.bin %> <%= command.id %> user add ann --reveal',
    '<%= config.bin %> <%= command.id %> login ann --out token.txt',
  ];
  static override args = {
    action: Args.string({
      multiple: true,
      description:
        'key list|add|show|rotate|delete, user list|add|reset|delete or login, and a name; without it, the calls.',
    }),
  };
  static override flags = {
    reveal: Flags.boolean({ summary: 'Show the secret.', env: 'PIXGATE_REVEAL' }),
    out: Flags.string({
      summary: 'Write the secret to a new file that only you may read.',
      helpValue: 'FILE',
      env: 'PIXGATE_OUT',
    }),
    ...nameFlag,
  };

  async run(): Promise<AccessDocument> {
    const { args, flags } = await this.parse(Access);
    const words = args.action ?? [];
    this.words = words;
    // First, so that whatever is refused suggests commands for this environment.
    const settings = await this.settle(flags);
    const tools: AccessTools = {
      open: () => this.open(flags, settings),
      voice: () => this.voice,
      env: process.env,
      signal: this.interrupt.signal,
      reveal: flags.reveal === true,
      out: flags.out,
    };
    // What is being made is told of: only where somebody is asked, or nothing is made, a signal ends it at once.
    const isMaking = /^(key|user) (add|rotate|delete|reset)\b/.test(words.join(' '));
    const doing = runAccess(words, tools);
    const aim = (command: string) => this.aim(command);
    const done = aimSecrets(await (isMaking ? doing : this.interrupt.race(doing)), aim);
    this.print(this.voice.out, renderAccess(done, this.voice.out, aim));
    this.next('mounts' in done ? await this.firstServe(done, 'test') : 'access');
    return done;
  }
}
