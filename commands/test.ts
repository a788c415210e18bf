import type { Report } from '../src/index.js';
import { withoutBytes } from '../src/terminal/checks.js';
import { ProjectCommand } from '../src/terminal/command.js';
import { nameFlag, testFlags } from '../src/terminal/flags.js';

/** Checks the live gateway. */
export default class Test extends ProjectCommand {
  static override summary = 'Check the live gateway against everything it promises; changes nothing.';
  static override description =
    'Fetches the images every way there is and compares their bytes, provokes every reply, and reads the hardening and the logs back. Each failure names its probable cause and the fix. Exits 1 when a check fails.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --sample 20 --report report.html',
    '<%= config.bin %> <%= command.id %> --json --junit checks.xml',
  ];
  static override flags = { ...testFlags, ...nameFlag };

  protected override readonly showsEachCheck = true;

  async run(): Promise<Report> {
    const { flags } = await this.parse(Test);
    const options = await this.checkOptions(flags);
    const project = await this.open(flags);
    const report = await this.verify(project, options, this.voice.out);
    const result = withoutBytes(report);
    await this.writeReports(report, flags, result);
    this.showUrl(report);
    return this.vouch(report, result, 'list');
  }
}
