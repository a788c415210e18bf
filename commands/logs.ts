import { setTimeout as pause } from 'node:timers/promises';
import * as Flags from '@oclif/core/flags';
import { UsageError } from '../src/errors.js';
import type { LogsOptions, LogsResult, Project } from '../src/index.js';
import { ProjectCommand } from '../src/terminal/command.js';
import { nameFlag } from '../src/terminal/flags.js';
import { renderRequest } from '../src/terminal/logs.js';
import { followLogs, signalOfLeaving } from '../src/terminal/logs-follow.js';
import { parseSince } from '../src/terminal/logs-since.js';

/** Shows the requests that the logs tell of. */
export default class Logs extends ProjectCommand {
  static override summary = 'Show the requests of the gateway, one readable line each.';
  static override description =
    'Time in UTC, status, verb, route, duration, size, client, and "hit" for an answer from the cache; below a failed request, what the execution log says of it. With --follow it goes on until Ctrl-C. Lines reach the logs within a minute or so.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --since 2h --errors',
    '<%= config.bin %> <%= command.id %> --follow',
    '<%= config.bin %> <%= command.id %> --since 2026-11-23T08:00Z --json',
  ];
  static override flags = {
    since: Flags.string({
      summary: 'From when on: 10m, 2h, 1d, or a moment in ISO 8601 (default 10m).',
      helpValue: 'WHEN',
      env: 'PIXGATE_SINCE',
    }),
    errors: Flags.boolean({ summary: 'Only answers with a status of 400 and above.', env: 'PIXGATE_ERRORS' }),
    follow: Flags.boolean({ summary: 'Go on until Ctrl-C.', env: 'PIXGATE_FOLLOW' }),
    ...nameFlag,
  };

  async run(): Promise<LogsResult | undefined> {
    const { flags } = await this.parse(Logs);
    const options = { ...parseSince(flags.since), errors: flags.errors ?? false };
    if (flags.follow && this.voice.json) {
      throw new UsageError('Cannot use --follow with --json: one document is printed, and following has no end.', {
        suggestions: [this.spell('logs --since 10m --json')],
      });
    }
    const project = await this.open(flags);
    if (flags.follow) return this.follow(project, options);
    const result = await this.interrupt.race(project.logs(options));
    for (const request of result.requests) this.print(this.voice.out, renderRequest(request, this.voice.out));
    if (result.requests.length === 0) this.voice.progress.line('No requests.');
    this.next('test');
    return result;
  }

  private async follow(project: Project, options: LogsOptions): Promise<undefined> {
    this.voice.progress.line('Press Ctrl-C to stop.');
    const signal = AbortSignal.any([this.interrupt.signal, signalOfLeaving()]);
    const following = followLogs({
      read: (from) => project.logs(from),
      options,
      heard: (request) => this.print(this.voice.out, renderRequest(request, this.voice.out)),
      signal,
      pause: (ms, until) => pause(ms, undefined, { signal: until }).catch(() => undefined),
    });
    await Promise.race([following, this.interrupt.wait()]);
  }
}
