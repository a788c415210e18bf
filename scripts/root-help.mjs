// Writes dist/cli/root-help.json: what oclif prints for `pixgate --help`, by the width of the terminal from which on it looks so.
// bin/run.cjs prints it without oclif, and puts in what depends on the machine.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Its headings are bold; bin/run.cjs makes them plain again.
process.env.FORCE_COLOR = '1';
process.env.PIXGATE_DISABLE_THEME = 'true';
delete process.env.NO_COLOR;
const { Config } = await import('@oclif/core/config');
const { Help } = await import('@oclif/core/help');

const [NARROWEST, WIDEST] = [60, 400];

class WrittenHelp extends Help {
  text = '';

  log(line) {
    this.text += `${line}\n`;
  }
}

const config = await Config.load(fileURLToPath(new URL('..', import.meta.url)));
const texts = [];
for (let width = NARROWEST; width <= WIDEST; width += 1) {
  const help = new WrittenHelp(config, { maxWidth: width });
  await help.showHelp([]);
  const text = help.text.replace(config.userAgent, '{userAgent}');
  if (text !== texts.at(-1)?.text) texts.push({ from: width, text });
}
if (!texts.every(({ text }) => text.includes('{userAgent}')))
  throw new Error('the root help does not tell the version');
writeFileSync(new URL('../dist/cli/root-help.json', import.meta.url), JSON.stringify(texts));
