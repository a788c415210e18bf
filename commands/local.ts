import { ProjectCommand } from '../src/terminal/command.js';
import { portFlag } from '../src/terminal/flags.js';
import { renderServer } from '../src/terminal/local-server.js';
import { parsePort } from '../src/terminal/whole-number.js';

/** Serves the local cloud of a folder. */
export default class Local extends ProjectCommand {
  static override summary = 'Serve the local cloud of this folder over HTTP until Ctrl-C.';
  static override description =
    'For the AWS CLI, another SDK or a browser. Listens on the loopback address only, and serves the images of each environment too.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --port 8080'];
  static override flags = portFlag;

  async run(): Promise<void> {
    const { flags } = await this.parse(Local);
    const port = parsePort(flags.port);
    const settings = { ...(await this.settle(flags)), target: 'local', localPort: port } as const;
    const place = await this.findPlace({ ...flags, target: 'local' });
    const environments = await this.listEnvironments(place, settings);
    await this.serve(place.directory, port, (server) => {
      if (this.voice.json) this.logJson({ ...server, region: place.region, environments });
      else this.print(this.voice.out, renderServer(server, place.region, environments, this.voice.out));
    });
  }
}
