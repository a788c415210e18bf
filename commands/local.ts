import * as Flags from '@oclif/core/flags';
import { UsageError } from '../src/errors.js';
import type { LocalDocument } from '../src/index.js';
import { portFlag } from '../src/terminal/flags.js';
import { requireLocal } from '../src/terminal/local-only.js';
import { renderServer } from '../src/terminal/local-server.js';
import { SettledCommand } from '../src/terminal/settled-command.js';
import { parsePort } from '../src/terminal/whole-number.js';

type Pace = 'none' | 'aws';

/** Serves the local cloud of a folder. */
export default class Local extends SettledCommand {
  static override summary = 'Serve the local cloud of this folder over HTTP until Ctrl-C.';
  static override description =
    'For the AWS CLI, another SDK or a browser. Listens on the loopback address only, and serves the images of each environment too.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --port 8080',
    '<%= config.bin %> <%= command.id %> --pace aws',
  ];
  static override flags = {
    ...portFlag,
    pace: Flags.string({
      summary: "Keep to AWS's call quotas, or to none; the local cloud of the folder remembers it (at first none).",
      helpValue: 'aws|none',
      env: 'PIXGATE_PACE',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Local);
    requireLocal('local', flags);
    const port = parsePort(flags.port);
    const pace = parsePace(flags.pace);
    const settings = { ...(await this.settle(flags)), target: 'local', localPort: port } as const;
    const place = await this.findPlace({ ...flags, target: 'local' });
    const environments = await this.listEnvironments(place, settings);
    const config = () => this.findConfig({ ...flags, target: 'local' });
    const served = { directory: place.directory, port, config, ...(pace === undefined ? {} : { pace }) };
    await this.serve(served, (server) => {
      const { url, port: at, credentials, accountId } = server;
      const document: LocalDocument = { url, port: at, credentials, accountId, region: place.region, environments };
      if (this.voice.json) this.logJson(document);
      else this.print(this.voice.out, renderServer(server, place.region, environments, this.voice.out));
    });
  }
}

/** Reads `--pace`. Absent: as the local cloud remembers it. */
function parsePace(text: string | undefined): Pace | undefined {
  if (text === undefined || text === 'aws' || text === 'none') return text;
  throw new UsageError(`--pace must be aws or none: got ${JSON.stringify(text)}.`);
}
