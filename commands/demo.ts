import * as Flags from '@oclif/core/flags';
import type { UpDocument } from '../src/index.js';
import { withoutBytes } from '../src/terminal/checks.js';
import { DemoCommand } from '../src/terminal/demo-command.js';
import { portFlag, testFlags } from '../src/terminal/flags.js';

/** Shows the whole life on a local cloud of its own. */
export default class Demo extends DemoCommand {
  static override summary = 'The whole life with sample images on the local cloud: up, test, teardown.';
  static override description =
    'Needs no account, no network and no answers. Shows a cache miss and a hit, and leaves nothing. With --keep it stays in ./pixgate-demo and is served until Ctrl-C.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --report demo.html',
    '<%= config.bin %> <%= command.id %> --keep',
  ];
  static override flags = {
    keep: Flags.boolean({ summary: 'Leave it in ./pixgate-demo and serve it until Ctrl-C.', env: 'PIXGATE_KEEP' }),
    ...portFlag,
    ...testFlags,
  };

  async run(): Promise<UpDocument | undefined> {
    const { flags } = await this.parse(Demo);
    const options = await this.checkOptions(flags);
    const demo = await this.openDemo(flags);
    const result = await this.go(demo.project, 'up');
    this.announceDemo(result, flags.keep ?? false);
    const report = await this.verify(demo.project, options, this.voice.out);
    const whole = { ...result, report: withoutBytes(report) };
    await this.writeReports(report, demo.files, whole);
    if (flags.keep) return this.serveDemo(demo, whole);
    const { left = [] } = this.announce(await this.go(demo.project, 'teardown'));
    return this.vouch(report, { ...whole, left }, 'demo --keep');
  }
}
