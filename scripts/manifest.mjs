// Writes oclif.manifest.json: what oclif knows of the commands without loading them, which is what their help is made of.
// It holds no date and no path.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Plugin } from '@oclif/core/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const plugin = new Plugin({
  root,
  type: 'core',
  ignoreManifest: true,
  errorOnManifestCreate: true,
  respectNoCacheDefault: true,
});
await plugin.load();
const { manifest } = plugin;
for (const command of Object.values(manifest.commands)) {
  const words = Object.values(command.args).map(
    ({ name, multiple }) => `[${name.toUpperCase()}${multiple ? '...' : ''}]`,
  );
  // The flags follow below, each with its value.
  command.usage = [...words, '[FLAGS]'].join(' ');
  const flags = Object.entries(command.flags);
  const isGlobal = ([, { helpGroup }]) => helpGroup === 'GLOBAL';
  // One below the other, without a line between them.
  command.examples = [command.examples.join('\n')];
  // The root help says of all flags how they are called in the environment.
  for (const [, flag] of flags) delete flag.env;
  command.flags = Object.fromEntries([...flags.filter((flag) => !isGlobal(flag)), ...flags.filter(isGlobal)]);
}
await writeFile(new URL('../oclif.manifest.json', import.meta.url), `${JSON.stringify(manifest, null, 2)}\n`);
