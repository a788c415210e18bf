import type { ListDocument } from '../src/index.js';
import { renderEnvironments } from '../src/terminal/results.js';
import { SettledCommand } from '../src/terminal/settled-command.js';

/** Finds every environment of an account and Region. */
export default class List extends SettledCommand {
  static override summary = 'Show every environment that the account and Region hold.';
  static override description =
    'Finds them by name and tag, so no state file is needed. With --target local: those of the local cloud of this folder.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --region eu-west-1',
    '<%= config.bin %> <%= command.id %> --target local --json',
  ];

  async run(): Promise<ListDocument> {
    const { flags } = await this.parse(List);
    const settings = await this.settle(flags);
    const environments = await this.listEnvironments(await this.findPlace(flags), settings);
    this.print(this.voice.out, renderEnvironments(environments, this.voice.out));
    const isOver = environments.some(({ expired }) => expired);
    this.next(environments.length === 0 ? 'up' : isOver ? 'teardown --expired' : 'test');
    return { environments };
  }
}
