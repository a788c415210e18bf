import { hostname, userInfo } from 'node:os';
import { CancelledError, ConfigError, PixgateError } from '../errors.js';
import type { Config, Project, Settings } from '../index.js';
import { breakCommand } from './break-command.js';
import { toComplaint } from './complaint.js';
import { findNamespaceRefusal, takeGlobalName, tellWithoutFile } from './global-name.js';
import { keepDraft } from './keep-draft.js';
import type { Page } from './page.js';
import type { Place } from './place.js';
import { SettledCommand, wayTo } from './settled-command.js';
import { type GivenFlags, prepareSetup, type Setup, type Surroundings } from './setup.js';

/** What leads to an opened project, a served cloud or a list: settings, config, place. */
export abstract class OpeningCommand extends SettledCommand {
  #open: Project | undefined;
  #settings: Settings | undefined;
  #draft: Setup['draft'];
  #written: string | undefined;

  /** Whether something was changed already, in the cloud or in the config file. */
  protected touched = false;

  /** Reads the config and opens its project on the chosen target, by settings that may be read already. */
  protected async open(flags: GivenFlags, settled?: Settings): Promise<Project> {
    const settings = settled ?? (await this.settle(flags));
    const { loadConfig } = await this.library();
    return this.openWith(await loadConfig({ ...this.surroundings(), flags }), settings);
  }

  /**
   * Opens what is to be taken away: by its config, or, when the file is lost, by name, stage and Region alone.
   *
   * @throws {ConfigError} when there is no file and these are not all given
   */
  protected async openForRemoval(flags: GivenFlags): Promise<Project> {
    const settings = await this.settle(flags);
    const { loadConfig, bareConfig } = await this.library();
    const ask = { ...this.surroundings(), flags };
    const config = await loadConfig(ask).catch((error: unknown) => {
      if (!(error instanceof ConfigError) || error.code !== 'CONFIG_MISSING') throw error;
      const bare = bareConfig(ask);
      if (bare !== undefined) return bare;
      throw new ConfigError(error.message, error.place, {
        code: error.code,
        suggestions: ['pixgate list', 'pixgate teardown --name NAME --stage STAGE --region REGION'],
      });
    });
    return this.openWith(config, settings);
  }

  /** Opens a config that is already at hand; the project is closed when the command ends. */
  protected async openWith(config: Config, settings: Settings): Promise<Project> {
    const { openProject } = await this.library();
    const createdBy = whoAmI();
    this.#settings = settings;
    this.#open = await this.interrupt.race(
      openProject({ config, ...this.reach(settings), ...(createdBy === undefined ? {} : { createdBy }) }),
    );
    return this.#open;
  }

  /** The project as it is open now: the one that a command holds, or what took its place when its config changed. */
  protected current(held: Project): Project {
    return this.#open ?? held;
  }

  /**
   * Answers whether an error was that a bucket cannot have an account-regional name, and the person takes a global one.
   * Then the config file, or its draft, says so, and the project is opened anew. Asks nobody who approved all in advance.
   *
   * @throws {ConfigError} when the file cannot be changed
   */
  protected async acceptsGlobalName(error: unknown): Promise<boolean> {
    const [refusal, project, settings] = [findNamespaceRefusal(error), this.#open, this.#settings];
    if (refusal === undefined || project === undefined || settings === undefined) return false;
    const path = this.#draft?.path ?? project.config.file ?? this.#written;
    const mayAsk = this.voice.canAsk && !this.approved && !this.wants('plan');
    if (path === undefined || !mayAsk) return false;
    this.voice.err.line(`The answer goes to ${path}, for all stages and Regions of that file.`);
    if (!(await this.ask(refusal.question))) return false;
    const library = await this.library();
    const taken = await takeGlobalName({
      library,
      config: project.config,
      mount: refusal.mount,
      path,
      draft: this.#draft,
    });
    if (this.#draft === undefined) {
      await library.writeConfig(path, taken.text, { overwrite: true });
      this.touched = true;
      this.voice.progress.line(`Wrote namespace: global for the bucket of ${refusal.mount} to ${path}`);
    } else {
      // No flag says it, so none is spelled any more.
      const { spelled: _spelled, ...draft } = this.#draft;
      this.#draft = { ...draft, text: taken.text };
    }
    await this.shut();
    await this.openWith(taken.config, settings);
    return true;
  }

  /** Closes the open project, if there is one, so that another process may have it. */
  protected async shut(): Promise<void> {
    const project = this.#open;
    this.#open = undefined;
    await project?.close();
  }

  /** Takes the config file, or makes a config from flags, variables and the wizard; writes nothing. */
  protected async setUp(flags: GivenFlags, from: Surroundings = this.surroundings(), mayEdit = false): Promise<Setup> {
    const setup = await prepareSetup({
      ...from,
      flags,
      mayEdit,
      requireAccount: (region) => this.requireAccount(flags, from, region),
      lookAtBucket: (name, place) => this.lookAtBucket(flags, from, name, place),
      signal: this.interrupt.signal,
      canAsk: this.voice.canAsk && !this.approved,
      library: await this.library(),
    });
    this.#draft = setup.draft;
    if (setup.draft !== undefined) {
      // The file will say these, so the next command need not.
      this.passOver('name', 'region', 'stage');
    }
    return setup;
  }

  /** Says whose account it will be; whoever has no credentials need not answer anything first. */
  private async requireAccount(flags: GivenFlags, { cwd, env }: Surroundings, region: string): Promise<void> {
    const { identify, loadSettings } = await this.library();
    const asked = identify({ ...this.reach(loadSettings({ env, flags })), region, directory: cwd });
    const { account } = await this.interrupt.race(asked);
    this.voice.err.line(`AWS account ${account}`);
  }

  /** Looks whether a bucket that somebody named can be used. */
  private async lookAtBucket(
    flags: GivenFlags,
    { env }: Surroundings,
    name: string,
    place: Place,
  ): Promise<true | string> {
    const { judgeBucket, loadSettings } = await this.library();
    return judgeBucket({ ...wayTo(loadSettings({ env, flags })), ...place }, name);
  }

  /** The file that a setup has still to write, as the answers since then left it. */
  protected draftOf(setup: Setup | undefined): Setup['draft'] {
    return setup === undefined ? undefined : this.#draft;
  }

  /**
   * Writes the config file that was approved, if one was drafted.
   *
   * @throws {RefusedError} when somebody else wrote another one meanwhile
   */
  protected async keep(setup: Setup): Promise<void> {
    const draft = this.draftOf(setup);
    if (draft === undefined) return;
    await keepDraft(draft, await this.library());
    this.#written = draft.path;
    this.#draft = undefined;
    this.voice.progress.line(`Wrote ${draft.path}`);
    this.tellFlags('The same without questions:', draft, this.voice.progress);
  }

  private tellFlags(title: string, draft: Setup['draft'], page: Page): void {
    if (draft?.spelled === undefined) return;
    this.print(page, [title, ...breakCommand([`pixgate ${this.id}`, ...draft.spelled, '--yes'], page.columns)]);
  }

  /** Complains, and has each command that it suggests go to the same environment. */
  protected override async catch(thrown: Error): Promise<never> {
    if (this.touched && !(thrown instanceof PixgateError) && toComplaint(thrown) instanceof CancelledError) {
      return super.catch(new CancelledError('Cancelled: nothing else was changed.', { cause: thrown }));
    }
    if (thrown instanceof PixgateError) {
      this.tellFlags('Your answers as flags:', this.#draft, this.voice.err);
      if (this.#open?.config.file === undefined && this.#written === undefined) tellWithoutFile(thrown);
      const spelled = thrown.suggestions.map((text) => this.aim(text));
      thrown.suggestions.splice(0, spelled.length, ...spelled);
    }
    return super.catch(thrown);
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    await this.shut();
    await super.finally(error);
  }
}

/** Names the person at the keyboard for a tag: `ann@laptop`; undefined where the system has no name for them. */
function whoAmI(): string | undefined {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return undefined;
  }
}
