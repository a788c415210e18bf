import { UsageError } from '../errors.js';
import type { Config, EnvironmentSummary, LocalServer, Settings, Sweep, SweepOptions } from '../index.js';
import { BaseCommand } from './base-command.js';
import { confirm } from './confirm.js';
import { aimSuggestion, nextCommand, spellFlags, spellWords } from './invocation.js';
import { findPlace, type Place } from './place.js';
import { safeText } from './safe-text.js';
import type { GivenFlags, Library, Surroundings } from './setup.js';
import { createVoice } from './voice.js';

/** What has read its settings: it knows where it is to work, how it speaks, and what was typed. */
export abstract class SettledCommand extends BaseCommand {
  #given: GivenFlags = {};
  #profile: Surroundings['profile'];
  #typed: GivenFlags = {};

  /** What was typed beside the flags. */
  protected words: readonly string[] = [];

  /** Whether plans need no question. */
  protected approved = false;

  /** Loads the library behind the front door; 0.3 s that `--help` does not have to spend. */
  protected library(): Promise<Library> {
    return import('../index.js');
  }

  /** Reads the settings that are not part of a config, and speaks accordingly from then on. */
  protected async settle(flags: GivenFlags): Promise<Settings> {
    this.#given = flags;
    this.#typed = flags;
    const { loadSettings, findProfile } = await this.library();
    const settings = loadSettings({ env: process.env, flags });
    // inquirer and ora ask the environment alone.
    if (!settings.color) process.env['NO_COLOR'] = '1';
    this.voice = createVoice(process, settings);
    this.approved = settings.yes;
    if (settings.target === 'aws') this.#profile = await findProfile(settings.profile);
    return settings;
  }

  /** What a config is read from besides its file. */
  protected surroundings(): Surroundings {
    const profile = this.#profile;
    return { cwd: process.cwd(), env: process.env, ...(profile === undefined ? {} : { profile }) };
  }

  /** How a cloud is reached, as the library wants to hear it. */
  protected reach(settings: Settings) {
    const { target, endpointUrl, endpointFrom } = settings;
    // Nobody typed it here, and credentials go there.
    if (target === 'aws' && endpointUrl !== undefined && endpointFrom !== undefined)
      this.voice.err.line(`Calls go to ${safeText(endpointUrl)}, as ${endpointFrom} says.`);
    return wayTo(settings);
  }

  /** Finds the folder and the Region that are meant, with or without a config file. */
  protected async findPlace(flags: GivenFlags): Promise<Place> {
    return findPlace({ ...this.surroundings(), flags, library: await this.library() });
  }

  /** Reads the config as it is at this moment; undefined where there is none that can be used. */
  protected async findConfig(flags: GivenFlags): Promise<Config | undefined> {
    const { loadConfig } = await this.library();
    return loadConfig({ ...this.surroundings(), flags }).catch(() => undefined);
  }

  /** Finds every environment of a place. */
  protected async listEnvironments(place: Place, settings: Settings): Promise<readonly EnvironmentSummary[]> {
    const { listEnvironments } = await this.library();
    return this.interrupt.race(listEnvironments({ ...place, ...this.reach(settings) }));
  }

  /** Finds the environments of a place that are to go, and plans their removal. */
  protected async openSweep(
    place: Place,
    settings: Settings,
    options: Pick<SweepOptions, 'which' | 'includingForeign'>,
  ): Promise<Sweep> {
    const { openSweep } = await this.library();
    return this.interrupt.race(openSweep({ ...place, ...this.reach(settings), ...options }));
  }

  /**
   * Serves the local cloud of a folder until Ctrl-C, which is how it ends well.
   *
   * @throws {UsageError} when the port is taken or may not be used
   */
  protected async serve(
    place: Parameters<Library['serveLocal']>[0],
    tell: (server: LocalServer) => void,
  ): Promise<void> {
    const { port } = place;
    const { serveLocal } = await this.library();
    const server = await serveLocal(place).catch((error: unknown): never => {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
      const reason = code === 'EACCES' ? 'the system does not allow it' : 'something else listens there';
      const other = port < 65_535 ? port + 1 : 4510;
      throw new UsageError(`Cannot serve on port ${port}: ${reason}.`, {
        code: 'PORT_TAKEN',
        suggestions: [
          `export PIXGATE_LOCAL_PORT=${other}: the addresses that commands print go by it, too`,
          `add --port ${other}, for this command alone`,
        ],
        cause: error,
      });
    });
    try {
      tell(server);
      this.voice.progress.line('Press Ctrl-C to stop.');
      await this.interrupt.wait();
      // The terminal has shown ^C in the line of the cursor.
      if (this.voice.animated) this.voice.err.line();
    } finally {
      await server.close();
    }
  }

  /** Asks a yes-or-no question, which the first Ctrl-C ends, whenever it comes. */
  protected ask(question: string): Promise<boolean> {
    return this.interrupt.race(confirm(question, this.voice, this.interrupt.signal));
  }

  /** Says what to type next, with the flags that chose this environment. */
  protected next(command: string): void {
    // A comment, so that the whole line can be pasted.
    const said = command === 'local' ? '   # serves these addresses until Ctrl-C' : '';
    this.voice.progress.line(`Next: ${this.spell(command)}${said}`);
  }

  /** Spells a command with the flags that chose this environment. */
  protected spell(command: string): string {
    return nextCommand(command, this.#given);
  }

  /** Spells a command with the words that were typed and the flags that chose this environment. */
  protected spellWithWords(command: string): string {
    return this.spell([command, ...spellWords(this.words)].join(' '));
  }

  /** Spells this very command again with all that was typed, but for what only concerned this run. */
  protected spellAgain(command: string): string {
    const passing = ['plan', 'check', 'json', 'yes', 'quiet', 'verbose', 'color'];
    const kept = Object.keys(this.#typed).filter((name) => !passing.includes(name));
    return ['pixgate', command, ...spellWords(this.words), ...spellFlags(this.#typed, kept)].join(' ');
  }

  /** Adds to a suggested command the flags that chose this environment; prose comes back as it is. */
  protected aim(text: string): string {
    return aimSuggestion(text, this.#given);
  }

  /** Whether a switch was typed. */
  protected wants(flag: string): boolean {
    return this.#typed[flag] === true;
  }

  /** Leaves flags out of what is suggested: a file says the same by now. */
  protected passOver(...names: readonly string[]): void {
    this.#given = Object.fromEntries(Object.entries(this.#given).filter(([name]) => !names.includes(name)));
  }
}

/** The settings that lead to a cloud. */
export function wayTo({ target, localPort, endpointUrl, profile }: Settings) {
  return {
    target,
    localPort,
    ...(endpointUrl === undefined ? {} : { endpointUrl }),
    ...(profile === undefined ? {} : { profile }),
  };
}
