// Bundles what tsc wrote into dist/cli/, where bin/run.cjs finds it: a file a command, shared chunks, and all packages but the
// native one. Each file that Node need not find, read and link is a part of a millisecond at every start. See ARCHITECTURE.md.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');
const commands = readdirSync(path.join(dist, 'commands')).filter((name) => name.endsWith('.js'));

/**
 * What the bundle takes in place of a module, by who asks for it and under which name. A command of oclif takes along what
 * bin/run.cjs never has it call: its config loader with the file search behind it, its help, its error handler. They are loaded
 * when somebody does call, and so is the list of all media types, which takes 10 ms to read.
 */
const INSTEAD = {
  // From a chunk, and by a path that is not for the bundler to follow.
  'dist/src/emulator/lambda/run-function.js ./import-module.js': `const { createRequire } = require('node:module');
    exports.importModule = createRequire(__filename)('../../../bin/import.cjs').importModule;`,
  'dist/src/files/media-type.js mime-types': `exports.lookup = (name) => require('mime-types').lookup(name);`,
  ...ofOclif({
    'command.js ./config': `exports.Config = {
      load: async (options) => (await import('@oclif/core/config')).Config.load(options),
    };`,
    'flags.js ./help': `exports.loadHelpClass = async (config) => (await import('@oclif/core/help')).loadHelpClass(config);`,
    'errors/index.js ./handle': `exports.handle = async (error) => (await import('@oclif/core/handle')).handle(error);`,
    'config/plugin-loader.js minimatch': `exports.minimatch = () => { throw new Error('there are no plugins'); };`,
  }),
};
const met = new Set();
const instead = {
  name: 'instead',
  resolveId(source, importer = '') {
    const seam = `${path.relative(root, importer).replaceAll(path.sep, '/')} ${source}`;
    if (INSTEAD[seam] === undefined) return undefined;
    met.add(seam);
    return `\0instead ${seam}`;
  },
  load: (id) =>
    id.startsWith('\0instead ') ? { code: INSTEAD[id.slice('\0instead '.length)], moduleType: 'js' } : undefined,
};

/** Modules that lie in one chunk because they are always loaded together. */
const together = { terminal: new Set(), library: new Set() };
const grouping = {
  name: 'grouping',
  buildEnd() {
    const reach = (id, found = new Set()) => {
      if (found.has(id)) return found;
      found.add(id);
      for (const next of this.getModuleInfo(id)?.importedIds ?? []) reach(next, found);
      return found;
    };
    const each = commands.map((name) => reach(path.join(dist, 'commands', name)));
    for (const id of each.flatMap((ids) => [...ids]))
      if (each.filter((ids) => ids.has(id)).length > 1) together.terminal.add(id);
    together.library = reach(path.join(dist, 'src', 'index.js'));
  },
};

const bundle = await rolldown({
  input: {
    launch: path.join(dist, 'src/terminal/launch.js'),
    start: path.join(dist, 'src/terminal/start.js'),
    'command-not-found': path.join(dist, 'src/terminal/command-not-found.js'),
    ...Object.fromEntries(
      commands.map((name) => [`commands/${path.parse(name).name}`, path.join(dist, 'commands', name)]),
    ),
  },
  platform: 'node',
  // oclif asks for the last three where somebody develops in TypeScript.
  external: ['libsql', 'typescript', 'ts-node', /^tsx\//],
  resolve: {
    // The SDK's CommonJS is one piece; of its modules only what is used stays.
    mainFields: ['module', 'main'],
    // The same in modules: 70 files of CommonJS less to run.
    alias: { yaml: path.join(root, 'node_modules/yaml/browser/index.js') },
  },
  plugins: [instead, grouping],
});
const { output } = await bundle.write({
  dir: path.join(dist, 'cli'),
  // Node loads it sooner than modules, and bin/compiled.cjs can keep what V8 made of it.
  format: 'cjs',
  exports: 'named',
  strict: true,
  dynamicImportInCjs: false,
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name]-[hash].cjs',
  comments: false,
  // Names are told: an error's class is part of a JSON document, and a stack should say where it happened.
  minify: { compress: { keepNames: { function: true, class: true } }, mangle: { keepNames: true } },
  codeSplitting: {
    groups: Object.keys(together).map((name) => ({ name, test: (id) => together[name].has(id) })),
  },
});
await bundle.close();
const unmet = Object.keys(INSTEAD).filter((seam) => !met.has(seam));
if (unmet.length > 0) throw new Error(`nobody asks any more for what something else is taken for: ${unmet.join(', ')}`);
writeFileSync(path.join(dist, 'THIRD-PARTY-LICENSES.txt'), renderLicences(findPackages(output)));
// Of these only the bundle is used.
for (const folder of ['commands', 'src/terminal']) rmSync(path.join(dist, folder), { recursive: true });

function ofOclif(seams) {
  return Object.fromEntries(
    Object.entries(seams).map(([seam, code]) => [`node_modules/@oclif/core/lib/${seam}`, code]),
  );
}

/** The folders of all packages of which something is in the bundle, by name and version. */
function findPackages(chunks) {
  const ids = chunks.flatMap(({ modules = {} }) => Object.keys(modules).filter((id) => modules[id].code !== null));
  const folders = ids.flatMap((id) => /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id)?.[1] ?? []);
  return new Map(
    [...new Set(folders)]
      .map((folder) => {
        const { name, version, license, author } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
        return [`${name} ${version}`, { folder, license, author }];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The licence of each package with its text. @throws {Error} for a licence that asks for more than to be named. */
function renderLicences(packages) {
  const allowed = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0'];
  const byText = new Map();
  for (const [name, { folder, license, author }] of packages) {
    if (!allowed.includes(license)) throw new Error(`${name} may not be bundled: its licence is ${license}`);
    const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)(?!.*\.js)/i.test(file));
    const text = texts.map((file) => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n');
    const key = text === '' ? `${license}, by ${author?.name ?? author}` : `${license}\n\n${text}`;
    byText.set(key, [...(byText.get(key) ?? []), name]);
  }
  const parts = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return `dist/cli/ holds code of the following packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
