import { join } from 'node:path';
import type { ApplyResult, Phase, Project } from '../index.js';
import { ProjectCommand } from './command.js';
import { type DemoFolder, makeKeptFolder, makeTemporaryFolder } from './demo-folder.js';
import { requireLocal } from './local-only.js';
import { renderOutline, renderPlan } from './plan.js';
import type { ReportFiles } from './report-files.js';
import type { GivenFlags } from './setup.js';
import { countOf } from './units.js';
import { parsePort } from './whole-number.js';

/** A demo that is under way. */
export interface OpenDemo {
  /** The demo's folder, absolute. */
  readonly directory: string;
  /** Opened on the local cloud in that folder. */
  readonly project: Project;
  /** Port that the served URLs name. */
  readonly port: number;
  /** Reports to write; a kept demo has its page in its folder. */
  readonly files: ReportFiles;
}

/** What the demo does beside the ordinary commands: a folder with samples, and serving it. */
export abstract class DemoCommand extends ProjectCommand {
  #folder: DemoFolder | undefined;

  /**
   * Opens a project with the packaged samples on a local cloud of its own, whatever variables and files say.
   *
   * @throws {UsageError} when it is asked to run on AWS
   */
  protected async openDemo(
    flags: GivenFlags & ReportFiles & { readonly keep?: boolean | undefined },
  ): Promise<OpenDemo> {
    requireLocal('demo', flags);
    const port = parsePort(flags['port']);
    const { endpointUrl: _endpoint, profile: _profile, ...settings } = await this.settle({ ...flags, yes: true });
    const samples = join(this.config.root, 'samples');
    this.#folder = flags.keep ? await makeKeptFolder(process.cwd(), samples) : await makeTemporaryFolder(samples);
    const { directory, source } = this.#folder;
    const setup = await this.setUp(
      {
        ...{ name: 'demo', stage: 'demo', region: 'us-east-1', target: 'local' },
        ...{ source, access: 'public', 'cache-size': '0.5' },
      },
      { cwd: directory, env: {} },
    );
    if (flags.keep) await this.keep(setup);
    const project = await this.openWith(setup.config, { ...settings, target: 'local', localPort: port });
    const { report = flags.keep ? join(directory, 'report.html') : undefined, junit } = flags;
    return { directory, project, port, files: { report, junit } };
  }

  /** Plans and does one phase, which nobody has to approve: all of it lies in the demo's own folder. `verbose` shows the whole plan. */
  protected async go(project: Project, phase: Phase): Promise<ApplyResult> {
    const { verbose, progress } = this.voice;
    const plan = await this.plan(project, phase);
    this.print(progress, verbose ? renderPlan(plan, progress, true) : renderOutline(plan, progress));
    return this.apply(project, plan);
  }

  /** Prints what was achieved. Without `--keep` there are no addresses in it: nothing of the demo listens at a port. */
  protected announceDemo(result: ApplyResult, isKept: boolean): void {
    const { url: _url, urls: _urls, served = 0, ...rest } = result;
    this.announce(isKept ? result : rest);
    if (isKept) return;
    this.voice.out.line(
      `${countOf(served, 'image')} served within this process; pixgate demo --keep serves them to a browser`,
    );
  }

  /** Serves a kept demo until Ctrl-C; the JSON document comes at once, since nobody waits for the end. */
  protected async serveDemo({ directory, port, project }: OpenDemo, result: object): Promise<undefined> {
    await this.shut();
    await this.serve({ directory, port, config: async () => project.config }, (server) => {
      if (this.voice.json) this.logJson(result);
      this.voice.out.line(`Serving ${directory} at ${this.voice.out.paint('link', server.url)}`);
    });
    this.voice.progress.line(`Next: cd pixgate-demo && pixgate teardown --target local`);
    return undefined;
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    await super.finally(error);
    await this.#folder?.remove();
  }
}
